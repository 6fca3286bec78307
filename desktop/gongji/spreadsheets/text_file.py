"""Tables as texts: CSV in UTF-8 or the national encoding, separated by commas or tabs."""

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from typing import BinaryIO

from gongji.errors import GongjiError
from gongji.spreadsheets.cell_text import LONGEST_CELL, Row, plain
from gongji.spreadsheets.sheet_xml import too_long
from gongji.spreadsheets.table_file import CHOSEN_WRONGLY, TableHead, TableSource

_ENCODINGS = {"utf-8": "UTF-8", "gb18030": "GBK"}
_CHUNK = 1 << 20


@contextmanager
def open_text(name: str, file: BinaryIO) -> Iterator[TableSource]:
    """Open a table of texts."""
    encoding, lines = _encoding(name, file)
    file.seek(0)
    with io.TextIOWrapper(file, "utf-8-sig" if encoding == "utf-8" else encoding, newline="") as text:
        head = TableHead(form=f"CSV（{_ENCODINGS[encoding]}）", about_rows=lines)
        yield TableSource(head=head, rows=_rows(name, text), merged=[])


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
            raise GongjiError(f"{name} 不是表格文件，或既不是 UTF-8 也不是 GBK 编码", CHOSEN_WRONGLY)
    return next(iter(decoders)), lines + 1


def _rows(name: str, text: io.TextIOWrapper) -> Iterator[Row]:
    first = text.readline(_CHUNK)
    delimiter = "\t" if "\t" in first and "," not in first else ","
    rows = csv.reader(chain([first], text), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, row in enumerate(rows, 1):  # the number is also for the sentence below
            cells = [plain(cell) for cell in row]
            if any(cells):
                if max(map(len, cells)) > LONGEST_CELL:
                    raise too_long(number)
                yield number, cells, []
    except csv.Error as error:
        advice = "请检查这一行的引号是否成对，或用表格程序打开后另存为 .xlsx"
        raise GongjiError(f"{name} 第 {number + 1} 行之后读不下去", advice) from error
