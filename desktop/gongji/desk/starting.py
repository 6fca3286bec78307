"""第一次启动: a new data folder of the clinic's own, ready to settle in; or training data."""

from pathlib import Path

from gongji.desk.counter import Clock
from gongji.desk.devices import choose_printer
from gongji.desk.opening import Beginning, begin, open_counter
from gongji.desk.operators import check_password
from gongji.desk.training import begin_training
from gongji.policies import Library


def start_own(path: Path, one: Beginning, printer: str, library: Library, clock: Clock) -> Path:
    """Make the clinic's data folder and choose its printer (nothing for none); `GongjiError` says what is wrong."""
    check_password(one.password or "")
    begin(path, one, library, clock)
    counter = open_counter(path, library, clock, one.operator, one.password)
    try:
        choose_printer(counter, printer)
    finally:
        counter.close()
    return path


def start_training(path: Path, library: Library, clock: Clock, area: str | None = None) -> Path:
    """Make a training folder unless it is there already; return it."""
    if not (path / "folder.json").exists():
        begin_training(path, area, library, clock)
    return path
