"""Sums over settlements and voids: by means, by operator, by item, and what the payer has accepted of each visit."""

from collections.abc import Iterable, Sequence

from msgspec import Struct, json

from gongji.store.engine import Connection
from gongji.store.rows import column, records


def item_use(connection: Connection, most: int) -> dict[str, int]:
    """Return how often each item (its code) occurs in the newest `most` settlements."""
    rows = connection.execute(
        "SELECT code, count(*) FROM fee_line "
        "WHERE settlement > (SELECT coalesce(max(serial), 0) FROM settlement) - ? GROUP BY code",
        (most,),
    )
    return {str(code): int(times) for code, times in rows}


class Taken(Struct, frozen=True, kw_only=True):
    """What an operator took and gave back by one means, in fen, each zero or above."""

    operator: str
    means: str
    taken_fen: int
    back_fen: int


def net_by_means(taken: Iterable[Taken]) -> dict[str, int]:
    """Return what was taken by each means less what was given back, in fen."""
    found: dict[str, int] = {}
    for one in taken:
        found[one.means] = found.get(one.means, 0) + one.taken_fen - one.back_fen
    return found


def taken_by_operator(connection: Connection, serials: Sequence[int]) -> list[Taken]:
    """Return by operator and means what settlements took and what voids gave back."""
    rows = connection.execute(
        "SELECT operator, means, sum(iif(kind = 'settle', amount_fen, 0)), sum(iif(kind = 'void', -amount_fen, 0)) "
        "FROM payment JOIN settlement ON serial = payment.settlement "
        "WHERE settlement IN (SELECT value FROM json_each(?)) GROUP BY operator, means ORDER BY operator, means",
        (json.encode(serials).decode(),),
    )
    return records(Taken, rows)


def sums_by_means(connection: Connection) -> dict[str, int]:
    """Return the total paid by each means since the book began, in fen."""
    rows = connection.execute("SELECT means, sum(amount_fen) FROM payment GROUP BY means ORDER BY means")
    return {str(means): int(fen) for means, fen in rows}


def standing_sums(connection: Connection) -> dict[str, tuple[int, int]]:
    """Return total and fund total in fen of every settlement that was not voided, by visit number."""
    rows = connection.execute(
        "SELECT visit_no, total_fen, fund_total_fen FROM settlement AS one WHERE kind = 'settle' "
        "AND NOT EXISTS (SELECT 1 FROM settlement AS other WHERE other.voids = one.serial)"
    )
    return {str(visit_no): (int(total_fen), int(fund_fen)) for visit_no, total_fen, fund_fen in rows}


def accepted_visits(connection: Connection) -> set[str]:
    """Return the numbers of visits not voided of which the payer has accepted everything."""
    query = (
        "SELECT visit_no FROM settlement AS one WHERE kind = 'settle' "
        "AND NOT EXISTS (SELECT 1 FROM settlement AS other WHERE other.voids = one.serial) "
        "AND EXISTS (SELECT 1 FROM leg WHERE leg.serial = one.serial) "
        "AND NOT EXISTS (SELECT 1 FROM leg WHERE leg.serial = one.serial AND state <> 'accepted')"
    )
    return set(column(connection, query))
