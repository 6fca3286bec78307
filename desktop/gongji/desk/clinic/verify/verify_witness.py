"""核对 of the witness: line by line it must agree with the book."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from gongji.desk.clinic.verify.verify_settlements import BookFinding
from gongji.desk.witnessing import is_ours, missed, witness_key
from gongji.files import reason
from gongji.store import concerns
from gongji.store.book_file import witness
from gongji.store.book_file.folder import Folder
from gongji.store.book_file.witness import WitnessLine, WitnessMark
from gongji.store.engine import Connection
from gongji.store.settlements import settlements


def witness_findings(
    folder: Folder, connection: Connection, view: Callable[[], AbstractContextManager[None]]
) -> Iterator[BookFinding]:
    """Yield how the witness and the book differ; a repeated line is no difference.

    `view` begins a snapshot of the book. Where they differ, all of the witness is read first, so that the
    book's later snapshot contains it; what was settled since is left to the next check.
    """
    key = witness_key(connection) or b""
    try:
        mark = witness.mark(folder.mark, key)
        with view():
            if mark is not None and _agrees(folder, connection, mark, key):
                return
        until = settlements.next_serial(connection, 0) - 1
        mark = witness.mark(folder.mark, key)
        lines = list(witness.lines(folder.witness)) if folder.witness.exists() else []
    except OSError as error:
        yield BookFinding("见证文件", f"读不到（{reason(error)}）")
        return
    with view():
        yield from _compared(connection, lines, (mark, until), key)


def _agrees(folder: Folder, connection: Connection, mark: WitnessMark, key: bytes) -> bool:
    """Return whether the lines are the book's, one for each settlement in order, and written by this program.

    That is so for almost every book, and found without holding all of either. The mark covers the lines as they were
    written, unless a settlement was made since.
    """
    if not folder.witness.exists():
        return False
    as_left = witness.digest(folder.witness) == mark.lines
    book = settlements.witness_rows(connection, 0)
    for line in witness.lines(folder.witness):
        if line is None or witness.row_of(line) != next(book, None):
            return False
        if line.mac and not as_left and not witness.is_genuine(line, key):
            return False
    return next(book, None) is None


def _compared(
    connection: Connection, lines: list[WitnessLine | None], known: tuple[WitnessMark | None, int], key: bytes
) -> Iterator[BookFinding]:
    """Yield how lines and book differ; `known` is the mark, and the last serial the book had before they were read."""
    mark, until = known
    if None in lines:
        yield BookFinding("见证文件", f"有 {lines.count(None)} 行读不出来")
    read = [line for line in lines if line is not None]
    told = {line.serial for line in read}
    every = settlements.witness_lines(connection, 0)
    book = {line.serial: line for line in every if line.serial <= until or line.serial in told}
    if mark is None and read and book and any(line.mac for line in read):
        yield BookFinding("见证文件", "见证标记 witness.mark 缺失、损坏或不是本数据文件的")
    seen = {line.serial: line for line in read if line.serial in book or witness.is_genuine(line, key)}
    if strange := sum(line.serial not in seen for line in read):
        yield BookFinding("见证文件", f"有 {strange} 行不是本程序写的")
    missing = {*missed(book, read, mark)} - _explained(connection)
    for serial in sorted(seen.keys() | book.keys()):
        mine, other = book.get(serial), seen.get(serial)
        if mine is None and other is not None:
            yield BookFinding(other.no, "见证文件有，数据文件没有：数据文件丢失了这一笔，请停止收费并联系维护人员")
        elif other is None and mine is not None:
            if serial in missing:
                yield BookFinding(mine.no, "见证文件缺了这一笔，请联系维护人员")
            elif serial > max(seen, default=0):
                yield BookFinding(mine.no, "数据文件有，见证文件还没有；下次结算时会补上")
        elif other is not None and not is_ours(other, book, key):
            yield BookFinding(other.no, "见证文件与数据文件所记不一致")


def _explained(connection: Connection) -> set[int]:
    """Return the serials whose missing line a person has explained."""
    kept = (one for one in concerns.every(connection, "witness") if one.explained)
    return {serial for one in kept for serial in one.concern.detail["serials"]}
