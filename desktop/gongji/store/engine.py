"""The SQLite engine of the book: SQLCipher's, with the interface and the types of the standard library's module."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3 as sqlite
else:
    from sqlcipher3 import dbapi2 as sqlite

Connection = sqlite.Connection
Cursor = sqlite.Cursor
Error = sqlite.Error
VERSION: tuple[int, ...] = sqlite.sqlite_version_info
connect = sqlite.connect

_AT_ONCE = 500


def blockwise(cursor: Cursor) -> Iterator[Any]:
    """Yield a cursor's rows, fetched in blocks: faster when reading whole tables."""
    while rows := cursor.fetchmany(_AT_ONCE):
        yield from rows


__all__ = ["VERSION", "Connection", "Cursor", "Error", "blockwise", "connect"]
