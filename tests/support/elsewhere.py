"""Another reader of the same book."""

from collections.abc import Iterator
from contextlib import contextmanager

from gongji.desk.session import Session
from gongji.store.book_file.keyed_connection import connect


@contextmanager
def read_meanwhile(session: Session) -> Iterator[None]:
    """Read the book in one snapshot, as a check in another process does; the writer does not wait."""
    session.store.writer.execute("PRAGMA busy_timeout = 0")
    other = connect(session.store.path, session.store.key, read_only=True)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM settlement").fetchone()
    try:
        yield
    finally:
        other.close()
