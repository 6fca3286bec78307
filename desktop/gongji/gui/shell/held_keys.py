"""Which keys are held down. An X server reports each repeat of a held key as a release and a press at the same moment.

It also does so for a scanner that types one character twice, on a PC too busy to read the two apart: there Qt calls the
second one a repeat. But no keyboard repeats a key before it was down for a while, and no scanner is that slow.
"""

_FIRST_MS = 150
"""A keyboard repeats a key no sooner than this after it went down; the next repeats may come at any rate."""


class HeldKeys:
    """Decides by an X server's clock whether a key is held down; all times are in milliseconds."""

    def __init__(self) -> None:
        self._down, self._up = (0, 0), (0, 0)
        self._is_held = False

    def note_release(self, code: int, at_ms: int) -> None:
        """Record that a key went up, or is reported to have."""
        self._up = (code, at_ms)

    def is_held(self, code: int, at_ms: int, *, repeated: bool = False) -> bool:
        """Return whether a key that goes down was down already; asked again about the same press it answers the same.

        `repeated` says that Qt takes it for a repeat.
        """
        if (code, at_ms) == self._down:
            return self._is_held
        before, before_ms = self._down
        may_be = repeated or self._up == (code, at_ms)
        was_held = self._is_held and before == code
        self._is_held = may_be and (was_held or before != code or at_ms - before_ms >= _FIRST_MS)
        self._down = (code, at_ms)
        return self._is_held
