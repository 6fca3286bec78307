"""Reading a table: its headings, then row by row, with everything that is wrong with a row at once."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from msgspec import Struct

from gongji.core.imports import cells
from gongji.core.imports.headings import Confirmed, Layout
from gongji.core.imports.kinds import ImportColumn, TableKind, shown
from gongji.core.imports.row_checks import ImportContext
from gongji.core.imports.rows import CellFault, RejectedRow, Row
from gongji.core.imports.usual_cells import read_usual
from gongji.core.problems import quoted

NUMBER, REASON = "原行号", "原因"
"""The headings that a file of refused rows adds; once corrected it may be imported as it is."""

_MARKS = str.maketrans({"*": None, "＊": None, " ": None, "\u3000": None, "\ufeff": None, "(": "（", ")": "）"})
_REMEMBERED = 4096
"""How many different cells of a column are cached; an area, a unit or a maker comes thousands of times."""
_SEVERAL = 32
"""From so many different texts of a column on, they are looked at together."""


class AcceptedRow(Struct, frozen=True, gc=False):
    """A row that can be stored, and its number in the file; `repeated` where the file has an identical one before."""

    number: int
    row: Row
    repeated: bool = False


class Headings(Struct, frozen=True):
    """Which column stands where; None for one that is not read."""

    given: tuple[str, ...]
    columns: tuple[ImportColumn | None, ...]
    fixed: dict[str, Any] = {}


def headings_under(kind: TableKind, layout: Layout, confirmed: Confirmed) -> Headings | list[str]:
    """Return where the columns stand under a layout as a person confirmed it (else as proposed), or what is wrong.

    `fixed` of the answer holds what is the same for every row, by field.
    """
    known = {column.heading: column for column in kind.columns}
    problems = [
        f"没有“{name}”这一列，可用的列：{'、'.join(known)}"
        for name in (*confirmed.columns.values(), *confirmed.fixed)
        if name is not None and name not in known
    ]
    columns: list[ImportColumn | None] = [None] * len(layout.given)
    for one in layout.headings:
        name = confirmed.columns.get(one.text, one.column)
        columns[one.place] = None if name is None else known.get(name)
    names = [None if column is None else column.heading for column in columns]
    problems += [
        f"列“{name}”出现了 {names.count(name)} 次" for name in dict.fromkeys(names) if name and names.count(name) > 1
    ]
    problems += [f"“{name}”在文件里已有一列，不能再统一填写" for name in confirmed.fixed if name in names]
    missing = [one.heading for one in kind.columns if one.required and one.heading not in {*names, *confirmed.fixed}]
    if missing:
        problems.append(f"缺少必填的列 {'、'.join(missing)}")
    fixed: dict[str, Any] = {}
    for name, text in confirmed.fixed.items():
        if name in known:
            try:
                fixed[known[name].field] = known[name].read(text)
            except ValueError as error:
                problems.append(f"统一填写的{name}“{quoted(text, 20)}”{error}")
    return problems or Headings(layout.given, tuple(columns), fixed)


def read_headings(kind: TableKind, given: Sequence[str]) -> Headings | list[str]:
    """Return where the columns stand, or a sentence for everything that is wrong with the headings."""
    known = {column.heading.translate(_MARKS): column for column in kind.columns}
    names = [heading.translate(_MARKS).removesuffix("（必填）") for heading in given]
    own = {NUMBER, REASON, ""}
    missing = [column.heading for column in kind.columns if column.required and column.heading not in names]
    problems = [f"缺少必填的列 {'、'.join(missing)}"] if missing else []
    for name in dict.fromkeys(names):
        if name not in known and name not in own:
            close = get_close_matches(name, known, 1)
            problems.append(f"不认识的列“{quoted(name, 20)}”" + (f"（是不是“{close[0]}”？）" if close else ""))
        elif name and names.count(name) > 1:
            problems.append(f"列“{quoted(name, 20)}”出现了 {names.count(name)} 次")
    return problems or Headings(tuple(given), tuple(known.get(name) for name in names))


class Reading:
    """Reads the rows of one table; it remembers what they said, since no two may contradict each other."""

    def __init__(self, kind: TableKind, headings: Headings, told: ImportContext) -> None:
        self._kind = kind
        self._told = told
        self._given = headings.given
        self._places = [(place, one) for place, one in enumerate(headings.columns) if one is not None]
        self._cells: list[tuple[int, str, ImportColumn, bool, dict[str, Any]]] = [
            (place, one.field, one, one.read in cells.TEXTS, {}) for place, one in self._places
        ]
        self._unread = [place for place, heading in enumerate(headings.given) if not heading.strip()]
        present = {column.field for _, column in self._places}
        self._absent: dict[str, Any] = {one.field: one.default for one in kind.columns if one.field not in present}
        self._absent |= headings.fixed
        self._heading = {column.field: column.heading for column in kind.columns}
        self._place = {column.field: place for place, column in self._places}
        self._said: dict[Any, AcceptedRow] = {}

    def read_all(self, rows: Sequence[tuple[int, list[str]]]) -> Iterator[AcceptedRow | RejectedRow]:
        """Yield what each of these rows says, as `read` would."""
        columns = self._columns(rows)
        if columns is None:
            yield from (self.read(number, given) for number, given in rows)
            return
        fields = [field for _, field, *_ in self._cells]
        for (number, given), values in zip(rows, zip(*columns, strict=True), strict=True):
            said = {**self._absent, **dict(zip(fields, values, strict=True))}
            if any(self._kind.check(said, self._told)):
                yield self.read(number, given)
            else:
                yield self._against_earlier(AcceptedRow(number, self._kind.record(**said)), given)

    def _columns(self, rows: Sequence[tuple[int, list[str]]]) -> list[list[Any]] | None:
        """Return the values of these rows column by column; None where anything is wrong with a cell."""
        width = len(self._given)
        every = [given if len(given) == width else [*given, *[""] * (width - len(given))] for _, given in rows]
        if any(len(given) > width or any(given[place] for place in self._unread) for given in every):
            return None
        found = []
        for place, _, column, holds_text, before in self._cells:
            given = [row[place] for row in every]
            if {*map(type, given)} != {str}:
                return None
            values = [before.get(text, before) for text in given]
            unread = [text for text, value in zip(given, values, strict=True) if value is before]
            if unread:
                read = self._read_cells(column, list(dict.fromkeys(unread)), before, holds_text=holds_text)
                if read is None:
                    return None
                values = [read[text] if value is before else value for text, value in zip(given, values, strict=True)]
            found.append(values)
        return found

    def _read_cells(
        self, column: ImportColumn, texts: Sequence[str], before: dict[str, Any], *, holds_text: bool
    ) -> dict[str, Any] | None:
        """Return the values of different plain texts of a column; None where one of them has none."""
        found = None
        if len(texts) >= _SEVERAL:
            filled = [text for text in texts if text]
            usual = read_usual(column.read, filled)
            if usual is not None and (len(filled) == len(texts) or not column.required):
                found = {"": column.default, **dict(zip(filled, usual, strict=True))}
        if found is None:
            try:
                found = {text: self._cell(column, text, holds_text=holds_text) for text in texts}
            except ValueError:
                return None
        if len(before) < _REMEMBERED:
            before.update((text, found[text]) for text in texts[: _REMEMBERED - len(before)])
        return found

    def read(self, number: int, given: Sequence[str]) -> AcceptedRow | RejectedRow:
        """Return what a row says, or everything that is wrong with it."""
        wrong: list[CellFault] = []
        values: dict[str, Any] = dict(self._absent)
        width = len(self._given)
        row = given if len(given) >= width else [*given, *[""] * (width - len(given))]
        for place, field, column, holds_text, before in self._cells:
            text = row[place]
            is_plain = type(text) is str
            value = before.get(text, before) if is_plain else before  # itself is no value: not read yet
            if value is before:
                try:
                    value = self._cell(column, text, holds_text=holds_text)
                except ValueError as error:
                    value = None
                    wrong.append(CellFault(column.heading, text, str(error)))
                else:
                    if is_plain and len(before) < _REMEMBERED:
                        before[text] = value
            values[field] = value
        if self._unread or len(given) > width:
            wrong += self._beyond(given)
        faulty = {one.column for one in wrong}
        for field, message in self._kind.check(values, self._told):
            if self._heading[field] not in faulty:
                wrong.append(CellFault(self._heading[field], self._text(given, field), message))
        if wrong:
            return RejectedRow(number=number, cells=tuple(given), wrong=tuple(wrong))
        return self._against_earlier(AcceptedRow(number, self._kind.record(**values)), given)

    @staticmethod
    def _cell(column: ImportColumn, text: str, *, holds_text: bool) -> Any:
        if not text or (text in cells.NOTHING and not column.required):
            if column.required:
                raise ValueError("空着，请填写")
            return column.default
        fault = cells.peculiar(text, holds_text=holds_text)
        if fault is not None:
            raise ValueError(fault)
        return column.read(text)

    def _beyond(self, given: Sequence[str]) -> Iterator[CellFault]:
        """Yield the cells that no heading stands over."""
        for place in (*self._unread, *range(len(self._given), len(given))):
            if place < len(given) and given[place]:
                yield CellFault(f"第 {place + 1} 列", given[place], "这一格上方没有列名，请补上列名或删去这一格")

    def _text(self, given: Sequence[str], field: str) -> str:
        place = self._place.get(field, len(given))
        return given[place] if place < len(given) else ""

    def _against_earlier(self, good: AcceptedRow, given: Sequence[str]) -> AcceptedRow | RejectedRow:
        new = []
        for place, (key, content) in enumerate(self._kind.same(good.row)):
            earlier = self._said.get(key)
            if earlier is None:
                new.append(key)
            elif self._kind.same(earlier.row)[place][1] != content:
                message = f"与第 {earlier.number} 行说的是同一个，内容却不同，请只留正确的一行"
                first = self._kind.columns[0]
                wrong = CellFault(first.heading, self._text(given, first.field), message)
                return RejectedRow(number=good.number, cells=tuple(given), wrong=(wrong,))
        self._said.update(dict.fromkeys(new, good))
        return good if new else AcceptedRow(good.number, good.row, repeated=True)


def refused_later(kind: TableKind, headings: Headings, good: AcceptedRow, field: str, message: str) -> RejectedRow:
    """Return a row that was well formed and yet cannot be kept, as it was understood."""
    texts = shown(kind, good.row)
    cells_ = tuple("" if column is None else texts[column.heading] for column in headings.columns)
    heading = next(column.heading for column in kind.columns if column.field == field)
    return RejectedRow(number=good.number, cells=cells_, wrong=(CellFault(heading, texts[heading], message),))


def refused_table(given: Sequence[str], refused: Iterable[RejectedRow]) -> Iterator[list[str]]:
    """Yield a table of refused rows: what the file had, the number each row had there, and what is wrong with it."""
    kept = [place for place, heading in enumerate(given) if heading.translate(_MARKS) not in {NUMBER, REASON}]
    yield [*(given[place] for place in kept), NUMBER, REASON]
    for one in refused:
        row = [one.cells[place] if place < len(one.cells) else "" for place in kept]
        reasons = "；".join(f"{wrong.column}：{wrong.message}" for wrong in one.wrong)
        yield [*row, str(one.number), reasons]
