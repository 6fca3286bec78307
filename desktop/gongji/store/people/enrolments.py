"""岗位 in the book: which operator has which role from when; the newest row of an operator counts."""

from gongji.store.engine import Connection


def put(connection: Connection, operator: str, role: str, by: str, second: str, at: str) -> None:
    """Store an operator's role from now on; "none" for one who left."""
    connection.execute(
        "INSERT INTO enrolment (operator, role, by, second, at) VALUES (?, ?, ?, ?, ?)",
        (operator, role, by, second, at),
    )


def role(connection: Connection, operator: str) -> str | None:
    """Return an operator's role; None where none was ever assigned."""
    row = connection.execute(
        "SELECT role FROM enrolment WHERE operator = ? ORDER BY id DESC LIMIT 1", (operator,)
    ).fetchone()
    return None if row is None else str(row[0])
