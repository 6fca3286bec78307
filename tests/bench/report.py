"""The printed table: each figure, what was reached, and the target beside it."""

import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple


class Row(NamedTuple):
    """One line of the table; `reach` is empty where there is no target and the figure is there for scale."""

    figure: str
    reached: str
    reach: str = ""
    met: bool | None = None
    note: str = ""


class Section(NamedTuple):
    """What one measurement found: rows for the table, and lines that say where the time goes."""

    title: str
    rows: tuple[Row, ...]
    details: tuple[str, ...] = ()


def at_most(figure: str, value: float, target: float, unit: str, note: str = "") -> Row:
    """Return the row of a figure that should not be above its target."""
    return Row(figure, number(value, unit), f"<= {_target(target)} {unit}".rstrip(), value <= target, note)


def at_least(figure: str, value: float, target: float, unit: str, note: str = "") -> Row:
    """Return the row of a figure that should not be below its target."""
    return Row(figure, number(value, unit), f">= {_target(target)} {unit}".rstrip(), value >= target, note)


def for_scale(figure: str, value: float, unit: str, note: str = "") -> Row:
    """Return the row of a figure without a target."""
    return Row(figure, number(value, unit), note=note)


def _target(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"


def number(value: float, unit: str) -> str:
    """Return a figure with as many decimals as it deserves."""
    decimals = 0 if value >= 1000 else 1 if value >= 10 else 3  # where digits stop meaning anything
    return f"{value:,.{decimals}f} {unit}".rstrip()


def print_section(section: Section) -> None:
    """Print one measurement: its rows, then its details."""
    print(f"\n{section.title}")
    cells = [(row.figure, row.reached, row.reach, mark(row.met), row.note) for row in section.rows]
    for line in aligned([("", "reached", "reach", "", ""), *cells], right={1, 2}):
        print(f"  {line}")
    for line in section.details:
        print(f"    {line}")


def aligned(rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> list[str]:
    """Return rows of cells as lines whose columns stand under each other; the named columns end flush right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    to_right = set(right)
    return [
        "  ".join(
            cell.rjust(width) if index in to_right else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def mark(met: bool | None) -> str:  # the mark is of this very answer
    """Say whether a target was met; nothing where there is none."""
    return "" if met is None else "met" if met else "MISSED"


def machine() -> str:
    """Say what this runs on: processor, how many of them, Python."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{_processor()}, {count} CPU(s); {python}; {platform.system()} {platform.machine()}"


class Neighbours:
    """Says how much of the processors others took while something was measured; where the system tells it."""

    def __init__(self) -> None:
        """Begin to watch."""
        self._begun_s, self._busy_s, self._own_s = perf_counter(), _busy_s(), _own_s()

    def told(self) -> str:
        """Return the share of all processors that others had since the beginning, and what the host took of them."""
        busy_s = _busy_s()
        if busy_s is None or self._busy_s is None:
            return "what else ran is not known"
        whole_s = (perf_counter() - self._begun_s) * (os.cpu_count() or 1)
        others_s = max(0.0, busy_s - self._busy_s - (_own_s() - self._own_s))
        return f"others had {others_s / whole_s:.0%} of the processors meanwhile"


def _busy_s() -> float | None:
    """Return the seconds that all processors together have worked, those taken by the host among them."""
    told = Path("/proc/stat")
    if not told.is_file():
        return None
    user, nice, system, _, _, irq, softirq, steal = map(int, told.read_text(encoding="ascii").split()[1:9])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def _own_s() -> float:
    """Return the seconds of processor time of this process and of the children that have ended."""
    return sum(os.times()[:4])


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or "unknown processor"
