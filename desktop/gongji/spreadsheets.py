"""Tables in files, as rows of texts: CSV in UTF-8 or the national encoding, and XLSX. The one door to csv and openpyxl.

What a file is shows in its content, not in its name. Everything that can be wrong with a file is one `GongjiError`.
"""

import codecs
import csv
import datetime
import gc
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct

from gongji.errors import GongjiError
from gongji.files import reason, write_whole

XLSX = "XLSX"
_ENCODINGS = {"utf-8": "UTF-8", "gb18030": "GBK"}
_HEAD, _CHUNK = 4096, 1 << 20
_MOST_BYTES, _MOST_UNPACKED = 200 << 20, 1 << 30
_LONG_NUMBER = 10**15
"""From here on Excel has rounded a number: it keeps fifteen digits."""
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z0-9:]+)\"")
_AGAIN = "请核对是不是选错了文件，或用表格程序打开后另存为 .xlsx 再试"

Numbered = tuple[int, list[str]]


class SheetTable(Struct, frozen=True, kw_only=True):
    """An open table: its form for people, about how many rows it has (0 where nobody knows), sheets left unread.

    `rows` yields each row that is not empty with its number, cells as texts without surrounding space; dates as ISO
    texts. While it is walked it may raise `GongjiError`.
    """

    form: str
    about_rows: int
    unread_sheets: tuple[str, ...] = ()
    rows: Iterator[Numbered]


@contextmanager
def open_table(path: Path) -> Iterator[SheetTable]:
    """Open a file as a table; `GongjiError` says why it is none."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, io.SEEK_END)
            file.seek(0)
            head = file.read(_HEAD)
            file.seek(0)
            _refuse_others(path.name, head, size)
            if head.startswith(b"PK"):
                with _workbook(path.name, file) as table:
                    yield table
            else:
                with _text_table(path.name, file) as table:
                    yield table
    except OSError as error:
        raise GongjiError(f"读不到文件 {path.name}（{reason(error)}）", "请检查文件名和权限") from error


def _refuse_others(name: str, head: bytes, size: int) -> None:
    """Refuse what is no table, by how it begins."""
    if not head.strip():
        raise GongjiError(f"{name} 是空的", "请核对是不是选错了文件")
    if size > _MOST_BYTES:
        raise GongjiError(f"{name} 太大（{size >> 20} MB）", "请核对是不是选错了文件；确是表格的，请分成几个文件")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        # A locked .xlsx is put into the same envelope as the .xls of old; the names inside are in UTF-16.
        raise GongjiError(
            f"{name} 加了密码，或是旧的 .xls 格式", "请用表格程序打开，去掉密码，另存为 .xlsx 或“CSV UTF-8”后再导入"
        )
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise GongjiError(f"{name} 是“Unicode 文本”，不能直接导入", "请另存为 .xlsx 或“CSV UTF-8”")
    if head.lstrip(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        raise GongjiError(f"{name} 其实是网页，不是表格文件", "请用表格程序打开后另存为 .xlsx")
    if not head.startswith(b"PK") and b"\0" in head:
        raise GongjiError(f"{name} 不是表格文件", _AGAIN)


@contextmanager
def _text_table(name: str, file: BinaryIO) -> Iterator[SheetTable]:
    encoding, lines = _encoding(name, file)
    file.seek(0)
    with io.TextIOWrapper(file, "utf-8-sig" if encoding == "utf-8" else encoding, newline="") as text:
        yield SheetTable(form=f"CSV（{_ENCODINGS[encoding]}）", about_rows=lines, rows=_text_rows(name, text))


def _encoding(name: str, file: BinaryIO) -> tuple[str, int]:
    """Return the first encoding that the whole of a file is in, and how many lines it has."""
    decoders = {one: codecs.getincrementaldecoder(one)() for one in _ENCODINGS}
    lines, chunk = 0, b"\n"
    while chunk:
        chunk = file.read(_CHUNK)
        lines += chunk.count(b"\n")
        for one, decoder in list(decoders.items()):
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError:
                del decoders[one]
        if not decoders:
            raise GongjiError(f"{name} 不是表格文件，或既不是 UTF-8 也不是 GBK 编码", _AGAIN)
    return next(iter(decoders)), lines + 1


def _text_rows(name: str, text: io.TextIOWrapper) -> Iterator[Numbered]:
    first = text.readline(_CHUNK)
    delimiter = "\t" if "\t" in first and "," not in first else ","
    rows = csv.reader(chain([first], text), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, row in enumerate(rows, 1):  # the number is also for the sentence below
            cells = [_plain(cell) for cell in row]
            if any(cells):
                yield number, cells
    except csv.Error as error:
        advice = "请检查这一行的引号是否成对，或用表格程序打开后另存为 .xlsx"
        raise GongjiError(f"{name} 第 {number + 1} 行之后读不下去", advice) from error


def _plain(cell: str) -> str:
    """Return a cell without what programs put around a number to keep it a text: ="0011", '0011."""
    cell = cell.strip()
    if cell[:2] == '="' and cell[-1] == '"':
        return cell[2:-1].strip()
    return cell[1:] if cell[:1] == "'" else cell


@contextmanager
def _workbook(name: str, file: BinaryIO) -> Iterator[SheetTable]:
    _refuse_packed(name, file)
    with _uncollected(), _opened(name, file) as table:
        yield table


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no cycles while the library makes millions of objects that are in none: a fifth of its time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@contextmanager
def _opened(name: str, file: BinaryIO) -> Iterator[SheetTable]:
    from openpyxl import load_workbook  # noqa: PLC0415  # half of what an import takes to start, and CSV needs none

    with _any_fault(name), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about what it leaves out: pictures, validation, styles
        book = load_workbook(file, read_only=True)
    try:
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not visible:
            raise GongjiError(f"{name} 里没有工作表", _AGAIN)
        sheet, *others = visible
        _refuse_merged(name, sheet)
        with _any_fault(name):
            about = sheet.max_row or 0
            sheet.reset_dimensions()  # what a file says of its size may be wrong, and would cut it short
        unread = tuple(one.title for one in others)
        yield SheetTable(form=XLSX, about_rows=about, unread_sheets=unread, rows=_sheet_rows(name, sheet))
    finally:
        book.close()


def _refuse_packed(name: str, file: BinaryIO) -> None:
    """Refuse an archive that is no workbook, is damaged, or is a small one that unpacks without end."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise GongjiError(f"{name} 已损坏或没有传完", "请重新复制或下载后再试") from error
    if not any(one.filename == "xl/workbook.xml" for one in members):
        raise GongjiError(f"{name} 不是 .xlsx 表格", _AGAIN)
    if sum(one.file_size for one in members) > _MOST_UNPACKED:
        raise GongjiError(f"{name} 展开后太大", "请核对是不是选错了文件；确是表格的，请分成几个文件")
    file.seek(0)


def _refuse_merged(name: str, sheet: Any) -> None:
    """Refuse merged cells: all but the first of them are empty in the file, which would be read as nothing said."""
    tail = b""
    with _any_fault(name), sheet._get_source() as part:  # noqa: SLF001  # reading rows, the library never says
        while chunk := part.read(_CHUNK):
            whole = tail + chunk
            found = _MERGED.search(whole) if b"mergeCell" in whole else None
            if found:
                where = found[1].decode()
                raise GongjiError(f"{name} 里有合并单元格（{where}）", "请取消合并，在每一格里填上内容后再导入")
            tail = chunk[-_HEAD:]


def _sheet_rows(name: str, sheet: Any) -> Iterator[Numbered]:
    rows = iter(sheet.iter_rows(values_only=True))
    number = 0
    while True:
        with _any_fault(name):
            row = next(rows, None)
        if row is None:
            return
        number += 1
        cells = [_plain(cell) if type(cell) is str else _written(cell) for cell in row]
        if any(cells):
            yield number, cells


def _written(value: Any) -> str:
    """Return a cell's value as text: what a person sees in it, with no more digits than Excel keeps."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value) if abs(value) < _LONG_NUMBER else f"{value:.14E}"
        case float():
            text = f"{value:.15g}"
            return text if "e" not in text else _small(text) or f"{value:.14E}"
        case datetime.datetime():
            nearest = (value + datetime.timedelta(microseconds=500_000)).replace(microsecond=0)
            return str(nearest if nearest.time() != datetime.time() else nearest.date())
        case _:
            return str(value).strip()


def _small(text: str) -> str | None:
    """Return 1e-05 as 0.00001; None for what is large."""
    digits, _, power = text.partition("e")
    if not power.startswith("-") or digits.startswith("-"):
        return None
    return "0." + "0" * (int(power[1:]) - 1) + digits.replace(".", "")


@contextmanager
def _any_fault(name: str) -> Iterator[None]:
    """Turn whatever the library stumbles over into one sentence; it has no kind of error of its own for a bad file."""
    try:
        yield
    except GongjiError:
        raise
    except Exception as error:
        raise GongjiError(f"{name} 已损坏，或不是完整的 .xlsx 表格", _AGAIN) from error


def write_table(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write a table whole or not at all: XLSX where the name says so, every cell a text; else CSV that Excel reads."""
    write_whole(path, _as_workbook(rows) if path.suffix.lower() == ".xlsx" else _as_csv(rows))


def _as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_harmless(cell) for cell in row] for row in rows)
    return codecs.BOM_UTF8 + text.getvalue().encode()


def _harmless(cell: str) -> str:
    """Return a cell that no program takes for a formula; `_plain` takes the mark off again."""
    return "'" + cell if cell[:1] in {"=", "+", "-", "@"} else cell


class SheetNumber(str):
    """A cell that is a number, as a decimal text; every other cell is written as a text."""

    __slots__ = ()


def write_book(path: Path, sheets: Mapping[str, Iterable[Sequence[str]]]) -> None:
    """Write a workbook of several named sheets whole or not at all."""
    write_whole(path, _workbook_of(sheets))


def _as_workbook(rows: Iterable[Sequence[str]]) -> bytes:
    return _workbook_of({"Sheet": rows})


def _workbook_of(sheets: Mapping[str, Iterable[Sequence[str]]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415  # as above
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            cells = []
            for value in row:
                cell = WriteOnlyCell(sheet, str(value))
                is_number = isinstance(value, SheetNumber)
                cell.data_type, cell.number_format = ("n", "General") if is_number else ("s", "@")
                cells.append(cell)
            sheet.append(cells)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
