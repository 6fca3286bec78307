"""Reconciliations in the book: what was compared, when, and the discrepancies."""

from msgspec import Struct
from msgspec.structs import asdict

from gongji.core.outbox.reconcile import Discrepancy, ReconciledTotals
from gongji.store.engine import Connection
from gongji.store.rows import insert, select


class PastComparison(Struct, frozen=True, kw_only=True):
    """That some days were compared with the platform: by whom, when (a stamp), and its result in a word."""

    first_day: str
    last_day: str
    operator: str
    at: str
    result: str


def put(connection: Connection, one: PastComparison, totals: ReconciledTotals, found: list[Discrepancy]) -> None:
    """Store a comparison with our totals and all its discrepancies."""
    sums = {name: getattr(totals, name) for name in ("count", "total_fen", "fund_total_fen", "account_fen")}
    row = insert(connection, "reconciliation", {**asdict(one), **sums})
    for place, each in enumerate(found):
        insert(connection, "discrepancy", {"reconciliation": row, "position": place, **asdict(each)})


def newest(connection: Connection, first_day: str, last_day: str) -> tuple[str, list[Discrepancy]] | None:
    """Return the result of the newest comparison of these days, and its discrepancies."""
    row = connection.execute(
        "SELECT id, result FROM reconciliation WHERE first_day = ? AND last_day = ? ORDER BY id DESC LIMIT 1",
        (first_day, last_day),
    ).fetchone()
    if row is None:
        return None
    found = select(connection, Discrepancy, "FROM discrepancy WHERE reconciliation = ? ORDER BY position", (row[0],))
    return str(row[1]), found


def every(connection: Connection) -> list[PastComparison]:
    """Return every comparison that was made, the oldest first."""
    return select(connection, PastComparison, "FROM reconciliation ORDER BY id")
