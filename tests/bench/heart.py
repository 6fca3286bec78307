"""For how long the window's thread is kept from its events."""

import time

from PySide6.QtCore import QTimer

_BEAT_MS = 5


class Heart:
    """Beats on the window's thread and notes the longest it was kept from it."""

    def __init__(self) -> None:
        self._longest_s = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(_BEAT_MS)

    def _beat(self) -> None:
        now = time.perf_counter()
        self._longest_s = max(self._longest_s, now - self._last - _BEAT_MS / 1000)
        self._last = now

    def taken_ms(self) -> float:
        """Return the longest since this was last asked, in ms."""
        longest, self._longest_s = self._longest_s, 0.0
        return longest * 1000
