"""见证: the book is compared with its witness file at opening, and the witness is written with every transaction.

A book that lost settlements is not opened. One that lost anything else, such as a night's upload, first asks the
platform after everything that is not final. A missing, short or padded witness is reported until a person explains
it; nobody without the book's key can lock the clinic out by writing in it.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from msgspec import Struct, structs

from gongji.core.dates import moment_of, stamp
from gongji.errors import GongjiError
from gongji.files import reason
from gongji.store import audit, settings
from gongji.store.book_file import tally, witness
from gongji.store.book_file.folder import Folder
from gongji.store.book_file.running_tally import Mark
from gongji.store.book_file.witness import WitnessLine, WitnessMark
from gongji.store.concerns import Concern
from gongji.store.engine import Connection
from gongji.store.settlements import settlements

WITNESS_KEY = "witness_key"
MARKED = "witness_marked"
"""Set once there is a mark file: a mark that is missing then was removed."""
_RESERVED = timedelta(seconds=60)
"""How far ahead message numbers are reserved, with one flush each time."""


class ShortBookError(GongjiError):
    """The witness has settlements that the book has lost."""

    def __init__(self, witnessed: str, book: str | None) -> None:
        super().__init__(
            f"数据文件比见证文件短：见证到 {witnessed}，数据文件只到 {book or '（空）'}",
            "请停止收费，不要删除或移动任何文件（尤其是 book.db-wal），立即联系维护人员（命令行：gongji verify）",
        )


class Compared(Struct, frozen=True, kw_only=True):
    """The result of comparing a book with its witness.

    `lost` is the last settlement it saw that the book does not have. `went_back` says that the book has lost
    transactions, `reserved` up to when (a stamp) message numbers may have been used. `witnessed` is the last settlement
    with a line, where that is known without reading them all. `has_mark` says whether there is a mark.
    """

    lost: str | None = None
    went_back: bool = False
    has_mark: bool = True
    reserved: str = ""
    witnessed: int | None = None
    concerns: tuple[Concern, ...] = ()


def compare(folder: Folder, connection: Connection) -> Compared:
    """Compare a book with its witness, without writing anything."""
    key = witness_key(connection) if tally.has_tallies(connection) else None
    try:
        if key is None:  # an older program's: its witness has lines without MACs and no mark
            return Compared(lost=_lost(connection, witness.last(folder.witness)), has_mark=False)
        mark = witness.mark(folder.mark, key)
        as_left = mark is not None and witness.digest(folder.witness) == mark.lines and not mark.owed
        lines = list(witness.lines(folder.witness)) if folder.witness.exists() and not as_left else []
    except OSError as error:  # an unreadable witness holds up no settlement
        return Compared(concerns=(_concern(f"见证文件读不到（{reason(error)}）"),))
    genuine = [one for one in lines if one is not None and witness.is_genuine(one, key)]
    seen: list[WitnessLine | WitnessMark] = [*genuine, *([] if mark is None else [mark])]
    lost = _lost(connection, max(seen, key=lambda one: one.serial, default=None))
    if lost is not None:
        return Compared(lost=lost)
    concerns = [] if as_left else list(_wrong(folder, connection, mark, lines, key))
    went_back = mark is not None and _is_behind(connection, mark)
    if mark is not None and went_back:
        concerns.append(_back(connection, mark))
    return Compared(
        went_back=went_back,
        has_mark=mark is not None and settings.get(connection, MARKED) is not None,
        reserved="" if mark is None else mark.reserved,
        witnessed=mark.serial if as_left and mark is not None else None,
        concerns=tuple(concerns),
    )


def witness_key(connection: Connection) -> bytes | None:
    """Return the key for the witness's MACs; None where the book has none yet."""
    found = settings.get(connection, WITNESS_KEY)
    return None if found is None else bytes.fromhex(found)


def _lost(connection: Connection, seen: WitnessMark | WitnessLine | None) -> str | None:
    """Return the number of a settlement that was witnessed and is not in the book."""
    if seen is None or not seen.serial:
        return None
    mine = next(settlements.witness_lines(connection, seen.serial - 1), None)
    return seen.no if mine is None or mine.serial != seen.serial else None


def _is_behind(connection: Connection, mark: WitnessMark) -> bool:
    """Return whether a book lacks, or has differently, what its mark recorded."""
    commits, tallies = tally.kept(connection)
    if commits < mark.commits or (commits == mark.commits and tally.root(tallies).hex() != mark.root):
        return True
    return bool(mark.audit) and audit.seal_of(connection, mark.audit) != mark.seal


def _back(connection: Connection, mark: WitnessMark) -> Concern:
    commits, _ = tally.kept(connection)
    text = (
        f"数据文件退回到了较早的状态：见证到第 {mark.commits} 次写入，数据文件只到第 {commits} 次"
        if commits < mark.commits
        else f"数据文件与第 {mark.commits} 次写入时见证的不是同一份"
    )
    return Concern(kind="back", subject="book.db", text=f"{text}；已改为先向平台查询再上传")


def _wrong(
    folder: Folder, connection: Connection, mark: WitnessMark | None, lines: list[WitnessLine | None], key: bytes
) -> Iterator[Concern]:
    """Yield what is wrong with the witness itself."""
    book = {one.serial: one for one in settlements.witness_lines(connection, 0)}
    if mark is None and settings.get(connection, MARKED) is not None:
        yield _concern("见证标记 witness.mark 缺失、损坏或不是本数据文件的")
    if lines.count(None):
        yield _concern(f"见证文件有 {lines.count(None)} 行读不出来")
    read = [one for one in lines if one is not None]
    foreign = sum(not is_ours(one, book, key) for one in read)
    if foreign:
        yield _concern(f"见证文件有 {foreign} 行不是本程序写的，或与数据文件所记不一致")
    missing = missed(book, read, mark)
    if missing and not folder.witness.exists():
        yield _concern("见证文件 witness.jsonl 不见了", missing)
    elif missing:
        yield _concern(f"见证文件缺了 {len(missing)} 笔（第 {missing[0]} 号起）", missing)


def missed(book: Mapping[int, WitnessLine], read: Iterable[WitnessLine], mark: WitnessMark | None) -> list[int]:
    """Return the serials that should have a line and have none.

    A mark is written after the lines it covers, so a missing line that it covers is an error; one that neither a line
    nor the mark covers is only late, as after a power cut between the book and its witness.
    """
    seen = {one.serial for one in read}
    known = max(book, default=0) - 1 if mark is None else min(mark.serial, (mark.owed or mark.serial + 1) - 1)
    return sorted(serial for serial in book if serial not in seen and serial <= known)


def is_ours(one: WitnessLine, book: Mapping[int, WitnessLine], key: bytes) -> bool:
    """Return whether a line agrees with the book, and was written by a program that had the book open."""
    return book.get(one.serial) == structs.replace(one, mac="") and (not one.mac or witness.is_genuine(one, key))


def _concern(text: str, serials: Iterable[int] = ()) -> Concern:
    return Concern(kind="witness", subject="见证文件", text=text, detail={"serials": list(serials)})


class Witnessing:
    """Writes the witness of an open book."""

    def __init__(self, folder: Folder, key: bytes, witnessed: int | None) -> None:
        """Use the folder, the book's key for its witness, and the last settlement with a line, if known."""
        self._folder = folder
        self.key = key
        self._witnessed = witnessed
        self._reserved = ""
        self._owed = 0
        self.seen = 0
        self._commit: Mark | None = None
        self._lines: hashlib._Hash | None = None  # over the file of lines as read once and appended to since

    def begin(self, connection: Connection) -> bool:
        """Write the mark of the book's current state to the disk; return whether that succeeded."""
        commits, tallies = tally.kept(connection)
        self._commit = Mark(commits=commits, root=tally.root(tallies))
        return self._keep_mark(connection, flushed=True)

    def kept(self, connection: Connection, commit: Mark) -> None:
        """Write the mark of the book's state, after a transaction."""
        self._commit = commit
        if settlements.next_serial(connection, 0) - 1 > self.seen:
            return  # its line comes first
        row = connection.execute("SELECT at FROM msgid_mark").fetchone()
        flushed = row is not None and row[0] > self._reserved
        if flushed:
            self._reserved = stamp(moment_of(row[0]) + _RESERVED)
        self._keep_mark(connection, flushed=flushed)

    def _keep_mark(self, connection: Connection, *, flushed: bool) -> bool:
        """Write the mark; return whether that succeeded. A late one covers less and is never wrong."""
        if self._commit is None:
            return False
        self.seen = settlements.next_serial(connection, 0) - 1
        serial, seal = audit.last(connection)
        try:
            mark = WitnessMark(
                commits=self._commit.commits,
                root=self._commit.root.hex(),
                audit=serial,
                seal=seal,
                serial=self.seen,
                no=settlements.last_no(connection) or "",
                lines=self._digest(),
                reserved=self._reserved,
                owed=self._owed,
            )
            witness.keep_mark(self._folder.mark, witness.sealed(mark, self.key), flushed=flushed)
        except OSError:
            self._reserved = ""  # the next one is flushed
            return False
        return True

    def _digest(self) -> str:
        """Return the SHA-256 of the lines; empty where they cannot be read: the next start reads them."""
        try:
            self._lines = self._lines or witness.hashed(self._folder.witness)
        except OSError:
            return ""
        return self._lines.hexdigest()

    def add_lines(self, connection: Connection) -> None:
        """Append the missing lines, flushed to the disk. Raises OSError, `StoreError`."""
        try:
            if self._witnessed is None:
                self._witnessed = self._last_witnessed(connection)
            lines = [witness.sealed(one, self.key) for one in settlements.witness_lines(connection, self._witnessed)]
            written = witness.append_witness(self._folder.witness, lines)
        except BaseException:
            self._witnessed = self._lines = None
            self._owed = self._owed or settlements.next_serial(connection, 0) - 1
            self._keep_mark(connection, flushed=False)
            raise
        self._owed = 0
        if lines:
            self._witnessed = lines[-1].serial
            if self._lines is not None:  # not read again: a book of ten years would read 200 MB with each settlement
                self._lines.update(written)
            self._keep_mark(connection, flushed=False)

    def _last_witnessed(self, connection: Connection) -> int:
        if not self._folder.witness.exists():
            return 0
        book = {one.serial: one for one in settlements.witness_lines(connection, 0)}
        read = [one for one in witness.lines(self._folder.witness) if one is not None]
        return max((one.serial for one in read if is_ours(one, book, self.key)), default=0)
