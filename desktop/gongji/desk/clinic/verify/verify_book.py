"""核对: whether the book is whole, everything in it adds up, and the witness agrees.

It runs beside a working counter; a check that was stopped can be continued.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError

from msgspec import json

from gongji.core.progress import StoppedError
from gongji.desk import book_processes
from gongji.desk.book_processes import Doer, done_beside, processes_at_hand
from gongji.desk.clinic.verify import verify_state
from gongji.desk.clinic.verify.verify_settlements import BookFinding
from gongji.desk.clinic.verify.verify_tasks import BookCheck, VerifyTask, longest_first, tasks
from gongji.desk.editions import library_with
from gongji.pack_files.library import Library
from gongji.store.book_file.db import Store
from gongji.store.book_file.folder import Folder
from gongji.store.engine import Connection
from gongji.store.errors import StoreError
from gongji.store.settlements import settlements

__all__ = ["BookFinding", "verify"]
VerifyProgress = Callable[[str, int, int], bool | None]
"""Called with what is being checked, how much of it is done, of how much; False stops the check."""
OPTION = "--verify-part"
"""The option with which the program checks a part of the book as a child of another: `main` is not reached."""
_MANY = 5000
"""From this many settlements on, further processes are worth their start."""
_KEPT_EVERY = 20
_WITNESS = "见证"


def verify(
    folder: Folder,
    store: Store,
    library: Library,
    progress: VerifyProgress,
    *,
    resume: bool = False,
    processes: int | None = None,
) -> Iterator[BookFinding]:
    """Yield everything that is wrong with a book and its witness; nothing when all is well.

    `resume` leaves out the ranges of settlements and papers that a stopped check found in order.
    `processes` is how many processes to use, 0 for this one alone; by default as many as machine and book deserve.
    Raises `StoppedError` where `progress` stops it.
    """
    connection = store.reader
    packs, left_out = library_with(library, connection)
    yield from (BookFinding("政策包", text) for text in left_out)
    every = tasks(connection)
    known = verify_state.kept(folder, connection) if resume else frozenset()
    left = [one for one in every if one not in known]
    if processes is None:
        processes = processes_at_hand() if settlements.count(connection) >= _MANY else 0
    here = BookCheck(folder, connection, packs)
    done = [one for one in every if one in known]
    try:
        if processes:
            yield from _beside(here, (folder, store, library), left, (done, progress), processes)
        else:
            yield from _alone(here, left, (done, progress))
    except BaseException:
        verify_state.keep(folder, connection, done)
        raise
    verify_state.clear(folder)


def verify_copy(folder: Folder, store: Store, library: Library) -> Iterator[BookFinding]:
    """Yield what verifying a copy of a book finds, except for its witness, which stays with the book itself."""
    for one in verify(folder, store, library, lambda *_: None):
        if _WITNESS not in one.place and _WITNESS not in one.text:
            yield one


def _alone(
    here: BookCheck, left: Sequence[VerifyTask], told: tuple[list[VerifyTask], VerifyProgress]
) -> Iterator[BookFinding]:
    """Do tasks in this process; those found in order are added to `done`."""
    done, progress = told
    for one in left:
        found = here.do(one)
        yield from found
        if not found:
            done.append(one)
        _tell(progress, one, left)


def _beside(
    here: BookCheck,
    book: tuple[Folder, Store, Library],
    left: Sequence[VerifyTask],
    told: tuple[list[VerifyTask], VerifyProgress],
    processes: int,
) -> Iterator[BookFinding]:
    """Have tasks done by other processes; those found in order are added to `done`.

    A task whose process ended (the system may end any) is done here.
    """
    (folder, store, _), (done, progress) = book, told
    ordered = longest_first(list(left))
    with done_beside(OPTION, book, ordered, processes) as futures:
        coming = dict(zip(ordered, futures, strict=True))
        for one in left:
            try:
                answer = coming[one].result()
            except CancelledError:
                findings = here.do(one)
            else:
                if answer.trouble:
                    raise StoreError(answer.trouble)
                findings = json.decode(answer.found, type=list[BookFinding])
            yield from findings
            if not findings:
                done.append(one)
                if len(done) % _KEPT_EVERY == 0:
                    verify_state.keep(folder, store.reader, done)
            _tell(progress, one, left)


def serve() -> int:
    """Be a process that checks parts of a book; return an exit status."""

    def begin(folder: Folder, connection: Connection, library: Library) -> Doer:
        check = BookCheck(folder, connection, library)
        return lambda task, _: check.do(json.decode(task, type=VerifyTask))

    return book_processes.serve(begin)


def _tell(progress: VerifyProgress, one: VerifyTask, every: Sequence[VerifyTask]) -> None:
    """Report the progress of the check in the part that a task belongs to."""
    alike = [other for other in every if other.about == one.about]
    done, of = (one.last, alike[-1].last) if one.last else (alike.index(one) + 1, len(alike))
    if progress(one.about, done, of) is False:
        raise StoppedError
