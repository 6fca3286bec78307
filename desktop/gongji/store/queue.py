"""The queue in the book: records for the payer, and what is known of each."""

import hashlib
from collections.abc import Iterator

from msgspec import Struct, json

from gongji.core.reckoning.without_benefit import pays_nothing
from gongji.store import legs
from gongji.store.engine import Connection

PENDING, ACCEPTED = "pending", "accepted"
OVER = ("accepted", "reversed", "void")
"""States in which a record needs nothing more."""
_STAYS = (*OVER, "difference", "quarantine", "rejected")


class QueueRow(Struct, frozen=True, kw_only=True):
    """One record: its settlement's number and kind, where it stands since when, how often tried, the last error.

    `away` is the number of the package that the record, or one it must wait for, has left with.
    """

    serial: int
    no: str
    claim_key: str
    kind: str
    after: str | None
    state: str
    since: str
    tries: int
    next_try_at: str | None
    last_error: str
    away: int | None


class Record(Struct, frozen=True, kw_only=True):
    """What is queued for a settlement or void: core.book.record says what the fields are."""

    serial: int
    claim_key: str
    kind: str
    after: int | None
    lane: str
    body: bytes


def put(connection: Connection, one: Record, at: str) -> None:
    """Queue a record inside the caller's transaction; its body never changes from here on."""
    digest = hashlib.sha256(one.body).hexdigest()
    connection.execute(
        "INSERT INTO record (serial, claim_key, kind, after, lane, body, body_sha256, made_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (one.serial, one.claim_key, one.kind, one.after, one.lane, one.body, digest, at),
    )
    connection.execute("INSERT INTO record_state (serial, state, since) VALUES (?, ?, ?)", (one.serial, PENDING, at))
    legs.put(connection, one.serial, one.lane, one.after if one.kind == "void" else None, at)


def accept(connection: Connection, serial: int, accepted_at: str, reference: str, at: str) -> None:
    """Keep that the payer has a record, since when by its own clock, under which reference: its snapshots know it."""
    connection.execute(
        "INSERT INTO acceptance (serial, accepted_at, reference, told_at) VALUES (?, ?, ?, ?)",
        (serial, accepted_at, reference, at),
    )


def rows(connection: Connection) -> Iterator[QueueRow]:
    """Yield every record in order of making."""
    found = connection.execute(
        "SELECT record.serial, one.no, claim_key, record.kind, earlier.no, "
        "state, since, tries, next_try_at, last_error, iif(state IN (SELECT value FROM json_each(?)), NULL, package) "
        "FROM record JOIN settlement AS one USING (serial) JOIN record_state USING (serial) "
        "LEFT JOIN settlement AS earlier ON earlier.serial = record.after LEFT JOIN carried USING (lane) "
        "ORDER BY record.serial",
        (json.encode(_STAYS).decode(),),
    )
    names = QueueRow.__struct_fields__
    return (QueueRow(**dict(zip(names, row, strict=True))) for row in found)


def is_accepted(connection: Connection, serial: int) -> bool:
    """Tell whether the payer has accepted a record."""
    return connection.execute("SELECT 1 FROM acceptance WHERE serial = ?", (serial,)).fetchone() is not None


def misfits(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield every settlement without its record or with one it must not have, and every record that was changed."""
    for no, policy in connection.execute(
        "SELECT no, policy FROM settlement "
        "WHERE NOT EXISTS (SELECT 1 FROM record WHERE record.serial = settlement.serial)"
    ):
        if not pays_nothing(policy):
            yield no, "没有上传记录"
    for no, policy in connection.execute(
        "SELECT no, policy FROM settlement WHERE NOT EXISTS (SELECT 1 FROM leg WHERE leg.serial = settlement.serial)"
    ):
        if not pays_nothing(policy):
            yield no, "上传记录没有它的各部分"
    for no, policy in connection.execute("SELECT no, policy FROM settlement JOIN record USING (serial)"):
        if pays_nothing(policy):
            yield no, "不按职工医保结算的，不应有上传记录"
    for no, body, digest in connection.execute(
        "SELECT no, body, body_sha256 FROM record JOIN settlement USING (serial)"
    ):
        if hashlib.sha256(body).hexdigest() != digest:
            yield no, "上传内容与登记的指纹不符"


def claim_key_of(connection: Connection, serial: int) -> str:
    """Return the key of a settlement's record."""
    return str(connection.execute("SELECT claim_key FROM record WHERE serial = ?", (serial,)).fetchone()[0])


def body_of(connection: Connection, serial: int) -> bytes:
    """Return what is queued for a settlement or void, as it was frozen."""
    return bytes(connection.execute("SELECT body FROM record WHERE serial = ?", (serial,)).fetchone()[0])


def offers_own_account(connection: Connection, serial: int) -> bool:
    """Tell whether a settlement was made with the patient's own account, so that its balance is of use."""
    visit = connection.execute(
        "SELECT json_type(CAST(body AS TEXT), '$.visit.accounts.own') = 'object' FROM record WHERE serial = ?",
        (serial,),
    ).fetchone()
    return bool(visit[0])


def lane_of(connection: Connection, serial: int) -> str:
    """Return the lane of a record."""
    return str(connection.execute("SELECT lane FROM record WHERE serial = ?", (serial,)).fetchone()[0])


def benefits_of(connection: Connection, serial: int) -> tuple[str, ...]:
    """Return under which benefit each line of a settlement was settled."""
    rows = connection.execute("SELECT benefit FROM fee_line WHERE settlement = ? ORDER BY position", (serial,))
    return tuple(benefit for (benefit,) in rows)
