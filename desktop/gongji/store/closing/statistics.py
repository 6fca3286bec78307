"""Sums over the book for monthly and yearly figures; a void counts against its settlement, at the void's time."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from gongji.core.engine.amounts import AMOUNT_KEYS, Amounts, from_fen
from gongji.store.engine import Connection
from gongji.store.rows import column, number, records

_SUMS = ", ".join(f"coalesce(sum(one.{name}_fen), 0)" for name in AMOUNT_KEYS)
_BETWEEN = "one.at >= ? AND one.at < ?"


class Sum(Struct, frozen=True, kw_only=True):
    """The sum of a group of settlements and voids: how many of each, over how many people, and the amounts in fen."""

    group: tuple[str, ...]
    settlements: int
    voids: int
    people: int
    totals: Amounts

    @property
    def visits(self) -> int:
        """How many visits remain: settlements less voids."""
        return self.settlements - self.voids


class ItemSum(Struct, frozen=True, kw_only=True):
    """The sum of an item: pieces in 1/10000, amount in fen."""

    code: str
    name: str
    quantity_e4: int
    amount_fen: int


_CLAIMED = "one.policy NOT LIKE '000000@%'"
"""Made under some employees' benefit, so that it is reported to the agency (core.engine.without_benefit)."""


def by_date(connection: Connection, length: int, first: str, after: str, *, claimed: bool = False) -> list[Sum]:
    """Return a sum for each day (a `length` of 10) or month (7) from one day and before another, oldest first.

    `claimed` leaves out what is not reported to an agency: self-paying and residents' patients.
    """
    return _by(connection, f"substr(one.at, 1, {length})", first, after, claimed=claimed)


def whole(connection: Connection, first: str, after: str, *, claimed: bool = False) -> Sum:
    """Return one sum for the whole span, as `by_date` does."""
    found = _by(connection, "'all'", first, after, claimed=claimed)
    return found[0] if found else nothing_in(("all",))


def nothing_in(group: tuple[str, ...]) -> Sum:
    """Return the sum of a group without any settlement."""
    return Sum(group=group, settlements=0, voids=0, people=0, totals=from_fen([0] * len(AMOUNT_KEYS)))


def _by(connection: Connection, group: str, first: str, after: str, *, claimed: bool) -> list[Sum]:
    rows = connection.execute(
        f"SELECT {group}, sum(one.kind = 'settle'), sum(one.kind = 'void'), "  # noqa: S608  # our own names
        f"count(DISTINCT one.person_id), {_SUMS} FROM settlement AS one WHERE {_BETWEEN} "
        f"{f'AND {_CLAIMED} ' if claimed else ''}GROUP BY {group} ORDER BY {group}",
        (first, after),
    )
    return [_sum(row, 1) for row in rows]


def by_benefit(connection: Connection, first: str, after: str) -> list[Sum]:
    """Return a sum for each insured area, benefit and status; a void counts where its settlement does."""
    sums = ", ".join(f"sum(part.{name}_fen)" for name in AMOUNT_KEYS)
    rows = connection.execute(
        "SELECT one.area, part.benefit, "  # noqa: S608  # our own names
        "json_extract(plain_text(visit.body), '$.person.status') AS status, "
        f"sum(one.kind = 'settle'), sum(one.kind = 'void'), count(DISTINCT one.person_id), {sums} "
        "FROM settlement AS one JOIN part ON part.settlement = one.serial "
        "JOIN visit ON visit.settlement = coalesce(one.voids, one.serial) "
        f"WHERE {_BETWEEN} GROUP BY one.area, part.benefit, status ORDER BY one.area, part.benefit, status",
        (first, after),
    )
    return [_sum(row, 3) for row in rows]


def _sum(row: Sequence[Any], groups: int) -> Sum:
    settled, voided, people = row[groups : groups + 3]
    return Sum(
        group=tuple(str(one) for one in row[:groups]),
        settlements=settled,
        voids=voided,
        people=people,
        totals=from_fen(row[groups + 3 :]),
    )


_SIGN = "CASE one.kind WHEN 'settle' THEN 1 ELSE -1 END"
_LINES = f"""FROM settlement AS one JOIN fee_line ON fee_line.settlement = coalesce(one.voids, one.serial)
    WHERE {_BETWEEN} """


def top_items(connection: Connection, first: str, after: str, most: int) -> list[ItemSum]:
    """Return the items with the largest sums."""
    rows = connection.execute(
        f"SELECT fee_line.code, max(fee_line.name), sum(fee_line.quantity_e4 * {_SIGN}), "
        f"sum(fee_line.amount_fen * {_SIGN}) AS amount {_LINES} "
        "GROUP BY fee_line.code HAVING amount > 0 ORDER BY amount DESC, fee_line.code LIMIT ?",
        (first, after, most),
    )
    return records(ItemSum, rows)


def heading_fen(connection: Connection, first: str, after: str, headings: Sequence[str]) -> int:
    """Return the sum of lines whose item has one of some official headings in the catalogue, in fen."""
    places = ", ".join("?" * len(headings))
    query = (
        f"SELECT coalesce(sum(fee_line.amount_fen * {_SIGN}), 0) {_LINES} "  # noqa: S608  # our own names
        "AND (SELECT fee_category FROM item WHERE item.code = fee_line.code AND item.starts <= one.settled_on "
        f"AND (item.ends IS NULL OR item.ends >= one.settled_on) ORDER BY starts DESC LIMIT 1) IN ({places})"
    )
    return number(connection, query, (first, after, *headings))


def years(connection: Connection) -> list[int]:
    """Return the years with any settlement, the latest first."""
    years = column(connection, "SELECT DISTINCT substr(at, 1, 4) AS year FROM settlement ORDER BY year DESC")
    return [int(year) for year in years]
