"""核对备份: whether a copy is good, and the drill that proves it in a temporary place."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from shutil import copyfile

from msgspec import Struct

from gongji.core.ledger.audit import Act
from gongji.core.progress import Progress, tell
from gongji.desk.clinic.backup.restored_doubts import forgotten_since
from gongji.desk.clinic.operators import FORMER_KEYS
from gongji.desk.clinic.verify.verify_book import verify_copy
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.files import flush, reason
from gongji.pack_files.library import Library
from gongji.store import audit, concerns, settings
from gongji.store.book_file.db import Store
from gongji.store.book_file.folder import Folder
from gongji.store.book_file.integrity import damaged_pages, dangling_references, structural_faults
from gongji.store.engine import Connection
from gongji.store.errors import StoreError, store_errors
from gongji.store.settlements import settlements

_STEPS = 3
"""The steps of checking a copy: bringing it here, its pages, its structure."""


class Copy(Struct, frozen=True, kw_only=True):
    """A good copy: up to what it goes, and how many settlements and voids were made after it.

    `forgotten` are the people in it whose data was destroyed since; restoring it destroys that again.
    """

    path: Path
    settlements: int
    last_no: str
    last_at: str
    missing: int
    forgotten: int = 0


class Drilled(Struct, frozen=True, kw_only=True):
    """The result of a drill: how many settlements the copy has, and everything found wrong with it."""

    settlements: int
    last_no: str
    found: tuple[str, ...]


def drill(session: Session, path: Path) -> Drilled:
    """Prove that a copy can be restored: in a temporary place, with all of `verify`; the book is not touched.

    Any thread may call it; `log_drill` then logs it on the writing thread. Raises `GongjiError` where the copy cannot
    be read or opened.
    """
    with store_errors(), tempfile.TemporaryDirectory(dir=session.folder.path, prefix="drill-") as place:
        fresh = Path(place) / "book.db"
        _bring(path, fresh)
        with _of_a_copy(), closing(open_copy(session, fresh)) as store:
            if store.needs_migration:
                store.upgrade()
            found = tuple(_found_in(Folder(Path(place)), store, session.library))
            count, last = settlements.count(store.reader), settlements.last_no(store.reader)
    return Drilled(settlements=count, last_no=last or "", found=found)


def _found_in(folder: Folder, store: Store, library: Library) -> Iterator[str]:
    """Yield what `verify_copy` finds, except for open concerns."""
    open_ones = {one.concern.text for one in concerns.open_ones(store.reader)}
    for one in verify_copy(folder, store, library):
        if not any(one.text.startswith(text) for text in open_ones):
            yield f"{one.place}：{one.text}"


def log_drill(session: Session, done: Drilled) -> None:
    """Log that a restore was tried, and its result."""
    with session.store.write() as connection:
        came = f"发现 {len(done.found)} 处不符" if done.found else "能恢复，核对相符"
        detail = f"演练：到 {done.last_no or '（空）'}，{done.settlements} 笔，{came}"
        at = session.newest(session.stamp())
        audit.append(connection, at, session.operator, Act.DRILL, session.clinic.counter, detail)


def check_copy(session: Session, path: Path, progress: Progress | None = None) -> Copy:
    """Return what a copy holds, after checking every page of it and that it is of this counter's book.

    `path` is a copy, or a folder on a stick that holds one. Any thread may call it. Raises `GongjiError` where it
    cannot be used, or where `progress` stops it: progress counts steps, and a step that was begun is finished.
    """
    tell(progress, 0, _STEPS)
    place = bring_copy(session, path)
    try:
        with _of_a_copy(), closing(open_copy(session, place)) as store:
            return _checked(session, store, path, progress)
    finally:
        clear_copy(place)


@contextmanager
def _of_a_copy() -> Iterator[None]:
    """Say of the copy, not of the book, that it cannot be opened or read; a full disk is not its fault."""
    try:
        with store_errors():
            yield
    except StoreError as error:
        if error.kind == "SQLITE_FULL":
            raise
        raise GongjiError("这个备份打不开，或已损坏", "请换一个备份；现在的数据没有改动") from error


def open_copy(session: Session, place: Path) -> Store:
    """Return a copy opened with the book's key, or a former one.

    Raises `StoreError`; with kind SQLITE_NOTADB where none of them fits.
    """
    former = (settings.get(session.store.reader, FORMER_KEYS) or "").split()
    for key in (session.store.key, *map(bytes.fromhex, former)):
        try:
            return Store(place, key)
        except StoreError as error:
            if error.kind != "SQLITE_NOTADB":
                raise
    raise StoreError("SQLITE_NOTADB")


def _checked(session: Session, store: Store, path: Path, progress: Progress | None) -> Copy:
    connection = store.reader
    for done, is_damaged in enumerate((_has_damaged_pages, _has_faults), 1):
        tell(progress, done, _STEPS)
        if is_damaged(connection):
            raise GongjiError("这个备份已损坏", "请换一个备份；现在的数据没有改动")
    tell(progress, _STEPS, _STEPS)
    if store.needs_migration:
        store.upgrade()  # only the file brought here; the copy stays as it is
    if settings.get(connection, "counter") != session.clinic.counter:
        raise GongjiError("这不是本收费台的备份", "请核对备份文件；现在的数据没有改动")
    count, last = settlements.count(connection), settlements.next_serial(connection, 0) - 1
    now = settlements.next_serial(session.store.reader, 0) - 1
    return Copy(
        path=path,
        settlements=count,
        last_no=settlements.last_no(connection) or "（还没有结算）",
        last_at=settlements.last_at(connection) or "",
        missing=max(0, now - last),
        forgotten=len(forgotten_since(session.store.reader, connection)),
    )


def _has_damaged_pages(connection: Connection) -> bool:
    return bool(damaged_pages(connection))


def _has_faults(connection: Connection) -> bool:
    return any(chain(structural_faults(connection), dangling_references(connection)))


def bring_copy(session: Session, path: Path) -> Path:
    """Return a file of the copy in the data folder, so that nothing is opened or written on a stick.

    Raises `GongjiError` where it cannot be read.
    """
    place = session.folder.path / "restoring.db"
    clear_copy(place)
    try:
        _bring(path, place)
    except GongjiError:
        clear_copy(place)
        raise
    return place


def _bring(path: Path, place: Path) -> None:
    source = path
    try:
        source = path / "book.db" if path.is_dir() else path
        if source.exists() and not (source.is_file() or source.is_dir()):  # a device need not end
            raise GongjiError(f"读不到备份 {source}（不是文件）", "请核对是不是选错了，或换一个备份")
        copyfile(source, place)
        flush(place)
    except OSError as error:
        raise GongjiError(f"读不到备份 {source}（{reason(error)}）", "请检查 U 盘是否插好，或换一个备份") from error


def clear_copy(place: Path) -> None:
    """Delete a copy that was brought here, and what SQLite left beside it."""
    for one in place.parent.glob(f"{place.name}*"):
        one.unlink()
