"""A table to be imported, read whole and checked before anything is stored, and the progress of that."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from threading import Lock
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from gongji.core.imports.headings import (
    MOST_ROWS_ABOVE,
    Confirmed,
    Layout,
    column_of,
    find_layout,
    is_footer,
    kind_instead,
)
from gongji.core.imports.kinds import KINDS, TableKind
from gongji.core.imports.read_rows import AcceptedRow, Headings, Reading, headings_under, refused_later
from gongji.core.imports.row_checks import ImportContext
from gongji.core.imports.rows import LinkRow, RejectedRow
from gongji.core.problems import quoted
from gongji.core.progress import Progress, StoppedError, tell
from gongji.desk.imports.table_layout import LayoutAnswer, OtherKindError, UnconfirmedError, remembered
from gongji.errors import GongjiError
from gongji.pack_files.library import Library
from gongji.spreadsheets.open_table import Table, open_table
from gongji.store.book_file.db import Store
from gongji.store.bulk_import import knows_person

_BATCH = 1000
_RANGE = re.compile(r"([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)\Z")
_MOST_ROWS = 500_000

_Part = TypeVar("_Part")


class ProgressReporter:
    """Reports how far an import is: every row counts once for reading and once for storing."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._last = (0, 1)
        self._lock = Lock()

    def asked_to_stop(self) -> bool:
        """Return whether to stop; from any thread, without reporting progress."""
        with self._lock:
            return self._progress is not None and self._progress(*self._last) is False

    def at(self, done: int, total: int) -> None:
        """Report progress. Raises `StoppedError` when it is to stop."""
        with self._lock:
            self._last = (min(done, total), total)
            tell(self._progress, *self._last)


class CheckedTable(Struct, kw_only=True):
    """A table as far as it was read."""

    table: Table
    rows_left: Iterator[tuple[int, list[str]]]
    headings: Headings
    layout: Layout
    kept_layout: Confirmed | None = None
    skipped: list[RejectedRow] = []
    good: list[AcceptedRow] = []
    refused: list[RejectedRow] = []

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return len(self.good) + len(self.refused)


class Read(Struct, frozen=True, kw_only=True):
    """A table as read and checked; `good` rows can be stored, the `refused` ones say why not.

    `skipped` are the numbers of rows with sums or signatures below a table, `hidden` counts the other rows that a
    spreadsheet program does not show. `kept_layout` is the answer just given on
    its `layout`, to be remembered once the table is stored.
    """

    kind: TableKind
    file: str
    form: str = ""
    unread_sheets: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    good: tuple[AcceptedRow, ...] = ()
    refused: tuple[RejectedRow, ...] = ()
    sha256: str = ""
    skipped: tuple[int, ...] = ()
    hidden: int = 0
    layout: Layout | None = None
    kept_layout: Confirmed | None = None
    stopped: bool = False

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return len(self.good) + len(self.refused)

    def __repr__(self) -> str:
        """Show no personal data."""
        return f"Read({self.kind.name} {self.rows})"


def kind_named(name: str) -> TableKind:
    """Return a kind of table by its name. Raises `GongjiError` that lists the kinds."""
    if name not in KINDS:
        kinds = "、".join(f"{one.name}（{one.title}）" for one in KINDS.values())
        raise GongjiError(f"不能导入 {name}", f"可以导入的有 {kinds}")
    return KINDS[name]


def opened(store: Store, kind: TableKind, table: Table, file: str, asked: LayoutAnswer) -> CheckedTable:
    """Return a table whose layout is known or was confirmed. Raises `UnconfirmedError` for any other.

    Raises `OtherKindError` for one that is rather of another kind, `GongjiError` for an empty one.
    """
    first = list(islice(table.rows, MOST_ROWS_ABOVE))
    if not first:
        others = "、".join(f"“{quoted(one)}”" for one in table.unread_sheets)
        advice = (
            f"只读第一张工作表，它是空的；请把要导入的一张（{others}）移到最前" if others else "请核对是不是选错了文件"
        )
        raise GongjiError(f"{file} 里没有内容", advice)
    layout = find_layout(kind, first)
    rows = chain(first[layout.last :], table.rows)
    confirmed = asked.confirmed
    if confirmed is None and not layout.is_plain:
        confirmed = remembered(store.reader, kind.name, layout)
    rather = None if confirmed is not None or asked.is_given else kind_instead(kind, first, KINDS.values())
    if rather is not None:
        raise OtherKindError(kind, file, rather)
    if confirmed is None and not layout.is_plain and not asked.as_proposed:
        raise UnconfirmedError(kind, file, layout, first[layout.last :])
    if confirmed is not None:
        layout = layout.confirmed_as(confirmed)
    headings = headings_under(kind, layout, confirmed or Confirmed())
    if isinstance(headings, list):
        raise UnconfirmedError(kind, file, layout, first[layout.last :], headings)
    is_new = not layout.is_plain and (asked.confirmed is not None or asked.as_proposed)
    return CheckedTable(
        table=table,
        rows_left=rows,
        headings=headings,
        layout=layout,
        kept_layout=confirmed or Confirmed() if is_new else None,
    )


def read_rows(
    kind: TableKind, checked: CheckedTable, told: ImportContext, store: Store, watch: ProgressReporter
) -> None:
    """Read every row of a table; the book is only asked whom it knows. Raises `StoppedError`.

    Raises `GongjiError` for a table with too many rows.
    """
    reading = Reading(kind, checked.headings, told)
    about = max(1, checked.table.about_rows)
    while batch := list(islice(checked.rows_left, _BATCH)):
        for (_, given), one in zip(batch, reading.read_all(batch), strict=True):
            if isinstance(one, RejectedRow):
                (checked.skipped if is_footer(given) else checked.refused).append(one)
            elif isinstance(one.row, LinkRow) and not knows_person(store.reader, one.row.person_id):
                message = "还没有这个人的资料，请先导入人员"
                checked.refused.append(refused_later(kind, checked.headings, one, "person_id", message))
            else:
                checked.good.append(one)
        if checked.rows > _MOST_ROWS:
            raise GongjiError(f"超过 {_MOST_ROWS:,} 行", "请分成几个文件导入")
        watch.at(checked.rows, 2 * max(about, checked.rows))
    _refuse_merged(checked)
    watch.at(checked.rows, 2 * max(1, checked.rows))


def _own_names(checked: CheckedTable) -> tuple[str, ...]:
    """Return the headings, ours for renamed columns, so that the table of refused rows needs no confirmation."""
    if checked.layout.is_plain:
        return checked.headings.given
    both = zip(checked.headings.given, checked.headings.columns, strict=True)
    return tuple(given if column is None else column.heading for given, column in both)


def _refuse_merged(checked: CheckedTable) -> None:
    """Refuse merged cells among what was read: all but the first of them are empty in the file."""
    numbers = [one.number for one in checked.good]
    read = {place for place, column in enumerate(checked.headings.columns) if column is not None}
    for where in checked.table.merged:
        found = _RANGE.match(where)
        if found is None:
            continue
        first, last = int(found[2]), int(found[4])
        columns = range(column_of(found[1]), column_of(found[3]) + 1)
        at = bisect_left(numbers, first)
        if at < len(numbers) and numbers[at] <= last and read & set(columns):
            raise GongjiError(f"表格里有合并单元格（{where}）", "请取消合并，在每一格里填上内容后再导入")


def batches(parts: Sequence[_Part]) -> Iterator[tuple[int, Sequence[_Part]]]:
    """Yield parts in batches, each with how many are done after it."""
    for first in range(0, len(parts), _BATCH):
        batch = parts[first : first + _BATCH]
        yield first + len(batch), batch


def read_import(
    store: Store,
    kind: str,
    path: Path,
    *,
    at: str | None = None,
    told: ImportContext | None = None,
    asked: LayoutAnswer = LayoutAnswer(),  # noqa: B008  # frozen
    progress: Progress | None = None,
) -> Read:
    """Return a table read and checked whole; the book is only asked whom it knows. Any thread may call it.

    `at` is now, as a stamp; `told` is what the policy packs know. Raises `GongjiError` when the file is no table of
    this kind, `UnconfirmedError` when a person has to say first what its columns are.
    """
    of, watch = kind_named(kind), ProgressReporter(progress)
    read = Read(kind=of, file=path.name)
    try:
        with open_table(path, watch.asked_to_stop) as table:
            read = replace(read, form=table.form, unread_sheets=table.unread_sheets, sha256=table.sha256)
            checked = opened(store, of, table, path.name, asked)
            read = replace(read, headings=_own_names(checked), layout=checked.layout, kept_layout=checked.kept_layout)
            read_rows(of, checked, replace(told or ImportContext(), at=at), store, watch)
    except StoppedError:
        return replace(read, stopped=True)
    hidden = frozenset(checked.table.hidden)
    numbers = [one.number for one in checked.good] + [one.number for one in checked.refused]
    return replace(
        read,
        hidden=sum(one in hidden for one in numbers),
        good=tuple(checked.good),
        refused=tuple(checked.refused),
        skipped=tuple(one.number for one in checked.skipped),
    )


def context_of(library: Library) -> ImportContext:
    """Return what the policy packs know and a table may name: accumulators, and areas by name."""
    areas = {library.editions(area)[-1].pack.area_name: area for area in library.areas}
    return ImportContext(knows=library.knows, areas=areas, listed=library.listed)
