"""Writing tables: CSV that Excel reads, and workbooks that open as finished sheets."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from gongji.files import write_whole

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no sheet and no text in UTF-8 can hold: control characters, half a character."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_WIDEST, _NARROWEST = 48, 6
_MOST_MEASURED = 500
_LONG_HEADING = 16
"""The width of a heading from which on it stands in two lines."""
_LINE_POINTS = 17
"""The height of a line of text."""
_TOP = 10
_USUAL = 8
"""A little less than the default width of a column, in the width of a digit."""
_PORTRAIT = 95
"""The most width of a portrait page before its letters become too small."""
_ONE_PAGE = 60
"""The most rows on one page; more go on over several, each as wide as the page."""


class SheetNumber(str):
    """A cell that is a number, as a decimal text; every other cell is written as text."""

    __slots__ = ()


class SheetHeading(str):
    """A cell that names the rows below it, within a table."""

    __slots__ = ()


def write_table(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write a table atomically: XLSX where the name says so, every cell a text; else CSV that Excel reads."""
    whole = [list(row) for row in rows]
    write_whole(path, _workbook_of({"Sheet": whole}) if path.suffix.lower() == ".xlsx" else _as_csv(whole))


def write_book(path: Path, sheets: Mapping[str, Iterable[Sequence[str]]]) -> None:
    """Write a workbook of several named sheets atomically."""
    write_whole(path, _workbook_of({title: [list(row) for row in rows] for title, rows in sheets.items()}))


def _as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return codecs.BOM_UTF8 + text.getvalue().encode()


def harmless(cell: str) -> str:
    """Return a cell that no program takes for a formula, now or after it has dropped the space before it.

    `cell_text.plain` removes the mark again. What no text can hold becomes a replacement character.
    """
    written = writable(cell)
    first = written.lstrip()[:1]
    return "'" + written if written[:1] in _FORMULA or (first and first in _FORMULA) else written


def writable(cell: str) -> str:
    """Return a cell with a replacement character for each that no sheet can hold, so that it is seen and not lost."""
    return _UNWRITABLE.sub("\ufffd", cell)


def _workbook_of(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415  # half of what an import takes to start, and CSV needs none

    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        _fill(book.create_sheet(title), rows)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _fill(sheet: Any, rows: Sequence[Sequence[str]]) -> None:
    """Format a sheet so that it opens and prints well: widths, a fixed heading, one page wide."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # noqa: PLC0415  # as above
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    heading = heading_row(rows)
    widths = _widths(rows, heading)
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    if rows:
        over = max(0, _longest_text(rows) - sum(widths))  # runs on over empty columns, and is printed with them
        columns, width = len(widths) + -(-over // _USUAL), sum(widths) + over
        _set_page(sheet, len(rows), columns, heading, landscape=width > _PORTRAIT)
    head_font, title_font = Font(bold=True), Font(bold=True, size=14)
    side = Side(style="thin", color="BFC7CD")
    line = Border(left=side, right=side, top=side, bottom=side)
    tint = PatternFill("solid", fgColor="E3F1F0")
    for number, row in enumerate(rows, 1):
        cells: list[Any] = []
        lines = _lines(row, widths)
        if lines > 1:  # not every program makes room for them by itself
            sheet.row_dimensions[number].height = lines * _LINE_POINTS
        for value in row:
            cell = _cell(sheet, value)
            if number == heading:
                cell.font, cell.fill, cell.border = head_font, tint, line
                cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            elif number == 1 and len(row) == 1:
                cell.font = title_font
            elif isinstance(value, SheetHeading):
                cell.font, cell.fill = head_font, tint
            elif len(row) > 1 and _width(value) > widths[len(cells)]:
                cell.alignment = Alignment(vertical="top", wrap_text=True)
            cells.append(cell)
        sheet.append(cells)


def _lines(row: Sequence[str], widths: Sequence[int]) -> int:
    """Return how many lines the longest cell of a row takes in its column; one that stands alone runs on."""
    if len(row) == 1:
        return 1
    return max((-(-_width(cell) // (width - 1)) for cell, width in zip(row, widths, strict=False)), default=1)


def _cell(sheet: Any, value: str) -> Any:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415  # as above

    cell = WriteOnlyCell(sheet, writable(str(value)))
    if isinstance(value, SheetNumber):
        cell.data_type, cell.number_format = "n", "#,##0.00" if "." in value else "#,##0"
    else:
        cell.data_type, cell.number_format = "s", "@"
    return cell


def heading_row(rows: Sequence[Sequence[str]]) -> int:
    """Return the number of the row with the headings: below the last empty row near the top, else the first."""
    empty = [number for number, row in enumerate(rows[:_TOP], 1) if not row]
    return empty[-1] + 1 if empty else 1


def _widths(rows: Sequence[Sequence[str]], heading: int) -> list[int]:
    """Return how wide each column is, in the width of a digit; a Chinese character counts for two."""
    widths: list[int] = []
    said = [row for row in rows[: heading - 1] if len(row) > 1]  # a cell beside another is cut where it is too long
    for number, row in enumerate((*said, *rows[heading - 1 : heading + _MOST_MEASURED])):
        if len(row) == 1 and row[0] and len(rows[heading - 1]) > 1:
            continue  # a note below the table
        for place, cell in enumerate(row):
            needed = _width(cell) + 2
            if number == len(said) and needed > _LONG_HEADING:
                needed = needed // 2 + 2  # in two lines
            if isinstance(cell, SheetNumber):
                needed += len(cell) // 4  # the separators of thousands
            if place == len(widths):
                widths.append(_NARROWEST)
            widths[place] = max(widths[place], min(needed, _WIDEST))
    return widths


def _width(cell: str) -> int:
    return sum(2 if east_asian_width(one) in "WFA" else 1 for one in cell)


def _longest_text(rows: Sequence[Sequence[str]]) -> int:
    """Return how wide the longest title or note is that stands alone in its row; a title has larger letters."""
    alone = [(number, row[0]) for number, row in enumerate(rows) if len(row) == 1]
    return max((_width(cell) * (14 if number == 0 else 11) // 10 for number, cell in alone), default=0)


def _set_page(sheet: Any, rows: int, columns: int, heading: int, *, landscape: bool) -> None:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415  # as above

    sheet.freeze_panes = f"A{heading + 1}"
    sheet.print_title_rows = f"{heading}:{heading}"
    sheet.print_area = f"A1:{get_column_letter(max(1, columns))}{rows}"
    sheet.page_setup.paperSize = "9"  # A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 1 if rows <= _ONE_PAGE else 0
    sheet.print_options.horizontalCentered = True
    sheet.HeaderFooter.oddHeader.left.text = "&A"
    sheet.HeaderFooter.oddFooter.center.text = "第 &P 页，共 &N 页"
