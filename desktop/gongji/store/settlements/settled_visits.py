"""The visits settled in a span of days, with what each paid and moved, for settling them again under other rules."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from msgspec import Struct

from gongji.store.compressed_text import plain
from gongji.store.engine import Connection
from gongji.store.people.person_keys import with_name
from gongji.store.rows import column, number


class StandingVisit(Struct, frozen=True, gc=False):
    """A settlement not voided: when it was made, its visit as JSON, what the funds paid in fen."""

    no: str
    at: str
    body: bytes
    fund_total_fen: int


class SettledVisit(Struct, frozen=True, gc=False):
    """A settlement not voided: its visit as JSON, payments and movements of running totals, both in fen."""

    serial: int
    no: str
    person_id: str
    year_from: str
    body: bytes
    fund_total_fen: int
    account_fen: int
    cash_fen: int
    moved: dict[str, int]


_STANDING = (
    "one.kind = 'settle' AND one.area = ? AND one.settled_on >= ? AND one.settled_on < ? "
    "AND NOT EXISTS (SELECT 1 FROM settlement AS void WHERE void.voids = one.serial)"
)
_COLUMNS = (
    "one.serial, one.no, one.person_id, one.year_from, visit.body, one.fund_total_fen, "
    "one.account_own_fen + one.account_family_fen, one.cash_fen"
)
_VISITS = f"SELECT {_COLUMNS} FROM settlement AS one JOIN visit ON visit.settlement = one.serial "  # noqa: S608  # our own
_MOVES = (
    "SELECT entry.settlement, entry.name, entry.amount_fen FROM settlement AS one "
    "JOIN entry ON entry.settlement = one.serial AND entry.scope <> '' "
)
_ORDER = " ORDER BY one.serial"
_SOME = 500


def count(connection: Connection, area: str, first: str, after: str) -> int:
    """Return how many settlements of an area's people are not voided, settled from one day and before another (ISO)."""
    query = f"SELECT count(*) FROM settlement AS one WHERE {_STANDING}"  # noqa: S608  # our own
    return number(connection, query, (area, first, after))


def of_days(
    connection: Connection, area: str, first: str, after: str, share: int = 0, shares: int = 1
) -> Iterator[SettledVisit]:
    """Yield them in the order of settling; the patient's name stays sealed, since no figure needs it.

    Those of some people only where there are several shares: each person is in one of them, always the same.
    """
    mine = " AND share_of(one.person_id, ?) = ?" if shares > 1 else ""
    where = f"WHERE {_STANDING}{mine}{_ORDER}"
    return _joined(connection, where, (area, first, after, *((shares, share) if mine else ())))


def of_serials(connection: Connection, serials: Sequence[int]) -> Iterator[SettledVisit]:
    """Yield settlements by their serials, in that order."""
    for start in range(0, len(serials), _SOME):
        some = sorted(serials)[start : start + _SOME]
        places = ", ".join("?" * len(some))
        yield from _joined(connection, f"WHERE one.serial IN ({places}){_ORDER}", some)


def fund_fen(connection: Connection, benefit: str, area: str, first: str, after: str) -> int:
    """Return what the fund paid under a benefit for an area's people in settlements not voided, in fen."""
    query = (
        "SELECT coalesce(sum(part.fund_fen), 0) FROM settlement AS one "  # noqa: S608  # our own
        f"JOIN part ON part.settlement = one.serial WHERE {_STANDING} AND part.benefit = ?"
    )
    return number(connection, query, (area, first, after, benefit))


def standing_between(connection: Connection, first: str, after: str) -> Iterator[StandingVisit]:
    """Yield settlements not voided from one day and before another (ISO), of all areas."""
    query = (
        "SELECT one.no, one.at, visit.body, one.fund_total_fen FROM settlement AS one "
        "JOIN visit ON visit.settlement = one.serial WHERE one.kind = 'settle' AND one.at >= ? AND one.at < ? "
        "AND NOT EXISTS (SELECT 1 FROM settlement AS void WHERE void.voids = one.serial)"
    )
    rows = connection.execute(query + _ORDER, (first, after))
    return (StandingVisit(no, at, with_name(connection, plain(body)), fen) for no, at, body, fen in rows)


def _joined(connection: Connection, where: str, values: Sequence[object]) -> Iterator[SettledVisit]:
    moves = groupby(connection.execute(_MOVES + where, values), key=itemgetter(0))
    serial, moved = next(moves, (0, iter(())))
    for row in connection.execute(_VISITS + where, values):
        mine: dict[str, int] = {}
        if serial == row[0]:
            for _, name, fen in moved:
                mine[name] = mine.get(name, 0) + fen
            serial, moved = next(moves, (0, iter(())))
        serial_, no, person_id, year_from, body, fund_total_fen, account_fen, cash_fen = row
        yield SettledVisit(serial_, no, person_id, year_from, plain(body), fund_total_fen, account_fen, cash_fen, mine)


def years(connection: Connection, area: str) -> list[int]:
    """Return the years with settlements of an area's people, the latest first."""
    query = (
        "SELECT DISTINCT substr(settled_on, 1, 4) FROM settlement WHERE area = ? AND kind = 'settle' ORDER BY 1 DESC"
    )
    return [int(year) for year in column(connection, query, (area,))]
