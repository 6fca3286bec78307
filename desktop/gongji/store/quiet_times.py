"""Since when a leg has been watched, by both clocks, so that its quiet time goes on while the program is closed."""

from msgspec import Struct

from gongji.store.engine import Connection


class Seen(Struct, frozen=True):
    """When a leg was last seen: by the time of day (a stamp), and by the clock that never jumps (whole seconds)."""

    at: str
    ticks: int


def get(connection: Connection, serial: int, part: int) -> Seen | None:
    """Return when a leg was last seen; None where it is to be watched from now on."""
    row = connection.execute("SELECT at, ticks FROM leg_watch WHERE serial = ? AND part = ?", (serial, part)).fetchone()
    return None if row is None else Seen(*row)


def put(connection: Connection, serial: int, part: int, one: Seen) -> None:
    """Keep that a leg is seen."""
    connection.execute("INSERT OR REPLACE INTO leg_watch VALUES (?, ?, ?, ?)", (serial, part, one.at, one.ticks))


def drop(connection: Connection, serial: int, part: int) -> None:
    """Forget since when a leg was watched: a message of it leaves."""
    connection.execute("DELETE FROM leg_watch WHERE serial = ? AND part = ?", (serial, part))


def drop_lane(connection: Connection, lane: str) -> None:
    """Forget it of a whole lane: another will send for it."""
    connection.execute("DELETE FROM leg_watch WHERE serial IN (SELECT serial FROM record WHERE lane = ?)", (lane,))


def drop_all(connection: Connection) -> None:
    """Forget all: nobody knows what was sent since this book was copied."""
    connection.execute("DELETE FROM leg_watch")
