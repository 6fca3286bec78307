"""Clocks that stay where a test sets them."""

import datetime
from collections.abc import Callable

from gongji.core.dates import CHINA


class Clock:
    """A clock that stays where it is set."""

    def __init__(self, text: str) -> None:
        self.moment = datetime.datetime.fromisoformat(text).replace(tzinfo=CHINA)

    def __call__(self) -> datetime.datetime:
        return self.moment

    def set(self, text: str) -> None:
        self.moment = datetime.datetime.fromisoformat(text).replace(tzinfo=CHINA)

    def forward(self, **by: float) -> None:
        self.moment += datetime.timedelta(**by)


def set_back_after(clock: Clock, asked: int) -> Callable[[], datetime.datetime]:
    """A clock that is set back by a day after a number of calls."""
    times = iter(range(asked))
    return lambda: clock.moment if next(times, None) is not None else clock.moment - datetime.timedelta(days=1)
