"""见证文件: a second, independent account of every settlement, one line each, only ever appended to.

The book cannot notice that its own tail is missing: a bit flipped in the log, or the log left behind when a file is
copied, makes it shorter and leaves it whole. The witness can.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import DecodeError, Struct, json

from gongji.files import flush

_TAIL = 1 << 16


class WitnessLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A settlement or void: serial, number, amounts in fen, and the seal of its audit entry."""

    serial: int
    no: str
    at: str
    total_fen: int
    fund_total_fen: int
    cash_fen: int
    seal: str


def append_witness(path: Path, lines: Iterable[WitnessLine]) -> None:
    """Append lines and flush them to the disk; what a crash left half of a line is ended first. Raises OSError."""
    content = b"".join(json.encode(line) + b"\n" for line in lines)
    if not content:
        return
    new = not path.exists()
    with path.open("ab+") as file:
        end = file.seek(0, os.SEEK_END)
        if end:
            file.seek(end - 1)
            if file.read(1) != b"\n":
                content = b"\n" + content
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if new:
        flush(path.parent)


def last(path: Path) -> WitnessLine | None:
    """Return the line with the highest serial near the file's end; None when there is no whole line. Raises OSError."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(0, end - _TAIL))
        found = [line for line in map(_read, file.read().split(b"\n")) if line is not None]
    return max(found, key=lambda line: line.serial, default=None)


def lines(path: Path) -> Iterator[WitnessLine | None]:
    """Yield every line; None for one that cannot be read. Raises OSError.

    Half a line that the next whole one begins with, or that ends the file, is what a crash left and says nothing.
    """
    halves: list[bytes] = []
    with path.open("rb") as file:
        for text in file:
            line = _read(text)
            if line is None:
                halves += [half] if (half := text.strip()) else []
                continue
            yield from (None for half in halves if not text.startswith(half))
            halves.clear()
            yield line
        file.seek(max(0, file.tell() - 1))
        ended = file.read() == b"\n"
    yield from (None for half in halves if ended or not halves[-1].startswith(half))


def _read(text: bytes) -> WitnessLine | None:
    try:
        return json.decode(text, type=WitnessLine)
    except (DecodeError, UnicodeDecodeError):
        return None
