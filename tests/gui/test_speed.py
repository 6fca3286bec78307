"""Nothing holds the window up: through the whole main job its thread is never away from its events for 100 ms."""

import time
from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest

from tests.gui.clerk import Clerk

_BEAT_MS = 5
_MOST_MS = 100
_TRIES = 4
"""How often the job is done: another program on the same machine may hold up any one of them."""


class Heart:
    """Beats on the window's thread and notes the longest it was kept from it."""

    def __init__(self) -> None:
        self.longest_ms = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(_BEAT_MS)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest_ms = max(self.longest_ms, (now - self._last) * 1000 - _BEAT_MS)
        self._last = now

    def stop(self) -> float:
        self._timer.stop()
        return self.longest_ms


def whole_job(clerk: Clerk) -> None:
    """From the first letter to the next patient, with a look at the reckoning, its paper and a refund."""
    clerk.choose_patient("ltj")
    for item in ("ybzl", "amxl", "gml", "bhsal"):
        clerk.add_item(item, "2")
    clerk.settle_down()
    clerk.press("F4", "2", "F8", "Esc", "F12", "Esc", "F6")
    clerk.settle_down()
    clerk.press("F7", "Enter", "Enter")
    clerk.type("50")
    clerk.settle()
    clerk.press("F10", "Enter")
    clerk.type("x")
    clerk.press("Enter")
    clerk.settle_down()
    clerk.close_sheet()
    QTest.qWait(_BEAT_MS)


def test_the_events_never_wait(sit_down: Callable[..., Clerk]) -> None:
    clerk = sit_down()
    longest = []
    for _ in range(_TRIES):
        heart = Heart()
        whole_job(clerk)
        longest.append(heart.stop())
        if longest[-1] < _MOST_MS and len(longest) > 1:
            break
    assert min(longest[1:]) < _MOST_MS, longest  # the first brings in what is loaded once
