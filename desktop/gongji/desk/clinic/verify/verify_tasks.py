"""核对 in tasks: each reads a part of the book in one snapshot and reports what is wrong there, in any process."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import starmap

from msgspec import Struct

from gongji.desk.clinic.verify.verify_settlements import BookFinding, SettlementCheck
from gongji.desk.clinic.verify.verify_witness import witness_findings
from gongji.pack_files.library import Library
from gongji.store import audit, concerns
from gongji.store.book_file import integrity, tally, tally_check
from gongji.store.book_file.folder import Folder
from gongji.store.engine import Connection
from gongji.store.settlements import printed_files, settlement_rows
from gongji.store.upload import outbox_records

_SETTLEMENTS_AT_ONCE, _PAPERS_AT_ONCE = 2000, 1000


class VerifyTask(Struct, frozen=True):
    """A part of a check: its subject, which table, the first and last number."""

    about: str
    table: str = ""
    first: int = 0
    last: int = 0


def tasks(connection: Connection) -> list[VerifyTask]:
    """Return the tasks of checking a book, in the order of reporting."""
    found = [VerifyTask("文件"), VerifyTask("结构"), VerifyTask("引用")]
    found += _ranges("结算", *settlement_rows.span(connection), _SETTLEMENTS_AT_ONCE)
    found += [VerifyTask("日志"), VerifyTask("上传队列")]
    found += _ranges("单据", 1, printed_files.last_kept(connection), _PAPERS_AT_ONCE)
    _, expected = tally.kept(connection)
    found += [VerifyTask("各表", name) for name in sorted({*tally.tables(connection), tally.SCHEMA, *expected})]
    return [*found, VerifyTask("待说明"), VerifyTask("见证文件")]


def longest_first(some: list[VerifyTask]) -> list[VerifyTask]:
    """Return tasks in an order in which processes that take them one by one end at about the same time."""
    return sorted(some, key=lambda one: one.about in {"结算", "单据"})


def _ranges(about: str, first: int, last: int, at_once: int) -> list[VerifyTask]:
    starts = range(first - (first - 1) % at_once, last + 1, at_once)
    return [VerifyTask(about, "", max(first, start), min(last, start + at_once - 1)) for start in starts]


class BookCheck:
    """Does tasks of one book."""

    def __init__(self, folder: Folder, connection: Connection, library: Library) -> None:
        """Use the folder, a reading connection, and all packs, with added editions among them."""
        self._folder, self._connection = folder, connection
        self._settlements = SettlementCheck(connection, library)
        self._do: dict[str, Callable[[VerifyTask], Iterable[BookFinding]]] = {
            "文件": self._pages,
            "结构": lambda _: (BookFinding("book.db", text) for text in integrity.structural_faults(connection)),
            "引用": lambda _: (BookFinding("book.db", text) for text in integrity.dangling_references(connection)),
            "结算": lambda one: self._settlements.range(one.first, one.last),
            "日志": lambda _: (BookFinding(f"日志第 {serial} 条", text) for serial, text in audit.broken(connection)),
            "上传队列": lambda _: starmap(BookFinding, outbox_records.misfits(connection)),
            "单据": lambda one: starmap(BookFinding, printed_files.misfits(connection, one.first, one.last)),
            "各表": self._table,
            "待说明": self._concerns,
        }

    def do(self, one: VerifyTask) -> list[BookFinding]:
        """Return what is wrong in the part of the book that a task covers."""
        if one.about == "见证文件":  # the witness is read before the book, which is never behind it
            return list(witness_findings(self._folder, self._connection, self._one_view))
        with self._one_view():
            return list(self._do[one.about](one))

    @contextmanager
    def _one_view(self) -> Iterator[None]:
        """Read one snapshot, whatever is written meanwhile."""
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")

    def _pages(self, _: VerifyTask) -> Iterator[BookFinding]:
        if damaged := integrity.damaged_pages(self._connection):
            yield BookFinding("book.db", f"有 {damaged} 页已损坏，请立即联系维护人员")

    def _concerns(self, _: VerifyTask) -> Iterator[BookFinding]:
        """Yield what a person still has to explain."""
        for one in concerns.open_ones(self._connection):
            yield BookFinding(one.concern.subject, f"{one.concern.text}（{one.at}，第 {one.id} 条待说明）")

    def _table(self, one: VerifyTask) -> Iterator[BookFinding]:
        """Compare a table with its tally, which shows whatever was written by other means than the program."""
        _, expected = tally.kept(self._connection)
        misfit = tally_check.misfit(self._connection, one.table, expected)
        if misfit is None:
            return
        if misfit.table == tally.SCHEMA:
            yield BookFinding("book.db", "表的结构、触发器或文件头被程序以外的手改过，请联系维护人员")
            return
        rows = "" if misfit.expected == misfit.found else f"，应有 {misfit.expected} 行，现有 {misfit.found} 行"
        yield BookFinding(f"表 {misfit.table}", f"内容与封存的不符{rows}：被程序以外的手改过，请联系维护人员")
