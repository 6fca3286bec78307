"""Legs in the book: the state of each, which leg of a lane is sent next, and the state of a record that they make."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from msgspec import Struct

from gongji.core.outbox import lanes
from gongji.core.outbox.lanes import LaneEntry
from gongji.core.outbox.legs import STEPS, Leg
from gongji.core.outbox.states import HELD, OPEN, State, folded
from gongji.store.engine import Connection
from gongji.store.rows import column, text_or_none

_FIELDS = Leg.__struct_fields__
_COLUMNS = ", ".join(f'"{name}"' for name in _FIELDS)
_KEPT = tuple(name for name in _FIELDS if name not in {"serial", "part", "state"})
_SET = ", ".join(f'"{name}" = ?' for name in (*_KEPT, "state", "since"))
# what an index is of is set only where it changes: setting it alike rewrites the index's page as well
_SET_TIME, _SET_OPEN = ", next_try_at = ?", ", open = ?, head = head * ?"
_FLAGS = ("want_reverse", "sent", "doubt", "restored")
_WAITING = (OPEN | HELD) - {State.REVERSING}
_STATES = {one.value: one for one in State}
VOID_STEP = "2208"
_HERE = "AND NOT EXISTS (SELECT 1 FROM carried WHERE carried.lane = leg.lane)"
"""A lane that is with a carrier (store.upload.stick_packages) is not sent from here."""


class Turn(Struct, frozen=True, kw_only=True):
    """The next entry of a lane to be sent: a leg, or a void (`voids` is the serial it takes back)."""

    serial: int
    part: int
    lane: str
    voids: int | None


def put(connection: Connection, serial: int, lane: str, voids: int | None, at: str) -> None:
    """Queue the legs of a settlement, one for each of its parts, or the one row of a void."""
    parts, step = 1, VOID_STEP
    if voids is None:
        (parts,) = connection.execute("SELECT count(*) FROM part WHERE settlement = ?", (serial,)).fetchone()
        step = STEPS[0]
    before = lane_of(connection, lane)
    new = [LaneEntry(serial=serial, part=part, state=State.PENDING, voids=voids) for part in range(parts)]
    earlier, now = lanes.head(before), lanes.head([*before, *new])
    connection.executemany(
        "INSERT INTO leg (serial, part, lane, voids, state, since, step, head) VALUES (?, ?, ?, ?, 'pending', ?, ?, ?)",
        [(serial, one.part, lane, voids, at, step, one is now) for one in new],
    )
    if earlier is not None and earlier is not now:
        _appoint(connection, lane)


def get(connection: Connection, serial: int, part: int) -> Leg:
    """Return a leg."""
    return _legs(connection, "serial = ? AND part = ?", serial, part)[0]


def of_serial(connection: Connection, serial: int) -> list[Leg]:
    """Return the legs of a settlement."""
    return _legs(connection, "serial = ? ORDER BY part", serial)


def in_state(connection: Connection, *states: State) -> Iterator[Leg]:
    """Yield the legs in some states, voids not among them."""
    for state in states:
        apart = "" if state in {State.PENDING, State.ACCEPTED} else "AND state NOT IN ('pending', 'accepted')"
        yield from _legs(connection, f"state = ? {apart} AND voids IS NULL ORDER BY serial, part", state.value)


def _legs(connection: Connection, condition: str, *values: object) -> list[Leg]:
    rows = connection.execute(f"SELECT {_COLUMNS} FROM leg WHERE {condition}", values)  # noqa: S608  # our own names
    return [_leg(row) for row in rows.fetchall()]


def _leg(row: Any) -> Leg:
    values = dict(zip(_FIELDS, row, strict=True))
    for name in _FLAGS:
        values[name] = bool(values[name])
    values["state"] = _STATES[values["state"]]
    return Leg(**values)


def save(connection: Connection, one: Leg, at: str, next_try_at: str = "") -> None:
    """Store a leg's state, the record's state that follows, and what the lane sends next."""
    parts = _parts_of(connection, one.serial)
    place, was = next((place, part) for place, part in enumerate(parts) if part.part == one.part)
    values: list[Any] = [getattr(one, name) for name in _KEPT]
    state = one.state.value
    values += state, was.since if was.state == state else at
    sets, is_open = _SET, one.state in _WAITING
    if next_try_at != was.next_try_at:
        sets += _SET_TIME
        values.append(next_try_at)
    if not (was.open and is_open):
        sets += _SET_OPEN
        values += is_open, is_open
    connection.execute(f"UPDATE leg SET {sets} WHERE serial = ? AND part = ?", (*values, one.serial, one.part))  # noqa: S608
    parts[place] = was._replace(
        state=state, tries=one.sent + one.sends + one.asks, next_try_at=next_try_at, last_error=one.last_error
    )
    _fold(connection, one.serial, parts, at)
    if was.state != state and not lanes.holds_alike(_STATES[was.state], one.state):
        _appoint(connection, was.lane)


def save_void(connection: Connection, serial: int, state: State, at: str, next_try_at: str = "") -> None:
    """Store a void's state, and what the lane sends next."""
    lane, before = connection.execute("SELECT lane, state FROM leg WHERE serial = ? AND part = 0", (serial,)).fetchone()
    connection.execute(
        "UPDATE leg SET state = ?1, since = CASE WHEN state = ?1 THEN since ELSE ?2 END, next_try_at = ?3, open = ?4, "
        "head = head * ?4 WHERE serial = ?5 AND part = 0",
        (state.value, at, next_try_at, state in _WAITING, serial),
    )
    _fold(connection, serial, _parts_of(connection, serial), at)
    if not lanes.holds_alike(State(before), state):
        _appoint(connection, lane)


def release(connection: Connection, serial: int, part: int) -> None:
    """Let a lane's later records be sent although this one waits for a person."""
    (lane,) = connection.execute("SELECT lane FROM leg WHERE serial = ? AND part = ?", (serial, part)).fetchone()
    connection.execute("UPDATE leg SET released = 1 WHERE serial = ? AND part = ?", (serial, part))
    _appoint(connection, lane)


class _Part(NamedTuple):
    """What a record shows of one of its legs."""

    part: int
    lane: str
    state: str
    since: str
    tries: int
    next_try_at: str
    last_error: str
    open: int


def _parts_of(connection: Connection, serial: int) -> list[_Part]:
    rows = connection.execute(
        "SELECT part, lane, state, since, sent + sends + asks, next_try_at, last_error, open FROM leg WHERE serial = ? "
        "ORDER BY part",
        (serial,),
    )
    return [_Part(*row) for row in rows.fetchall()]


def _fold(connection: Connection, serial: int, parts: list[_Part], at: str) -> None:
    """Update a record's state from its legs."""
    state = folded(_STATES[one.state] for one in parts)
    error = next((one.last_error for one in parts if one.state == state.value), "")
    connection.execute(
        "UPDATE record_state SET since = CASE WHEN state = ?1 THEN since ELSE ?2 END, state = ?1, tries = ?3, "
        "next_try_at = ?4, last_error = ?5 WHERE serial = ?6",
        (
            state.value,
            at,
            sum(one.tries for one in parts),
            max(one.next_try_at for one in parts) or None,
            error,
            serial,
        ),
    )


def lane_of(connection: Connection, lane: str) -> list[LaneEntry]:
    """Return the entries that may hold up a lane, in order."""
    rows = connection.execute(
        "SELECT serial, part, state, voids, released, doubt FROM leg WHERE lane = ? AND open = 1 ORDER BY serial, part",
        (lane,),
    )
    return [
        LaneEntry(serial=serial, part=part, state=State(state), voids=voids, released=bool(released), kept=bool(doubt))
        for serial, part, state, voids, released, doubt in rows
    ]


def _appoint(connection: Connection, lane: str) -> None:
    """Mark what a lane sends next."""
    one = lanes.head(lane_of(connection, lane))
    connection.execute(
        "UPDATE leg SET head = 0 WHERE lane = ? AND open = 1 AND head = 1 AND (serial, part) IS NOT (?, ?)",
        (lane, *((None, None) if one is None else (one.serial, one.part))),
    )
    if one is not None:
        connection.execute("UPDATE leg SET head = 1 WHERE serial = ? AND part = ?", (one.serial, one.part))


def due(connection: Connection, now: str, latest: str, busy: Collection[str], most: int) -> list[Turn]:
    """Return at most `most` turns that are due, the longest waiting first, each of a lane that is not busy.

    A time beyond `latest` was written by a clock that ran ahead, and counts as due.
    """
    found: list[Turn] = []
    for condition, limit in (("next_try_at <= ?", now), ("next_try_at > ?", latest)):
        if len(found) == most:
            break
        rows = connection.execute(
            f"SELECT serial, part, lane, voids FROM leg WHERE head = 1 AND {condition} {_HERE} "  # noqa: S608
            "ORDER BY next_try_at, serial, part LIMIT ?",
            (limit, len(busy) + most - len(found)),
        )
        for serial, part, lane, voids in rows.fetchall():
            if lane not in busy and len(found) < most:
                found.append(Turn(serial=serial, part=part, lane=lane, voids=voids))
    return found


def next_due(connection: Connection) -> str | None:
    """Return when the next turn is due (a stamp, empty for at once); None where nothing waits for its time."""
    return text_or_none(connection, f"SELECT min(next_try_at) FROM leg WHERE head = 1 {_HERE}")  # noqa: S608


def wake(connection: Connection) -> None:
    """Make everything due now, as when the network comes back."""
    connection.execute("UPDATE leg SET next_try_at = '' WHERE head = 1")


def counts(connection: Connection) -> dict[str, int]:
    """Return the number of records by state."""
    return dict(connection.execute("SELECT state, count(*) FROM record_state GROUP BY state").fetchall())


def open_lanes(connection: Connection) -> list[str]:
    """Return the lanes that have something to upload and are with no carrier."""
    return column(connection, "SELECT DISTINCT lane FROM leg WHERE open = 1 AND lane NOT IN (SELECT lane FROM carried)")
