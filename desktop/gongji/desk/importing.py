"""导入: a table from another program is read and checked whole, shown before it is kept, and kept whole or not at all.

Reading and checking come first and touch nothing. Only then is the book written to, in one transaction, so that a
settlement never waits for a file to be read.
"""

import hashlib
from pathlib import Path

from msgspec import Struct

from gongji.core.book.reading import Refused, refused_table
from gongji.core.book.tables import Kind, Told, shown
from gongji.desk.tables import Checked, Knows, Progress, StoppedError, Watch, batches, kind_named, opened, read_rows
from gongji.spreadsheets import open_table, write_table
from gongji.store import audit
from gongji.store.bulk import KEEPERS, Fates, Source
from gongji.store.catalogue import Fate
from gongji.store.db import Store
from gongji.store.engine import Connection

_SHOWN = 5


class Counts(Struct, frozen=True, kw_only=True):
    """How many rows a table has, and what becomes of them; `unchanged` say what is known already."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0


class Preview(Struct, frozen=True, kw_only=True):
    """What an import would do; `first` rows are as they were understood, by heading."""

    kind: str
    file: str
    form: str
    unread_sheets: tuple[str, ...]
    headings: tuple[str, ...]
    first: tuple[dict[str, str], ...]
    counts: Counts
    refused: tuple[Refused, ...]
    stopped: bool = False


class ImportReport(Struct, frozen=True, kw_only=True):
    """What an import did: everything that could be kept is kept, or (`kept` is False) nothing at all."""

    kind: str
    file: str
    form: str
    unread_sheets: tuple[str, ...]
    headings: tuple[str, ...]
    counts: Counts
    refused: tuple[Refused, ...]
    kept: bool
    stopped: bool = False


def preview_import(
    store: Store,
    kind: str,
    path: Path,
    *,
    at: str | None = None,
    knows: Knows | None = None,
    progress: Progress | None = None,
) -> Preview:
    """Return what importing a file would do, without doing it; `at` is now, as a stamp.

    Raises `GongjiError` when the file is no table of this kind.
    """
    of, watch = kind_named(kind), Watch(progress)
    with open_table(path) as table:
        checked = opened(of, table, path)
        fates, stopped = Fates(), False
        try:
            read_rows(of, checked, Told(at=at, knows=knows), store, watch)
            for done, batch in batches([one for one in checked.good if not one.repeated]):
                fates.update(KEEPERS[of.name].fate(store.reader, one.row) for one in batch)
                watch.at(checked.rows + done, 2 * checked.rows)
        except StoppedError:
            stopped = True
    return Preview(
        kind=kind,
        file=path.name,
        form=table.form,
        unread_sheets=table.unread_sheets,
        headings=checked.headings.given,
        first=tuple(shown(of, one.row) for one in checked.good[:_SHOWN]),
        counts=_counts(checked, fates),
        refused=tuple(checked.refused),
        stopped=stopped,
    )


def import_file(  # noqa: PLR0913  # all but three are named, and each may be left to its default by somebody
    store: Store,
    kind: str,
    path: Path,
    *,
    at: str,
    operator: str,
    skip_refused: bool = False,
    progress: Progress | None = None,
    knows: Knows | None = None,
) -> ImportReport:
    """Keep what a file says; where any row is refused nothing, unless `skip_refused` says to keep the rest.

    `at` is now, as a stamp. Raises `GongjiError` when the file is no table of this kind or the book cannot be written;
    then too nothing was kept.
    """
    of, watch = kind_named(kind), Watch(progress)
    with open_table(path) as table:
        checked = opened(of, table, path)
        fates, kept, stopped = Fates(), False, False
        try:
            read_rows(of, checked, Told(at=at, knows=knows), store, watch)
            if checked.good and (skip_refused or not checked.refused):
                with store.write() as connection:
                    fates = _keep(connection, of, checked, Source(at, f"导入：{path.name}"), watch)
                    told = _counts(checked, fates)
                    audit.append(connection, at, operator, "import", f"{of.title}：{path.name}", _detail(told, path))
                kept = True
        except StoppedError:
            fates, stopped = Fates(), True
    return ImportReport(
        kind=kind,
        file=path.name,
        form=table.form,
        unread_sheets=table.unread_sheets,
        headings=checked.headings.given,
        counts=_counts(checked, fates, kept=kept),
        refused=tuple(checked.refused),
        kept=kept,
        stopped=stopped,
    )


def write_refused(report: ImportReport | Preview, path: Path) -> None:
    """Write the refused rows as a table with the reasons: XLSX where the name says so, else CSV.

    Put right, the file can be imported as it is.
    """
    write_table(path, refused_table(report.headings, report.refused))


def _keep(connection: Connection, kind: Kind, checked: Checked, source: Source, watch: Watch) -> Fates:
    fates = Fates()
    for done, batch in batches([one for one in checked.good if not one.repeated]):
        fates += KEEPERS[kind.name].keep(connection, [one.row for one in batch], source)
        watch.at(checked.rows + done, 2 * checked.rows)
    watch.at(2 * checked.rows, 2 * checked.rows)
    return fates


def _counts(checked: Checked, fates: Fates, *, kept: bool = True) -> Counts:
    repeated = sum(one.repeated for one in checked.good)
    return Counts(
        rows=checked.rows,
        new=fates[Fate.NEW],
        changed=fates[Fate.CHANGED],
        unchanged=fates[Fate.UNCHANGED] + repeated if kept else 0,
        refused=len(checked.refused),
    )


def _detail(counts: Counts, path: Path) -> str:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return (
        f"新增 {counts.new}，改变 {counts.changed}，无变化 {counts.unchanged}，拒绝 {counts.refused}，sha256 {sha256}"
    )
