"""恢复之后: a book that was put back from a copy believes nothing that is not final before the platform was asked.

备份: copies of the book, whether one is good, and putting the book back from one.

A copy is made beside everything else that goes on, from one moment's view of the book. A book is put back only once the
copy was checked and made ready; the one it takes the place of is kept, and so is its witness.
"""

import datetime
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile
from typing import Any

from msgspec import Struct

from gongji.core.dates import moment_of
from gongji.core.ledger.audit import Act
from gongji.core.money import yuan
from gongji.core.outbox.states import FINAL, LIVE, State
from gongji.core.outbox.turns import put_back
from gongji.core.progress import Progress, tell
from gongji.desk.clinic.verify_book import verify
from gongji.desk.roles import only, second, with_second
from gongji.desk.session import Session
from gongji.desk.witnessing import WITNESS_KEY, Witnessing, witness_key
from gongji.errors import GongjiError
from gongji.files import flush, put_in_place, reason, write_whole
from gongji.packs_on_disk import Library
from gongji.store import anchors, audit, concerns, legs, messages, quiet_times, settings, settlements, tally, witness
from gongji.store.concerns import Concern
from gongji.store.db import Store
from gongji.store.engine import Connection
from gongji.store.errors import StoreError, store_errors
from gongji.store.folder import Folder
from gongji.store.integrity import damaged_pages, structural_faults
from gongji.store.keys import new_key

ORIGIN = "origin"
"""The setting that names a book's line of descent: random, new whenever a book is put back."""
FORMER_KEYS = "former_keys"
"""The setting that keeps the keys the book had before, for copies that were made under them."""
SECOND_DEVICE = "second_device"
"""The setting that names a folder on another device for a copy each day."""
_SEEN, _EVERY = "seen", datetime.timedelta(minutes=30)
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
    second: str = ""


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
        detail = with_second(f"{doubted} 条待查{lost}{jump}", before.second)
        audit.append(connection, at, counter.operator, Act.RESTORED, counter.clinic.counter, detail)
    return doubted


def new_origin() -> str:
    """Return a name for a book's line of descent that no other has."""
    return secrets.token_hex(16)


_STEPS = 3
"""What checking a copy takes: bringing it here, its pages, its structure."""
_STICK = "gongji-{}-{}"
_BESIDE = ("folder.json", "witness.jsonl", "witness.mark")


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


@only("backup")
def back_up(counter: Session, beside: Path | None = None, progress: Progress | None = None) -> Path | None:
    """Write a copy of the book into the data folder, and to another place where one is named; return the latter.

    The copy is encrypted as the book is. One that leaves the house opens with the keys on paper alone: no operator's
    wrapping goes along, whose password could be tried for ever. Any thread may; None where
    `progress` stopped it. Raises `GongjiError`.
    """
    if beside is not None and not counter.clinic.training and counter.folder.recovery is None:
        raise GongjiError(
            "还没有恢复钥匙：带走的备份里没有操作员的口令，以后没有办法打开",
            "请先在 设置 → 操作员 里生成恢复钥匙，打印后收好（命令行：gongji recovery）",
        )
    at = _digits(counter.stamp())
    copy = counter.folder.copies / f"book-{at}.db"
    if not counter.store.backup(copy, progress):
        return None
    if beside is None:
        return copy
    return _carry_out(counter, copy, beside, at)


def _carry_out(counter: Session, copy: Path, beside: Path, at: str) -> Path:
    """Write a copy that leaves the house: the book, its card and witness, its anchors, the keys on paper."""
    place = beside / _STICK.format(counter.clinic.counter, at)
    try:
        place.mkdir(parents=True)
        copyfile(copy, place / "book.db")
        for name in _BESIDE:
            if (counter.folder.path / name).exists():
                copyfile(counter.folder.path / name, place / name)
        lines = [one.line for one in anchors.every(counter.store.reader)]
        (place / "anchors.txt").write_text("\n".join(lines) + "\n", encoding="ascii")
        for name in ("keys.json", "keys.copy.json"):
            (place / name).write_bytes(counter.folder.keys_for_a_stick())
        for one in (*place.iterdir(), place):
            flush(one)
    except OSError as error:
        raise GongjiError(f"写不到 {beside}（{reason(error)}）", "请检查 U 盘是否插好、空间是否够") from error
    return place


def back_up_when_due(counter: Session, *, leaving: bool = False) -> Path | None:
    """Copy the book where it has changed and the last copy is half an hour old, or on leaving; thin out the old ones.

    Once a day a copy goes to the second device as well, where one is named and there. Any thread may; None where no
    copy was due.
    """
    connection, folder = counter.store.reader, counter.folder.copies
    (commits, _), now = tally.kept(connection), moment_of(counter.stamp())
    newest = next(iter(_dated(folder)), None)
    seen = _seen(folder)
    if seen == commits or (newest is not None and not leaving and abs(now - newest[0]) < _EVERY):
        return None
    copy = folder / f"book-{_digits(counter.stamp())}.db"
    if not counter.store.backup(copy):
        return None
    store = Store(copy, counter.store.key, read_only=True)
    try:
        if damaged_pages(store.reader) or list(tally.misfits(store.reader, tally.kept(store.reader)[1])):
            raise GongjiError("刚做的备份读回来不对", "请检查磁盘；再备份一次，仍不对的请联系维护人员")
    finally:
        store.close()
    write_whole(folder / _SEEN, str(commits).encode())
    thin_out(folder, now)
    place = settings.get(connection, SECOND_DEVICE)
    day = now.date().isoformat()
    todays = f"{_STICK.format(counter.clinic.counter, _digits(day))}*"
    may_leave = counter.clinic.training or counter.folder.recovery is not None
    if place and may_leave and Path(place).is_dir() and not list(Path(place).glob(todays)):
        _carry_out(counter, copy, Path(place), _digits(counter.stamp()))
    return copy


def thin_out(folder: Path, now: datetime.datetime) -> None:
    """Keep every copy of two days, then one a day for 12 days, one a week for 10 weeks, one a month for 9 months."""
    kept: set[tuple[str, int]] = set()
    for moment, path in _dated(folder):
        days = (now - moment).days
        if days < 2:  # noqa: PLR2004  # as it says
            continue
        ranges = (("day", 1, 14), ("week", 7, 84), ("month", 30, 354))
        name, each = next(((name, each) for name, each, most in ranges if days < most), ("", 0))
        if not name or (name, days // each) in kept:
            path.unlink()
            continue
        kept.add((name, days // each))


def _dated(folder: Path) -> list[tuple[datetime.datetime, Path]]:
    """Return the copies that were made on schedule or by hand, the newest first."""
    found = []
    for one in folder.glob("book-*.db") if folder.is_dir() else ():
        digits = one.stem.removeprefix("book-")
        if len(digits) == 14 and digits.isdigit():  # noqa: PLR2004  # a stamp's digits
            stamp_ = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]} {digits[8:10]}:{digits[10:12]}:{digits[12:]}"
            found.append((moment_of(stamp_), one))
    return sorted(found, reverse=True)


def _seen(folder: Path) -> int:
    """Return after how many transactions the last scheduled copy was made; -1 where there is none."""
    try:
        return int((folder / _SEEN).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return -1


class Drilled(Struct, frozen=True, kw_only=True):
    """What a drill came to: how many settlements the copy has, and everything that was found wrong with it."""

    settlements: int
    last_no: str
    found: tuple[str, ...]


def drill(counter: Session, path: Path) -> Drilled:
    """Prove that a copy can be put back: in a place of its own, all of `verify`, and nothing of the book is touched.

    Any thread may; `log_drill` keeps on the writer's that it was done.
    """
    with tempfile.TemporaryDirectory(dir=counter.folder.path, prefix="drill-") as place:
        fresh = Path(place) / "book.db"
        copyfile(path / "book.db" if path.is_dir() else path, fresh)
        store = _opened(counter, fresh)
        try:
            if store.needs_migration:
                store.upgrade()
            found = tuple(_found_in(Folder(Path(place)), store, counter.library))
            count, last = settlements.count(store.reader), settlements.last_no(store.reader)
        finally:
            store.close()
    return Drilled(settlements=count, last_no=last or "", found=found)


def _found_in(folder: Folder, store: Store, library: Library) -> Iterator[str]:
    """Yield what verifying a copy finds but for its witness, which stays with the book, and what is to be explained."""
    open_ones = {one.concern.text for one in concerns.open_ones(store.reader)}
    for one in verify(folder, store, library, lambda *_: None):
        is_known = any(one.text.startswith(text) for text in open_ones)
        if "见证" not in one.place and "见证" not in one.text and not is_known:
            yield f"{one.place}：{one.text}"


def log_drill(counter: Session, done: Drilled) -> None:
    """Keep that a restore was tried, and what came of it."""
    with counter.store.write() as connection:
        came = f"发现 {len(done.found)} 处不符" if done.found else "能恢复，核对相符"
        detail = f"演练：到 {done.last_no or '（空）'}，{done.settlements} 笔，{came}"
        at = counter.newest(counter.stamp())
        audit.append(connection, at, counter.operator, Act.DRILL, counter.clinic.counter, detail)


def second_device(counter: Session) -> str:
    """Return the folder on another device that gets a copy each day; nothing where there is none."""
    return settings.get(counter.store.reader, SECOND_DEVICE) or ""


@only("clinic")
def set_second_device(counter: Session, place: str) -> None:
    """Copy there each day from now on, nothing for nowhere; `GongjiError` where the folder is not there."""
    if place and not Path(place).is_dir():
        raise GongjiError(f"没有文件夹 {place}", "请插好移动硬盘或 U 盘，选其中的一个文件夹")
    if place and not counter.clinic.training and counter.folder.recovery is None:
        raise GongjiError("还没有恢复钥匙：带走的备份以后没有办法打开", "请先在 设置 → 操作员 里生成恢复钥匙")
    with counter.store.write() as connection:
        settings.put(connection, SECOND_DEVICE, place)
        detail = f"每天备份到 {place}" if place else "不再备份到第二个设备"
        audit.append(connection, counter.now(), counter.operator, Act.CLINIC, counter.clinic.counter, detail)


def check_copy(counter: Session, path: Path, progress: Progress | None = None) -> Copy:
    """Return what a copy holds, once every page of it was found to be as it was written, and the book this counter's.

    `path` is a copy, or a folder on a stick that holds one. Any thread may. `GongjiError` where it cannot be used, or
    where `progress` stopped it: it is told of steps, and one that was begun is brought to its end.
    """
    tell(progress, 0, _STEPS)
    place = _ready(counter, path)
    try:
        with store_errors():
            store = _opened(counter, place)
        try:
            return _checked(counter, store, path, progress)
        finally:
            store.close()
    except StoreError as error:
        raise GongjiError("这个备份打不开，或已损坏", "请换一个备份；现在的数据没有改动") from error
    finally:
        _clear(place)


def _opened(counter: Session, place: Path) -> Store:
    """Return a copy opened with the key the book has, or one it had when the copy was made."""
    former = (settings.get(counter.store.reader, FORMER_KEYS) or "").split()
    for key in (counter.store.key, *map(bytes.fromhex, former)):
        try:
            return Store(place, key)
        except StoreError as error:
            if error.kind != "SQLITE_NOTADB":
                raise
    raise StoreError("SQLITE_NOTADB")


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


@only("restore")
def restore(counter: Session, path: Path) -> Restored:
    """Put the book back from a copy; on the thread that writes. The counter is closed afterwards, to be opened anew.

    What the book has and the copy has not is written into the new book, number by number, to be entered anew or
    explained. Nothing is sent before the next reconciliation, and numbers go on above the highest ever used.
    `GongjiError` where the copy cannot be used: then nothing has changed and the counter stays open.
    """
    check_copy(counter, path)
    other = second(counter, "restore")
    folder = counter.folder
    before = _free(folder.copies / f"before-restore-{_digits(counter.stamp())}.db")
    counter.store.backup(before)
    fresh = _ready(counter, path)
    try:
        doubted, lost = _made_ready(counter, fresh, other)
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


def _made_ready(counter: Session, fresh: Path, other: str) -> tuple[int, int]:
    """Let a copy believe nothing that is not final, before it takes the book's place, and know what it lacks."""
    store = _opened(counter, fresh)
    try:
        if store.key != counter.store.key:
            store.rekey(counter.store.key)
        if store.needs_migration:
            store.upgrade()
        lost = tuple(lost_by(counter.store.reader, store.reader))
        before = Forerunner(
            epoch=counter.clinic.epoch,
            serial=settlements.next_serial(counter.store.reader, counter.clinic.serial_floor) - 1,
            reserved=reserved_of(counter),
            lost=lost,
            second=other,
        )
        anew = Session(counter.folder, store, counter.library, counter.operator, counter.clock)
        return distrust_restored_legs(anew, before), len(lost)
    finally:
        store.close()


def reserved_of(counter: Session) -> str:
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
