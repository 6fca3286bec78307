"""Papers on file: what was printed is kept as the same bytes under its number, in the book and as a file beside it."""

from pathlib import Path

from gongji.desk.session import Session
from gongji.files import write_whole
from gongji.printing.shared_glyphs import shared_in
from gongji.store import printed_files
from gongji.store.engine import Connection


def on_file(counter: Session, place: Path) -> Path | None:
    """Return the file of a paper that was printed, written anew from the book where it was lost or changed.

    `place` is under the folder of receipts. None where nothing was printed under it yet.
    """
    kept = printed_files.newest(counter.store.reader, place.as_posix())
    if kept is None:
        return None
    path = counter.folder.receipts / place
    if not is_file_of(path, kept):
        write_whole(path, printed_files.bytes_of(counter.store.reader, place.as_posix()))
    return path


def is_file_of(path: Path, sha256: str) -> bool:
    """Tell whether a file is there with these bytes; one that cannot be read counts as lost."""
    try:
        return printed_files.fingerprint(path.read_bytes()) == sha256
    except OSError:
        return False


def keep(connection: Connection, place: Path, serial: int | None, at: str, pdf: bytes) -> None:
    """Keep a paper's bytes in the book, inside the caller's transaction, unless they are there already."""
    if printed_files.newest(connection, place.as_posix()) != printed_files.fingerprint(pdf):
        printed_files.keep(connection, place.as_posix(), serial, at, pdf, shared_in(pdf))


def put_on_file(counter: Session, place: Path, serial: int | None, at: str, pdf: bytes) -> Path:
    """Keep a paper's bytes and write its file; `GongjiError` where the disk refuses, and then the book may have it."""
    if printed_files.newest(counter.store.reader, place.as_posix()) != printed_files.fingerprint(pdf):
        with counter.store.write() as connection:
            keep(connection, place, serial, at, pdf)
    path = counter.folder.receipts / place
    write_whole(path, pdf)
    return path
