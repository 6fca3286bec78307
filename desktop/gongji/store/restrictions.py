"""限定支付范围: what drugs of limited use are paid for, by code, from a day on."""

from collections.abc import Iterable, Sequence

from gongji.core.imports.rows import RestrictionRow
from gongji.store.engine import Connection
from gongji.store.items import RowOutcome

_ON = "SELECT text FROM restriction WHERE code = ? AND starts <= ? ORDER BY starts DESC, id DESC LIMIT 1"


def restrictions_on(connection: Connection, codes: Iterable[str], on: str) -> dict[str, str]:
    """Return what each of these is paid for on a day (ISO); those without a limit are left out."""
    found = {code: connection.execute(_ON, (code, on)).fetchone() for code in dict.fromkeys(codes)}
    return {code: str(row[0]) for code, row in found.items() if row is not None and row[0]}


def fate_of_restriction(connection: Connection, row: RestrictionRow) -> RowOutcome:
    """Return what would become of a row."""
    known = connection.execute(
        "SELECT text FROM restriction WHERE code = ? AND starts = ? ORDER BY id DESC LIMIT 1",
        (row.code, row.starts.isoformat()),
    ).fetchone()
    if known is None:
        return RowOutcome.NEW
    return RowOutcome.UNCHANGED if known[0] == row.text else RowOutcome.CHANGED


def keep_restrictions(connection: Connection, rows: Sequence[RestrictionRow], at: str) -> list[RowOutcome]:
    """Keep rows that say something new inside the caller's transaction; return what became of each."""
    fates = [fate_of_restriction(connection, row) for row in rows]
    connection.executemany(
        "INSERT INTO restriction (code, starts, text, at) VALUES (?, ?, ?, ?)",
        [
            (row.code, row.starts.isoformat(), row.text, at)
            for row, fate in zip(rows, fates, strict=True)
            if fate is not RowOutcome.UNCHANGED
        ],
    )
    return fates
