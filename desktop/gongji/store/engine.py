"""The SQLite engine of the book: SQLCipher's, with the interface and the types of the standard library's module.

Rows about money are only ever added to: it is the engine that refuses the rest (`frozen`).
"""

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


def blocks(cursor: Cursor) -> Iterator[list[Any]]:
    """Yield a cursor's rows in blocks: faster when reading whole tables."""
    while rows := cursor.fetchmany(_AT_ONCE):
        yield rows


def blockwise(cursor: Cursor) -> Iterator[Any]:
    """Yield a cursor's rows one by one, fetched in blocks."""
    for rows in blocks(cursor):
        yield from rows


def frozen(*tables: str) -> tuple[str, ...]:
    """Return triggers that allow only inserts into these tables."""
    return tuple(
        f"CREATE TRIGGER {table}_never_{change.lower()} BEFORE {change} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
        for table in tables
        for change in ("UPDATE", "DELETE")
    )


__all__ = ["VERSION", "Connection", "Cursor", "Error", "blocks", "blockwise", "connect", "frozen"]
