"""见证文件: a second, independent account of the book beside it.

Two files. `witness.jsonl` has a line for every settlement and void and is only ever appended to, flushed with each.
`witness.mark` says how far the book has come, transaction by transaction: after how many, under which root of all
tallies, with which log entry, and up to when message numbers are reserved. It has two places of equal length that are
written in turn, so that one is whole whatever happens to the other.

The book cannot notice that its own tail is missing: a bit flipped in the log, or the log left behind when a file is
copied, makes it shorter and leaves it whole. The witness can. Every line and mark carries an HMAC-SHA256 under a key
that only the book holds: nobody without the book's key can write one that is believed.
"""

import hashlib
import hmac
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from msgspec import DecodeError, Struct, json, structs

from gongji.files import flush

_TAIL = 1 << 16
_PLACE = 1024  # bytes of each of a mark's two places


class WitnessLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A settlement or void: serial, number, amounts in fen, and the seal of its audit entry.

    `mac` is empty where an older program wrote the line.
    """

    serial: int
    no: str
    at: str
    total_fen: int
    fund_total_fen: int
    cash_fen: int
    seal: str
    mac: str = ""


class WitnessMark(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How far the book has come.

    `commits` transactions and the `root` (hexadecimal) of all tallies after them; the last entry of the log and its
    seal; the last settlement; `lines`, the SHA-256 of the file of lines; `reserved`, a stamp no message number so far
    is beyond. `owed` is the first settlement whose line could not be written, 0 where none is owed.
    """

    commits: int
    root: str
    audit: int
    seal: str
    serial: int
    no: str
    lines: str
    reserved: str
    owed: int = 0
    mac: str = ""


_Sealed = TypeVar("_Sealed", bound=WitnessLine | WitnessMark)


def sealed(one: _Sealed, key: bytes) -> _Sealed:
    """Return a line or mark with its MAC under the book's key for its witness."""
    without = structs.replace(one, mac="")
    return structs.replace(without, mac=mac_of(json.encode(without), key))


def mac_of(content: bytes, key: bytes) -> str:
    """Return the HMAC-SHA256 of a content under the book's key for its witness, in hexadecimal."""
    return hmac.digest(key, content, "sha256").hex()


def row_of(line: WitnessLine) -> tuple[int, str, str, int, int, int, str]:
    """Return a line without its MAC as a plain row."""
    return line.serial, line.no, line.at, line.total_fen, line.fund_total_fen, line.cash_fen, line.seal


def is_genuine(one: WitnessLine | WitnessMark, key: bytes) -> bool:
    """Return whether a line or mark was written by a program that had the book open."""
    return hmac.compare_digest(sealed(one, key).mac, one.mac)


def append_witness(path: Path, lines: Iterable[WitnessLine]) -> bytes:
    """Append lines and flush them to the disk; what a crash left half of a line is ended first. Raises OSError.

    Return what was written.
    """
    content = b"".join(json.encode(line) + b"\n" for line in lines)
    if not content:
        return content
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
    return content


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
            if halves:
                yield from (None for half in halves if not text.startswith(half))
                halves.clear()
            yield line
        file.seek(max(0, file.tell() - 1))
        ended = file.read() == b"\n"
    yield from (None for half in halves if ended or not halves[-1].startswith(half))


def hashed(path: Path) -> "hashlib._Hash":
    """Return SHA-256 over the file of lines as it is now, to go on with as lines are appended. Raises OSError."""
    if not path.exists():
        return hashlib.sha256()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file of the witness, of nothing where there is none. Raises OSError."""
    return hashed(path).hexdigest()


_LINE = json.Decoder(WitnessLine)


def _read(text: bytes) -> WitnessLine | None:
    try:
        return _LINE.decode(text)
    except (DecodeError, UnicodeDecodeError):
        return None


def keep_mark(path: Path, mark: WitnessMark, *, flushed: bool) -> None:
    """Write a sealed mark into the place that is not the newest's. Raises OSError.

    `flushed` waits until the disk has it; else it is there once the system writes it, which a killed program is no
    hindrance to.
    """
    new = not path.exists()
    content = json.encode(mark)
    if len(content) >= _PLACE:
        raise AssertionError(f"a mark of {len(content)} bytes")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    try:
        os.lseek(descriptor, mark.commits % 2 * _PLACE, os.SEEK_SET)
        os.write(descriptor, content.ljust(_PLACE - 1) + b"\n")
        if flushed:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if new and flushed:
        flush(path.parent)


def mark(path: Path, key: bytes) -> WitnessMark | None:
    """Return the newest genuine mark; None where there is none. Raises OSError."""
    if not path.exists():
        return None
    content = path.read_bytes()[: 2 * _PLACE]
    found = [_read_mark(content[place : place + _PLACE], key) for place in (0, _PLACE)]
    return max((one for one in found if one is not None), key=lambda one: one.commits, default=None)


def _read_mark(text: bytes, key: bytes) -> WitnessMark | None:
    try:
        found = json.decode(text, type=WitnessMark)
    except (DecodeError, UnicodeDecodeError):
        return None
    return found if is_genuine(found, key) else None
