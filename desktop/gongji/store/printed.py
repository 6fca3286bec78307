"""The bytes of printed papers in the book, each under the name of its file; what papers have in common is kept once."""

import hashlib
import zlib
from collections.abc import Iterable

from msgspec import msgpack

from gongji.store.engine import Connection
from gongji.store.trouble import StoreError

Span = tuple[int, int]
_Parts = list[int | bytes]


def fingerprint(content: bytes) -> str:
    """Return the SHA-256 of a paper's bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def newest(connection: Connection, name: str) -> str | None:
    """Return the fingerprint of the newest paper of a name; None where none is kept."""
    row = connection.execute("SELECT sha256 FROM printed WHERE name = ? ORDER BY id DESC LIMIT 1", (name,)).fetchone()
    return None if row is None else str(row[0])


def bytes_of(connection: Connection, name: str) -> bytes:
    """Return the newest paper of a name, which must be kept; `StoreError` where the book no longer gives its bytes."""
    row = connection.execute(
        "SELECT parts, sha256 FROM printed WHERE name = ? ORDER BY id DESC LIMIT 1", (name,)
    ).fetchone()
    parts = msgpack.decode(zlib.decompress(row[0]), type=_Parts)
    content = b"".join(one if isinstance(one, bytes) else _outline(connection, one) for one in parts)
    if fingerprint(content) != row[1]:
        raise StoreError("SQLITE_CORRUPT")
    return content


def is_kept(connection: Connection, serial: int, sha256: str) -> bool:
    """Tell whether a paper with this fingerprint was printed of a settlement or void, on whatever paper."""
    found = connection.execute("SELECT 1 FROM printed WHERE settlement = ? AND sha256 = ?", (serial, sha256))
    return found.fetchone() is not None


def keep(
    connection: Connection, name: str, serial: int | None, at: str, content: bytes, shared: Iterable[Span]
) -> None:
    """Keep a paper's bytes, inside the caller's transaction.

    `shared` says where in it begins and ends, in order, what other papers may have in common with it. `serial` is the
    settlement it belongs to, `at` a stamp.
    """
    parts, done = _Parts(), 0
    for first, last in shared:
        if first > done:
            parts.append(content[done:first])
        parts.append(_outline_no(connection, content[first:last]))
        done = last
    parts.append(content[done:])
    connection.execute(
        "INSERT INTO printed (name, settlement, at, sha256, parts) VALUES (?, ?, ?, ?, ?)",
        (name, serial, at, fingerprint(content), zlib.compress(msgpack.encode(parts), 9)),
    )


def _outline(connection: Connection, number: int) -> bytes:
    (content,) = connection.execute("SELECT bytes FROM outline WHERE id = ?", (number,)).fetchone()
    return bytes(content)


def _outline_no(connection: Connection, content: bytes) -> int:
    """Return the number of an outline, which is kept now where it is not yet."""
    digest = hashlib.sha256(content).digest()
    row = connection.execute("SELECT id FROM outline WHERE sha256 = ?", (digest,)).fetchone()
    if row is not None:
        return int(row[0])
    (number,) = connection.execute(
        "INSERT INTO outline (sha256, bytes) VALUES (?, ?) RETURNING id", (digest, content)
    ).fetchone()
    return int(number)
