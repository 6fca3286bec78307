"""The SQLite that the book is opened with: SQLCipher's. It speaks like the standard library's and is typed by it."""

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
    """Yield a cursor's rows, fetched many at once: for who reads whole tables, asking for each takes the longest."""
    while rows := cursor.fetchmany(_AT_ONCE):
        yield from rows


__all__ = ["VERSION", "Connection", "Cursor", "Error", "blockwise", "connect"]
