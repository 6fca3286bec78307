"""Migrating a book: which version of the program last used it, its pages and tallies checked before."""

from gongji import __version__
from gongji.core.ledger.audit import Act
from gongji.desk.session import Session
from gongji.store import audit, settings
from gongji.store.book_file import tally, tally_check
from gongji.store.book_file.db import Store
from gongji.store.book_file.integrity import damaged_pages
from gongji.store.concerns import Concern
from gongji.store.engine import Connection
from gongji.store.errors import StoreError

PROGRAM = "program"
"""The setting that says which version last used the book."""


def is_another_program(connection: Connection) -> bool:
    """Return whether another version, or one that left no record of itself, used a book last."""
    return settings.get(connection, PROGRAM) != __version__


def keep_program(connection: Connection) -> None:
    """Record that this version uses the book, inside the caller's transaction."""
    settings.put(connection, PROGRAM, __version__)


def tell_program(session: Session) -> None:
    """Log the previous and the current version in 操作日志, where they differ."""
    before = settings.get(session.store.reader, PROGRAM)
    if before == __version__:
        return
    sentence = f"程序由 {before} 换成 {__version__}" if before else f"程序换成 {__version__}，此前的版本没有记下"
    at = session.newest(session.stamp())
    with session.store.write() as connection:
        keep_program(connection)
        audit.append(connection, at, session.operator, Act.PROGRAM, __version__, sentence)


def changed_by_others(store: Store) -> list[Concern]:
    """Return which tables do not match their tallies; to be called before a migration, which recomputes them."""
    connection = store.reader
    if not tally.has_tallies(connection):
        return []
    _, expected = tally.kept(connection)
    return [
        Concern(kind="rows", subject=one.table, text=f"升级前，表 {one.table} 的内容与封存的不符")
        for one in tally_check.misfits(connection, expected)
    ]


def check_pages(store: Store) -> None:
    """Read every page of the book. Raises `StoreError` where one is damaged, after which nothing can be written."""
    if damaged_pages(store.reader):
        store.refuse_writing()
        raise StoreError("SQLITE_CORRUPT")
