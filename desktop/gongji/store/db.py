"""Opening the book and writing in it: the one factory of connections, and the one way to write."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from gongji.errors import GongjiError
from gongji.files import flush, put_in_place
from gongji.store import compressed_text, engine, running_tally, tally
from gongji.store.engine import Connection
from gongji.store.errors import StoreError, kind_of, raise_store_error, store_errors
from gongji.store.migrations import NAMES, SET

APPLICATION_ID = 0x476F6E67  # "Gong"
OLDEST_SQLITE = (3, 51, 3)  # before it two connections in WAL could lose a committed page
KEY_BYTES = 32
_BUSY_MS = 5000
_PAGES_AT_ONCE = 64
_STATEMENTS = 512  # more than all there are: one that falls out is compiled again at every use
# reliability: every one is read back, since a pragma that is not understood is silently ignored
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
    "secure_delete": 1,  # what is taken out is written over with zeros
    "wal_autocheckpoint": 1000,
}


class NewerBookError(GongjiError):
    """The file was last written by a newer program."""

    def __init__(self) -> None:
        super().__init__("数据文件由更新版本的程序写过，这个版本打不开", "请安装最新版本的程序；文件没有改动")


class _Cursor(engine.Cursor):
    """Raises `StoreError` for trouble with the world, whenever it is met."""

    def execute(self, sql: str, parameters: Any = (), /) -> Self:
        try:
            return super().execute(sql, parameters)
        except engine.Error as error:
            raise_store_error(error)

    def executemany(self, sql: str, parameters: Any, /) -> Self:
        try:
            return super().executemany(sql, parameters)
        except engine.Error as error:
            raise_store_error(error)

    def fetchone(self) -> Any:
        try:
            return super().fetchone()
        except engine.Error as error:
            raise_store_error(error)

    def fetchall(self) -> list[Any]:
        try:
            return super().fetchall()
        except engine.Error as error:
            raise_store_error(error)

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        try:
            return super().fetchmany(size)
        except engine.Error as error:
            raise_store_error(error)

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except engine.Error as error:
            raise_store_error(error)


class _Connection(engine.Connection):
    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)


def connect(path: Path, key: bytes, *, read_only: bool = False) -> Connection:
    """Return a keyed connection to an existing or new file with every pragma set and read back.

    One for reading only sees what the log holds and never moves it into the file, not even when it is the last to
    close. Raises `StoreError`; with kind SQLITE_NOTADB the key is not this file's or the file is damaged.
    ValueError is a key of another length.
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
        except BaseException:
            connection.close()
            raise
    return connection


def _plain_text(kept: bytes | None) -> str | None:
    """Return a text that the book keeps compressed, for SQL to look into."""
    return None if kept is None else compressed_text.plain(kept).decode()


def _set_pragmas(connection: Connection) -> None:
    for name, value in _PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {value}")
        (found,) = connection.execute(f"PRAGMA {name}").fetchone() or (None,)
        assert found == value, (name, found)


def create(path: Path, key: bytes) -> None:
    """Make a new book: its tables, WAL, closed and flushed with its folder before anybody uses it.

    Raises FileExistsError for a file that is there, `StoreError` for trouble with the disk.
    """
    if path.exists():
        raise FileExistsError(path)
    connection = connect(path, key)
    try:
        mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        if mode != "wal":
            raise AssertionError(f"journal mode is {mode}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        _bring_up_to_date(connection)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()
    with store_errors():
        for one in (path, path.parent):
            flush(one)


def _bring_up_to_date(connection: Connection) -> None:
    from gongji.store.migrations import applying  # noqa: PLC0415  # only a new or an older book needs it

    applying.apply(connection, tally.rebuild)


class _StoppedError(Exception):
    """The one who watches a copy being made does not want it any more."""


def _watched(progress: Callable[[int, int], bool | None] | None) -> Callable[[int, int, int], None]:
    def tell(_status: int, left: int, of: int) -> None:
        if progress is not None and progress(of - left, of) is False:
            raise _StoppedError

    return tell


class Store:
    """The open book. One thread writes, the first that does; every thread reads through a connection of its own."""

    def __init__(self, path: Path, key: bytes, *, read_only: bool = False) -> None:
        """Open an existing book, for reading only where nothing in its folder may change.

        Raises `StoreError`, `NewerBookError`.
        """
        if engine.VERSION < OLDEST_SQLITE:
            raise AssertionError(f"SQLite {engine.VERSION} is too old")
        if not path.is_file():
            raise StoreError("SQLITE_CANTOPEN")
        self.path = path
        self.read_only = read_only
        self._key = key
        self._writer = connect(path, key, read_only=read_only)
        self._writer_thread: int | None = None
        self._is_damaged = False
        self._tallies: running_tally.RunningTally | None = None
        self.kept: Callable[[tally.Mark], None] | None = None  # told of every transaction that was kept
        self._readers = threading.local()
        self._open: list[Connection] = [self._writer]
        try:
            self._check()
        except BaseException:
            self._writer.close()
            raise

    def _check(self) -> None:
        found = self._writer.execute("PRAGMA application_id").fetchone()[0]
        if found != APPLICATION_ID:
            raise StoreError("SQLITE_NOTADB")
        mode = self._writer.execute("PRAGMA journal_mode").fetchone()[0]
        if mode != "wal":
            raise StoreError("SQLITE_READONLY")
        if self._steps_taken() - set(NAMES):
            raise NewerBookError

    def _steps_taken(self) -> set[str]:
        """Return which steps of the tables the book has gone through, as the library that takes them keeps it."""
        rows = self._writer.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (SET,))
        return {name for (name,) in rows}

    @property
    def needs_migration(self) -> bool:
        """Return whether the file is from an older program."""
        return bool(set(NAMES) - self._steps_taken())

    def migrate(self, copy: Path) -> None:
        """Bring an older file up to date, a copy of it as it was put aside first."""
        with store_errors():
            self.backup(copy)
            _bring_up_to_date(self._writer)

    def upgrade(self) -> None:
        """Bring a copy up to date that nobody works with."""
        with store_errors():
            _bring_up_to_date(self._writer)

    @property
    def key(self) -> bytes:
        """The book's key, for copies of it."""
        return self._key

    def backup(self, copy: Path, progress: Callable[[int, int], bool | None] | None = None) -> bool:
        """Write a copy of the book as it stands now, under the same key, beside its place and then into it.

        Any thread may, and nobody waits for it. `progress` is told how many pages of how many are done; where it
        answers False nothing is kept. Return whether it was. Raises `StoreError`.
        """
        partial = copy.with_name(copy.name + ".partial")
        source = self.reader
        with store_errors():
            copy.parent.mkdir(parents=True, exist_ok=True)
            partial.unlink(missing_ok=True)
            target, stopped = connect(partial, self._key), False
            source.execute("BEGIN")  # one view of the book for all of its pages
            try:
                source.execute("SELECT count(*) FROM sqlite_master").fetchone()
                source.backup(target, pages=_PAGES_AT_ONCE, progress=_watched(progress))
            except _StoppedError:
                stopped = True
            except engine.Error as error:  # copying names no kind
                full = "full" in str(error)
                raise StoreError(kind_of(error) or ("SQLITE_FULL" if full else "SQLITE_IOERR")) from error
            finally:
                source.execute("ROLLBACK")
                target.close()
            if stopped:
                partial.unlink()
                return False
            flush(partial)
            put_in_place(partial, copy)
        return True

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open one transaction, kept whole or not at all.

        Raises `StoreError`; a failure of the commit itself is one too, after which nobody knows whether it took: look
        the number up before saying anything.
        """
        thread = threading.get_ident()
        if self._writer_thread is None:
            self._writer_thread = thread
        elif self._writer_thread != thread:
            raise AssertionError("the book is written by one thread only")
        if self._is_damaged:
            raise StoreError("SQLITE_CORRUPT")
        with store_errors():
            tallies = self._tallying()
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                if tallies is not None:
                    tallies.begin()
                yield self._writer
                mark = None if tallies is None else tallies.end()
                self._writer.execute("COMMIT")
            except BaseException:
                if tallies is not None:
                    tallies.failed()
                if self._writer.in_transaction:  # a full disk rolls back by itself
                    self._writer.execute("ROLLBACK")
                raise
        if tallies is not None and mark is not None:
            tallies.ended(mark)
            if self.kept is not None:
                self.kept(mark)

    def take_written(self) -> frozenset[str]:
        """Return the tables written by transactions that were kept since this was last asked; on the writing thread."""
        written = set() if self._tallies is None else self._tallies.written
        taken = frozenset(written)
        written.clear()
        return taken

    def _tallying(self) -> "running_tally.RunningTally | None":
        """Return what counts the rows of each transaction; None for an older book, which has no tallies."""
        if self._tallies is None and tally.has_tallies(self._writer):
            self._tallies = running_tally.RunningTally(self._writer)
        return self._tallies

    def hand_over(self) -> None:
        """Let the next thread that writes be the one that does: who opened the book has written what opening needs."""
        self._writer_thread = None

    def rekey(self, key: bytes) -> None:
        """Give the book another key, every page of it, whole or not at all; readers begin again.

        A killed program leaves it under one key or the other. `StoreError`, SQLITE_BUSY among them where somebody else
        reads: then it has the key of before.
        """
        with store_errors():
            for connection in self._open[1:]:
                connection.close()
            self._open = [self._writer]
            self._readers = threading.local()
            if not self._put_log_away():
                raise StoreError("SQLITE_BUSY")
            self._writer.execute(f"PRAGMA rekey = \"x'{key.hex()}'\"")
            self._key = key
            self._readers = threading.local()  # who read meanwhile began with the key of before

    def empty_log(self) -> None:
        """Put everything into the one file and cut the log, so that nothing of what was taken out stays in it.

        `StoreError` with SQLITE_BUSY where somebody reads for longer than is waited for: then the log is as it was.
        """
        with store_errors():
            if not self._put_log_away():
                raise StoreError("SQLITE_BUSY")

    def _put_log_away(self) -> bool:
        """Put the log into the one file and cut it; return False where somebody reads from it, and it stays."""
        ((busy, *_),) = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return not busy

    def has_log(self) -> bool:
        """Return whether some of the book is beside its file, in the log."""
        log = self.path.with_name(f"{self.path.name}-wal")
        return log.exists() and log.stat().st_size > 0

    def refuse_writing(self) -> None:
        """Let nothing be written any more: the file was found damaged."""
        self._is_damaged = True

    @property
    def writer(self) -> Connection:
        """The connection that writes, to look with it, on the writing thread, at what it has just written."""
        return self._writer

    @property
    def reader(self) -> Connection:
        """The calling thread's own connection for reading; it never waits for the writer."""
        connection = getattr(self._readers, "connection", None)
        if connection is None:
            connection = connect(self.path, self._key, read_only=True)
            self._readers.connection = connection
            self._open.append(connection)
        return connection

    def close(self) -> None:
        """Let the book go, everything in the one file unless somebody else reads it: then some may stay in the log.

        All is kept then, too, and `has_log` tells. `StoreError` where the disk refuses.
        """
        if not self._open:
            return
        writer, *readers = self._open
        self._open = []
        for connection in readers:
            connection.close()
        try:
            if not self.read_only:
                self._put_log_away()
        finally:
            writer.close()
