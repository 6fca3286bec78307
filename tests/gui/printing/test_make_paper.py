"""Papers in the window: laid out on the thread of devices, stored by the one that writes."""

from collections.abc import Callable, Generator
from threading import current_thread
from typing import Any

from pytestqt.qtbot import QtBot

from gongji.gui.background.jobs import Jobs
from gongji.gui.printing.make_paper import make_paper


def test_each_step_is_done_where_it_belongs(qtbot: QtBot) -> None:
    threads: list[tuple[str, str]] = []
    done: list[str] = []

    def seen(what: str) -> str:
        threads.append((what, current_thread().name.split("_")[0]))
        return what

    def steps() -> Generator[Callable[[], str], Any, str]:
        seen("laid out")
        first = yield lambda: seen("stored")
        second = yield lambda: seen("counted")
        return seen(f"{first}, {second}")

    jobs = Jobs(lambda error: done.append(repr(error)))
    make_paper(jobs, steps, done.append, lambda error: done.append(repr(error)))
    qtbot.waitUntil(lambda: bool(done))
    jobs.close()
    assert done == ["stored, counted"]
    assert threads == [
        ("laid out", "device"), ("stored", "writer"), ("counted", "writer"), ("stored, counted", "device"),
    ]  # fmt: skip


def test_what_goes_wrong_on_either_thread_is_told_once(qtbot: QtBot) -> None:
    def laid_out_wrong() -> Generator[Callable[[], str], Any, str]:
        yield from ()
        raise ValueError("laid out")

    def stored_wrong() -> Generator[Callable[[], str], Any, str]:
        yield lambda: str(1 // 0)
        return ""

    wrong: list[type[BaseException]] = []
    jobs = Jobs(lambda error: wrong.append(type(error)))
    for steps in (laid_out_wrong, stored_wrong):
        make_paper(jobs, steps, lambda _: wrong.append(AssertionError), lambda error: wrong.append(type(error)))
    qtbot.waitUntil(lambda: len(wrong) == 2 and jobs.is_idle)
    jobs.close()
    assert set(wrong) == {ValueError, ZeroDivisionError}


def test_closing_the_window_in_the_middle_leaves_no_paper_half_made(qtbot: QtBot) -> None:
    """Nothing is delivered to the window's thread while it waits in `close`."""
    assert qtbot is not None
    done: list[str] = []

    def steps(name: str) -> Generator[Callable[[], str], Any, str]:
        done.append((yield lambda: f"{name} stored"))
        done.append((yield lambda: f"{name} counted"))
        return name

    def refused() -> Generator[Callable[[], str], Any, str]:
        yield lambda: str(1 // 0)
        return ""

    wrong: list[type[BaseException]] = []
    jobs = Jobs(lambda error: done.append(repr(error)), at_close=lambda error: wrong.append(type(error)))
    for begin in (lambda: steps("first"), refused, lambda: steps("second")):
        make_paper(jobs, begin, done.append, lambda error: done.append(repr(error)))
    jobs.close()
    assert done == ["first stored", "first counted", "second stored", "second counted"]
    assert wrong == [ZeroDivisionError]
