"""恢复之后: a book that was put back from a copy believes nothing that is not final before the platform was asked.

备份: copies of the book, whether one is good, and putting the book back from one.

A copy is made beside everything else that goes on, from one moment's view of the book. A book is put back only once the
copy was checked and made ready; the one it takes the place of is kept, and so is its witness.
"""

from pathlib import Path
from shutil import copyfile

from msgspec import Struct

from gongji.core.ledger.audit import Act
from gongji.core.outbox.states import FINAL, LIVE, State
from gongji.core.outbox.turns import put_back
from gongji.core.progress import Progress, tell
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.files import flush, put_in_place, reason
from gongji.store import audit, legs, quiet_times, settings, settlements, witness
from gongji.store.db import Store
from gongji.store.engine import Connection
from gongji.store.errors import StoreError, store_errors
from gongji.store.integrity import damaged_pages, structural_faults

RECONCILE_FIRST = "reconcile_first"
"""Set to "1" from a restore until the next reconciliation: nothing is sent before."""


def distrust_restored_legs(counter: Session) -> int:
    """Begin a new epoch in a book that was put back from a copy; return how many legs have to be asked after.

    Numbers go on above the highest that the witness has seen, since what was made after the copy may be on paper. Open
    the counter anew afterwards.
    """
    at = counter.now()
    seen = witness.last(counter.folder.witness)
    with counter.store.write() as connection:
        last = settlements.next_serial(connection, counter.clinic.serial_floor) - 1
        floor = max(last, 0 if seen is None else seen.serial)
        settings.put(connection, "epoch", str(counter.clinic.epoch + 1))
        settings.put(connection, "serial_floor", str(floor))
        settings.put(connection, RECONCILE_FIRST, "1")
        doubted = [leg for leg in legs.in_state(connection, *State) if leg.state not in FINAL | LIVE]
        for leg in doubted:
            legs.save(connection, put_back(leg), at)
        quiet_times.drop_all(connection)
        audit.append(connection, at, counter.operator, Act.RESTORED, counter.clinic.counter, f"{len(doubted)} 条待查")
    return len(doubted)


_STEPS = 3
"""What checking a copy takes: bringing it here, its pages, its structure."""
_STICK = "gongji-{}-{}"
_BESIDE = ("folder.json", "keys.json", "keys.copy.json", "witness.jsonl")


class Copy(Struct, frozen=True, kw_only=True):
    """A copy that is good: what it goes up to, and how many settlements and voids were made after it."""

    path: Path
    settlements: int
    last_no: str
    last_at: str
    missing: int


class Restored(Struct, frozen=True, kw_only=True):
    """What putting the book back came to: how many records are asked after first, where the book before it is kept."""

    doubted: int
    before: Path


def copies(counter: Session) -> list[tuple[str, int]]:
    """Return the copies of the book there are beside it, the newest first: name and size in bytes."""
    folder = counter.folder.copies
    found = sorted(folder.glob("*.db"), key=lambda one: one.stat().st_mtime, reverse=True) if folder.is_dir() else []
    return [(one.name, one.stat().st_size) for one in found]


def back_up(counter: Session, beside: Path | None = None, progress: Progress | None = None) -> Path | None:
    """Write a copy of the book into the data folder, and to another place where one is named; return the latter.

    The copy is encrypted as the book is, and opens with the same keys, which go along. Any thread may; None where
    `progress` stopped it. Raises `GongjiError`.
    """
    at = _digits(counter.now())
    copy = counter.folder.copies / f"book-{at}.db"
    if not counter.store.backup(copy, progress):
        return None
    if beside is None:
        return copy
    place = beside / _STICK.format(counter.clinic.counter, at)
    try:
        place.mkdir(parents=True)
        copyfile(copy, place / "book.db")
        for name in _BESIDE:
            if (counter.folder.path / name).exists():
                copyfile(counter.folder.path / name, place / name)
        for one in (*place.iterdir(), place):
            flush(one)
    except OSError as error:
        raise GongjiError(f"写不到 {beside}（{reason(error)}）", "请检查 U 盘是否插好、空间是否够") from error
    return place


def check_copy(counter: Session, path: Path, progress: Progress | None = None) -> Copy:
    """Return what a copy holds, once every page of it was found to be as it was written, and the book this counter's.

    `path` is a copy, or a folder on a stick that holds one. Any thread may. `GongjiError` where it cannot be used, or
    where `progress` stopped it: it is told of steps, and one that was begun is brought to its end.
    """
    tell(progress, 0, _STEPS)
    place = _ready(counter, path)
    try:
        with store_errors():
            store = Store(place, counter.store.key, read_only=True)
        try:
            return _checked(counter, store, path, progress)
        finally:
            store.close()
    except StoreError as error:
        raise GongjiError("这个备份打不开，或已损坏", "请换一个备份；现在的数据没有改动") from error
    finally:
        _clear(place)


def _checked(counter: Session, store: Store, path: Path, progress: Progress | None) -> Copy:
    connection = store.reader
    for done, is_damaged in enumerate((_has_damaged_pages, _has_faults), 1):
        tell(progress, done, _STEPS)
        if is_damaged(connection):
            raise GongjiError("这个备份已损坏", "请换一个备份；现在的数据没有改动")
    tell(progress, _STEPS, _STEPS)
    if store.needs_migration:
        raise GongjiError("这个备份是旧版本的程序做的", "请联系维护人员先升级它；现在的数据没有改动")
    if settings.get(connection, "counter") != counter.clinic.counter:
        raise GongjiError("这不是本收费台的备份", "请核对备份文件；现在的数据没有改动")
    count, last = settlements.count(connection), settlements.next_serial(connection, 0) - 1
    now = settlements.next_serial(counter.store.reader, 0) - 1
    return Copy(
        path=path,
        settlements=count,
        last_no=settlements.last_no(connection) or "（还没有结算）",
        last_at=settlements.last_at(connection) or "",
        missing=max(0, now - last),
    )


def _has_damaged_pages(connection: Connection) -> bool:
    return bool(damaged_pages(connection))


def _has_faults(connection: Connection) -> bool:
    return any(structural_faults(connection))


def restore(counter: Session, path: Path) -> Restored:
    """Put the book back from a copy; on the thread that writes. The counter is closed afterwards, to be opened anew.

    Nothing is sent before the next reconciliation, and numbers go on above the highest ever used. `GongjiError` where
    the copy cannot be used: then nothing has changed and the counter stays open.
    """
    check_copy(counter, path)
    before = _free(counter.folder.copies / f"before-restore-{_digits(counter.now())}.db")
    counter.store.backup(before)
    fresh = _ready(counter, path)
    try:
        doubted = _made_ready(counter, fresh)
        counter.store.close()
        with store_errors():
            if counter.folder.witness.exists():
                put_in_place(counter.folder.witness, before.with_suffix(".witness.jsonl"))
            put_in_place(fresh, counter.folder.book)
    finally:
        _clear(fresh)
    counter.close()
    return Restored(doubted=doubted, before=before)


def _made_ready(counter: Session, fresh: Path) -> int:
    """Let a copy believe nothing that is not final, before it takes the book's place."""
    store = Store(fresh, counter.store.key)
    try:
        return distrust_restored_legs(Session(counter.folder, store, counter.library, counter.operator, counter.clock))
    finally:
        store.close()


def _ready(counter: Session, path: Path) -> Path:
    """Return a file of the copy in the data folder, so that nothing is opened or written on a stick."""
    source = path / "book.db" if path.is_dir() else path
    place = counter.folder.path / "restoring.db"
    _clear(place)
    try:
        copyfile(source, place)
        flush(place)
    except OSError as error:
        raise GongjiError(f"读不到备份 {source}（{reason(error)}）", "请检查 U 盘是否插好，或换一个备份") from error
    return place


def _clear(place: Path) -> None:
    for one in place.parent.glob(f"{place.name}*"):
        one.unlink()


def _free(place: Path) -> Path:
    """Return a place where no file is yet: of several in one second none is written over."""
    names = (place, *(place.with_stem(f"{place.stem}-{number}") for number in range(2, 1000)))
    return next(one for one in names if not one.exists())


def _digits(at: str) -> str:
    return "".join(one for one in at if one.isdigit())
