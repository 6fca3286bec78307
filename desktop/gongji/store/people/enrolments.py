"""岗位 in the book: which operator has which role from when; the newest row of an operator counts."""

from gongji.store.engine import Connection
from gongji.store.rows import insert, text_or_none


def put(connection: Connection, operator: str, role: str, by: str, second: str, at: str) -> None:
    """Store an operator's role from now on; "none" for one who left."""
    insert(connection, "enrolment", {"operator": operator, "role": role, "by": by, "second": second, "at": at})


def role(connection: Connection, operator: str) -> str | None:
    """Return an operator's role; None where none was ever assigned."""
    newest = "SELECT role FROM enrolment WHERE operator = ? ORDER BY id DESC LIMIT 1"
    return text_or_none(connection, newest, (operator,))
