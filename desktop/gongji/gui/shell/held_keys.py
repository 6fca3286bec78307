"""Which keys are only held down. An X server tells of such a key as released and pressed in the same moment.

So it tells as well of a scanner that types one sign twice, on a PC too busy to read the two apart: there Qt calls the
second one a repetition. But no keyboard repeats a key before it was down for a while, and no scanner takes so long.
"""

_FIRST_MS = 150
"""A keyboard repeats a key no sooner than this after it went down; the next ones may come as fast as it likes."""


class HeldKeys:
    """Tells by an X server's clock whether a key is held down; every time is in milliseconds."""

    def __init__(self) -> None:
        self._down, self._up = (0, 0), (0, 0)
        self._is_held = False

    def note_release(self, code: int, at_ms: int) -> None:
        """Note that a key went up, or is told to have gone up."""
        self._up = (code, at_ms)

    def is_held(self, code: int, at_ms: int, *, repeated: bool = False) -> bool:
        """Tell of a key that goes down whether it was down already; asked again of the same it says the same.

        `repeated` says that somebody else takes it for a repetition.
        """
        if (code, at_ms) == self._down:
            return self._is_held
        before, before_ms = self._down
        may_be = repeated or self._up == (code, at_ms)
        was_held = self._is_held and before == code
        self._is_held = may_be and (was_held or before != code or at_ms - before_ms >= _FIRST_MS)
        self._down = (code, at_ms)
        return self._is_held
