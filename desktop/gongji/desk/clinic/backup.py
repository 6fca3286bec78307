"""恢复之后: a book that was put back from a copy believes nothing that is not final before the platform was asked.

备份: copies of the book, whether one is good, and putting the book back from one.

A copy is made beside everything else that goes on, from one moment's view of the book. A book is put back only once the
copy was checked and made ready; the one it takes the place of is kept, and so is its witness.
"""

import secrets
from pathlib import Path
from shutil import copyfile
from typing import Any

from msgspec import Struct

from gongji.core.ledger.audit import Act
from gongji.core.money import yuan
from gongji.core.outbox.states import FINAL, LIVE, State
from gongji.core.outbox.turns import put_back
from gongji.core.progress import Progress, tell
from gongji.desk.session import Session
from gongji.desk.witnessing import WITNESS_KEY, Witnessing, witness_key
from gongji.errors import GongjiError
from gongji.files import flush, put_in_place, reason
from gongji.store import audit, concerns, legs, messages, quiet_times, settings, settlements, witness
from gongji.store.concerns import Concern
from gongji.store.db import Store
from gongji.store.engine import Connection
from gongji.store.errors import StoreError, store_errors
from gongji.store.integrity import damaged_pages, structural_faults
from gongji.store.keys import new_key

ORIGIN = "origin"
"""The setting that names a book's line of descent: random, new whenever a book is put back."""
_JUMP, _JUMPS = 500, 40
RECONCILE_FIRST = "reconcile_first"
"""Set to "1" from a restore until the next reconciliation: nothing is sent before."""


def ask_first(counter: Session, connection: Connection, at: str, reserved: str) -> int:
    """Let a book that went back ask after everything that is not final; return how many legs.

    No message gets a number that may have been used up to `reserved` (a stamp). Within the caller's transaction.
    """
    settings.put(connection, RECONCILE_FIRST, "1")
    messages.skip(connection, reserved)
    doubted = [leg for leg in legs.in_state(connection, *State) if leg.state not in FINAL | LIVE]
    for leg in doubted:
        legs.save(connection, put_back(leg), at)
    quiet_times.drop_all(connection)
    audit.append(connection, at, counter.operator, Act.ASKS_FIRST, counter.clinic.counter, f"{len(doubted)} 条待查")
    return len(doubted)


def lost_by(connection: Connection, copy: Connection) -> list[Concern]:
    """Return every settlement and void of a book that a copy of it has not, with its number and its money in fen."""
    kept = {one.serial: one.seal for one in settlements.witness_lines(copy, 0)}
    gone = [one.serial for one in settlements.witness_lines(connection, 0) if kept.get(one.serial) != one.seal]
    return [_lost(connection, serial) for serial in gone]


def _lost(connection: Connection, serial: int) -> Concern:
    one = next(settlements.heads(connection, serial, serial))
    means = settlements.paid_by_means(connection, [serial])
    detail: dict[str, Any] = {
        "serial": serial,
        "kind": one.kind,
        "voids": one.voids,
        "visit_no": one.visit_no,
        "receipt_no": one.receipt_no,
        "at": one.at,
        "total_fen": int(one.totals.total_fen),
        "fund_total_fen": int(one.totals.fund_total_fen),
        "cash_fen": means.get("cash", 0),
        "means": means,
    }
    what = "冲销" if one.kind == "void" else "结算"
    text = (
        f"恢复前的这笔{what}不在备份里：合计 {yuan(one.totals.total_fen)}，基金 {yuan(one.totals.fund_total_fen)}，"
        f"现金 {yuan(detail['cash_fen'])}；请按单据补录，或写明原因"
    )
    return Concern(kind="lost", subject=one.no, text=text, detail=detail)


class Forerunner(Struct, frozen=True, kw_only=True):
    """The book that one put back takes the place of.

    Its epoch, the highest serial it or its witness knows, up to when message numbers are reserved, and what of it is
    lost. `elsewhere` tells that it was worked with at another place, so that nobody knows how far its numbers went.
    """

    epoch: int
    serial: int
    reserved: str
    lost: tuple[Concern, ...] = ()
    elsewhere: bool = False


def distrust_restored_legs(counter: Session, before: Forerunner | None = None) -> int:
    """Begin anew in a book that was put back; return how many legs have to be asked after.

    It gets a random origin, so that two books put back from one copy differ, and an epoch above both books'. Numbers
    go on above the highest known, since what was made after the copy may be on paper: well above where the book before
    was elsewhere. Open the counter anew afterwards.
    """
    at = counter.newest(counter.stamp())
    before = before or Forerunner(epoch=0, serial=0, reserved="")
    with counter.store.write() as connection:
        last = settlements.next_serial(connection, counter.clinic.serial_floor) - 1
        floor = max(last, before.serial)
        if before.elsewhere:
            floor += _JUMP * (1 + secrets.randbelow(_JUMPS))
        settings.put(connection, "epoch", str(max(counter.clinic.epoch, before.epoch) + 1))
        settings.put(connection, "serial_floor", str(floor))
        settings.put(connection, ORIGIN, new_origin())
        concerns.put(connection, before.lost, at)
        doubted = ask_first(counter, connection, at, before.reserved)
        cash_fen = sum(one.detail["cash_fen"] for one in before.lost)
        lost = f"，备份里没有的 {len(before.lost)} 笔（现金 {yuan(cash_fen)}）须补录或说明" if before.lost else ""
        jump = f"，编号从第 {floor + 1} 号起" if before.elsewhere else ""
        detail = f"{doubted} 条待查{lost}{jump}"
        audit.append(connection, at, counter.operator, Act.RESTORED, counter.clinic.counter, detail)
    return doubted


def new_origin() -> str:
    """Return a name for a book's line of descent that no other has."""
    return secrets.token_hex(16)


_STEPS = 3
"""What checking a copy takes: bringing it here, its pages, its structure."""
_STICK = "gongji-{}-{}"
_BESIDE = ("folder.json", "keys.json", "keys.copy.json", "witness.jsonl", "witness.mark")


class Copy(Struct, frozen=True, kw_only=True):
    """A copy that is good: what it goes up to, and how many settlements and voids were made after it."""

    path: Path
    settlements: int
    last_no: str
    last_at: str
    missing: int


class Restored(Struct, frozen=True, kw_only=True):
    """What putting the book back came to.

    How many records are asked after first, where the book before it is kept, and how many of its settlements and voids
    are not in the copy and have to be entered anew or explained.
    """

    doubted: int
    before: Path
    lost: int = 0


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
            store = Store(place, counter.store.key)
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
        store.upgrade()  # only the file in hand; the copy stays as it is
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

    What the book has and the copy has not is written into the new book, number by number, to be entered anew or
    explained. Nothing is sent before the next reconciliation, and numbers go on above the highest ever used.
    `GongjiError` where the copy cannot be used: then nothing has changed and the counter stays open.
    """
    check_copy(counter, path)
    folder = counter.folder
    before = _free(folder.copies / f"before-restore-{_digits(counter.stamp())}.db")
    counter.store.backup(before)
    fresh = _ready(counter, path)
    try:
        doubted, lost = _made_ready(counter, fresh)
        counter.store.close()
        with store_errors():
            for one, ending in ((folder.witness, ".witness.jsonl"), (folder.mark, ".witness.mark")):
                if one.exists():
                    put_in_place(one, before.with_suffix(ending))
            put_in_place(fresh, folder.book)
        _witness_anew(counter)
    finally:
        _clear(fresh)
    counter.close()
    return Restored(doubted=doubted, before=before, lost=lost)


def _made_ready(counter: Session, fresh: Path) -> tuple[int, int]:
    """Let a copy believe nothing that is not final, before it takes the book's place, and know what it lacks."""
    store = Store(fresh, counter.store.key)
    try:
        if store.needs_migration:
            store.upgrade()
        lost = tuple(lost_by(counter.store.reader, store.reader))
        before = Forerunner(
            epoch=counter.clinic.epoch,
            serial=settlements.next_serial(counter.store.reader, counter.clinic.serial_floor) - 1,
            reserved=_reserved(counter),
            lost=lost,
        )
        anew = Session(counter.folder, store, counter.library, counter.operator, counter.clock)
        return distrust_restored_legs(anew, before), len(lost)
    finally:
        store.close()


def _reserved(counter: Session) -> str:
    """Return up to when (a stamp) message numbers of the book as it is may have been used."""
    key = witness_key(counter.store.reader)
    mark = None if key is None else witness.mark(counter.folder.mark, key)
    return max(messages.last_at(counter.store.reader), "" if mark is None else mark.reserved)


def _witness_anew(counter: Session) -> None:
    """Begin the witness of a book that was put back: what it has is seen, what it lost it knows itself."""
    store = Store(counter.folder.book, counter.store.key)
    try:
        connection = store.reader
        key = witness_key(connection)
        if key is None:
            with store.write() as writer:
                key = new_key()
                settings.put(writer, WITNESS_KEY, key.hex())
        witnessing = Witnessing(counter.folder, key, 0)
        with store_errors():
            witnessing.add_lines(connection)
        witnessing.begin(connection)
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
