"""Workbooks of Excel 2007 and later (.xlsx): their parts and styles by openpyxl, their rows by `sheet_scan`."""

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO, Any, BinaryIO

from gongji.errors import GongjiError
from gongji.file_kinds import archive_called
from gongji.spreadsheets.cell_text import Row, shown_number
from gongji.spreadsheets.shared_texts import shared_texts
from gongji.spreadsheets.sheet_scan import scan
from gongji.spreadsheets.sheet_xml import SheetRows, Styles
from gongji.spreadsheets.table_file import CHOSEN_WRONGLY, TableHead, TableSource, damaged

FORM = "XLSX"
_MOST_UNPACKED = 1 << 30
_HEAD = 4096
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension ref="[A-Z]+[0-9]+:[A-Z]+([0-9]{1,7})"')
_CHINESE_DATES = frozenset({*range(27, 37), *range(50, 59)})
"""Formats 27 to 36 and 50 to 58 are dates in a Chinese Excel, which writes no format for them (ECMA-376, 18.8.30)."""


@contextmanager
def open_workbook(name: str, file: BinaryIO) -> Iterator[TableSource]:
    """Open the first visible worksheet of a workbook. Raises `GongjiError` where there is none."""
    _refuse_packed(name, file)
    with damaged(name):
        reader = _reader(file)
        sheets = [(sheet, rel) for sheet, rel in reader.parser.find_sheets() if "worksheet" in rel.Type]
        visible = [
            (sheet.name, rel.target)
            for sheet, rel in sheets
            if sheet.state == "visible" and rel.target in reader.valid_files
        ]
    if not visible:
        raise GongjiError(f"{name} 里没有工作表", CHOSEN_WRONGLY)
    with damaged(name):
        texts = _shared_texts(reader)
        styles = _styles(reader.wb)
        part = visible[0][1]
        with reader.archive.open(part) as source:
            dimension = _DIMENSION.search(source.read(_HEAD))
    head = TableHead(
        form=FORM,
        about_rows=0 if dimension is None else int(dimension[1]),
        unread_sheets=tuple(title for title, _ in visible[1:]),
    )
    walk = SheetRows(texts, styles)
    try:
        rows = _rows(name, walk, partial(reader.archive.open, part))
        yield TableSource(head=head, rows=rows, merged=walk.merged, hidden=walk.hidden)
    finally:
        reader.archive.close()


def _rows(name: str, walk: SheetRows, opened: Callable[[], IO[bytes]]) -> Iterator[Row]:
    with damaged(name):
        yield from scan(opened, walk)


def _refuse_packed(name: str, file: BinaryIO) -> None:
    """Refuse an archive that is no workbook, is damaged, or is a small one that unpacks without end."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    # BadZipFile: bytes that are no zip; ValueError: an impossible place in its directory, or a name that is no UTF-8;
    # NotImplementedError: a kind of zip the library does not know, which no spreadsheet program writes
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise GongjiError(f"{name} 已损坏或没有传完", "请重新复制或下载后再试") from error
    if not any(one.filename == "xl/workbook.xml" for one in members):
        other = archive_called(one.filename for one in members)
        raise GongjiError(f"{name} 是{other.word}，不是 .xlsx 表格", other.advice)
    if sum(one.file_size for one in members) > _MOST_UNPACKED:
        raise GongjiError(f"{name} 展开后太大", "请核对是不是选错了文件；确是表格的，请分成几个文件")
    file.seek(0)


def _reader(file: BinaryIO) -> Any:
    from openpyxl.reader.excel import ExcelReader  # noqa: PLC0415  # half of what a reading takes to start
    from openpyxl.styles.stylesheet import apply_stylesheet  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about what it leaves out: pictures, validation, styles
        reader: Any = ExcelReader(io.BufferedReader(file) if isinstance(file, io.RawIOBase) else file, read_only=True)
        reader.read_manifest()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
    return reader


def _shared_texts(reader: Any) -> list[str]:
    from openpyxl.xml.constants import SHARED_STRINGS  # noqa: PLC0415  # as above

    part = reader.package.find(SHARED_STRINGS)
    if part is None:
        return []
    return shared_texts(partial(reader.archive.open, part.PartName[1:]))


def _styles(book: Any) -> Styles:
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE  # noqa: PLC0415  # as above
    from openpyxl.utils.datetime import CALENDAR_MAC_1904  # noqa: PLC0415

    dates = {str(place) for place in book._date_formats}  # noqa: SLF001  # the library keeps them for itself
    shown: dict[str, Callable[[str], str | None]] = {}
    for place, style in enumerate(book._cell_styles):  # noqa: SLF001  # as above
        number = style.numFmtId
        if number in _CHINESE_DATES:
            dates.add(str(place))
        elif number >= BUILTIN_FORMATS_MAX_SIZE:
            text = book._number_formats[number - BUILTIN_FORMATS_MAX_SIZE]  # noqa: SLF001  # as above
            shown[str(place)] = partial(shown_number, number_format=text)
        elif BUILTIN_FORMATS.get(number, "").startswith("00"):
            shown[str(place)] = partial(shown_number, number_format=BUILTIN_FORMATS[number])
    return Styles(
        dates=frozenset(dates),
        spans=frozenset(str(place) for place in book._timedelta_formats),  # noqa: SLF001  # as above
        shown=shown,
        epoch_1904=book.epoch == CALENDAR_MAC_1904,
    )
