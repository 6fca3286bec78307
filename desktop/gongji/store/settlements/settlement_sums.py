"""Sums over settlements and voids: by means, by operator, by item, and what the payer has accepted of each visit."""

from collections.abc import Sequence

from msgspec import json

from gongji.store.engine import Connection
from gongji.store.rows import column


def item_use(connection: Connection, most: int) -> dict[str, int]:
    """Return how often each item (its code) occurs in the newest `most` settlements."""
    rows = connection.execute(
        "SELECT code, count(*) FROM fee_line "
        "WHERE settlement > (SELECT coalesce(max(serial), 0) FROM settlement) - ? GROUP BY code",
        (most,),
    )
    return {str(code): int(times) for code, times in rows}


def paid_by_means(connection: Connection, serials: Sequence[int]) -> dict[str, int]:
    """Return what was paid by each means, in fen, in total over some settlements and voids."""
    found: dict[str, int] = {}
    for _, means, taken_fen, back_fen in taken_by_operator(connection, serials):
        found[means] = found.get(means, 0) + taken_fen - back_fen
    return found


def taken_by_operator(connection: Connection, serials: Sequence[int]) -> list[tuple[str, str, int, int]]:
    """Return by operator and means what settlements took and what voids gave back, in fen."""
    rows = connection.execute(
        "SELECT operator, means, sum(iif(kind = 'settle', amount_fen, 0)), sum(iif(kind = 'void', -amount_fen, 0)) "
        "FROM payment JOIN settlement ON serial = payment.settlement "
        "WHERE settlement IN (SELECT value FROM json_each(?)) GROUP BY operator, means ORDER BY operator, means",
        (json.encode(serials).decode(),),
    )
    return [(str(operator), str(means), int(taken), int(back)) for operator, means, taken, back in rows]


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
