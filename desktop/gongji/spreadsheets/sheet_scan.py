"""The rows of a worksheet as almost every program writes them, found by pattern: three times as fast as a parser.

A row is read by pattern only where that accounts for every tag in the row; any other row, one with an
entity for example, goes through the parser by itself, and a sheet that begins in another way goes there as a whole.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import IO

from gongji.spreadsheets.cell_text import LONGEST_CELL, Row, plain, without_escapes
from gongji.spreadsheets.sheet_xml import MOST_COLUMNS, SheetRows, column_place, put, row_number, too_long

_CHUNK = 1 << 18
_LONGEST_ROW = 64 << 20
_BEGIN = re.compile(r"\s*(?:<\?xml [^>]*?(?:encoding=[\"']utf-8[\"'][^>]*?)?\?>)?\s*<worksheet[ >]", re.IGNORECASE)
_ROW = re.compile(r'<row(?: r="([0-9]{1,12})")?(?: [^<>]*?)?(/?)>')
_CELL = re.compile(
    r'(<c r="([A-Z]{1,3})[0-9]{1,7}"(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?(?: ?/>|>(?:<v>([^<]*)</v>'
    r"|<is><t(?: [^<>]*)?(?:/>|>([^<]*)</t>)</is>)?</c>))"
)
_SHARED = re.compile(r'(<c r="([A-Z]{1,3})[0-9]{1,7}"(?: s="[0-9]+")? t="s"><v>([0-9]+)</v></c>)')
_UNUSUAL = (-1,)
"""Stands for columns that do not follow each other."""
_REMEMBERED = 1000
_HIDDEN = re.compile(r" hidden=[\"'](?:1|true)[\"']")
_MERGE = re.compile(r'<mergeCell ref="([A-Z0-9:]+)"')
_DATA = "<sheetData>"


def scan(opened: Callable[[], IO[bytes]], walk: SheetRows) -> Iterator[Row]:
    """Yield the rows of a worksheet that are not empty, as `SheetRows.rows` does; `walk` takes what fits no pattern.

    Raises `ValueError` for what is no worksheet.
    """
    with opened() as source:
        head, decoder = "", codecs.getincrementaldecoder("utf-8")()
        while _DATA not in head and len(head) < 1 << 20 and (chunk := source.read(_CHUNK)):
            try:
                head += decoder.decode(chunk)
            except UnicodeDecodeError:
                break
        before, found, rest = head.partition(_DATA)
        usual = bool(found) and _BEGIN.match(before.lstrip("\ufeff")) is not None and "<!" not in before
        if usual:
            yield from _scan(rest, decoder, source, walk)
    if not usual:
        with opened() as source:
            yield from walk.rows(source)


def _scan(buffer: str, decoder: codecs.IncrementalDecoder, source: IO[bytes], walk: SheetRows) -> Iterator[Row]:
    row_of = _RowScan(walk)
    while True:
        position, end = 0, buffer.find("</sheetData>")
        limit = len(buffer) if end < 0 else end
        while True:
            began = _ROW.match(buffer, position) or _ROW.search(buffer, position, limit)
            if began is None or began.start() >= limit:
                break
            if began[2]:  # a row without cells
                row_of.number = row_number(began[1], row_of.number)
                position = began.end()
                continue
            close = buffer.find("</row>", began.end(), limit)
            if close < 0:
                if end >= 0:
                    raise ValueError("a row does not end")
                break
            row = row_of.read(buffer, began, close)
            if row is not None:
                yield row
            position = close + 6
        if end >= 0:
            break
        buffer = buffer[position:]
        if len(buffer) > _LONGEST_ROW:
            raise too_long(row_of.number + 1)
        chunk = source.read(_CHUNK)
        if not chunk:
            raise ValueError("the sheet ends within its data")
        buffer += decoder.decode(chunk)
    tail = buffer[end:]
    while chunk := source.read(_CHUNK):
        walk.merged += _MERGE.findall(tail)
        tail = tail[max(tail.rfind("<"), 0) :] + decoder.decode(chunk)
    walk.merged += _MERGE.findall(tail)


class _RowScan:
    """Reads rows by pattern."""

    def __init__(self, walk: SheetRows) -> None:
        self.number = 0
        self._walk = walk
        self._gaps: dict[tuple[str, ...], tuple[int, ...]] = {}

    def read(self, buffer: str, began: re.Match[str], close: int) -> Row | None:
        """Return a row that is not empty."""
        self.number = number = row_number(began[1], self.number)
        first = began.end()
        shared = _SHARED.findall(buffer, first, close)
        is_shared = bool(shared) and sum([len(cell[0]) for cell in shared]) == close - first
        found = [] if is_shared else _CELL.findall(buffer, first, close)
        accounted = is_shared or sum([len(cell[0]) for cell in found]) == close - first
        if not accounted or buffer.find("&", first, close) >= 0:
            return self._walk.one_row(number, buffer[began.start() : close + 6])
        if (
            close - first > LONGEST_CELL
            and max([max(len(cell[4]), len(cell[5])) for cell in found], default=0) > LONGEST_CELL
        ):
            raise too_long(number)
        if " hidden=" in began[0] and _HIDDEN.search(began[0]):
            self._walk.hidden.append(number)
        if is_shared:
            cells = self._of_texts(shared, number)
            return (number, cells, []) if cells else None
        return self._of_any(found, number)

    def _of_texts(self, shared: list[tuple[str, str, str]], number: int) -> list[str]:
        """Return the cells of a row that are all shared texts."""
        _, letters, values = zip(*shared, strict=True)
        texts = [*map(self._walk.texts.__getitem__, map(int, values))]
        gaps = self._gaps.get(letters)
        if gaps is None:
            gaps = self._gaps_of(letters)
        if gaps is _UNUSUAL or "" in texts:
            cells: list[str] = []
            for column, text in zip(letters, texts, strict=True):
                if text:
                    put(cells, column_place(column), text, number)
            return cells
        for place in gaps:
            texts.insert(place, "")
        return texts

    def _gaps_of(self, letters: tuple[str, ...]) -> tuple[int, ...]:
        """Return the places without a cell before the last of these columns, where they stand in order."""
        places = [column_place(one) for one in letters]
        gaps: tuple[int, ...] = _UNUSUAL
        if places[-1] < MOST_COLUMNS and all(one < other for one, other in pairwise(places)):
            gaps = tuple(sorted({*range(places[-1])} - {*places}))
        if len(self._gaps) < _REMEMBERED:
            self._gaps[letters] = gaps
        return gaps

    def _of_any(self, found: list[tuple[str, ...]], number: int) -> Row | None:
        cells: list[str] = []
        odd: list[tuple[int, str, str]] = []
        walk = self._walk
        for _, letters, style, kind, value, inline in found:
            raw, peculiar = value or inline, None
            if not raw:
                continue
            if kind == "inlineStr":
                text = plain(without_escapes(raw))
            elif kind == "s":
                text = walk.texts[int(raw)]
            else:
                text, peculiar = walk.value(kind or "n", style, raw)
            if text:
                place = column_place(letters)
                put(cells, place, text, number)
                if peculiar is not None:
                    odd.append((place, *peculiar))
        return (number, cells, odd) if cells else None
