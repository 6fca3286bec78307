"""导入: a table from another program is read and checked whole, shown, and then stored whole or not at all.

Reading and checking come first and change nothing, on any thread. Only then is the book written to, in one
transaction, with what was read and shown: a settlement never waits for a file to be read. Also here: earlier
imports, how much the book has, and an empty table to fill in.
"""

from pathlib import Path
from typing import Any

from msgspec import Struct

from gongji.core.imports.kinds import KINDS, shown
from gongji.core.imports.read_rows import AcceptedRow, refused_table
from gongji.core.imports.row_checks import ImportContext
from gongji.core.imports.rows import RejectedRow
from gongji.core.ledger.audit import Act, AuditEntry
from gongji.core.progress import Progress, StoppedError
from gongji.desk.imports.read_table import ProgressReporter, Read, batches, read_import
from gongji.desk.imports.table_layout import LayoutAnswer, remember
from gongji.desk.roles import only
from gongji.desk.session import Session
from gongji.spreadsheets.write_table import write_table
from gongji.store import audit, search
from gongji.store.book_file.db import Store
from gongji.store.bulk_import import KEEPERS
from gongji.store.engine import Connection
from gongji.store.name_words import words_beside
from gongji.store.row_outcomes import Fates, ImportSource, RowOutcome
from gongji.store.search import RowCounts

__all__ = [
    "Counts", "ImportReport", "Preview", "Read", "import_file", "keep_import", "preview_of", "read_import",
    "write_refused",
]  # fmt: skip

_SHOWN = 5


class Counts(Struct, frozen=True, kw_only=True):
    """How many rows a table has, and their outcomes; `unchanged` repeat what is known."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0


class ImportedTable(Struct, frozen=True, kw_only=True):
    """A table and what becomes of its rows; `hidden` counts rows that nobody sees in its sheet."""

    kind: str
    file: str
    form: str
    unread_sheets: tuple[str, ...]
    headings: tuple[str, ...]
    counts: Counts
    refused: tuple[RejectedRow, ...]
    skipped: tuple[int, ...] = ()
    hidden: int = 0
    stopped: bool = False


class Preview(ImportedTable, frozen=True, kw_only=True):
    """What an import would do; `first` are the first rows as understood, by heading."""

    first: tuple[dict[str, str], ...]


class ImportReport(ImportedTable, frozen=True, kw_only=True):
    """What an import did: every acceptable row is stored, or (`kept` is False) none at all."""

    kept: bool


def hidden_in_words(count: int) -> str:
    """Return a sentence about rows of a sheet that nobody sees there; empty where there are none."""
    return f"其中 {count:,} 行在表格里是隐藏的（或被筛选掉了），也会导入。" if count else ""


def preview_of(store: Store, one: Read, progress: Progress | None = None) -> Preview:
    """Return what storing a table would do, without doing it."""
    fates, watch, stopped = Fates(), ProgressReporter(progress), one.stopped
    try:
        for done, batch in batches([] if stopped else _once(one)):
            fates.update(KEEPERS[one.kind.name].fate(store.reader, each.row) for each in batch)
            watch.at(one.rows + done, 2 * one.rows)
    except StoppedError:
        stopped = True
    first = tuple(shown(one.kind, each.row) for each in one.good[:_SHOWN])
    return Preview(**_as_read(one), counts=_counts(one, fates), first=first, stopped=stopped)


def _as_read(one: Read) -> dict[str, Any]:
    names = ("file", "form", "unread_sheets", "headings", "refused", "skipped", "hidden")
    return {"kind": one.kind.name, **{name: getattr(one, name) for name in names}}


def keep_import(
    store: Store,
    one: Read,
    *,
    at: str,
    operator: str,
    skip_refused: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Store what was read; with any refused row nothing, unless `skip_refused` says to store the others.

    On the writing thread: no file is read here. Raises `StoreError`, and then nothing was stored.
    """
    watch, fates, kept, stopped = ProgressReporter(progress), Fates(), False, one.stopped
    if one.good and not stopped and (skip_refused or not one.refused):
        try:
            names = KEEPERS[one.kind.name].names
            with words_beside(names, len(one.good)) as beside, store.write() as connection:
                fates = _keep(connection, one, ImportSource(at, f"导入：{one.file}", beside), watch)
                told = _counts(one, fates)
                if one.layout is not None and one.kept_layout is not None:
                    remember(connection, one.kind.name, one.layout, one.kept_layout)
                audit.append(connection, at, operator, Act.IMPORT, f"{one.kind.title}：{one.file}", _detail(told, one))
            kept = True
        except StoppedError:
            fates, stopped = Fates(), True
    return ImportReport(**_as_read(one), counts=_counts(one, fates, kept=kept), kept=kept, stopped=stopped)


@only("import")
def keep_table(
    session: Session, one: Read, *, skip_refused: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Store what was read, as of now; a list of diseases takes effect at once.

    Raises `ClockError`, and as `keep_import`.
    """
    report = keep_import(
        session.store,
        one,
        at=session.now(),
        operator=session.operator,
        skip_refused=skip_refused,
        progress=progress,
    )
    if report.kept and one.kind.name == "diseases":
        session.refresh_library()
    return report


def import_file(  # noqa: PLR0913  # all but three are named, and each may be left to its default by somebody
    store: Store,
    kind: str,
    path: Path,
    *,
    at: str,
    operator: str,
    skip_refused: bool = False,
    progress: Progress | None = None,
    told: ImportContext | None = None,
    asked: LayoutAnswer = LayoutAnswer(),  # noqa: B008  # frozen
) -> ImportReport:
    """Read and store a file, as `read_import` and `keep_import` do."""
    one = read_import(store, kind, path, at=at, told=told, asked=asked, progress=progress)
    return keep_import(store, one, at=at, operator=operator, skip_refused=skip_refused, progress=progress)


def write_refused(report: ImportReport | Preview, path: Path) -> None:
    """Write the refused rows as a table with the reasons: XLSX where the name says so, else CSV.

    Once corrected, the file can be imported as it is.
    """
    write_table(path, refused_table(report.headings, report.refused))


def _once(one: Read) -> list[AcceptedRow]:
    """Return the rows to store, without repetitions."""
    return [each for each in one.good if not each.repeated]


def _keep(connection: Connection, one: Read, source: ImportSource, watch: ProgressReporter) -> Fates:
    fates = Fates()
    for done, batch in batches(_once(one)):
        fates += KEEPERS[one.kind.name].keep(connection, [each.row for each in batch], source)
        watch.at(one.rows + done, 2 * one.rows)
    if source.beside is not None:
        KEEPERS[one.kind.name].keep(connection, [], source)
    watch.at(2 * one.rows, 2 * one.rows)
    return fates


def _counts(one: Read, fates: Fates, *, kept: bool = True) -> Counts:
    repeated = sum(each.repeated for each in one.good)
    return Counts(
        rows=one.rows,
        new=fates[RowOutcome.NEW],
        changed=fates[RowOutcome.CHANGED],
        unchanged=fates[RowOutcome.UNCHANGED] + repeated if kept else 0,
        refused=len(one.refused),
    )


def _detail(counts: Counts, one: Read) -> str:
    told = f"新增 {counts.new}，改变 {counts.changed}，无变化 {counts.unchanged}，拒绝 {counts.refused}"
    return f"{told}，sha256 {one.sha256}"


KIND_TITLES = {name: kind.title for name, kind in KINDS.items()}
"""The kinds of tables that can be imported, with their titles."""
_MOST = 100


def known_counts(session: Session) -> RowCounts:
    """Return how much the book has."""
    return search.row_counts(session.store.reader)


def imports(session: Session) -> list[AuditEntry]:
    """Return the imports of tables, the latest first."""
    return audit.table_imports(session.store.reader, _MOST)


def columns_of(kind: str) -> list[tuple[str, bool]]:
    """Return the columns of a kind of table, and which are required."""
    return [(column.heading, column.required) for column in KINDS[kind].columns]


def write_template(kind: str, path: Path) -> None:
    """Write an empty table of a kind, with its headings."""
    write_table(path, [[heading for heading, _ in columns_of(kind)]])
