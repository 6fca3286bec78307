"""核对: whether the book is whole, everything in it adds up, and the witness says the same."""

import hashlib
from collections.abc import Callable, Iterator

from msgspec import Struct

from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote, quote
from gongji.core.ledger.stored_settlement import StoredSettlement, check_parts, mirrored
from gongji.core.money import yuan
from gongji.core.strict_json import decode
from gongji.core.visits import Visit, read_visit
from gongji.desk.editions import library_with
from gongji.desk.witnessing import is_ours, missed, witness_key
from gongji.files import reason
from gongji.packs_on_disk import Library, parse_stored_pack
from gongji.store import (
    audit,
    concerns,
    integrity,
    outbox_records,
    printed_files,
    settings,
    settlements,
    tally,
    witness,
)
from gongji.store.db import Store
from gongji.store.engine import Connection
from gongji.store.folder import Folder

Progress = Callable[[str, int, int], None]
"""Told what is being checked, how much of it is done, of how much."""
_EVERY = 1000


class BookFinding(Struct, frozen=True):
    """Something that is not as it should be: where (a number or a file), and what."""

    place: str
    text: str


def verify(folder: Folder, store: Store, library: Library, progress: Progress) -> Iterator[BookFinding]:
    """Yield everything that is wrong with a book and its witness; nothing when all is well."""
    connection = store.reader
    progress("文件", 0, 1)
    if damaged := integrity.damaged_pages(connection):
        yield BookFinding("book.db", f"有 {damaged} 页已损坏，请立即联系维护人员")
    yield from (BookFinding("book.db", text) for text in integrity.structural_faults(connection))
    packs, left_out = library_with(library, connection)
    yield from (BookFinding("政策包", text) for text in left_out)
    yield from _settlements(connection, packs, progress)
    progress("日志", 0, 1)
    for serial, text in audit.broken(connection):
        yield BookFinding(f"日志第 {serial} 条", text)
    progress("上传队列", 0, 1)
    yield from (BookFinding(no, text) for no, text in outbox_records.misfits(connection))
    yield from (
        BookFinding(name, text)
        for name, text in printed_files.misfits(connection, lambda *done: progress("单据", *done))
    )
    progress("各表", 0, 1)
    yield from _tables(connection)
    yield from _concerns(connection)
    progress("见证文件", 0, 1)
    yield from _witness(folder, connection)


def _tables(connection: Connection) -> Iterator[BookFinding]:
    """Hold every table against its tally: whatever another hand than the program's has written shows."""
    connection.execute("BEGIN")  # one view of the tallies and of all tables
    try:
        _, expected = tally.kept(connection)
        found = list(tally.misfits(connection, expected))
    finally:
        connection.execute("ROLLBACK")
    for one in found:
        if one.table == tally.SCHEMA:
            yield BookFinding("book.db", "表的结构、触发器或文件头被程序以外的手改过，请联系维护人员")
            continue
        rows = "" if one.expected == one.found else f"，应有 {one.expected} 行，现有 {one.found} 行"
        yield BookFinding(f"表 {one.table}", f"内容与封存的不符{rows}：被程序以外的手改过，请联系维护人员")


def _settlements(connection: Connection, library: Library, progress: Progress) -> Iterator[BookFinding]:
    count = settlements.count(connection)
    floor = int(settings.get(connection, "serial_floor") or 0)  # where a book that was put back from a copy goes on
    recompute = _Recompute(connection, library)
    expected = None
    for done, one in enumerate(settlements.wholes(connection), 1):
        if expected is not None and one.serial not in {expected, floor + 1}:
            yield BookFinding(one.no, f"前面缺少第 {expected} 号")
        expected = one.serial + 1
        yield from (BookFinding(one.no, text) for text in _faults(connection, one))
        different = recompute.difference(one) if one.kind == "settle" else None
        if different is not None:
            yield BookFinding(one.no, different)
        if done % _EVERY == 0 or done == count:
            progress("结算", done, count)


def _faults(connection: Connection, one: StoredSettlement) -> Iterator[str]:
    try:
        check_parts(one.totals, one.parts, one.payments)
    except AssertionError:
        yield "各部分或付款之和与合计不符"
    if one.kind == "settle":
        lines_fen = settlements.lines_total(connection, one.serial)
        if lines_fen != one.totals.total_fen:
            yield f"收费明细合计 {yuan(lines_fen)} 与总费用 {yuan(one.totals.total_fen)} 不符"
        return
    original = settlements.by_no(connection, one.voids or "")
    if original is None or mirrored(original.totals) != one.totals:
        yield "冲销金额与原结算不是相反数"
    elif {move.key: -move.amount_fen for move in original.moved} != {move.key: move.amount_fen for move in one.moved}:
        yield "冲销没有把累计或余额如数退回"


class _Recompute:
    """Settles stored visits anew under the very policies they were settled under."""

    def __init__(self, connection: Connection, library: Library) -> None:
        self._connection = connection
        self._library = library
        self._policies: dict[str, Policy | None] = {}

    def _read(self, sha256: str, text: bytes) -> Policy | None:
        pack = parse_stored_pack(text) if hashlib.sha256(text).hexdigest() == sha256 else []
        return None if isinstance(pack, list) else Policy(pack, diseases=self._library.diseases(pack.area))

    def difference(self, one: StoredSettlement) -> str | None:
        """Return what a settlement comes to differently; None when it comes to the same."""
        sha256, text = settlements.policy_of(self._connection, one.serial)
        if sha256 not in self._policies:
            self._policies[sha256] = self._read(sha256, text)
        policy = self._policies[sha256]
        value, problems = decode(settlements.visit_body(self._connection, one.serial) or b"")
        visit = None if problems else read_visit(value)
        if policy is None:
            return "所存的政策文本与其指纹不符，无法重算"
        if not isinstance(visit, Visit):
            return "所存的就诊读不出来，无法重算"
        again = quote(visit, policy, self._library.knows)
        if not isinstance(again, Quote):
            return f"重算时被拒绝：{again[0].message}"
        if [part.amounts for part in again.settlements] != [part.amounts for part in one.parts]:
            return f"按所存政策重算，现金应为 {yuan(again.totals.cash_fen)}，存的是 {yuan(one.totals.cash_fen)}"
        return None


def _witness(folder: Folder, connection: Connection) -> Iterator[BookFinding]:
    """Compare the witness with the book line by line; a repeated line says nothing new."""
    key = witness_key(connection) or b""
    try:
        lines = list(witness.lines(folder.witness)) if folder.witness.exists() else []
        mark = witness.mark(folder.mark, key)
    except OSError as error:
        yield BookFinding("见证文件", f"读不到（{reason(error)}）")
        return
    if None in lines:
        yield BookFinding("见证文件", f"有 {lines.count(None)} 行读不出来")
    read = [line for line in lines if line is not None]
    book = {line.serial: line for line in settlements.witness_lines(connection, 0)}
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


def _concerns(connection: Connection) -> Iterator[BookFinding]:
    """Yield what a person still has to explain."""
    for one in concerns.open_ones(connection):
        yield BookFinding(one.concern.subject, f"{one.concern.text}（{one.at}，第 {one.id} 条待说明）")
