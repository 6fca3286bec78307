"""A table to be imported, read whole and checked before anything is kept, and who watches it being done."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from gongji.core.imports.kinds import KINDS, ImportContext, TableKind
from gongji.core.imports.read_rows import AcceptedRow, Headings, Reading, RejectedRow, read_headings, refused_later
from gongji.core.imports.rows import LinkRow
from gongji.errors import GongjiError
from gongji.files import reason
from gongji.spreadsheets import SheetTable, open_table
from gongji.store.bulk_import import knows_person
from gongji.store.db import Store

Progress = Callable[[int, int], bool | None]
"""Told how much is done of how much; it answers False to stop, after which nothing is kept."""

Knows = Callable[[str, str], bool]
"""Tells whether any pack has a name of a kind, such as ("accumulator", "general.fund")."""

_BATCH = 1000
_MOST_ROWS = 500_000

_Part = TypeVar("_Part")


class ImportStoppedError(Exception):
    """The one who watches does not want it any more."""


class ProgressReporter:
    """Tells how far an import is: every row counts once for being read and once for being kept."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress

    def at(self, done: int, total: int) -> None:
        """Tell it; `StoppedError` when it is to stop."""
        if self._progress is not None and self._progress(min(done, total), total) is False:
            raise ImportStoppedError


class CheckedTable(Struct, kw_only=True):
    """A table as far as it was read."""

    table: SheetTable
    headings: Headings
    good: list[AcceptedRow] = []
    refused: list[RejectedRow] = []

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return len(self.good) + len(self.refused)


class Read(Struct, frozen=True, kw_only=True):
    """A table as it was read and checked, to be kept as it is; `good` rows can be, the `refused` ones say why not."""

    kind: TableKind
    file: str
    form: str
    unread_sheets: tuple[str, ...]
    headings: tuple[str, ...]
    good: tuple[AcceptedRow, ...]
    refused: tuple[RejectedRow, ...]
    sha256: str
    stopped: bool

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return len(self.good) + len(self.refused)

    def __repr__(self) -> str:
        """Return nobody's particulars."""
        return f"Read({self.kind.name} {self.rows})"


def kind_named(name: str) -> TableKind:
    """Return a kind of table by its name; `GongjiError` names those there are."""
    if name not in KINDS:
        kinds = "、".join(f"{one.name}（{one.title}）" for one in KINDS.values())
        raise GongjiError(f"不能导入 {name}", f"可以导入的有 {kinds}")
    return KINDS[name]


def opened(kind: TableKind, table: SheetTable, path: Path) -> CheckedTable:
    """Return a table whose headings were read."""
    number, given = next(table.rows, (0, None))
    if given is None:
        raise GongjiError(f"{path.name} 里没有内容", "请核对是不是选错了文件")
    headings = read_headings(kind, given)
    if isinstance(headings, list):
        usable = "、".join(column.heading for column in kind.columns)
        advice = f"请改正第 {number} 行的列名；{kind.title}可用的列：{usable}"
        raise GongjiError(f"{path.name} 的列名不对：{'；'.join(headings)}", advice)
    return CheckedTable(table=table, headings=headings)


def read_rows(
    kind: TableKind, checked: CheckedTable, told: ImportContext, store: Store, watch: ProgressReporter
) -> None:
    """Read every row of a table; the book is only asked whom it knows. Raises `StoppedError`."""
    reading = Reading(kind, checked.headings, told)
    about = max(1, checked.table.about_rows)
    for number, given in checked.table.rows:
        one = reading.read(number, given)
        if isinstance(one, RejectedRow):
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


def batches(parts: Sequence[_Part]) -> Iterator[tuple[int, Sequence[_Part]]]:
    """Yield parts in batches, with how many are done once it is."""
    for first in range(0, len(parts), _BATCH):
        batch = parts[first : first + _BATCH]
        yield first + len(batch), batch


def read_import(
    store: Store,
    kind: str,
    path: Path,
    *,
    at: str | None = None,
    knows: Knows | None = None,
    progress: Progress | None = None,
) -> Read:
    """Return a table read and checked whole; the book is only asked whom it knows, and any thread may.

    `at` is now, as a stamp. Raises `GongjiError` when the file is no table of this kind.
    """
    of, watch, stopped = kind_named(kind), ProgressReporter(progress), False
    with open_table(path) as table:
        checked = opened(of, table, path)
        try:
            read_rows(of, checked, ImportContext(at=at, knows=knows), store, watch)
        except ImportStoppedError:
            stopped = True
    return Read(
        kind=of,
        file=path.name,
        form=table.form,
        unread_sheets=table.unread_sheets,
        headings=checked.headings.given,
        good=tuple(checked.good),
        refused=tuple(checked.refused),
        sha256=_sha256(path),
        stopped=stopped,
    )


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise GongjiError(f"读不到文件 {path}（{reason(error)}）", "请检查文件是否还在") from error
