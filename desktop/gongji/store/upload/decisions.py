"""What people decided about records that needed a person: each decision a record of its own, never changed."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import asdict

from gongji.store.engine import Connection
from gongji.store.rows import insert, number, select


class Resolution(Struct, frozen=True, kw_only=True):
    """A decision: its leg, its kind, what moves in cash (fen, above zero collected), by whom, when."""

    serial: int
    part: int
    kind: str
    amount_fen: int
    slip_no: str | None
    cause: str
    note: str
    operator: str
    at: str


VOIDED = "voided"
"""The cause of the cash that, at a void, cancels what difference slips of the settlement had moved."""


def put(connection: Connection, one: Resolution) -> None:
    """Store a decision."""
    insert(connection, "resolution", asdict(one))


def put_payments(connection: Connection, slip_no: str, by_means: Iterable[tuple[str, int]]) -> None:
    """Record by which means (fen, above zero collected) the amount of a slip was moved."""
    connection.executemany(
        "INSERT INTO resolution_payment SELECT id, ?, ? FROM resolution WHERE slip_no = ?",
        [(means, fen, slip_no) for means, fen in by_means],
    )


def payments_of(connection: Connection, slips: Iterable[Resolution]) -> list[tuple[str, str, int]]:
    """Return what decisions moved: operator, means (cash where unrecorded), fen above zero collected."""
    found = []
    for one in slips:
        rows = connection.execute(
            "SELECT means, resolution_payment.amount_fen FROM resolution_payment JOIN resolution ON id = resolution "
            "WHERE slip_no = ? ORDER BY means",
            (one.slip_no,),
        ).fetchall()
        for means, fen in rows or [("cash", one.amount_fen)]:
            if fen:
                found.append((one.operator, str(means), int(fen)))
    return found


def of_serial(connection: Connection, serial: int) -> list[Resolution]:
    """Return what was decided about a settlement, in order."""
    return select(connection, Resolution, "FROM resolution WHERE serial = ? ORDER BY id", (serial,))


def of_day(connection: Connection, day: str) -> list[Resolution]:
    """Return the decisions of a day (ISO): their cash belongs to that day's close."""
    on = "FROM resolution WHERE at BETWEEN ? AND ? ORDER BY id"
    return select(connection, Resolution, on, (f"{day} 00:00:00", f"{day} 23:59:59"))


def between(connection: Connection, after: str, until: str, operator: str | None = None) -> list[Resolution]:
    """Return the decisions after one moment and up to another (stamps), of one operator if named."""
    made = "FROM resolution WHERE at > ?1 AND at <= ?2 AND (?3 IS NULL OR operator = ?3) ORDER BY id"
    return select(connection, Resolution, made, (after, until, operator))


def next_slip(connection: Connection, counter: str) -> str:
    """Return the number of the next difference slip."""
    slips = number(connection, "SELECT count(*) FROM resolution WHERE slip_no IS NOT NULL")
    return f"{counter}C{slips + 1:06d}"
