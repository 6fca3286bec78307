"""Which version of the program works in a book, and the entry in it when that becomes another one."""

from gongji import __version__
from gongji.core.ledger.audit import Act
from gongji.desk.session import Session
from gongji.store import audit, settings
from gongji.store.engine import Connection

PROGRAM = "program"
"""The setting that says which version last worked in the book."""


def is_another_program(connection: Connection) -> bool:
    """Tell whether another version of the program worked in a book last, or one that did not say which it was."""
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
