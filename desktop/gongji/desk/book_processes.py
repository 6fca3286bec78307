"""Work on the whole book shared by several processes of this program, each of which opens it read-only.

A child reads its standard input: first which book and its key (an argument of a process is no secret), then
the tasks, a line of JSON each; it answers each with lines: how far it has come, at last what it found. It writes
nothing and has the lowest priority: the people who work meanwhile come first.
"""

import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import Any

from msgspec import Raw, Struct, json

from gongji.confined import LineChild, say_line
from gongji.desk.editions import library_with
from gongji.errors import GongjiError
from gongji.pack_files.library import Library
from gongji.store.book_file.db import Store
from gongji.store.book_file.folder import Folder
from gongji.store.engine import Connection
from gongji.store.errors import StoreError

_MOST = 4
"""The most processes: beyond it the disk is the limit."""
_NICE = 10
_MANY_OBJECTS = 50_000

Tell = Callable[[int], None]
"""Called with how much of a task is done."""
Doer = Callable[[bytes, Tell], Any]
"""Does a task, given as JSON, and returns what it found, as JSON can say it."""
Told = Callable[[int, int], None]
"""Called, on some thread, with which task it is, by its place, and how much of it is done."""


class BookOrder(Struct, frozen=True):
    """Which book, its key (hexadecimal), and the folders of packs."""

    folder: str
    book: str
    key: str
    packs: tuple[str, ...]


class BookAnswer(Struct, frozen=True):
    """What a task found, as JSON; or SQLite's name of the disk or system error that stopped it."""

    found: Raw = Raw(b"null")
    trouble: str = ""


class _DoneSoFar(Struct, frozen=True, tag=True):
    done: int


class _Answered(Struct, frozen=True, tag=True):
    answer: BookAnswer


def processes_at_hand() -> int:
    """Return how many processes this machine can run at once without harm."""
    return min(_MOST, os.cpu_count() or 1)


def serve(begin: Callable[[Folder, Connection, Library], Doer]) -> int:
    """Be such a child: read an order and tasks from standard input until it ends; return an exit status.

    `begin` prepares for the tasks of one book. What neither disk nor system is to blame for, the parent does itself.
    """
    if hasattr(os, "nice"):
        os.nice(_NICE)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy's threads, which nothing here uses
    lines = iter(sys.stdin.buffer.readline, b"")
    order = json.decode(next(lines), type=BookOrder)
    first, *extra = map(Path, order.packs)
    with closing(Store(Path(order.book), bytes.fromhex(order.key), read_only=True)) as store:
        library, _ = library_with(Library(first, extra), store.reader)
        do = begin(Folder(Path(order.folder)), store.reader, library)
        gc.freeze()  # these objects stay, and those of a task form no cycles: searching for them costs a tenth
        gc.set_threshold(_MANY_OBJECTS)
        for line in lines:
            try:
                answer = BookAnswer(Raw(json.encode(do(line, lambda done: say_line(json.encode(_DoneSoFar(done)))))))
            except StoreError as error:
                answer = BookAnswer(trouble=error.kind)
            except GongjiError:
                return 1
            say_line(json.encode(_Answered(answer)))
    return 0


@contextmanager
def done_beside(
    option: str, book: tuple[Folder, Store, Library], tasks: Sequence[Struct], processes: int, told: Told | None = None
) -> Iterator[list["Future[BookAnswer]"]]:
    """Have tasks done, in this order, by a number of processes until the end of the block, whatever they do then.

    `option` is the one with which the program is such a child. Yield the future of each task: `CancelledError` where
    no process does it. The threads only wait for the processes and touch no book.
    """
    folder, store, library = book
    order = BookOrder(
        str(folder.path), str(store.path), store.key.hex(), tuple(str(one.absolute()) for one in library.folders)
    )
    living: set[LineChild] = set()
    free: SimpleQueue[LineChild] = SimpleQueue()
    lock = Lock()

    def have_done(place: int) -> BookAnswer:
        child = free.get()
        try:
            answer = _asked(child, tasks[place], lambda done: told(place, done) if told is not None else None)
        except CancelledError:
            with lock:
                living.discard(child)
                if not living:  # else the others do the rest
                    free.put(child)
            raise
        except BaseException:
            free.put(child)
            raise
        free.put(child)
        return answer

    with ExitStack() as at_end:
        with suppress(OSError):  # the system allows no more: fewer do it, or none besides this one
            for _ in range(processes):
                child = at_end.enter_context(closing(LineChild(option)))
                child.tell(json.encode(order))
                living.add(child)
                free.put(child)
        if not living:
            yield [_cancelled() for _ in tasks]
            return
        with ThreadPoolExecutor(len(living), "book") as pool:
            try:
                yield [pool.submit(have_done, place) for place in range(len(tasks))]
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
                at_end.close()  # the threads that wait for an answer continue


def _cancelled() -> "Future[BookAnswer]":
    """Return the future of a task that no process does."""
    found: Future[BookAnswer] = Future()
    found.cancel()
    return found


def _asked(child: LineChild, task: Struct, told: Tell) -> BookAnswer:
    """Return a child's answer. Raises `CancelledError` where it ends without one."""
    child.tell(json.encode(task))
    while line := child.heard():
        said = json.decode(line, type=_DoneSoFar | _Answered)
        if isinstance(said, _Answered):
            return said.answer
        told(said.done)
    raise CancelledError
