"""Reconciliations in the book: what was compared, when, and the discrepancies."""

from msgspec import Struct

from gongji.core.outbox.reconcile import Discrepancy, ReconciledTotals
from gongji.store.engine import Connection
from gongji.store.rows import insert, records


class Reconciliation(Struct, frozen=True, kw_only=True):
    """A comparison of some days with the platform: our totals, and its result in a word."""

    first_day: str
    last_day: str
    operator: str
    at: str
    result: str
    totals: ReconciledTotals


_NAMES = ("kind", "no", "part", "setl_id", "msgid", "text", "action")


def put(connection: Connection, one: Reconciliation, found: list[Discrepancy]) -> None:
    """Store a comparison with all its discrepancies."""
    days = {name: getattr(one, name) for name in PastComparison.__struct_fields__}
    sums = {name: getattr(one.totals, name) for name in ("count", "total_fen", "fund_total_fen", "account_fen")}
    row = insert(connection, "reconciliation", {**days, **sums})
    connection.executemany(
        f"INSERT INTO discrepancy (reconciliation, position, {', '.join(_NAMES)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        [(row, place, *(getattr(each, name) for name in _NAMES)) for place, each in enumerate(found)],
    )


def newest(connection: Connection, first_day: str, last_day: str) -> tuple[str, list[Discrepancy]] | None:
    """Return the result of the newest comparison of these days, and its discrepancies."""
    row = connection.execute(
        "SELECT id, result FROM reconciliation WHERE first_day = ? AND last_day = ? ORDER BY id DESC LIMIT 1",
        (first_day, last_day),
    ).fetchone()
    if row is None:
        return None
    rows = connection.execute(
        f"SELECT {', '.join(_NAMES)} FROM discrepancy WHERE reconciliation = ? ORDER BY position",  # noqa: S608
        (row[0],),
    )
    return str(row[1]), [Discrepancy(**dict(zip(_NAMES, one, strict=True))) for one in rows]


class PastComparison(Struct, frozen=True, kw_only=True):
    """That some days were compared: by whom, when (a stamp), and its result in a word."""

    first_day: str
    last_day: str
    operator: str
    at: str
    result: str


def every(connection: Connection) -> list[PastComparison]:
    """Return every comparison that was made, the oldest first."""
    rows = connection.execute("SELECT first_day, last_day, operator, at, result FROM reconciliation ORDER BY id")
    return records(PastComparison, rows)
