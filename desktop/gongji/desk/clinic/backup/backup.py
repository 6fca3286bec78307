"""备份: copies of the book, beside it, on a stick and on a second device, made while other work goes on."""

import datetime
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from shutil import copyfile

from gongji.core.dates import moment_of
from gongji.core.progress import Progress
from gongji.desk.clinic.backup.anchors import make_anchor
from gongji.desk.roles import only
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.files import flush, is_folder, reason, write_whole
from gongji.store import audit, settings
from gongji.store.book_file import tally, tally_check
from gongji.store.book_file.db import Store
from gongji.store.book_file.integrity import damaged_pages

SECOND_DEVICE = "second_device"
"""The setting that names a folder on another device for a copy each day."""
_SEEN, _EVERY = "seen", datetime.timedelta(minutes=30)
_STICK = "gongji-{}-{}"
_BESIDE = ("folder.json", "witness.jsonl", "witness.mark")
MakeAnchor = Callable[[], str]
"""Has `anchor_of_copy` done on the thread that writes the book."""


def copies(session: Session) -> list[tuple[str, int]]:
    """Return the copies of the book beside it, the newest first: name and size in bytes."""
    folder = session.folder.copies
    found = sorted(folder.glob("*.db"), key=lambda one: one.stat().st_mtime, reverse=True) if folder.is_dir() else []
    return [(one.name, one.stat().st_size) for one in found]


@only("backup")
def back_up(
    session: Session,
    beside: Path | None = None,
    progress: Progress | None = None,
    anchor: MakeAnchor | None = None,
) -> Path | None:
    """Write a copy of the book into the data folder, and to another place if one is named; return the latter.

    The copy is encrypted as the book is. One that leaves the clinic opens with the paper keys alone: no operator's
    wrapping goes along, whose password could be tried for ever; an anchor of its moment lies beside it. Any thread may
    call it that has `anchor` make that one on the writing thread; None where `progress` stopped it. Raises
    `GongjiError`.
    """
    if beside is not None and not session.clinic.training and session.folder.recovery is None:
        raise GongjiError(
            "还没有恢复钥匙：带走的备份里没有操作员的口令，以后没有办法打开",
            "请先在 设置 → 操作员 里生成恢复钥匙，打印后收好（命令行：gongji recovery）",
        )
    at = digits_of(session.stamp())
    copy = session.folder.copies / f"book-{at}.db"
    lines = [] if beside is None else _anchored(session, anchor)
    if not session.store.backup(copy, progress):
        return None
    if beside is None:
        return copy
    return _carry_out(session, copy, beside, at, lines)


def anchor_of_copy(session: Session) -> str:
    """Return an anchor's line for a copy that leaves the clinic, stored in the book; on the writing thread."""
    return make_anchor(session, "带走的备份")


def _anchored(session: Session, anchor: MakeAnchor | None) -> list[str]:
    """Make an anchor of this moment; return the lines of all there are, this one last: each fits a copy made now."""
    line = anchor_of_copy(session) if anchor is None else anchor()
    kept = [one.line for one in audit.anchors(session.store.reader)]
    return [*kept[: kept.index(line)], line]


def _carry_out(session: Session, copy: Path, beside: Path, at: str, lines: list[str]) -> Path:
    """Write a copy that leaves the clinic: the book, its card and witness, its anchors, the paper keys.

    The newest anchor is in a file of its own, for whoever keeps the lines and not the books.
    """
    place = beside / _STICK.format(session.clinic.counter, at)
    try:
        place.mkdir(parents=True)
        copyfile(copy, place / "book.db")
        for name in _BESIDE:
            if (session.folder.path / name).exists():
                copyfile(session.folder.path / name, place / name)
        (place / "anchors.txt").write_text("\n".join(lines) + "\n", encoding="ascii")
        (place / "anchor.txt").write_text(f"{lines[-1]}\n", encoding="ascii")
        for name in ("keys.json", "keys.copy.json"):
            (place / name).write_bytes(session.folder.keys_for_a_stick())
        for one in (*place.iterdir(), place):
            flush(one)
    except OSError as error:
        raise GongjiError(f"写不到 {beside}（{reason(error)}）", "请检查 U 盘是否插好、空间是否够") from error
    return place


def back_up_when_due(session: Session, *, leaving: bool = False, anchor: MakeAnchor | None = None) -> Path | None:
    """Copy the book where it has changed and the last copy is half an hour old, or on leaving; thin out old copies.

    Once a day the copy also goes to the second device, if one is set and present. Any thread may call it, as `back_up`;
    None where no copy was due. Raises `GongjiError` where the copy does not read back as it should.
    """
    connection, folder = session.store.reader, session.folder.copies
    (commits, _), now = tally.kept(connection), moment_of(session.stamp())
    newest = next(iter(_dated(folder)), None)
    seen = _seen(folder)
    if seen == commits or (newest is not None and not leaving and abs(now - newest[0]) < _EVERY):
        return None
    at, place = digits_of(session.stamp()), _due_place(session, now)
    lines: list[str] = []
    if place is not None:
        lines = _anchored(session, anchor)
        commits, _ = tally.kept(connection)
    copy = folder / f"book-{at}.db"
    if not session.store.backup(copy):
        return None
    with closing(Store(copy, session.store.key, read_only=True)) as store:
        if damaged_pages(store.reader) or list(tally_check.misfits(store.reader, tally.kept(store.reader)[1])):
            raise GongjiError("刚做的备份读回来不对", "请检查磁盘；再备份一次，仍不对的请联系维护人员")
    write_whole(folder / _SEEN, str(commits).encode())
    thin_out(folder, now)
    if place is not None:
        _carry_out(session, copy, place, at, lines)
    return copy


def _due_place(session: Session, now: datetime.datetime) -> Path | None:
    """Return the second device's folder where it is there and has no copy of today yet."""
    place = settings.get(session.store.reader, SECOND_DEVICE)
    todays = f"{_STICK.format(session.clinic.counter, digits_of(now.date().isoformat()))}*"
    may_leave = session.clinic.training or session.folder.recovery is not None
    if not place or not may_leave or not is_folder(Path(place)) or list(Path(place).glob(todays)):
        return None
    return Path(place)


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


def second_device(session: Session) -> str:
    """Return the folder on another device that gets a copy each day; empty where none is set."""
    return settings.get(session.store.reader, SECOND_DEVICE) or ""


@only("clinic")
def set_second_device(session: Session, place: str) -> None:
    """Set the folder for a copy each day, empty for none. Raises `GongjiError` where it does not exist."""
    if place and not is_folder(Path(place)):
        raise GongjiError(f"没有文件夹 {place}", "请插好移动硬盘或 U 盘，选其中的一个文件夹")
    if place and not session.clinic.training and session.folder.recovery is None:
        raise GongjiError("还没有恢复钥匙：带走的备份以后没有办法打开", "请先在 设置 → 操作员 里生成恢复钥匙")
    session.keep_setting(SECOND_DEVICE, place, f"每天备份到 {place}" if place else "不再备份到第二个设备")


def digits_of(at: str) -> str:
    """Return the digits of a stamp, for a file's name."""
    return "".join(one for one in at if one.isdigit())
