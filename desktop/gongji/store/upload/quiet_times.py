"""How long each leg has been observed, by both clocks, so that its quiet time goes on while the program is closed."""

from msgspec import Struct

from gongji.store.engine import Connection
from gongji.store.rows import first


class Seen(Struct, frozen=True):
    """When a leg was last observed: by the time of day (a stamp), and by the monotonic clock (whole seconds)."""

    at: str
    ticks: int


def get(connection: Connection, serial: int, part: int) -> Seen | None:
    """Return when a leg was last observed; None where observation begins now."""
    return first(connection, Seen, "FROM leg_watch WHERE serial = ? AND part = ?", (serial, part))


def put(connection: Connection, serial: int, part: int, one: Seen) -> None:
    """Record that a leg is observed."""
    connection.execute("INSERT OR REPLACE INTO leg_watch VALUES (?, ?, ?, ?)", (serial, part, one.at, one.ticks))


def drop(connection: Connection, serial: int, part: int) -> None:
    """Delete a leg's observation: a message of it leaves."""
    connection.execute("DELETE FROM leg_watch WHERE serial = ? AND part = ?", (serial, part))


def drop_lane(connection: Connection, lane: str) -> None:
    """Delete the observations of a whole lane: another sends for it."""
    connection.execute("DELETE FROM leg_watch WHERE serial IN (SELECT serial FROM record WHERE lane = ?)", (lane,))


def drop_all(connection: Connection) -> None:
    """Delete all: nobody knows what was sent since this book was copied."""
    connection.execute("DELETE FROM leg_watch")
