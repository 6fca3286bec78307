"""Stopwatches and what is made of their readings: on a shared machine the median and the best, never one run."""

import math
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter_ns
from typing import NamedTuple, TypeVar

NS_PER_US, NS_PER_MS, NS_PER_S = 1e3, 1e6, 1e9

_Result = TypeVar("_Result")


class Spread(NamedTuple):
    """Readings of the same thing, in nanoseconds, smallest first."""

    readings: tuple[int, ...]

    @property
    def best(self) -> int:
        """The smallest reading: what the work takes when nothing else disturbs it."""
        return self.readings[0]

    @property
    def median(self) -> float:
        """The reading in the middle: what the work usually takes."""
        return median(self.readings)

    def percentile(self, percent: float) -> int:
        """Return the reading that this share of all readings does not exceed."""
        return self.readings[max(0, math.ceil(len(self.readings) * percent / 100) - 1)]


def spread(readings: Sequence[int]) -> Spread:
    """Return readings in order."""
    return Spread(tuple(sorted(readings)))


def timed(work: Callable[[], _Result]) -> tuple[int, _Result]:
    """Do the work once; return how many nanoseconds it took and what came of it."""
    start = perf_counter_ns()
    result = work()
    return perf_counter_ns() - start, result


def repeated(work: Callable[[], object], times: int) -> Spread:
    """Do the work again and again; return how long each time took."""
    return spread([timed(work)[0] for _ in range(times)])
