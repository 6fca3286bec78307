"""挂单 in the book: visits put aside, and the one being entered; nothing of them is settled yet."""

from msgspec import Struct
from msgspec.structs import asdict

from gongji.store.engine import Connection
from gongji.store.rows import number, select, upsert


class Held(Struct, frozen=True, kw_only=True):
    """A visit not yet settled: its number, its label, since when, whether it was put aside; `body` is JSON."""

    visit_no: str
    label: str
    at: str
    aside: bool
    body: bytes


def put(connection: Connection, one: Held) -> None:
    """Store a visit's current state."""
    upsert(connection, "held_visit", asdict(one), "visit_no")


def drop(connection: Connection, visit_no: str) -> None:
    """Delete a visit."""
    connection.execute("DELETE FROM held_visit WHERE visit_no = ?", (visit_no,))


def rows(connection: Connection) -> list[Held]:
    """Return every stored visit that was not settled since, the oldest first."""
    waiting = (
        "FROM held_visit AS one WHERE NOT EXISTS (SELECT 1 FROM settlement "
        "WHERE settlement.visit_no = one.visit_no AND kind = 'settle') ORDER BY at, visit_no"
    )
    return select(connection, Held, waiting)


def count_aside(connection: Connection) -> int:
    """Return how many visits were put aside."""
    return number(connection, "SELECT count(*) FROM held_visit WHERE aside = 1")
