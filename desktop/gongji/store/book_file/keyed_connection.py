"""Connections to the book: opened with its key, every pragma set and read back, errors turned into `StoreError`."""

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from gongji.store import compressed_text, engine
from gongji.store.book_file.keys import KEY_BYTES
from gongji.store.engine import Connection
from gongji.store.errors import raise_store_error, store_errors

_P = ParamSpec("_P")
_R = TypeVar("_R")
_BUSY_MS = 5000
_STATEMENTS = 512  # more than there are: a statement that falls out of the cache is compiled again at every use
# each is read back, since SQLite silently ignores a pragma it does not know
_PRAGMAS = {
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "synchronous": 2,
    "temp_store": 2,
    "mmap_size": 0,
    "cache_size": -32768,
    "journal_size_limit": 67108864,
    "secure_delete": 1,  # deleted content is overwritten with zeros
    "wal_autocheckpoint": 1000,
}


def _telling(method: Callable[_P, _R]) -> Callable[_P, _R]:
    """Return a method of a cursor that raises `StoreError` for errors of disk and system."""

    def told(*given: _P.args, **named: _P.kwargs) -> _R:
        try:
            return method(*given, **named)
        except engine.Error as error:
            raise_store_error(error)

    return told


class _Cursor(engine.Cursor):
    """Raises `StoreError` for errors of disk and system, whenever they occur."""

    execute = _telling(engine.Cursor.execute)
    executemany = _telling(engine.Cursor.executemany)
    fetchone = _telling(engine.Cursor.fetchone)
    fetchall = _telling(engine.Cursor.fetchall)
    fetchmany = _telling(engine.Cursor.fetchmany)

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except engine.Error as error:
            raise_store_error(error)


_execute, _cursor = engine.Cursor.execute, engine.Connection.cursor


class _Connection(engine.Connection):
    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)

    def execute(self, sql: str, parameters: Any = (), /) -> Any:
        """Execute on a cursor of its own: the library makes three calls of it, for hundreds of statements a visit.

        The cursor is the connection's to make, which forgets those that are gone: it knows each by a reference.
        """
        try:
            return _execute(_cursor(self, _Cursor), sql, parameters)
        except engine.Error as error:
            raise_store_error(error)


def connect(path: Path, key: bytes, *, read_only: bool = False) -> Connection:
    """Return a keyed connection to an existing or new file with every pragma set and read back.

    A read-only one sees the write-ahead log's content and never moves it into the file, not even as the last to
    close. Raises `StoreError`; kind SQLITE_NOTADB means the wrong key or a damaged file.
    Raises ValueError for a key of another length.
    """
    if len(key) != KEY_BYTES:
        raise ValueError("the book's key has 32 bytes")
    place = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    with store_errors():
        connection = engine.connect(
            place,
            isolation_level=None,
            check_same_thread=False,
            factory=_Connection,
            uri=True,
            cached_statements=_STATEMENTS,
        )
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            connection.execute("SELECT count(*) FROM sqlite_master")
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
            _set_pragmas(connection)
            connection.create_function("plain_text", 1, _plain_text, deterministic=True)
            connection.create_function("share_of", 2, _share_of, deterministic=True)
        except BaseException:
            connection.close()
            raise
    return connection


def _plain_text(kept: bytes | None) -> str | None:
    """Return a compressed text of the book as plain text, for use in SQL."""
    return None if kept is None else compressed_text.plain(kept).decode()


def _share_of(text: str, shares: int) -> int:
    """Return to which of a number of shares of about the same size a text belongs, for use in SQL."""
    return zlib.crc32(text.encode()) % shares


def _set_pragmas(connection: Connection) -> None:
    for name, value in _PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {value}")
        (found,) = connection.execute(f"PRAGMA {name}").fetchone() or (None,)
        assert found == value, (name, found)
