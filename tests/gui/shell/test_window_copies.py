"""Copies that nobody asks for: when the program starts, while it is open, and when it ends."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from gongji.desk.clinic.backup.backup import copies
from gongji.desk.clinic.backup.check_copy import check_copy
from gongji.desk.clinic.open import open_counter
from gongji.desk.settlements.settle import settle_text
from gongji.gui.app import Program
from gongji.gui.opening import parse
from gongji.gui.shell.window import MainWindow
from tests.gui.first_start.test_first_start import own_data, put_away, wait_for
from tests.support.clinic import text, visit
from tests.support.clock import Clock

DAY = "2026-11-22 10:00:00"


@pytest.fixture
def clock() -> Clock:
    return Clock(DAY)


@pytest.fixture
def program(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Callable[[], Program]:
    """Starts the program with a clock that the test sets."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    def begin() -> Program:
        one = Program(qapp, parse(()), clock)
        one.begin()
        return one

    return begin


def settle(window: MainWindow, number: str) -> None:
    counter, done = window.station.counter, list[object]()
    given = text(visit(number, settled_on="2026-11-22"))
    window.station.jobs.write(lambda: settle_text(counter, given), done.append)
    wait_for(lambda: bool(done))


def made(window: MainWindow) -> list[str]:
    return sorted(name for name, _ in copies(window.station.counter) if name.startswith("book-"))


def test_copies_are_made_at_the_start_in_between_and_at_the_end(
    program: Callable[[], Program], qapp: QApplication, clock: Clock
) -> None:
    first = program()
    window = own_data(first)
    wait_for(lambda: len(made(window)) == 1)  # at the start: there was none

    settle(window, "V1")
    clock.forward(minutes=29)
    window.copies.timeout.emit()
    clock.forward(minutes=2)
    assert window.copies.isActive()
    assert window.copies.interval() <= 30 * 60 * 1000
    window.copies.timeout.emit()
    wait_for(lambda: len(made(window)) == 2)  # half an hour after the first, and something has changed
    assert made(window)[-1].startswith("book-20261122103100")

    window.copies.timeout.emit()
    clock.forward(minutes=1)
    settle(window, "V2")
    path, library = window.station.counter.folder.path, window.station.counter.library
    put_away(qapp, first)
    counter = open_counter(path, library, clock, "李红", "口令口令 1")
    assert next(name for name, _ in copies(counter)).startswith("book-20261122103200"), "at the end, at once"
    assert check_copy(counter, counter.folder.copies / copies(counter)[0][0]).settlements == 2
    counter.close()
