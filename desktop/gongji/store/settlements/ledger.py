"""Snapshots and entries in the book, and the current values of figures by them (core.ledger.ledger)."""

from collections.abc import Iterable

from gongji.core.ledger.ledger import FigureKey, LedgerBalance, LedgerEntry, Snapshot, standing
from gongji.store.engine import Connection
from gongji.store.rows import column, exists


def standing_of(connection: Connection, key: FigureKey) -> LedgerBalance | None:
    """Return a figure's current value; None where there is neither snapshot nor entry."""
    parts = (key.owner, key.scope, key.name)
    snapshots = [
        Snapshot(amount_fen=amount_fen, as_of=as_of, last_serial=last_serial)
        for amount_fen, as_of, last_serial in connection.execute(
            "SELECT amount_fen, as_of, last_serial FROM snapshot "
            "WHERE owner = ? AND scope = ? AND name = ? ORDER BY id",
            parts,
        )
    ]
    rows = connection.execute(
        "SELECT entry.settlement, entry.amount_fen, acceptance.accepted_at FROM entry "
        "LEFT JOIN acceptance ON acceptance.serial = entry.settlement "
        "WHERE owner = ? AND scope = ? AND name = ? ORDER BY entry.settlement",
        parts,
    ).fetchall()
    if not snapshots and not rows:
        return None
    entries = [LedgerEntry(serial=serial, amount_fen=amount_fen) for serial, amount_fen, _ in rows]
    return standing(key.name, snapshots, entries, {serial: at for serial, _, at in rows if at is not None})


def was_told(connection: Connection, owner: str, scope: str, serial: int, at: str) -> bool:
    """Return whether an owner's figure in a scope was known when a settlement was made at `at` (a stamp)."""
    known = (
        "SELECT 1 FROM snapshot WHERE owner = ? AND scope = ? "
        "AND (last_serial < ? OR (last_serial IS NULL AND as_of <= ?)) LIMIT 1"
    )
    return exists(connection, known, (owner, scope, serial, at))


def names_known(connection: Connection, owner: str, scope: str) -> set[str]:
    """Return the names of all figures of an owner in a scope."""
    known = (
        "SELECT name FROM snapshot WHERE owner = ?1 AND scope = ?2 "
        "UNION SELECT name FROM entry WHERE owner = ?1 AND scope = ?2"
    )
    return set(column(connection, known, (owner, scope)))


def standings(connection: Connection, owner: str, scope: str) -> dict[str, LedgerBalance]:
    """Return the current value of every figure of an owner in a scope, by name."""
    found = {
        name: standing_of(connection, FigureKey(owner, scope, name)) for name in names_known(connection, owner, scope)
    }
    return {name: one for name, one in found.items() if one is not None}


def add_snapshots(
    connection: Connection, figures: Iterable[tuple[FigureKey, int]], as_of: str, last_serial: int | None, source: str
) -> None:
    """Store what figures were, in fen, at a moment; `last_serial` as in `Snapshot`."""
    connection.executemany(
        "INSERT INTO snapshot (owner, scope, name, amount_fen, as_of, last_serial, source) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(key.owner, key.scope, key.name, fen, as_of, last_serial, source) for key, fen in figures],
    )
