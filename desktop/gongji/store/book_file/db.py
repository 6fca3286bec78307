"""The open book: creating it, one way to write, a reading connection for each thread."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gongji.errors import GongjiError
from gongji.files import flush, put_in_place
from gongji.store import engine
from gongji.store.book_file import running_tally, tally, tally_check
from gongji.store.book_file.keyed_connection import connect
from gongji.store.engine import Connection
from gongji.store.errors import StoreError, kind_of, store_errors
from gongji.store.migrations import NAMES, SET

APPLICATION_ID = 0x476F6E67  # "Gong"
OLDEST_SQLITE = (3, 51, 3)  # before this version two connections in WAL mode could lose a committed page
_PAGES_AT_ONCE = 64


class NewerBookError(GongjiError):
    """A newer program was the last to write this file."""

    def __init__(self) -> None:
        super().__init__("数据文件由更新版本的程序写过，这个版本打不开", "请安装最新版本的程序；文件没有改动")


def create(path: Path, key: bytes) -> None:
    """Create a new book: its tables in WAL mode, closed and flushed with its folder before anybody uses it.

    Raises FileExistsError for an existing file, `StoreError` for disk errors.
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

    applying.apply(connection, tally_check.rebuild)


class _StoppedError(Exception):
    """Raised by a progress callback to cancel a copy."""


def _watched(progress: Callable[[int, int], bool | None] | None) -> Callable[[int, int, int], None]:
    def tell(_status: int, left: int, of: int) -> None:
        if progress is not None and progress(of - left, of) is False:
            raise _StoppedError

    return tell


class Store:
    """The open book. Only one thread writes, the first that does; every thread reads through its own connection."""

    def __init__(self, path: Path, key: bytes, *, read_only: bool = False) -> None:
        """Open an existing book; `read_only` where nothing in its folder may change.

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
        self.kept: Callable[[running_tally.Mark], None] | None = None  # called after each commit that wrote rows
        self._readers = threading.local()
        self._connecting = threading.Lock()  # who begins to read during a change of key waits for the other key
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
        """Return which migrations were applied, as the migrating library records them."""
        rows = self._writer.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (SET,))
        return {name for (name,) in rows}

    @property
    def needs_migration(self) -> bool:
        """Return whether an older program wrote the file."""
        return bool(set(NAMES) - self._steps_taken())

    def migrate(self, copy: Path) -> None:
        """Migrate an older file, after writing a copy of it to `copy`. Raises `StoreError`."""
        self.backup(copy)
        self.upgrade()

    def upgrade(self) -> None:
        """Migrate a copy that nobody else uses."""
        with store_errors():
            _bring_up_to_date(self._writer)

    @property
    def key(self) -> bytes:
        """The book's key, for copies of it."""
        return self._key

    def backup(self, copy: Path, progress: Callable[[int, int], bool | None] | None = None) -> bool:
        """Write a copy of the book in its current state, under the same key, atomically to `copy`.

        Any thread may call it and no other waits. `progress` gets the pages done and in all; where it
        answers False the copy is dropped. Return whether it was completed. Raises `StoreError`.
        """
        partial = copy.with_name(copy.name + ".partial")
        source = self.reader
        with store_errors():
            copy.parent.mkdir(parents=True, exist_ok=True)
            partial.unlink(missing_ok=True)
            target, stopped = connect(partial, self._key), False
            source.execute("BEGIN")  # one snapshot of the book for all its pages
            try:
                source.execute("SELECT count(*) FROM sqlite_master").fetchone()
                source.backup(target, pages=_PAGES_AT_ONCE, progress=_watched(progress))
            except _StoppedError:
                stopped = True
            except engine.Error as error:  # the copying call reports no error kind
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
        """Open one transaction, committed whole or not at all.

        Raises `StoreError`, also where the commit itself fails: then nobody knows whether it took effect, so look
        the number up before reporting anything.
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
                if self._writer.in_transaction:  # SQLite rolls back by itself on a full disk
                    self._writer.execute("ROLLBACK")
                raise
        if tallies is not None and mark is not None:
            tallies.ended(mark)
            if self.kept is not None:
                self.kept(mark)

    def take_written(self) -> frozenset[str]:
        """Return the tables written by committed transactions since the last call; on the writing thread."""
        written = set() if self._tallies is None else self._tallies.written
        taken = frozenset(written)
        written.clear()
        return taken

    def _tallying(self) -> "running_tally.RunningTally | None":
        """Return the row counter of this connection's transactions; None for an older book without tallies."""
        if self._tallies is None and tally.has_tallies(self._writer):
            self._tallies = running_tally.RunningTally(self._writer)
        return self._tallies

    def hand_over(self) -> None:
        """Release the writing role: the next thread that writes becomes the writer."""
        self._writer_thread = None

    def rekey(self, key: bytes) -> None:
        """Re-encrypt every page of the book under another key, whole or not at all; readers reconnect.

        A killed program leaves it under one key or the other. Raises `StoreError`, SQLITE_BUSY among them where
        somebody else reads: then the old key stays.
        """
        with self._connecting, store_errors():
            self._open = [self._writer]
            self._readers = threading.local()  # a reader's connection closes once its thread no longer uses it
            self.empty_log()
            self._writer.execute(f"PRAGMA rekey = \"x'{key.hex()}'\"")
            self._key = key

    def empty_log(self) -> None:
        """Move the write-ahead log into the file and truncate it, so that no deleted content stays in it.

        Raises `StoreError` with SQLITE_BUSY where somebody reads too long: then the log stays.
        """
        with store_errors():
            if not self._put_log_away():
                raise StoreError("SQLITE_BUSY")

    def _put_log_away(self) -> bool:
        """Move the log into the file and truncate it; return False where a reader keeps it in use."""
        ((busy, *_),) = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return not busy

    def has_log(self) -> bool:
        """Return whether the write-ahead log holds content that the file does not."""
        log = self.path.with_name(f"{self.path.name}-wal")
        return log.exists() and log.stat().st_size > 0

    def refuse_writing(self) -> None:
        """Refuse writing from now on: the file was found damaged."""
        self._is_damaged = True

    @property
    def writer(self) -> Connection:
        """The writing connection, for reading on the writing thread what it has just written."""
        return self._writer

    @property
    def reader(self) -> Connection:
        """The calling thread's own reading connection; it never waits for the writer."""
        connection = getattr(self._readers, "connection", None)
        if connection is None:
            with self._connecting:
                connection = connect(self.path, self._key, read_only=True)
                self._readers.connection = connection
                self._open.append(connection)
        return connection

    def close(self) -> None:
        """Close the book, with all content in the file, unless somebody else reads it: then some may stay in the log.

        Nothing is lost then either, and `has_log` says so. Raises `StoreError` on disk errors.
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
