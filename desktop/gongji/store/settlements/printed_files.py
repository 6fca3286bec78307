"""The bytes of printed papers in the book, each by its file's name; parts that papers share are stored once."""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import PurePosixPath

from msgspec import DecodeError, msgpack

from gongji.store.engine import Connection
from gongji.store.errors import StoreError
from gongji.store.people import person_keys
from gongji.store.rows import column, exists, insert, number, value

Span = tuple[int, int]
_Parts = list[int | bytes]


def fingerprint(content: bytes) -> str:
    """Return the SHA-256 of a paper's bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def newest(connection: Connection, name: str) -> str | None:
    """Return the fingerprint of the newest paper of a name; None where there is none, or its person was forgotten."""
    row = connection.execute(
        "SELECT sha256, settlement, id FROM printed WHERE name = ? ORDER BY id DESC LIMIT 1", (name,)
    ).fetchone()
    return None if row is None or person_keys.is_withheld(connection, row[1], row[2], "printed") else str(row[0])


def bytes_of(connection: Connection, name: str) -> bytes:
    """Return the newest paper of a name, which must exist. Raises `StoreError` where its bytes cannot be restored."""
    row = connection.execute(
        "SELECT parts, sha256 FROM printed WHERE name = ? ORDER BY id DESC LIMIT 1", (name,)
    ).fetchone()
    content = _put_together(person_keys.unseal(connection, row[0]) or b"", partial(_outline, connection))
    if content is None or fingerprint(content) != row[1]:
        raise StoreError("SQLITE_CORRUPT")
    return content


def last_kept(connection: Connection) -> int:
    """Return the number of the paper stored last; 0 where there is none."""
    return number(connection, "SELECT coalesce(max(id), 0) FROM printed")


def misfits(connection: Connection, first: int, last: int) -> Iterator[tuple[str, str]]:
    """Yield each stored paper that is not what was printed, or whose number is missing: its name, what is wrong.

    Only papers number `first` to `last`.
    """
    outline = cache(partial(_outline, connection))  # a few thousand characters, of which every paper consists
    rows = connection.execute(
        "SELECT name, sha256, parts, settlement, no FROM printed LEFT JOIN settlement ON serial = settlement "
        "WHERE printed.id BETWEEN ? AND ? ORDER BY printed.id",
        (first, last),
    )
    for name, sha256, parts, serial, no in rows:
        if not _is_as_printed(connection, parts, sha256, outline):
            yield name, "所存的单据与打印时的指纹不符，不能再补打，请从备份恢复"
        stem = PurePosixPath(name).stem
        if serial is not None and (no is None or not (stem == no or stem.startswith(f"{no}-"))):
            yield name, f"这张单据登记在 {no or '不存在的结算'} 名下，与它的编号不符"


def _is_as_printed(connection: Connection, parts: bytes, sha256: str, outline: Callable[[int], bytes | None]) -> bool:
    """Return whether a paper's bytes are what was printed; where the person was forgotten nobody can say any more."""
    try:
        opened = person_keys.unseal(connection, parts)
    except StoreError:
        return False
    content = None if opened is None else _put_together(opened, outline)
    return opened is None or (content is not None and fingerprint(content) == sha256)


def _put_together(parts: bytes, outline: Callable[[int], bytes | None]) -> bytes | None:
    """Return a paper's bytes, reassembled; None where the book cannot."""
    try:
        found = msgpack.decode(zlib.decompress(parts), type=_Parts)
    except (zlib.error, DecodeError):
        return None
    pieces = [one if isinstance(one, bytes) else outline(one) for one in found]
    return None if None in pieces else b"".join(one for one in pieces if one is not None)


def is_kept(connection: Connection, serial: int, sha256: str) -> bool:
    """Return whether a paper with this fingerprint was printed of a settlement or void, on any paper size."""
    return exists(connection, "SELECT 1 FROM printed WHERE settlement = ? AND sha256 = ?", (serial, sha256))


def is_kept_as(connection: Connection, name: str) -> bool:
    """Return whether a paper is stored under a name, even of a forgotten person."""
    return exists(connection, "SELECT 1 FROM printed WHERE name = ?", (name,))


def names_of(connection: Connection, serial: int) -> list[str]:
    """Return the names of all papers of a settlement or void, in order of storing."""
    return column(connection, "SELECT name FROM printed WHERE settlement = ? ORDER BY id", (serial,))


def keep(
    connection: Connection, name: str, serial: int | None, at: str, content: bytes, shared: Iterable[Span]
) -> None:
    """Store a paper's bytes, inside the caller's transaction.

    `shared` gives the begin and end, in order, of parts that other papers may share. `serial` is the
    settlement it belongs to, `at` a stamp; a paper about a person is under that person's key.
    """
    parts, done = _Parts(), 0
    for first, last in shared:
        if first > done:
            parts.append(content[done:first])
        parts.append(_outline_no(connection, content[first:last]))
        done = last
    parts.append(content[done:])
    whole = zlib.compress(msgpack.encode(parts), 9)
    sealed = person_keys.seal(connection, person_keys.person_of(connection, serial), whole)
    row = {"name": name, "settlement": serial, "at": at, "sha256": fingerprint(content), "parts": sealed}
    insert(connection, "printed", row)


def _outline(connection: Connection, outline: int) -> bytes | None:
    content: bytes | None = value(connection, "SELECT bytes FROM outline WHERE id = ?", (outline,))
    return content


def _outline_no(connection: Connection, content: bytes) -> int:
    """Return the number of a shared part, which is stored now where it is new."""
    digest = hashlib.sha256(content).digest()
    known = value(connection, "SELECT id FROM outline WHERE sha256 = ?", (digest,))
    return int(known or insert(connection, "outline", {"sha256": digest, "bytes": content}))
