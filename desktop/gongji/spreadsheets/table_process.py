"""The child process that parses a foreign file, with limited memory and time, so that a crash does no harm.

It gets the open file as its standard input and answers on its standard output with frames: four bytes of length, then a
message in MessagePack. It never sees the book, its keys or another file.
"""

import codecs
import gc
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from msgspec import Struct, msgpack

from gongji.confined import limit
from gongji.errors import GongjiError
from gongji.file_kinds import called
from gongji.spreadsheets.cell_text import Row
from gongji.spreadsheets.old_workbook import open_old_workbook
from gongji.spreadsheets.table_file import CHOSEN_WRONGLY, TableHead, TableSource
from gongji.spreadsheets.text_file import open_text
from gongji.spreadsheets.workbook import open_workbook

OPTION = "--read-table"
"""With this option the program is the child: `main` is not reached."""
MOST_MEMORY = 1 << 30
"""Bytes of address space."""
MOST_SECONDS = 300
"""Seconds of computing, however large the file."""

_HEAD = 4096
_BATCH = 1000
_MOST_BYTES = 200 << 20


class TableRows(Struct, frozen=True, tag="rows"):
    """Rows, each with its number, and in `odd` of each odd cell its place in the batch and row, kind and display."""

    rows: list[tuple[int, list[str]]]
    odd: list[tuple[int, int, str, str]]


class TableEnd(Struct, frozen=True, tag="end"):
    """There are no more rows; these ranges of cells are merged, the rows with these numbers hidden."""

    merged: list[str]
    hidden: list[int] = []


class TableFault(Struct, frozen=True, tag="fault"):
    """The file cannot be read: a sentence and what to do."""

    title: str
    advice: str


TableFrame = TableHead | TableRows | TableEnd | TableFault


def serve(name: str) -> int:
    """Parse the file on standard input, whose name is only for sentences; return the exit status."""
    limit(MOST_MEMORY, MOST_SECONDS)
    gc.disable()  # millions of cells are made and none is in a cycle; the process ends soon
    out = os.fdopen(os.dup(1), "wb")
    try:
        with os.fdopen(os.dup(0), "rb") as file:
            for frame in frames(name, file):
                _send(out, frame)
            out.flush()
    except BrokenPipeError:  # the parent has gone
        return 1
    except MemoryError:
        return 3
    return 0


def frames(name: str, file: BinaryIO) -> Iterator[TableFrame]:
    """Yield the frames for a file, an error last if there is one."""
    try:
        with open_source(name, file) as source:
            yield source.head
            yield from _batches(source.rows)
            yield TableEnd(source.merged, source.hidden)
    except GongjiError as error:
        yield TableFault(error.title, error.advice)


@contextmanager
def open_source(name: str, file: BinaryIO) -> Iterator[TableSource]:
    """Open a file as a table, by its content. Raises `GongjiError` that says why it is none."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    _refuse_others(name, head, size)
    if head.startswith(b"PK"):
        opened = open_workbook(name, file)
    elif head.startswith(b"\xd0\xcf\x11\xe0"):
        opened = open_old_workbook(name, file)
    else:
        opened = open_text(name, file)
    with opened as source:
        yield source


def _refuse_others(name: str, head: bytes, size: int) -> None:
    """Refuse a file that begins like no table."""
    if not head.strip():
        raise GongjiError(f"{name} 是空的", "请核对是不是选错了文件")
    if size > _MOST_BYTES:
        raise GongjiError(f"{name} 太大（{size >> 20} MB）", "请核对是不是选错了文件；确是表格的，请分成几个文件")
    other = called(head)
    if other is not None:
        raise GongjiError(f"{name} 是{other.word}，不是表格文件", other.advice)
    if head.lstrip(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        raise GongjiError(f"{name} 其实是网页，不是表格文件", "请用表格程序打开后另存为 .xlsx")
    if not head.startswith((b"PK", b"\xd0\xcf\x11\xe0", codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and b"\0" in head:
        raise GongjiError(f"{name} 不是表格文件", CHOSEN_WRONGLY)


def _batches(rows: Iterator[Row]) -> Iterator[TableRows]:
    batch = TableRows([], [])
    for number, cells, odd in rows:
        if odd:
            batch.odd.extend((len(batch.rows), *one) for one in odd)
        batch.rows.append((number, cells))
        if len(batch.rows) == _BATCH:
            yield batch
            batch = TableRows([], [])
    if batch.rows:
        yield batch


_encoder = msgpack.Encoder()


def _send(out: BinaryIO, frame: TableFrame) -> None:
    content = _encoder.encode(frame)
    out.write(len(content).to_bytes(4, "big"))
    out.write(content)
    out.flush()
