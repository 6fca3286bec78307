"""Anchors in the book: each line that was given out, and what every table held then."""

from msgspec import Struct

from gongji.store.engine import Connection


class KeptAnchor(Struct, frozen=True, kw_only=True):
    """An anchor's line, why it was made, the tallies it stands for as the book kept them, when (a stamp)."""

    line: str
    cause: str
    state: bytes
    at: str


def put(connection: Connection, one: KeptAnchor) -> None:
    """Keep an anchor that is about to be given out."""
    connection.execute(
        "INSERT INTO anchor (line, cause, state, at) VALUES (?, ?, ?, ?)", (one.line, one.cause, one.state, one.at)
    )


def every(connection: Connection) -> list[KeptAnchor]:
    """Return all anchors, the oldest first."""
    rows = connection.execute("SELECT line, cause, state, at FROM anchor ORDER BY id")
    return [KeptAnchor(line=line, cause=cause, state=state, at=at) for line, cause, state, at in rows]


def newest(connection: Connection) -> str | None:
    """Return the newest anchor's line; None where there is none."""
    row = connection.execute("SELECT line FROM anchor ORDER BY id DESC LIMIT 1").fetchone()
    return None if row is None else str(row[0])
