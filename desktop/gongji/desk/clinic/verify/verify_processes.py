"""核对 in several processes of this program: each opens the book read-only and does one task after another.

A child reads its standard input: first which book and its key (an argument of a process is no secret), then
the tasks, a line of JSON each; it answers each with a line. It writes nothing and has the lowest priority:
the people who work meanwhile come first.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Lock

from msgspec import Struct, json

from gongji.confined import program
from gongji.desk.clinic.verify.verify_settlements import BookFinding
from gongji.desk.clinic.verify.verify_tasks import BookCheck, VerifyTask, longest_first
from gongji.desk.editions import library_with
from gongji.pack_files.library import Library
from gongji.store.book_file.db import Store
from gongji.store.book_file.folder import Folder
from gongji.store.errors import StoreError

OPTION = "--verify-part"
"""The option with which the program is such a child: `main` is not reached."""
_MOST = 4
"""The most processes: beyond it the disk is the limit."""
_NICE = 10


class VerifyOrder(Struct, frozen=True):
    """Which book, its key (hexadecimal), and the folders of packs."""

    folder: str
    book: str
    key: str
    packs: tuple[str, ...]


class VerifyAnswer(Struct, frozen=True):
    """What a task found; or SQLite's name of the disk or system error that stopped it."""

    findings: tuple[BookFinding, ...] = ()
    trouble: str = ""


def processes_at_hand() -> int:
    """Return how many processes this machine can run at once without harm."""
    return min(_MOST, os.cpu_count() or 1)


def serve() -> int:
    """Be such a child: read an order and tasks from standard input until it ends; return an exit status."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    lines = iter(sys.stdin.buffer.readline, b"")
    order = json.decode(next(lines), type=VerifyOrder)
    first, *extra = map(Path, order.packs)
    with closing(Store(Path(order.book), bytes.fromhex(order.key), read_only=True)) as store:
        library, _ = library_with(Library(first, extra), store.reader)
        check = BookCheck(Folder(Path(order.folder)), store.reader, library)
        for line in lines:
            try:
                answer = VerifyAnswer(tuple(check.do(json.decode(line, type=VerifyTask))))
            except StoreError as error:
                answer = VerifyAnswer(trouble=error.kind)
            sys.stdout.buffer.write(json.encode(answer) + b"\n")
            sys.stdout.buffer.flush()
    return 0


@contextmanager
def done_beside(
    folder: Folder, store: Store, library: Library, tasks: Sequence[VerifyTask], processes: int
) -> Iterator[dict[VerifyTask, "Future[VerifyAnswer]"]]:
    """Have tasks done by a number of processes until the end of the block, whatever they are doing then.

    Yield the future of each: `CancelledError` where no process does it. The threads only wait for the processes and
    touch no book.
    """
    order = VerifyOrder(
        str(folder.path), str(store.path), store.key.hex(), tuple(str(one.absolute()) for one in library.folders)
    )
    children: list[subprocess.Popen[bytes]] = []
    free: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
    living: set[int] = set()
    lock = Lock()

    def have_done(task: VerifyTask) -> VerifyAnswer:
        child = free.get()
        try:
            answer = _asked(child, task)
        except CancelledError:
            with lock:
                living.discard(child.pid)
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
                children.append(_child(order))
                at_end.callback(_end, children[-1])
        if not children:
            yield {one: _cancelled() for one in tasks}
            return
        for child in children:
            living.add(child.pid)
            free.put(child)
        with ThreadPoolExecutor(len(children), "verify") as pool:
            try:
                yield {one: pool.submit(have_done, one) for one in longest_first(list(tasks))}
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
                at_end.close()  # the threads that wait for an answer continue


def _cancelled() -> "Future[VerifyAnswer]":
    """Return the future of a task that no process does."""
    found: Future[VerifyAnswer] = Future()
    found.cancel()
    return found


def _child(order: VerifyOrder) -> "subprocess.Popen[bytes]":
    child = subprocess.Popen(  # noqa: S603  # this very program
        program(OPTION),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    _tell(child, json.encode(order))
    return child


def _tell(child: "subprocess.Popen[bytes]", line: bytes) -> None:
    assert child.stdin is not None
    with suppress(OSError):  # it has ended: no answer comes, which `_asked` reports
        child.stdin.write(line + b"\n")
        child.stdin.flush()


def _asked(child: "subprocess.Popen[bytes]", task: VerifyTask) -> VerifyAnswer:
    """Return a child's answer. Raises `CancelledError` where it ends without one."""
    _tell(child, json.encode(task))
    assert child.stdout is not None
    answer = child.stdout.readline()
    if not answer.endswith(b"\n"):
        raise CancelledError
    return json.decode(answer, type=VerifyAnswer)


def _end(child: "subprocess.Popen[bytes]") -> None:
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        assert pipe is not None
        with suppress(OSError):
            pipe.close()
