"""Work is done in its order, also where it was held back while the window is made, and none is lost at closing."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gongji.gui.background.jobs import Jobs


@pytest.fixture
def jobs(qapp: QApplication) -> Iterator[Jobs]:
    failed: list[BaseException] = []
    one = Jobs(failed.append)
    assert qapp is not None
    yield one
    one.close()
    assert not failed


def _noting(done: list[str], what: str) -> Callable[[], None]:
    return lambda: done.append(what)


def test_what_was_held_back_is_done_in_its_order_once_it_may_be(jobs: Jobs, qtbot: QtBot) -> None:
    done: list[str] = []
    jobs.hold()
    for what in ("checked", "written", "written again"):
        jobs.write(_noting(done, what))
    jobs.ask_writer(lambda: None)  # the writing thread is free
    assert done == []
    assert not jobs.is_idle
    jobs.go_on()
    jobs.write(_noting(done, "later"))
    qtbot.waitUntil(lambda: jobs.is_idle)
    assert done == ["checked", "written", "written again", "later"]


def test_closing_does_what_was_held_back(jobs: Jobs) -> None:
    done: list[str] = []
    jobs.hold()
    jobs.write(_noting(done, "written"))
    jobs.device(_noting(done, "printed"))
    jobs.close()
    assert sorted(done) == ["printed", "written"]
