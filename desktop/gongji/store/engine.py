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


def findable(table: str) -> tuple[str, str]:
    """Return the tables by which a table's names are found (store.search).

    By what a name begins with, in signs or pinyin, and by any part of it. To the tokenizer "ascii" every other sign is
    part of a word, however rare.
    """
    return (
        f"""CREATE TABLE {table}_word (
        word TEXT NOT NULL,
        {table} INTEGER NOT NULL REFERENCES {table},
        PRIMARY KEY (word, {table})
    ) STRICT, WITHOUT ROWID""",
        f"CREATE VIRTUAL TABLE {table}_name USING fts5(characters, content='', contentless_delete=1, tokenize='ascii')",
    )


__all__ = ["VERSION", "Connection", "Cursor", "Error", "blocks", "blockwise", "connect", "findable", "frozen"]
