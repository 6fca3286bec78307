"""From the timing of keys: a person, or a scanner, which types like a keyboard but faster than any hand."""

NEXT_MS = 55
"""The longest gap between two characters of a scanner before it is recognised."""
MEAN_MS = 42
"""The longest average gap."""
LATE_MS = 150
"""Once recognised, the longest gap that is tolerated; a longer silence ends a scan without an end sign."""
ECHO_MS = 200
"""A further end sign so soon, with no key between, is the scanner's own: some send two, some a late one."""
_LEAST = 8
_LEAST_WHERE_NOBODY_TYPES = 3
SEPARATOR = "\x1d"
"""The separator between two fields of a code, which no key types."""


class Burst:
    """Characters in quick succession. Times are in milliseconds by one clock."""

    def __init__(self) -> None:
        self.text = ""
        self._first_ms = 0.0
        self._last_ms = 0.0
        self.is_scan = False
        self._ended_ms = -1e9

    def __bool__(self) -> bool:
        """Return whether there are any characters."""
        return bool(self.text)

    def goes_on(self, at_ms: float) -> bool:
        """Return whether a key that comes now may belong to them."""
        return bool(self.text) and 0 <= at_ms - self._last_ms <= (LATE_MS if self.is_scan else NEXT_MS)

    def clear(self) -> None:
        """Drop the characters."""
        self.text, self.is_scan = "", False

    def add(self, sign: str, at_ms: float, *, typed_into: bool) -> None:
        """Add a character; `typed_into` says whether somebody could be typing a text where it came."""
        if not self.text:
            self._first_ms = at_ms
        self.text += sign
        self._last_ms = at_ms
        if not self.is_scan and len(self.text) >= _LEAST and self._is_fast and (not typed_into or _is_code(self.text)):
            self.is_scan = True

    def wait_for_shift(self, at_ms: float) -> None:
        """Add the Shift that a scanner, too, holds down for a capital."""
        if self.goes_on(at_ms):
            self._last_ms = at_ms

    def ends(self, at_ms: float, *, typed_into: bool) -> bool:
        """Return whether an end sign that comes now ends a scan; outside text fields a short code is one too."""
        if not self.goes_on(at_ms):
            return False
        short = not typed_into and len(self.text) >= _LEAST_WHERE_NOBODY_TYPES and self._is_fast
        return self.is_scan or short

    def note_end(self, at_ms: float) -> None:
        """Record when the last scan ended."""
        self._ended_ms = at_ms

    def no_more_echo(self) -> None:
        """Record that another key was pressed since the last scan."""
        self._ended_ms = -1e9

    def is_echo(self, at_ms: float) -> bool:
        """Return whether an end sign belongs to the scan that has just ended."""
        return 0 <= at_ms - self._ended_ms <= ECHO_MS

    @property
    def _is_fast(self) -> bool:
        return self._last_ms - self._first_ms <= MEAN_MS * max(1, len(self.text) - 1)


def _is_code(text: str) -> bool:
    """Return whether this is a code and no fast typing: pinyin is all small letters."""
    return any(one.isdigit() for one in text) or not any(one.islower() for one in text)
