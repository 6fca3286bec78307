"""Settlements and voids in the book: inserting one whole, and reading it back unchanged."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from gongji.core.engine.account_payments import FamilyPayment
from gongji.core.engine.amounts import AMOUNT_KEYS, Amounts, from_fen
from gongji.core.engine.settlement import Settlement
from gongji.core.ledger.ledger import FigureKey
from gongji.core.ledger.stored_settlement import Movement, Payment, StoredSettlement
from gongji.core.visits import Visit
from gongji.store.book_file.witness import WitnessLine
from gongji.store.compressed_text import compressed, plain
from gongji.store.engine import Connection, blockwise
from gongji.store.people import person_keys
from gongji.store.rows import column, exists, number, select, text_or_none, value
from gongji.store.rows import insert as insert_row
from gongji.store.settlements import traces

_FEN = tuple(f"{name}_fen" for name in AMOUNT_KEYS)
_AMOUNTS = ", ".join(_FEN)
_HEAD = (
    "no", "kind", "visit_no", "person_id", "area", "settled_on", "year_from", "policy", "operator", "at", "reason",
)  # fmt: skip


def next_serial(connection: Connection, floor: int) -> int:
    """Return the serial of the next settlement: above all existing ones and above a restored book's floor."""
    return max(number(connection, "SELECT coalesce(max(serial), 0) FROM settlement"), floor) + 1


def last_at(connection: Connection) -> str | None:
    """Return the stamp of the last settlement; None when there is none."""
    return text_or_none(connection, "SELECT at FROM settlement ORDER BY serial DESC LIMIT 1")


def keep_policy(connection: Connection, sha256: str, policy: str, revision: int, text: bytes) -> None:
    """Store a policy's text once, so that every settlement can be recomputed for ever."""
    if not exists(connection, "SELECT 1 FROM policy_text WHERE sha256 = ?", (sha256,)):
        row = {"sha256": sha256, "policy": policy, "revision": revision, "text": text}
        insert_row(connection, "policy_text", row)


def insert(connection: Connection, one: StoredSettlement, policy_sha256: str, voids: int | None, audit: int) -> None:
    """Insert a settlement or void, inside the caller's transaction.

    `voids` is the serial of the reversed one, `audit` that of the log entry.
    """
    columns = ["serial", *_HEAD, "voids", "policy_sha256", "audit", *_FEN]
    values = [one.serial, *(getattr(one, name) for name in _HEAD), voids, policy_sha256, audit, *_amounts(one.totals)]
    _insert(connection, "settlement", [values], columns)
    _insert(connection, "receipt", [[one.serial, one.receipt_no]])
    parts = enumerate(one.parts)
    _insert(connection, "part", [[one.serial, index, part.benefit, *_amounts(part.amounts)] for index, part in parts])
    traces.insert(connection, one.serial, one.parts)
    paid = [
        [one.serial, place, payment.part, payment.means, payment.account_id, payment.amount_fen]
        for place, payment in enumerate(one.payments)
    ]
    moved = [
        [one.serial, place, move.key.owner, move.key.scope, move.key.name, move.amount_fen, move.after_fen]
        for place, move in enumerate(one.moved)
    ]
    for table, rows in (("payment", paid), ("entry", moved)):
        _insert(connection, table, rows)


def insert_visit(
    connection: Connection,
    serial: int,
    visit: Visit,
    benefits: Sequence[str],
    amounts_fen: Sequence[int],
    body: bytes,
    given_sha256: str,
) -> None:
    """Insert the visit of a settlement: as settled, its lines with benefit and amount, its original input."""
    kept = person_keys.without_name(connection, visit.person.id, visit.person.name, body)
    _insert(connection, "visit", [[serial, compressed(kept), given_sha256]])
    lines = [
        [
            serial,
            place,
            benefits[place],
            line.code,
            line.name,
            line.category,
            line.class_,
            int(line.unit_price),
            int(line.quantity),
            amounts_fen[place],
        ]
        for place, line in enumerate(visit.lines)
    ]
    _insert(connection, "fee_line", lines)


def _amounts(amounts: Amounts) -> list[int]:
    return [getattr(amounts, name) for name in _FEN]


def _insert(
    connection: Connection, table: str, rows: Sequence[Sequence[Any]], columns: Iterable[str] | None = None
) -> None:
    if rows:
        names = f" ({', '.join(columns)})" if columns is not None else ""
        places = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table}{names} VALUES ({places})", rows)  # noqa: S608  # our own names


_SELECT = (
    f"SELECT one.serial, one.{', one.'.join(_HEAD)}, original.no, reversal.no, receipt.no, visit.given_sha256, "  # noqa: S608
    f"coalesce(record_state.state, ''), policy_text.revision, {', '.join(f'one.{name}' for name in _FEN)} "
    "FROM settlement AS one "
    "JOIN receipt ON receipt.settlement = one.serial "
    "JOIN policy_text ON policy_text.sha256 = one.policy_sha256 "
    "LEFT JOIN visit ON visit.settlement = one.serial "
    "LEFT JOIN settlement AS original ON original.serial = one.voids "
    "LEFT JOIN settlement AS reversal ON reversal.voids = one.serial "
    "LEFT JOIN record_state ON record_state.serial = one.serial "
)
_EXTRA = ("voids", "voided_by", "receipt_no", "given_sha256", "state", "policy_revision")


def by_no(connection: Connection, no: str) -> StoredSettlement | None:
    """Return the settlement or void of a number, whole."""
    return _whole(connection, connection.execute(_SELECT + "WHERE one.no = ?", (no,)).fetchone())


def by_visit_no(connection: Connection, visit_no: str) -> StoredSettlement | None:
    """Return the settlement of a visit's number, whole."""
    row = connection.execute(_SELECT + "WHERE one.visit_no = ? AND one.kind = 'settle'", (visit_no,)).fetchone()
    return _whole(connection, row)


def by_serial(connection: Connection, serial: int) -> StoredSettlement | None:
    """Return the settlement or void of a serial, whole."""
    return _whole(connection, connection.execute(_SELECT + "WHERE one.serial = ?", (serial,)).fetchone())


def no_of(connection: Connection, serial: int) -> str:
    """Return the number of a settlement or void."""
    return str(value(connection, "SELECT no FROM settlement WHERE serial = ?", (serial,)))


def heads(connection: Connection, first: int = 0, last: int = 2**62) -> Iterator[StoredSettlement]:
    """Yield the settlements and voids of a range of serials, with their totals and without their parts."""
    rows = connection.execute(_SELECT + "WHERE one.serial BETWEEN ? AND ? ORDER BY one.serial", (first, last))
    return (_head(row) for row in rows)


def count(connection: Connection) -> int:
    """Return how many settlements and voids there are."""
    return number(connection, "SELECT count(*) FROM settlement")


def count_of(connection: Connection, operator: str, first: int) -> int:
    """Return how many settlements and voids an operator made from a serial on."""
    return number(connection, "SELECT count(*) FROM settlement WHERE serial >= ? AND operator = ?", (first, operator))


def of_day(connection: Connection, day: str) -> Iterator[StoredSettlement]:
    """Yield the settlements and voids made on a day (ISO), with their totals and without their parts."""
    rows = connection.execute(
        _SELECT + "WHERE one.at BETWEEN ? AND ? ORDER BY one.serial", (f"{day} 00:00:00", f"{day} 23:59:59")
    )
    return (_head(row) for row in rows)


def witness_lines(connection: Connection, after: int) -> Iterator[WitnessLine]:
    """Yield the witness's line for every settlement and void with a serial above this one."""
    names = WitnessLine.__struct_fields__[:-1]  # its MAC is not part of the book
    return (WitnessLine(**dict(zip(names, row, strict=True))) for row in witness_rows(connection, after))


def witness_rows(connection: Connection, after: int) -> Iterator[tuple[Any, ...]]:
    """Yield the same as plain rows, in the order of the line's fields but for its MAC."""
    rows = connection.execute(
        "SELECT one.serial, no, one.at, total_fen, fund_total_fen, cash_fen, seal FROM settlement AS one "
        "JOIN audit ON audit.serial = one.audit WHERE one.serial > ? ORDER BY one.serial",
        (after,),
    )
    return blockwise(rows)


def numbers_of(connection: Connection, person_id: str) -> list[str]:
    """Return the numbers of all of a person's settlements and voids, in order."""
    return column(connection, "SELECT no FROM settlement WHERE person_id = ? ORDER BY serial", (person_id,))


def later_of_person(connection: Connection, person_id: str, serial: int) -> list[str]:
    """Return the numbers of a person's later settlements that are not voided."""
    later = (
        "SELECT no FROM settlement AS one WHERE person_id = ? AND serial > ? AND kind = 'settle' "
        "AND NOT EXISTS (SELECT 1 FROM settlement WHERE voids = one.serial) ORDER BY serial"
    )
    return column(connection, later, (person_id, serial))


def visit_body(connection: Connection, serial: int) -> bytes | None:
    """Return the visit of a settlement as settled: JSON in the contract's form."""
    body = value(connection, "SELECT body FROM visit WHERE settlement = ?", (serial,))
    return None if body is None else person_keys.with_name(connection, plain(body))


def policy_of(connection: Connection, serial: int) -> tuple[str, bytes]:
    """Return the fingerprint and the text of a settlement's policy."""
    sha256, text = connection.execute(
        "SELECT sha256, text FROM policy_text JOIN settlement ON policy_sha256 = sha256 WHERE serial = ?", (serial,)
    ).fetchone()
    return sha256, bytes(text)


def _head(row: Sequence[Any]) -> StoredSettlement:
    extra = dict(zip(_EXTRA, row[1 + len(_HEAD) :], strict=False))
    extra["given_sha256"] = extra["given_sha256"] or ""
    totals = from_fen(row[1 + len(_HEAD) + len(_EXTRA) :])
    head = dict(zip(_HEAD, row[1:], strict=False))
    return StoredSettlement(serial=row[0], totals=totals, parts=(), payments=(), moved=(), **head, **extra)


def _whole(connection: Connection, row: Sequence[Any] | None) -> StoredSettlement | None:
    if row is None:
        return None
    head = _head(row)
    return replace(
        head,
        parts=_parts(connection, head.serial),
        payments=_payments(connection, head.serial),
        moved=_moved(connection, head.serial),
    )


def _payments(connection: Connection, serial: int) -> tuple[Payment, ...]:
    return tuple(select(connection, Payment, "FROM payment WHERE settlement = ? ORDER BY position", (serial,)))


def _moved(connection: Connection, serial: int) -> tuple[Movement, ...]:
    rows = connection.execute(
        "SELECT owner, scope, name, amount_fen, after_fen FROM entry WHERE settlement = ? ORDER BY position", (serial,)
    )
    return tuple(
        Movement(key=FigureKey(owner, scope, name), amount_fen=fen, after_fen=after)
        for owner, scope, name, fen, after in rows
    )


def _parts(connection: Connection, serial: int) -> tuple[Settlement, ...]:
    said = traces.of(connection, serial)
    family: dict[int, list[FamilyPayment]] = {}
    for part, account_id, amount_fen in connection.execute(
        "SELECT part, account_id, amount_fen FROM payment WHERE settlement = ? AND means = 'account_family' "
        "ORDER BY part, position",
        (serial,),
    ):
        family.setdefault(part, []).append(FamilyPayment(account_id, amount_fen))
    rows = connection.execute(
        f"SELECT position, benefit, {_AMOUNTS} FROM part WHERE settlement = ? ORDER BY position",  # noqa: S608
        (serial,),
    )
    return tuple(
        Settlement(
            benefit=benefit,
            amounts=from_fen(amounts),
            family_payments=tuple(family.get(index, ())),
            trace=said[index].steps if index < len(said) else (),
            notices=said[index].notices if index < len(said) else (),
        )
        for index, benefit, *amounts in rows.fetchall()
    )


def last_no(connection: Connection) -> str | None:
    """Return the number of the last settlement or void."""
    return text_or_none(connection, "SELECT no FROM settlement ORDER BY serial DESC LIMIT 1")


def numbers(connection: Connection) -> list[tuple[int, str]]:
    """Return serial and number of every settlement and void, in order."""
    return connection.execute("SELECT serial, no FROM settlement ORDER BY serial").fetchall()
