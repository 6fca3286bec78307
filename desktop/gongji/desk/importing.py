"""导入: a table from another program is read and checked whole, shown before it is kept, and kept whole or not at all.

Reading and checking come first and touch nothing. Only then is the book written to, in one transaction, so that a
settlement never waits for a file to be read.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from gongji.core.book.reading import (
    Good,
    Headings,
    Reading,
    Refused,
    read_headings,
    refused_later,
    refused_table,
)
from gongji.core.book.rows import LinkRow
from gongji.core.book.tables import KINDS, Kind, Told, shown
from gongji.errors import GongjiError
from gongji.spreadsheets import Table, open_table, write_table
from gongji.store import audit
from gongji.store.bulk import KEEPERS, Fates, Source, knows_person
from gongji.store.catalogue import Fate
from gongji.store.db import Store
from gongji.store.engine import Connection

Progress = Callable[[int, int], bool | None]
"""Told how much is done of how much; it answers False to stop, after which nothing is kept."""

Knows = Callable[[str, str], bool]
"""Tells whether any pack has a name of a kind, such as ("accumulator", "general.fund")."""

_BATCH = 1000
_SHOWN = 5
_MOST_ROWS = 500_000

_Part = TypeVar("_Part")


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


class _StoppedError(Exception):
    """The one who watches does not want it any more."""


class _Watch:
    """Tells how far an import is: every row counts once for being read and once for being kept."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress

    def at(self, done: int, total: int) -> None:
        """Tell it; `_StoppedError` when it is to stop."""
        if self._progress is not None and self._progress(min(done, total), total) is False:
            raise _StoppedError


class _Checked(Struct, kw_only=True):
    """A table as far as it was read."""

    table: Table
    headings: Headings
    good: list[Good] = []
    refused: list[Refused] = []

    @property
    def rows(self) -> int:
        return len(self.good) + len(self.refused)


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
    of, watch = _kind(kind), _Watch(progress)
    with open_table(path) as table:
        checked = _opened(of, table, path)
        fates, stopped = Fates(), False
        try:
            _read(of, checked, Told(at=at, knows=knows), store, watch)
            for done, batch in _batches([one for one in checked.good if not one.repeated]):
                fates.update(KEEPERS[of.name].fate(store.reader, one.row) for one in batch)
                watch.at(checked.rows + done, 2 * checked.rows)
        except _StoppedError:
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
    of, watch = _kind(kind), _Watch(progress)
    with open_table(path) as table:
        checked = _opened(of, table, path)
        fates, kept, stopped = Fates(), False, False
        try:
            _read(of, checked, Told(at=at, knows=knows), store, watch)
            if checked.good and (skip_refused or not checked.refused):
                with store.write() as connection:
                    fates = _keep(connection, of, checked, Source(at, f"导入：{path.name}"), watch)
                    told = _counts(checked, fates)
                    audit.append(connection, at, operator, "import", f"{of.title}：{path.name}", _detail(told, path))
                kept = True
        except _StoppedError:
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


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise GongjiError(
            f"不能导入 {name}", f"可以导入的有 {'、'.join(f'{one.name}（{one.title}）' for one in KINDS.values())}"
        )
    return KINDS[name]


def _opened(kind: Kind, table: Table, path: Path) -> _Checked:
    """Return a table whose headings were read."""
    number, given = next(table.rows, (0, None))
    if given is None:
        raise GongjiError(f"{path.name} 里没有内容", "请核对是不是选错了文件")
    headings = read_headings(kind, given)
    if isinstance(headings, list):
        usable = "、".join(column.heading for column in kind.columns)
        advice = f"请改正第 {number} 行的列名；{kind.title}可用的列：{usable}"
        raise GongjiError(f"{path.name} 的列名不对：{'；'.join(headings)}", advice)
    return _Checked(table=table, headings=headings)


def _read(kind: Kind, checked: _Checked, told: Told, store: Store, watch: _Watch) -> None:
    reading = Reading(kind, checked.headings, told)
    about = max(1, checked.table.about_rows)
    for number, given in checked.table.rows:
        one = reading.read(number, given)
        if isinstance(one, Refused):
            checked.refused.append(one)
        elif isinstance(one.row, LinkRow) and not knows_person(store.reader, one.row.person_id):
            message = "还没有这个人的资料，请先导入人员"
            checked.refused.append(refused_later(kind, checked.headings, one, "person_id", message))
        else:
            checked.good.append(one)
        if checked.rows % _BATCH == 0:
            if checked.rows > _MOST_ROWS:
                raise GongjiError(f"超过 {_MOST_ROWS:,} 行", "请分成几个文件导入")
            watch.at(checked.rows, 2 * max(about, checked.rows))
    watch.at(checked.rows, 2 * max(1, checked.rows))


def _keep(connection: Connection, kind: Kind, checked: _Checked, source: Source, watch: _Watch) -> Fates:
    fates = Fates()
    for done, batch in _batches([one for one in checked.good if not one.repeated]):
        fates += KEEPERS[kind.name].keep(connection, [one.row for one in batch], source)
        watch.at(checked.rows + done, 2 * checked.rows)
    watch.at(2 * checked.rows, 2 * checked.rows)
    return fates


def _batches(parts: Sequence[_Part]) -> Iterator[tuple[int, Sequence[_Part]]]:
    """Yield parts in batches, with how many are done once it is."""
    for first in range(0, len(parts), _BATCH):
        batch = parts[first : first + _BATCH]
        yield first + len(batch), batch


def _counts(checked: _Checked, fates: "Counter[Fate]", *, kept: bool = True) -> Counts:
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
