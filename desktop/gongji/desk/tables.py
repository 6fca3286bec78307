"""A table to be imported, read whole and checked before anything is kept, and who watches it being done."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from gongji.core.book.reading import Good, Headings, Reading, Refused, read_headings, refused_later
from gongji.core.book.rows import LinkRow
from gongji.core.book.tables import KINDS, Kind, Told
from gongji.errors import GongjiError
from gongji.spreadsheets import Table
from gongji.store.bulk import knows_person
from gongji.store.db import Store

Progress = Callable[[int, int], bool | None]
"""Told how much is done of how much; it answers False to stop, after which nothing is kept."""

Knows = Callable[[str, str], bool]
"""Tells whether any pack has a name of a kind, such as ("accumulator", "general.fund")."""

_BATCH = 1000
_MOST_ROWS = 500_000

_Part = TypeVar("_Part")


class StoppedError(Exception):
    """The one who watches does not want it any more."""


class Watch:
    """Tells how far an import is: every row counts once for being read and once for being kept."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress

    def at(self, done: int, total: int) -> None:
        """Tell it; `StoppedError` when it is to stop."""
        if self._progress is not None and self._progress(min(done, total), total) is False:
            raise StoppedError


class Checked(Struct, kw_only=True):
    """A table as far as it was read."""

    table: Table
    headings: Headings
    good: list[Good] = []
    refused: list[Refused] = []

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return len(self.good) + len(self.refused)


def kind_named(name: str) -> Kind:
    """Return a kind of table by its name; `GongjiError` names those there are."""
    if name not in KINDS:
        kinds = "、".join(f"{one.name}（{one.title}）" for one in KINDS.values())
        raise GongjiError(f"不能导入 {name}", f"可以导入的有 {kinds}")
    return KINDS[name]


def opened(kind: Kind, table: Table, path: Path) -> Checked:
    """Return a table whose headings were read."""
    number, given = next(table.rows, (0, None))
    if given is None:
        raise GongjiError(f"{path.name} 里没有内容", "请核对是不是选错了文件")
    headings = read_headings(kind, given)
    if isinstance(headings, list):
        usable = "、".join(column.heading for column in kind.columns)
        advice = f"请改正第 {number} 行的列名；{kind.title}可用的列：{usable}"
        raise GongjiError(f"{path.name} 的列名不对：{'；'.join(headings)}", advice)
    return Checked(table=table, headings=headings)


def read_rows(kind: Kind, checked: Checked, told: Told, store: Store, watch: Watch) -> None:
    """Read every row of a table; the book is only asked whom it knows. Raises `StoppedError`."""
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


def batches(parts: Sequence[_Part]) -> Iterator[tuple[int, Sequence[_Part]]]:
    """Yield parts in batches, with how many are done once it is."""
    for first in range(0, len(parts), _BATCH):
        batch = parts[first : first + _BATCH]
        yield first + len(batch), batch
