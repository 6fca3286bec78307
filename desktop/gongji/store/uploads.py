"""The queue as a list shows it: one line a record with whose it is and what it is about, and totals by state."""

from collections.abc import Sequence
from itertools import chain

from msgspec import Struct, json

from gongji.store.engine import Connection


class Upload(Struct, frozen=True, kw_only=True):
    """A record and where it stands; `amount_fen` is the settlement's total, `after` what it must not overtake."""

    serial: int
    no: str
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

    def __repr__(self) -> str:
        """Return the number and state alone."""
        return f"Upload({self.no} {self.state})"


class StateTotal(Struct, frozen=True, kw_only=True):
    """How many records stand in a state, since when the oldest, and what they come to in fen."""

    state: str
    records: int
    oldest: str
    amount_fen: int
    fund_fen: int


_SELECT = """SELECT record.serial, one.no, record.kind, coalesce(person.name, ''), one.total_fen, one.fund_total_fen,
    record.made_at, state.state, state.since, state.tries, state.next_try_at, state.last_error, earlier.no
    FROM record_state AS state JOIN record USING (serial) JOIN settlement AS one USING (serial)
    LEFT JOIN person ON person.id = one.person_id
    LEFT JOIN settlement AS earlier ON earlier.serial = record.after """


def in_states(connection: Connection, states: Sequence[str], most: int) -> list[Upload]:
    """Return the records that stand in some states, the oldest first."""
    each = "SELECT * FROM (SELECT serial FROM record_state WHERE state = ? ORDER BY serial LIMIT ?)"
    oldest = f"{' UNION ALL '.join([each] * len(states))} ORDER BY serial LIMIT ?"
    rows = connection.execute(
        f"{_SELECT} WHERE state.serial IN ({oldest}) ORDER BY record.serial",
        (*chain.from_iterable((state, most) for state in states), most),
    )
    return [_upload(row) for row in rows]


def newest(connection: Connection, most: int) -> list[Upload]:
    """Return the newest records, whatever their state, the latest first."""
    return [_upload(row) for row in connection.execute(_SELECT + "ORDER BY record.serial DESC LIMIT ?", (most,))]


def of_range(connection: Connection, first: int, last: int, but: Sequence[str]) -> list[Upload]:
    """Return the records of a range of serials that stand in none of some states."""
    rows = connection.execute(
        _SELECT + "WHERE record.serial BETWEEN ? AND ? "  # noqa: S608
        "AND state.state NOT IN (SELECT value FROM json_each(?)) ORDER BY record.serial",
        (first, last, json.encode(list(but)).decode()),
    )
    return [_upload(row) for row in rows]


def of_serial(connection: Connection, serial: int) -> Upload | None:
    """Return the record of a settlement or void."""
    row = connection.execute(_SELECT + "WHERE record.serial = ?", (serial,)).fetchone()
    return None if row is None else _upload(row)


def totals(connection: Connection) -> list[StateTotal]:
    """Return what stands in each state."""
    rows = connection.execute(
        "SELECT state.state, count(*), min(state.since), sum(one.total_fen), sum(one.fund_total_fen) "
        "FROM record_state AS state JOIN settlement AS one USING (serial) GROUP BY state.state"
    )
    return [StateTotal(**dict(zip(StateTotal.__struct_fields__, row, strict=True))) for row in rows]


def _upload(row: Sequence[object]) -> Upload:
    return Upload(**dict(zip(Upload.__struct_fields__, row, strict=True)))  # type: ignore[arg-type]  # as the columns are
