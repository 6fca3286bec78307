"""日结 in the book: which serials a shift has closed."""

from msgspec import Struct

from gongji.store.engine import Connection


class Closing(Struct, frozen=True, kw_only=True):
    """A closed shift: its range of serials (empty when last < first), by whom, when."""

    first_serial: int
    last_serial: int
    operator: str
    at: str


def put(connection: Connection, one: Closing) -> None:
    """Keep a closing; the database refuses one that does not begin where the last one ended."""
    connection.execute(
        "INSERT INTO closing (first_serial, last_serial, operator, at) VALUES (?, ?, ?, ?)",
        (one.first_serial, one.last_serial, one.operator, one.at),
    )


def next_first(connection: Connection) -> int:
    """Return the serial at which the open shift begins."""
    (highest,) = connection.execute("SELECT coalesce(max(last_serial), 0) FROM closing").fetchone()
    return int(highest) + 1


def newest(connection: Connection, most: int) -> list[Closing]:
    """Return the newest closings, the latest first."""
    rows = connection.execute(
        "SELECT first_serial, last_serial, operator, at FROM closing ORDER BY id DESC LIMIT ?", (most,)
    )
    return [Closing(first_serial=first, last_serial=last, operator=by, at=at) for first, last, by, at in rows]


def last_at(connection: Connection, before: str = "9999") -> str:
    """Return when the last shift before a moment was closed (a stamp); nothing where there was none."""
    (found,) = connection.execute("SELECT coalesce(max(at), '') FROM closing WHERE at < ?", (before,)).fetchone()
    return str(found)


def of_serial(connection: Connection, serial: int) -> str | None:
    """Return when the shift of a settlement was closed; None while it is open."""
    row = connection.execute(
        "SELECT at FROM closing WHERE ? BETWEEN first_serial AND last_serial", (serial,)
    ).fetchone()
    return None if row is None else str(row[0])
