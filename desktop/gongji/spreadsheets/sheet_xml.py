"""The XML of a worksheet and of a workbook's shared texts, parsed with expat: a row at a time, in little memory.

openpyxl finds the parts of a workbook and reads its styles (`workbook`), and could read its rows too; that takes
five times as long, and does not give a cell's displayed form. See ECMA-376, 18.3 and 18.4.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import IO
from xml.parsers import expat

from msgspec import Struct

from gongji.errors import GongjiError
from gongji.spreadsheets.cell_text import (  # fmt: skip
    BOOLEAN,
    DATE,
    ERROR,
    FORMULA,
    LONGEST_CELL,
    SHOWN,
    Row,
    date_text,
    number_text,
    plain,
    without_escapes,
)

_CHUNK = 1 << 18
LAST_ROW, MOST_COLUMNS = 1_048_576, 1000
_YES = ("1", "true")
_PLACE = re.compile(r"[A-Z]{1,3}[0-9]{1,10}\Z", re.ASCII)


class Styles(Struct, frozen=True, kw_only=True):
    """How numbers are shown, by the index of a cell's style: which are dates or spans of time, and which show more.

    `shown` returns how a number (as text) is displayed under a style, where that is not the number. `epoch`
    is whether the workbook counts its days from 1904.
    """

    dates: frozenset[str]
    spans: frozenset[str]
    shown: dict[str, Callable[[str], str | None]]
    epoch_1904: bool


def too_long(number: int, where: str = "") -> GongjiError:
    """Return the refusal of a cell that no spreadsheet program could have written."""
    place = f"{where}第 {number} 条" if where else f"第 {number} 行"
    return GongjiError(f"{place}有一格的文字长过 {LONGEST_CELL:,} 个字", "不是正常的表格；请核对是不是选错了文件")


def put(cells: list[str], place: int, text: str, number: int) -> None:
    """Put a text into a row's cells; `number` is the row's, for refusing an endless row by `GongjiError`."""
    if place == len(cells):
        cells.append(text)
    elif place < len(cells):
        cells[place] = text
    elif place < MOST_COLUMNS:
        cells.extend([""] * (place - len(cells)))
        cells.append(text)
    else:
        raise GongjiError(f"第 {number} 行有 {place + 1} 列，太多了", "请核对是不是选错了文件")


@lru_cache(1 << 14)
def column_place(letters: str) -> int:
    """Return the place of a column named by its letters, from 0."""
    found = 0
    for letter in letters:
        found = 26 * found + ord(letter) - 64
    return found - 1


def row_number(written: str | None, before: int) -> int:
    """Return the number of a row as it is written, or the next; `GongjiError` where no sheet has so many rows."""
    number = before + 1 if written is None else int(written)
    if not 0 < number <= LAST_ROW:
        raise GongjiError(
            f"表格里写着第 {number} 行，最多只能有 {LAST_ROW:,} 行", "请用表格程序打开，删去数据下方的空行，另存后再试"
        )
    return number


class SheetRows:
    """Walks a worksheet and yields its rows that are not empty; `merged` and `hidden` are complete at the end."""

    def __init__(self, texts: list[str], styles: Styles) -> None:
        """`texts` are the workbook's shared ones."""
        self.merged: list[str] = []
        self.hidden: list[int] = []
        self.texts = texts
        self.styles = styles
        self._done: list[Row] = []
        self._number = 0
        self._cells: list[str] = []
        self._odd: list[tuple[int, str, str]] = []
        self._next_column = 0
        self._collecting = False
        self._parts: list[str] = []
        self._formula: list[str] | None = None
        self._in_formula = self._in_reading = False
        self._kind, self._style = "n", ""

    def rows(self, source: IO[bytes]) -> Iterator[Row]:
        """Yield rows; raises `expat.ExpatError`, ValueError, or `GongjiError` for what no program writes."""
        parser = xml_parser(self._start, self._end, self._text)
        last = False
        while not last:
            chunk = source.read(_CHUNK)
            last = not chunk
            parser.Parse(chunk, last)
            if self._done:
                done, self._done = self._done, []
                yield from done

    def one_row(self, number: int, text: str) -> Row | None:
        """Return one row given as XML by itself; None where it is empty."""
        self._number = number - 1
        xml_parser(self._start, self._end, self._text).Parse(text, True)
        return self._done.pop() if self._done else None

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag if ":" not in tag else tag.rpartition(":")[2]
        if name == "c":
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            where = attributes.get("r")
            if where is not None:
                if _PLACE.match(where) is None:
                    raise ValueError(where)
                self._next_column = column_place(where.rstrip("0123456789"))
        elif name in {"v", "t"}:
            self._collecting = not self._in_reading
        elif name == "f":
            self._formula = []
            self._in_formula = True
        elif name == "row":
            self._number = row_number(attributes.get("r"), self._number)
            self._cells, self._odd, self._next_column = [], [], 0
            if attributes.get("hidden") in _YES:
                self.hidden.append(self._number)
        elif name == "rPh":
            self._in_reading = True
        elif name == "mergeCell":
            self.merged.append(attributes.get("ref", ""))

    def _end(self, tag: str) -> None:
        name = tag if ":" not in tag else tag.rpartition(":")[2]
        if name == "c":
            if self._parts or self._formula is not None:
                self._end_cell()
            self._next_column += 1
        elif name in {"v", "t"}:
            self._collecting = False
        elif name == "f":
            self._in_formula = False
        elif name == "row":
            if any(self._cells):
                self._done.append((self._number, self._cells, self._odd))
        elif name == "rPh":
            self._in_reading = False

    def _text(self, text: str) -> None:
        if self._collecting:
            self._parts.append(text)
            if len(self._parts) > 1 and sum(map(len, self._parts)) > LONGEST_CELL:
                raise too_long(self._number)
        elif self._in_formula and self._formula is not None:
            self._formula.append(text)

    def _end_cell(self) -> None:
        value, odd = self._value("".join(self._parts))
        self._parts.clear()
        self._formula = None
        if not value:
            return
        place = self._next_column
        put(self._cells, place, value, self._number)
        if odd is not None:
            self._odd.append((place, *odd))

    def _value(self, raw: str) -> tuple[str, tuple[str, str] | None]:
        """Return a cell's value as text, and its oddity if any: a kind and what a person saw."""
        if self._formula is not None:
            return "=" + "".join(self._formula)[:LONGEST_CELL], (FORMULA, raw)
        return self.value(self._kind, self._style, raw)

    def value(self, kind: str, style: str, raw: str) -> tuple[str, tuple[str, str] | None]:
        """Return the value of a cell that is no formula, by its kind and style."""
        if kind == "s":
            return self.texts[int(raw)], None
        if kind in {"inlineStr", "str"}:
            return plain(without_escapes(raw)), None
        if kind == "e":
            return raw, (ERROR, raw)
        if kind == "b":
            value = "FALSE" if raw.strip() == "0" else "TRUE"
            return value, (BOOLEAN, value)
        if kind == "d":
            return raw.strip().replace("T", " "), (DATE, raw)
        if style in self.styles.dates:
            return date_text(raw, span=style in self.styles.spans, epoch_1904=self.styles.epoch_1904)
        text = number_text(raw)
        shown = self.styles.shown.get(style)
        seen = None if shown is None else shown(text)
        return text, None if seen is None or seen == text else (SHOWN, seen)


def xml_parser(
    start: Callable[[str, dict[str, str]], None], end: Callable[[str], None], text: Callable[[str], None]
) -> expat.XMLParserType:
    """Return a parser that calls these and refuses what no spreadsheet program writes."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = _refuse_entity  # no spreadsheet program declares entities, and they multiply
    return parser


def _refuse_entity(*_declared: object) -> None:
    raise GongjiError("表格里有外部定义，不是表格程序写出的文件", "请核对是不是选错了文件")
