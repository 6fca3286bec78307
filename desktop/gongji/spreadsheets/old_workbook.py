"""Workbooks in the format of Excel 97 to 2003 (.xls), by xlrd.

xlrd gives a cell's kind besides its value: an error, a date, how a number is shown; a formula as last computed.
"""

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from gongji.errors import GongjiError
from gongji.spreadsheets.cell_text import (
    BOOLEAN,
    ERROR,
    LONGEST_CELL,
    SHOWN,
    Row,
    date_text,
    plain,
    shown_number,
    written,
)
from gongji.spreadsheets.sheet_xml import too_long
from gongji.spreadsheets.table_file import CHOSEN_WRONGLY, TableHead, TableSource, damaged

FORM = "XLS"
_ENCRYPTED = ("encrypted", "Can't find workbook in OLE2 compound document")


@contextmanager
def open_old_workbook(name: str, file: BinaryIO) -> Iterator[TableSource]:
    """Open the first visible worksheet. Raises `GongjiError` where there is none, or the file cannot be read."""
    import xlrd  # noqa: PLC0415  # few files are of this kind

    content = file.read()
    with damaged(name), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = xlrd.open_workbook(
                file_contents=content, formatting_info=True, on_demand=True, logfile=io.StringIO()
            )
        except xlrd.biffh.XLRDError as error:
            if any(one in str(error) for one in _ENCRYPTED):
                advice = "请用表格程序打开，去掉密码，另存为 .xlsx 后再导入"
                raise GongjiError(f"{name} 加了密码，或不是表格", advice) from error
            raise
        visible = [place for place in range(book.nsheets) if not getattr(book, "_sheet_visibility")[place]]  # noqa: B009  # kept from its types
        names = book.sheet_names()
    if not visible:
        raise GongjiError(f"{name} 里没有工作表", CHOSEN_WRONGLY)
    with damaged(name):
        sheet = book.sheet_by_index(visible[0])
    merged = [_range(*one) for one in sheet.merged_cells]
    head = TableHead(form=FORM, about_rows=sheet.nrows, unread_sheets=tuple(names[place] for place in visible[1:]))
    hidden = [number + 1 for number, about in sheet.rowinfo_map.items() if about.hidden]
    yield TableSource(head=head, rows=_rows(name, book, sheet), merged=merged, hidden=hidden)


def _range(first_row: int, after_row: int, first_column: int, after_column: int) -> str:
    return f"{_letters(first_column)}{first_row + 1}:{_letters(after_column - 1)}{after_row}"


def _letters(column: int) -> str:
    return (chr(64 + column // 26) if column >= 26 else "") + chr(65 + column % 26)  # noqa: PLR2004  # 256 columns


def _rows(name: str, book: Any, sheet: Any) -> Iterator[Row]:
    shown = _shown(book)
    for number in range(sheet.nrows):
        cells: list[str] = []
        odd: list[tuple[int, str, str]] = []
        with damaged(name):
            for place, cell in enumerate(sheet.row(number)):
                text, peculiar = _cell(cell, book, shown)
                if len(text) > LONGEST_CELL:
                    raise too_long(number + 1)
                cells.append(text)
                if peculiar is not None and text:
                    odd.append((place, *peculiar))
        if any(cells):
            yield number + 1, cells, odd


def _shown(book: Any) -> Callable[[int, str], str | None]:
    formats = book.format_map

    def of(style: int, text: str) -> str | None:
        found = formats.get(book.xf_list[style].format_key)
        return None if found is None else shown_number(text, found.format_str)

    return of


def _cell(cell: Any, book: Any, shown: Callable[[int, str], str | None]) -> tuple[str, tuple[str, str] | None]:
    import xlrd  # noqa: PLC0415  # as above

    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return plain(cell.value), None
        case xlrd.XL_CELL_NUMBER:
            text = written(cell.value)
            seen = shown(cell.xf_index, text)
            return text, None if seen is None or seen == text else (SHOWN, seen)
        case xlrd.XL_CELL_DATE:
            return date_text(repr(cell.value), span=False, epoch_1904=book.datemode == 1)
        case xlrd.XL_CELL_BOOLEAN:
            text = "TRUE" if cell.value else "FALSE"
            return text, (BOOLEAN, text)
        case xlrd.XL_CELL_ERROR:
            text = xlrd.error_text_from_code.get(cell.value, "#N/A")
            return text, (ERROR, text)
        case _:
            return "", None
