"""Tables as texts: CSV in UTF-8, UTF-16 or the national encoding, separated by commas, tabs or semicolons."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import BinaryIO

from gongji.errors import GongjiError
from gongji.spreadsheets.cell_text import LONGEST_CELL, Row, plain
from gongji.spreadsheets.sheet_xml import too_long
from gongji.spreadsheets.table_file import CHOSEN_WRONGLY, TableHead, TableSource

_ENCODINGS = {"utf-8": "UTF-8", "gb18030": "GBK"}
_MARKED = {"utf-16": "UTF-16"}
"""Excel's "Unicode text", by its byte order mark."""
_SEPARATORS = ",\t;|，；"
_LOOKED_AT = 20
"""How many lines are searched for the separator: there may be a title without any above the headings."""
_NAMED = re.compile(r"sep=([,;\t|，；])\s*\Z", re.IGNORECASE)
"""Excel's line above a table that names the separator."""
_CHUNK = 1 << 20


@contextmanager
def open_text(name: str, file: BinaryIO) -> Iterator[TableSource]:
    """Open a table of texts. Raises `GongjiError` for a file in none of the encodings that are known."""
    marked = file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
    file.seek(0)
    encoding, lines = _encoding(name, file, _MARKED if marked else _ENCODINGS)
    file.seek(0)
    with io.TextIOWrapper(file, "utf-8-sig" if encoding == "utf-8" else encoding, newline="") as text:
        head = TableHead(form=f"CSV（{(_MARKED | _ENCODINGS)[encoding]}）", about_rows=lines)
        yield TableSource(head=head, rows=_rows(name, text), merged=[])


def _encoding(name: str, file: BinaryIO, encodings: Iterable[str]) -> tuple[str, int]:
    """Return the first encoding in which a whole file is valid, and its number of lines."""
    decoders = {one: codecs.getincrementaldecoder(one)() for one in encodings}
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
    first = list(islice(iter(lambda: text.readline(_CHUNK), ""), _LOOKED_AT))
    named = _NAMED.match(first[0]) if first else None
    delimiter = _separator(first) if named is None else named[1]
    above = 0 if named is None else 1
    rows = csv.reader(chain(first[above:], text), delimiter=delimiter, strict=True)
    number = above
    try:
        for number, row in enumerate(rows, above + 1):  # the number is also for the sentence below
            cells = [plain(cell) for cell in row]
            if any(cells):
                if max(map(len, cells)) > LONGEST_CELL:
                    raise too_long(number)
                yield number, cells, []
    except csv.Error as error:
        advice = "请检查这一行的引号是否成对，或用表格程序打开后另存为 .xlsx"
        raise GongjiError(f"{name} 第 {number + 1} 行之后读不下去", advice) from error


def _separator(lines: list[str]) -> str:
    """Return the separator: the character that splits the most lines, and among such the lines into most cells."""
    outside = [re.sub(r'"[^"]*"', "", line) for line in lines]
    cuts = {sign: [line.count(sign) for line in outside] for sign in _SEPARATORS}
    return max(_SEPARATORS, key=lambda sign: (sum(map(bool, cuts[sign])), sum(cuts[sign])))
