"""No thread but the window's destroys what a cycle held: a widget would not survive it, nor the program."""

import gc
import weakref
from threading import Thread, get_ident

from gongji.gui.shell.preload import UnusedCycles
from tests.support.clerk import Clerk

_MANY = 200_000


class _Cycle:
    """Holds itself."""

    def __init__(self) -> None:
        self.itself = self


def test_what_a_busy_thread_leaves_is_found_on_the_windows_thread(clerk: Clerk) -> None:
    ended: list[int] = []
    cycles = UnusedCycles(clerk.station, pause_ms=1)
    cycles.begin()
    weakref.finalize(_Cycle(), lambda: ended.append(get_ident()))
    busy = Thread(target=lambda: [[] for _ in range(_MANY)])
    busy.start()
    busy.join()
    assert ended == []
    clerk.until(lambda: bool(ended))
    assert ended == [get_ident()]
    cycles.end()


def test_python_left_to_itself_looks_on_any_thread() -> None:
    """What the class is there for: without it the busy thread would have done it."""
    gc.enable()
    ended: list[int] = []
    weakref.finalize(_Cycle(), lambda: ended.append(get_ident()))
    busy = Thread(target=lambda: [[] for _ in range(_MANY)])
    busy.start()
    busy.join()
    assert len(ended) == 1
    assert ended != [get_ident()]


def test_a_search_that_has_ended_finds_nothing_more(clerk: Clerk) -> None:
    cycles = UnusedCycles(clerk.station, pause_ms=1)
    cycles.begin()
    cycles.end()
    one = weakref.ref(_Cycle())
    clerk.settle_down()
    assert one() is not None
    gc.collect()
    assert one() is None
