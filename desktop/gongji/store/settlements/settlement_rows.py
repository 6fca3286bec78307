"""Settlements as plain rows, a range at a time, for checks that read all of them."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from gongji.core.engine.amounts import AMOUNT_KEYS
from gongji.store.compressed_text import plain
from gongji.store.engine import Connection, blocks, blockwise
from gongji.store.errors import StoreError
from gongji.store.people.person_keys import names_opened
from gongji.store.rows import value

Fens = tuple[int, ...]
"""Fifteen amounts in fen in the order of `AMOUNT_KEYS`."""
_FENS = ", ".join(f"{name}_fen" for name in AMOUNT_KEYS)


class SettlementRows(Struct, frozen=True, gc=False):
    """A settlement or void: its totals, each part's amounts, each payment's part, means and fen, the sum of its lines.

    `voids` is the serial it reverses. `body` is the visit as settled, its name sealed; `record` is the queued record,
    registered with `record_sha256`; `is_nameless` says that its name was destroyed. `trace` holds the calculation's
    steps. For these three None means that there is none, empty bytes that the stored content cannot be
    read.
    """

    serial: int
    no: str
    kind: str
    voids: int | None
    policy_sha256: str
    totals: Fens
    parts: Sequence[Fens]
    payments: Sequence[tuple[int, str, int]]
    lines_fen: int
    body: bytes | None
    record: bytes | None
    record_sha256: str
    is_nameless: bool
    trace: bytes | None


def of_range(connection: Connection, first: int, last: int) -> Iterator[SettlementRows]:
    """Yield the settlements and voids of a range of serials, in order; the caller's transaction gives one snapshot."""

    def by_settlement(query: str) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = {}
        for row in blockwise(connection.execute(query, (first, last))):
            found.setdefault(row[0], []).append(row[1:])
        return found

    where = "WHERE settlement BETWEEN ? AND ? ORDER BY settlement"
    parts = by_settlement(f"SELECT settlement, {_FENS} FROM part {where}, position")  # noqa: S608  # our own
    paid = by_settlement(f"SELECT settlement, part, means, amount_fen FROM payment {where}, position")  # noqa: S608
    lines = dict(
        connection.execute(
            "SELECT settlement, sum(amount_fen) FROM fee_line WHERE settlement BETWEEN ? AND ? GROUP BY settlement",
            (first, last),
        ).fetchall()
    )
    rows = connection.execute(
        "SELECT one.serial, one.no, one.kind, one.voids, policy_sha256, visit.body, record.body, body_sha256, "  # noqa: S608
        f"trace.parts, {_FENS} FROM settlement AS one LEFT JOIN visit ON visit.settlement = one.serial "
        "LEFT JOIN record ON record.serial = one.serial LEFT JOIN trace ON trace.settlement = one.serial "
        "WHERE one.serial BETWEEN ? AND ? ORDER BY one.serial",
        (first, last),
    )
    for some in blocks(rows):
        bodies = [_read(row[5]) for row in some]
        records = [_read(row[6], body or b"") for row, body in zip(some, bodies, strict=True)]
        opened = names_opened(connection, [record or b"" for record in records])
        for row, body, record, (whole, is_nameless) in zip(some, bodies, records, opened, strict=True):
            serial = row[0]
            yield SettlementRows(
                serial=serial,
                no=row[1],
                kind=row[2],
                voids=row[3],
                policy_sha256=row[4],
                totals=row[9:],
                parts=parts.get(serial, ()),
                payments=paid.get(serial, ()),
                lines_fen=lines.get(serial, 0),
                body=body,
                record=None if record is None else whole,
                record_sha256=row[7] or "",
                is_nameless=is_nameless,
                trace=_read(row[8]),
            )


def serial_before(connection: Connection, serial: int) -> int | None:
    """Return the serial before one; None for the first."""
    found: int | None = value(connection, "SELECT max(serial) FROM settlement WHERE serial < ?", (serial,))
    return found


def span(connection: Connection) -> tuple[int, int]:
    """Return the first and the last serial; 1 and 0 where there is none."""
    first, last = connection.execute("SELECT min(serial), max(serial) FROM settlement").fetchone()
    return (1, 0) if first is None else (int(first), int(last))


def policy_text(connection: Connection, sha256: str) -> bytes | None:
    """Return the stored text of a fingerprint; None where there is none."""
    text: bytes | None = value(connection, "SELECT text FROM policy_text WHERE sha256 = ?", (sha256,))
    return text


def moved(connection: Connection, serial: int) -> dict[tuple[str, str, str], int]:
    """Return how much a settlement moved each figure, in fen, by owner, scope and name."""
    rows = connection.execute("SELECT owner, scope, name, amount_fen FROM entry WHERE settlement = ?", (serial,))
    return {(owner, scope, name): fen for owner, scope, name, fen in rows}


def totals_of(connection: Connection, serial: int) -> Fens | None:
    """Return a settlement's totals; None where there is no such settlement."""
    row = connection.execute(f"SELECT {_FENS} FROM settlement WHERE serial = ?", (serial,)).fetchone()  # noqa: S608
    return None if row is None else tuple(row)


def _read(kept: bytes | None, near: bytes = b"") -> bytes | None:
    if kept is None:
        return None
    try:
        return plain(kept, near)
    except StoreError:
        return b""
