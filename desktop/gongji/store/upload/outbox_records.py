"""The queue in the book: the records for the payer and the state of each.

The queue as a list: one row for each record with its patient and subject, and totals by state.

For the status line: how much waits in the queue in which state, the age of the payer's figures, the shift.
"""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from msgspec import Struct, json

from gongji.core.engine.without_benefit import PAYS_NOTHING, pays_nothing
from gongji.core.ledger import stored_settlement
from gongji.core.ledger.stored_settlement import StoredSettlement, record_body
from gongji.store.compressed_text import compressed, plain
from gongji.store.engine import Connection
from gongji.store.people import person_keys
from gongji.store.rows import column, exists, insert, record, record_or_none, records, text_or_none, value
from gongji.store.upload import legs

PENDING, ACCEPTED = "pending", "accepted"
OVER = ("accepted", "reversed", "void")
"""States in which a record needs nothing more."""
_STAYS = (*OVER, "difference", "quarantine", "rejected")
_MOST_READ = 64  # beyond what is under way at once
_IDENTITY = "SELECT body_sha256, (SELECT key FROM person_key WHERE person = ?2) FROM record WHERE serial = ?1"


def put(
    connection: Connection,
    one: StoredSettlement,
    key: str,
    visit: bytes | None = None,
    name: str = "",
    after: int | None = None,
) -> None:
    """Queue a record inside the caller's transaction, under its claim key; its body never changes again.

    It has the visit as settled, with its patient's `name` sealed; a void's has none, and takes back the serial `after`.
    The part of it that repeats the visit is not stored twice; the fingerprint is that of the whole.
    """
    body = record_body(key, one, visit, None if after is None else claim_key_of(connection, after))
    near = value(connection, "SELECT body FROM visit WHERE settlement = ?", (one.serial,)) or b""
    kept = person_keys.without_name(connection, one.person_id, name, body)
    lane = stored_settlement.lane_of(one.person_id, one.year_from)
    row = {"serial": one.serial, "claim_key": key, "kind": one.kind, "after": after, "lane": lane}
    digest = hashlib.sha256(body).hexdigest()
    stored = {"body": compressed(kept, plain(near)), "body_sha256": digest, "made_at": one.at}
    insert(connection, "record", row | stored)
    insert(connection, "record_state", {"serial": one.serial, "state": PENDING, "since": one.at})
    legs.put(connection, one.serial, lane, after, one.at)


def accept(connection: Connection, serial: int, accepted_at: str, reference: str, at: str) -> None:
    """Record that the payer accepted a record: when by its own clock, under which reference.

    From that moment on the payer's snapshots know it.
    """
    row = {"serial": serial, "accepted_at": accepted_at, "reference": reference, "told_at": at}
    insert(connection, "acceptance", row)


def is_accepted(connection: Connection, serial: int) -> bool:
    """Return whether the payer has accepted a record."""
    return exists(connection, "SELECT 1 FROM acceptance WHERE serial = ?", (serial,))


def misfits(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield every settlement without its record or its legs, or with a record it must not have."""
    rows = connection.execute(
        "SELECT no, policy, has_record, has_leg FROM (SELECT serial, no, policy, "
        "EXISTS (SELECT 1 FROM record WHERE record.serial = settlement.serial) AS has_record, "
        "EXISTS (SELECT 1 FROM leg WHERE leg.serial = settlement.serial) AS has_leg FROM settlement) "
        "WHERE NOT has_record OR NOT has_leg OR substr(policy, 1, ?) = ? ORDER BY serial",
        (len(PAYS_NOTHING), PAYS_NOTHING),
    ).fetchall()
    due = [row for row in rows if not pays_nothing(row[1])]
    yield from ((no, "没有上传记录") for no, _, has_record, _ in due if not has_record)
    yield from ((no, "上传记录没有它的各部分") for no, _, _, has_leg in due if not has_leg)
    for no, policy, has_record, _ in rows:
        if has_record and pays_nothing(policy):
            yield no, "不按职工医保结算的，不应有上传记录"


def claim_key_of(connection: Connection, serial: int) -> str:
    """Return the claim key of a settlement's record."""
    return str(value(connection, "SELECT claim_key FROM record WHERE serial = ?", (serial,)))


def sealed_body_of(connection: Connection, serial: int) -> bytes:
    """Return the body queued for a settlement or void, with the patient's name sealed."""
    body, visit = connection.execute(
        "SELECT record.body, visit.body FROM record LEFT JOIN visit ON settlement = serial WHERE serial = ?", (serial,)
    ).fetchone()
    return plain(body, plain(visit or b""))


class FrozenRecord(Struct, frozen=True):
    """A record's body, decoded, and the benefit of each line of its settlement. Nobody changes anything in it."""

    content: dict[str, Any]
    benefits: tuple[str, ...]


class _Read(NamedTuple):
    """A record as it was read: whose name was sealed in it, and under which key it was opened."""

    rank: int | None
    key: bytes | None
    sha256: str
    record: FrozenRecord


_READ: WeakKeyDictionary[Connection, dict[int, _Read]] = WeakKeyDictionary()
"""What each connection read last: every message of a visit is made from the same record."""


def frozen_record(connection: Connection, serial: int) -> FrozenRecord:
    """Return a record with its patient's name, which is read again only where that key is another than it was.

    Raises `StoreError` where the key of a person who was not forgotten is lost or damaged.
    """
    read = _READ.setdefault(connection, {})
    known = read.get(serial)
    sha256, key = connection.execute(_IDENTITY, (serial, None if known is None else known.rank)).fetchone()
    if known is None or (known.sha256, known.key) != (sha256, key):
        body, rank, key = person_keys.named(connection, sealed_body_of(connection, serial))
        known = _Read(rank, key, sha256, FrozenRecord(json.decode(body), benefits_of(connection, serial)))
        if len(read) >= _MOST_READ:
            del read[next(iter(read))]
        read[serial] = known
    return known.record


def let_go_of_read() -> None:
    """Keep no record that was read any longer: a name that was forgotten does not stay in memory for the next one."""
    _READ.clear()


def offers_own_account(connection: Connection, serial: int) -> bool:
    """Return whether a settlement offered the patient's own account, whose balance may then be asked for."""
    accounts = (frozen_record(connection, serial).content.get("visit") or {}).get("accounts") or {}
    return accounts.get("own") is not None


def lane_of(connection: Connection, serial: int) -> str:
    """Return the lane of a record."""
    return str(value(connection, "SELECT lane FROM record WHERE serial = ?", (serial,)))


def benefits_of(connection: Connection, serial: int) -> tuple[str, ...]:
    """Return the benefit of each line of a settlement."""
    return tuple(column(connection, "SELECT benefit FROM fee_line WHERE settlement = ? ORDER BY position", (serial,)))


class Upload(Struct, frozen=True, kw_only=True):
    """A record and its state; `amount_fen` is the settlement's total, `after` the record it must not overtake.

    `away` is the number of the package on a stick that has the record, or one that it must wait for. The fields are in
    the order of `_SELECT`.
    """

    serial: int
    no: str
    claim_key: str
    kind: str
    name: str
    amount_fen: int
    fund_fen: int
    made_at: str
    state: str
    since: str
    tries: int
    next_try_at: str | None
    last_error: str
    after: str | None
    away: int | None

    def __repr__(self) -> str:
        """Return the number and state alone."""
        return f"Upload({self.no} {self.state})"


class StateTotal(Struct, frozen=True, kw_only=True):
    """How many records are in a state, since when the oldest, and their sum in fen."""

    state: str
    records: int
    oldest: str
    amount_fen: int
    fund_fen: int


_SELECT = f"""SELECT record.serial, one.no, record.claim_key, record.kind, coalesce(person.name, ''), one.total_fen,
    one.fund_total_fen, record.made_at, state.state, state.since, state.tries, state.next_try_at, state.last_error,
    earlier.no, iif(state.state IN {_STAYS}, NULL, carried.package)
    FROM record_state AS state JOIN record USING (serial) JOIN settlement AS one USING (serial)
    LEFT JOIN person ON person.id = one.person_id
    LEFT JOIN settlement AS earlier ON earlier.serial = record.after
    LEFT JOIN carried ON carried.lane = record.lane """  # noqa: S608  # our own states


def rows(connection: Connection) -> Iterator[Upload]:
    """Yield every record in order of making."""
    return (record(Upload, row) for row in connection.execute(f"{_SELECT} ORDER BY record.serial"))


def in_states(connection: Connection, states: Sequence[str], most: int) -> list[Upload]:
    """Return the records in some states, the oldest first."""
    each = "SELECT * FROM (SELECT serial FROM record_state WHERE state = ? ORDER BY serial LIMIT ?)"
    oldest = f"{' UNION ALL '.join([each] * len(states))} ORDER BY serial LIMIT ?"
    rows = connection.execute(
        f"{_SELECT} WHERE state.serial IN ({oldest}) ORDER BY record.serial",
        (*chain.from_iterable((state, most) for state in states), most),
    )
    return records(Upload, rows)


def newest(connection: Connection, most: int) -> list[Upload]:
    """Return the newest records, whatever their state, the latest first."""
    return records(Upload, connection.execute(_SELECT + "ORDER BY record.serial DESC LIMIT ?", (most,)))


def of_range(
    connection: Connection, first: int, last: int, but: Sequence[str], operator: str | None = None
) -> list[Upload]:
    """Return the records of a range of serials that are in none of some states, of one operator if named."""
    rows = connection.execute(
        _SELECT + "WHERE record.serial BETWEEN ?1 AND ?2 AND (?4 IS NULL OR one.operator = ?4) "  # noqa: S608
        "AND state.state NOT IN (SELECT value FROM json_each(?3)) ORDER BY record.serial",
        (first, last, json.encode(list(but)).decode(), operator),
    )
    return records(Upload, rows)


def of_serial(connection: Connection, serial: int) -> Upload | None:
    """Return the record of a settlement or void."""
    return record_or_none(Upload, connection.execute(_SELECT + "WHERE record.serial = ?", (serial,)).fetchone())


def totals(connection: Connection) -> list[StateTotal]:
    """Return the totals by state."""
    rows = connection.execute(
        "SELECT state.state, count(*), min(state.since), sum(one.total_fen), sum(one.fund_total_fen) "
        "FROM record_state AS state JOIN settlement AS one USING (serial) GROUP BY state.state"
    )
    return records(StateTotal, rows)


def told_until(connection: Connection) -> str | None:
    """Return the moment of the newest figure from a source other than a visit; None where there is none."""
    return text_or_none(connection, "SELECT max(as_of) FROM snapshot WHERE source <> 'visit'")
