"""The window: an edit to the shown settlement, a key to the shown results, F9 to the next patient, start and memory.

What is shown is painted, offscreen, before the clock stops. The book holds invented people and a whole catalogue.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from gongji.files import resource_folder
from gongji.pack_files.library import Library
from tests.bench import stocked
from tests.bench.report import Row, Section, at_most, for_scale
from tests.bench.stocked import AT
from tests.bench.timing import NS_PER_MS, spread

Taken = tuple[int, int]
"""How long something took, in ns: by the clock, and of the window's own thread."""
_EDITS, _VISITS, _STARTS = 300, 60, 10
_OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
_READY = """
import time
from pathlib import Path
lines = Path("/proc/self/status").read_text("ascii").splitlines()
print(time.perf_counter(), next(line.split()[1] for line in lines if line.startswith("VmRSS")), flush=True)
"""
_BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1366, 768)
window.show()
app.processEvents()
"""
"""A window with nothing in it, in a program that loads nothing else."""
_OWN = """
import gc
gc.disable()  # as main does
import sys
from gongji.gui.app import Program
from gongji.gui.opening import parse
from gongji.gui.opening import make_application
from gongji.main import now
app = make_application()
program = Program(app, parse(["--data", sys.argv[1]]), now)
program.begin()
app.processEvents()
assert program.window is not None
"""


def measure() -> Section:
    """Work at a window over a full book, then start it again and again."""
    os.environ.update(_OFFSCREEN)
    with TemporaryDirectory() as folder:
        data = Path(folder, "data")
        stocked.with_items_and_people(data)
        rows = [*_at_work(data), *_starts(data)]
    return Section("h. window, offscreen, 200,000 items and 100,000 people", tuple(rows))


def _library() -> Library:
    return Library(resource_folder() / "policies")


def _at_work(data: Path) -> Iterator[Row]:
    from gongji.gui.opening import make_application  # noqa: PLC0415  # loads Qt
    from tests.support.clerk import Clerk, at  # noqa: PLC0415  # loads Qt

    app = make_application()
    clerk = Clerk(data, _library(), at(AT))
    screen = clerk.screen

    def shown(act: Callable[[], object]) -> Taken:
        start = (time.perf_counter_ns(), time.thread_time_ns())
        act()
        app.processEvents()
        return _since(start)

    def edited(place: int) -> Taken:
        taken = shown(partial(screen.state.edit_line, 1, "quantity", str(2 + place % 90)))
        clerk.settle_down()
        return taken

    _enter(clerk)
    yield _row("an edit to the shown settlement: p99", [edited(place) for place in range(_EDITS)], 10)
    for what, field in (("item", screen.lines.field), ("person", screen.patient.field)):
        field.setFocus()
        found = [shown(partial(field.setText, text)) for text in _texts()]
        field.clear()
        yield _row(f"a key to the shown results, {what}: p99", found, 16)
    yield _row("F9 to ready for the next patient: p99", [_settled(clerk) for _ in range(_VISITS)], 60)
    clerk.leave()


def _texts() -> Iterator[str]:
    """Yield what stands in a field after one letter, and after two."""
    letters = "abcdfghlmnqtwxyz"
    yield from letters
    yield from (one + other for one in letters for other in letters)


def _enter(clerk: object) -> None:
    from tests.support.clerk import Clerk  # noqa: PLC0415  # loads Qt

    assert isinstance(clerk, Clerk)
    clerk.scan("530399194410303996")
    for item in ("009910000010000", "XJ01CA0001E001010199902", "ZA01AA0002K001010199903", "XC08CA0107A001010199909"):
        clerk.add_item(item)
    clerk.settle_down()


def _since(start: Taken) -> Taken:
    return (time.perf_counter_ns() - start[0], time.thread_time_ns() - start[1])


def _settled(clerk: object) -> Taken:
    from tests.support.clerk import Clerk  # noqa: PLC0415  # loads Qt

    assert isinstance(clerk, Clerk)
    if clerk.screen.state.draft.is_empty:
        _enter(clerk)
    start = (time.perf_counter_ns(), time.thread_time_ns())
    clerk.press("F9")
    clerk.until(lambda: clerk.screen.state.draft.is_empty)
    taken = _since(start)
    clerk.settle_down()
    return taken


def _row(what: str, taken: Sequence[Taken], target: float) -> Row:
    """Return the row of a wait; on a machine with other work the window's own time tells more than the clock."""
    found, own = spread([clock for clock, _ in taken]), spread([cpu for _, cpu in taken])
    note = (
        f"p50 {found.median / NS_PER_MS:.1f} ms; of the window's own time p99 {own.percentile(99) / NS_PER_MS:.1f} ms"
    )
    return at_most(what, found.percentile(99) / NS_PER_MS, target, "ms", note)


def _starts(data: Path) -> Iterator[Row]:
    both = [
        (_start(_OWN, str(data)), _start(_BARE)) for _ in range(_STARTS)
    ]  # in turns: what disturbs one, disturbs both
    own, bare = [one for one, _ in both], [other for _, other in both]
    for what, unit, place, reach in (("start to usable window", "ms", 0, 2.0), ("memory", "MB", 1, 1.8)):
        mine, others = min(one[place] for one in own), min(one[place] for one in bare)
        yield for_scale(f"{what}, bare PySide6", others, unit)
        yield at_most(f"{what}, times a bare PySide6 window", mine / others, reach, "", f"{mine:,.0f} {unit}")


def _start(script: str, *arguments: str) -> tuple[float, float]:
    """Start a window in a process of its own; return milliseconds until it is painted, and MB then."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", script + _READY, *arguments],
        env={**os.environ, **_OFFSCREEN},
        capture_output=True,
        text=True,
        check=True,
    )
    ready, kilobytes = done.stdout.split()
    return (float(ready) - begun) * 1000, float(kilobytes) / 1024


if __name__ == "__main__":
    from tests.bench.report import print_section

    print_section(measure())
