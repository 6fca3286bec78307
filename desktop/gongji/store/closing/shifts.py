"""日结 in the book: the serials that each shift has closed.

Each operator closes her own shift: of a range of serials, those she settled and voided. A shift closed before
the counter distinguished operators covered everybody's.
"""

from msgspec import Struct
from msgspec.structs import asdict

from gongji.store.engine import Connection
from gongji.store.rows import insert, number, select, text_or_none

_HERS = "(everybody = 1 OR operator = ?)"


class Closing(Struct, frozen=True, kw_only=True):
    """A closed shift: its range of serials (empty when last < first), by whom, when, whether of all operators."""

    first_serial: int
    last_serial: int
    operator: str
    at: str
    everybody: bool = False


def put(connection: Connection, one: Closing) -> None:
    """Store a closing; the database refuses one that does not begin where the last one ended."""
    insert(connection, "closing", {**asdict(one), "everybody": 0})


def next_first(connection: Connection, operator: str) -> int:
    """Return the serial at which an operator's open shift begins."""
    highest = f"SELECT coalesce(max(last_serial), 0) FROM closing WHERE {_HERS}"  # noqa: S608  # our own words
    return number(connection, highest, (operator,)) + 1


def still_open(connection: Connection, but: str, last: int, at: str) -> list[tuple[str, int]]:
    """Return which other operators have serials up to `last` in no shift closed by a moment, and how many."""
    rows = connection.execute(
        "SELECT operator, count(*) FROM settlement AS one WHERE operator <> ?1 AND serial <= ?2 AND serial > "
        "(SELECT coalesce(max(last_serial), 0) FROM closing "
        "WHERE at <= ?3 AND (everybody = 1 OR operator = one.operator)) GROUP BY operator ORDER BY operator",
        (but, last, at),
    )
    return [(str(operator), int(count)) for operator, count in rows]


def newest(connection: Connection, most: int) -> list[Closing]:
    """Return the newest closings, the latest first."""
    return select(connection, Closing, "FROM closing ORDER BY id DESC LIMIT ?", (most,))


def last_at(connection: Connection, operator: str, before: str = "9999") -> str:
    """Return when an operator's last shift before a moment was closed (a stamp); empty where there was none."""
    closed = f"SELECT max(at) FROM closing WHERE {_HERS} AND at < ?"  # noqa: S608  # our own words
    return text_or_none(connection, closed, (operator, before)) or ""


def same_range(connection: Connection, one: Closing) -> int:
    """Return how many shifts of other operators over the same range were closed before this one."""
    earlier = (
        "SELECT count(*) FROM closing WHERE first_serial = ?1 AND last_serial = ?2 AND id < "
        "(SELECT id FROM closing WHERE first_serial = ?1 AND last_serial = ?2 AND operator = ?3 AND at = ?4)"
    )
    return number(connection, earlier, (one.first_serial, one.last_serial, one.operator, one.at))


def of_serial(connection: Connection, serial: int, *, before: int | None = None) -> str | None:
    """Return when a settlement's shift was closed; None while it is open, or was until the record `before` was made."""
    closed = (
        "SELECT at FROM closing WHERE ?1 BETWEEN first_serial AND last_serial AND (?2 IS NULL OR last_serial < ?2) "
        "AND (everybody = 1 OR operator = (SELECT operator FROM settlement WHERE serial = ?1)) ORDER BY id LIMIT 1"
    )
    return text_or_none(connection, closed, (serial, before))
