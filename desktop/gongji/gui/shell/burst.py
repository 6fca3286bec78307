"""From the pace of keys: a person, or a scanner, which types like a keyboard but as no hand does."""

NEXT_MS = 55
"""No scanner takes longer from one sign to the next before it is known for one."""
MEAN_MS = 42
"""On average it takes no longer than this."""
LATE_MS = 150
"""Once known for one, a hiccup on the way is forgiven so long; a silence as long as this ends what has no end sign."""
ECHO_MS = 200
"""A further end sign so soon, with no key between, is the scanner's own: some end with two, some with a late one."""
_LEAST = 8
_LEAST_WHERE_NOBODY_TYPES = 3
SEPARATOR = "\x1d"
"""What stands between two fields of a code and no key types."""


class Burst:
    """Signs that came one upon the other. Times are in milliseconds by one clock."""

    def __init__(self) -> None:
        self.text = ""
        self._first_ms = 0.0
        self._last_ms = 0.0
        self.is_scan = False
        self._ended_ms = -1e9

    def __bool__(self) -> bool:
        """Return whether anything came."""
        return bool(self.text)

    def goes_on(self, at_ms: float) -> bool:
        """Return whether a key that comes now may belong to what came before."""
        return bool(self.text) and 0 <= at_ms - self._last_ms <= (LATE_MS if self.is_scan else NEXT_MS)

    def clear(self) -> None:
        """Forget what came."""
        self.text, self.is_scan = "", False

    def add(self, sign: str, at_ms: float, *, typed_into: bool) -> None:
        """Take one more sign; `typed_into` says whether somebody could be typing a text where it came."""
        if not self.text:
            self._first_ms = at_ms
        self.text += sign
        self._last_ms = at_ms
        if not self.is_scan and len(self.text) >= _LEAST and self._is_fast and (not typed_into or _is_code(self.text)):
            self.is_scan = True

    def wait_for_shift(self, at_ms: float) -> None:
        """Take the key that a scanner, too, holds down for a capital."""
        if self.goes_on(at_ms):
            self._last_ms = at_ms

    def ends(self, at_ms: float, *, typed_into: bool) -> bool:
        """Return whether an end sign that comes now ends a scan; where nobody types a text a short code is one too."""
        if not self.goes_on(at_ms):
            return False
        short = not typed_into and len(self.text) >= _LEAST_WHERE_NOBODY_TYPES and self._is_fast
        return self.is_scan or short

    def note_end(self, at_ms: float) -> None:
        """Remember when the last scan ended."""
        self._ended_ms = at_ms

    def no_more_echo(self) -> None:
        """Note that another key was pressed since the last scan."""
        self._ended_ms = -1e9

    def is_echo(self, at_ms: float) -> bool:
        """Return whether an end sign belongs to the scan that has just ended."""
        return 0 <= at_ms - self._ended_ms <= ECHO_MS

    @property
    def _is_fast(self) -> bool:
        return self._last_ms - self._first_ms <= MEAN_MS * max(1, len(self.text) - 1)


def _is_code(text: str) -> bool:
    """Tell a code from what is typed fast in one go: pinyin is all small letters."""
    return any(one.isdigit() for one in text) or not any(one.islower() for one in text)
