"""A book brought up to date: which version of the program worked in it, its pages and tallies checked before."""

from gongji import __version__
from gongji.core.ledger.audit import Act
from gongji.desk.session import Session
from gongji.store import audit, settings, tally
from gongji.store.concerns import Concern
from gongji.store.db import Store
from gongji.store.engine import Connection
from gongji.store.errors import StoreError
from gongji.store.integrity import damaged_pages

PROGRAM = "program"
"""The setting that says which version last worked in the book."""


def is_another_program(connection: Connection) -> bool:
    """Return whether another version of the program worked in a book last, or one that did not say which it was."""
    return settings.get(connection, PROGRAM) != __version__


def keep_program(connection: Connection) -> None:
    """Keep that this version works in the book, inside the caller's transaction."""
    settings.put(connection, PROGRAM, __version__)


def tell_program(session: Session) -> None:
    """Add to 操作日志 which version was before and which is now, where that is another one."""
    before = settings.get(session.store.reader, PROGRAM)
    if before == __version__:
        return
    told = f"程序由 {before} 换成 {__version__}" if before else f"程序换成 {__version__}，此前的版本没有记下"
    at = session.newest(session.stamp())
    with session.store.write() as connection:
        keep_program(connection)
        audit.append(connection, at, session.operator, Act.PROGRAM, __version__, told)


def changed_by_others(store: Store) -> list[Concern]:
    """Return which tables do not hold what their tallies say: bringing a book up to date makes these again."""
    connection = store.reader
    if not tally.has_tallies(connection):
        return []
    _, expected = tally.kept(connection)
    return [
        Concern(kind="rows", subject=one.table, text=f"升级前，表 {one.table} 的内容与封存的不符")
        for one in tally.misfits(connection, expected)
    ]


def check_pages(store: Store) -> None:
    """Read every page of the book; where one is damaged raise `StoreError` and let nothing be written any more."""
    if damaged_pages(store.reader):
        store.refuse_writing()
        raise StoreError("SQLITE_CORRUPT")
