"""Papers on file: what was printed is stored byte for byte under its number, in the encrypted book.

A paper is made once, by a script: any thread may lay it out, and what is stored of it is yielded to the
writing thread, in one transaction. A command does both on its one thread (`made`), the window on two.

A command also writes the file that its answer names. The window does so only where the clinic wants files:
otherwise no paper with a name on it is on the disk, and what is printed, shown or saved comes from the book.
"""

from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from gongji.desk.papers.paper_files import is_file_of
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.files import reason, write_whole
from gongji.printing.read_pdf import shared_in
from gongji.store.engine import Connection
from gongji.store.settlements import printed_files

_MOST_LOOSE = 8
_Made = TypeVar("_Made")
PaperSteps = Generator[Callable[[], Any], Any, _Made]
"""How a paper is made: yields functions that write to the book, and is sent what they returned."""


def made(steps: PaperSteps[_Made]) -> _Made:
    """Make a paper on this thread, which writes the book; return the script's result. Raises what the script raises."""
    try:
        write = next(steps)
        while True:
            write = steps.send(write())
    except StopIteration as end:
        result: _Made = end.value
        return result


def on_file(session: Session, place: Path) -> Path | None:
    """Return the path of a paper that was printed; a missing file is written again where files are wanted.

    `place` is relative to the folder of receipts. None where nothing was printed under it yet.
    """
    kept = printed_files.newest(session.store.reader, place.as_posix())
    if kept is None:
        return None
    path = session.folder.receipts / place
    if session.keeps_paper_files and not is_file_of(path, kept):
        write_whole(path, printed_files.bytes_of(session.store.reader, place.as_posix()))
    return path


def bytes_of(session: Session, path: Path) -> bytes:
    """Return a paper's bytes by its path: from the book, or one that was only shown.

    Raises `GongjiError` where it cannot be read, or its person was forgotten.
    """
    if path in session.loose_papers:
        return session.loose_papers[path]
    folder = session.folder.receipts
    name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else ""
    if name and printed_files.newest(session.store.reader, name) is not None:
        return printed_files.bytes_of(session.store.reader, name)
    if name and printed_files.is_kept_as(session.store.reader, name):
        raise GongjiError(f"单据 {path.name} 里的姓名已按规定删除，原件不再给出", "请在 记录 里找到这一笔，再补打一张")
    try:
        return path.read_bytes()
    except OSError as error:
        raise GongjiError(f"单据 {path.name} 读不到（{reason(error)}）", "请重新生成一次") from error


def keep(connection: Connection, place: Path, serial: int | None, at: str, pdf: bytes) -> None:
    """Store a paper's bytes in the book, inside the caller's transaction, unless it has them."""
    if printed_files.newest(connection, place.as_posix()) != printed_files.fingerprint(pdf):
        printed_files.keep(connection, place.as_posix(), serial, at, pdf, shared_in(pdf))


def filing_steps(session: Session, place: Path, serial: int | None, at: str, pdf: bytes) -> PaperSteps[Path]:
    """Store a paper's bytes and write its file. Raises `GongjiError` on a disk error, when the book may have it."""
    if printed_files.newest(session.store.reader, place.as_posix()) != printed_files.fingerprint(pdf):
        yield partial(_keep_alone, session, place, serial, at, pdf)
    return write_file(session, place, pdf)


def _keep_alone(session: Session, place: Path, serial: int | None, at: str, pdf: bytes) -> None:
    with session.store.write() as connection:
        keep(connection, place, serial, at, pdf)


def write_file(session: Session, place: Path, pdf: bytes) -> Path:
    """Write the file of a paper that the book has, where files are wanted; return its path."""
    path = session.folder.receipts / place
    if session.keeps_paper_files:
        write_whole(path, pdf)
    return path


def show(session: Session, place: Path, pdf: bytes) -> Path:
    """Keep a paper at hand that is no record and is not stored in the book; return its path."""
    return write_file(session, place, pdf) if session.keeps_paper_files else hold(session, place, pdf)


def hold(session: Session, place: Path, pdf: bytes) -> Path:
    """Keep a paper in memory alone, the last few of them; return the path it would have."""
    path = session.folder.receipts / place
    session.loose_papers.pop(path, None)
    session.loose_papers[path] = pdf
    for oldest in [*session.loose_papers][:-_MOST_LOOSE]:
        del session.loose_papers[oldest]
    return path
