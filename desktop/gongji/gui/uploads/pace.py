"""How fast the queue goes out: how many of how many, how many a minute, how long it will still take."""

from gongji.gui.uploads.standing import lasting

_A_MINUTE = 60
_SOON_S = 5.0


class Pace:
    """Counts from when sending began; settlements made meanwhile make the whole larger."""

    def __init__(self, waiting: int) -> None:
        """Begin with so many records waiting."""
        self.whole = waiting
        self.left = waiting

    @property
    def done(self) -> int:
        """How many have gone out."""
        return self.whole - self.left

    def note(self, waiting: int) -> None:
        """Take note of how many wait now."""
        self.whole = max(self.whole, waiting)
        self.left = waiting

    def told(self, seconds: float) -> str:
        """Return the rate and the time left after so many seconds; nothing before there is anything to tell by."""
        if not self.done or seconds < _SOON_S:
            return ""
        rate = self.done / seconds
        return f"每分钟约 {max(1, round(rate * _A_MINUTE)):,} 笔 · 还要{lasting(self.left / rate)}"
