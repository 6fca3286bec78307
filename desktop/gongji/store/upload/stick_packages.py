"""Packages that left on a stick, and what a carrier stored of each message it sent for us."""

from collections.abc import Iterator

from msgspec import Struct, structs

from gongji.core.outbox.states import State
from gongji.store.engine import Connection
from gongji.store.people import person_keys
from gongji.store.rows import column, exists, first, insert, number, record, select, value


class Package(Struct, frozen=True, kw_only=True):
    """A package: how long it may be carried, how many legs, between which message numbers."""

    serial: int
    made_at: str
    expires_at: str
    receiver: str
    legs: int = 0
    sha256: str = ""
    first_msgid: str = ""
    last_msgid: str = ""
    state: str = "out"
    ended_at: str | None = None


def next_serial(connection: Connection) -> int:
    """Return the number of the next package."""
    return number(connection, "SELECT coalesce(max(serial), 0) + 1 FROM package")


def put(connection: Connection, one: Package, lanes: list[str]) -> None:
    """Record that a package leaves, with these lanes."""
    insert(connection, "package", structs.asdict(one))
    connection.executemany("INSERT INTO carried (lane, package) VALUES (?, ?)", [(lane, one.serial) for lane in lanes])


def leave_with(connection: Connection, lanes: list[str], whose: str, at: str) -> None:
    """Record that lanes are uploaded by another counter, as if they were with a carrier that never returns."""
    serial = next_serial(connection)
    put(connection, Package(serial=serial, made_at=at, expires_at="9999-12-31 23:59:59", receiver=whose), lanes)


def get(connection: Connection, serial: int) -> Package | None:
    """Return a package."""
    return first(connection, Package, "FROM package WHERE serial = ?", (serial,))


def out(connection: Connection) -> list[Package]:
    """Return the packages that have not come back."""
    return select(connection, Package, "FROM package WHERE state = 'out' ORDER BY serial")


def end(connection: Connection, serial: int, state: str, at: str) -> list[str]:
    """Record that a package has come back or is given up; return its lanes, which may be sent from here again."""
    lanes = column(connection, "SELECT lane FROM carried WHERE package = ?", (serial,))
    connection.execute("UPDATE package SET state = ?, ended_at = ? WHERE serial = ?", (state, at, serial))
    connection.execute("DELETE FROM carried WHERE package = ?", (serial,))
    return lanes


def sendable(connection: Connection) -> list[str]:
    """Return the lanes with something to send that are not away, in order of their oldest record."""
    query = (
        "SELECT lane FROM leg WHERE head = 1 AND state IN ('pending', 'unknown', 'reversing') "
        "AND NOT EXISTS (SELECT 1 FROM carried WHERE carried.lane = leg.lane) GROUP BY lane ORDER BY min(serial)"
    )
    return column(connection, query)


def state_of(connection: Connection, serial: int, part: int) -> State:
    """Return the state of a leg or a void."""
    return State(value(connection, "SELECT state FROM leg WHERE serial = ? AND part = ?", (serial, part)))


def is_void(connection: Connection, serial: int) -> bool:
    """Return whether a record is a void, which is no visit on the wire."""
    return bool(value(connection, "SELECT kind = 'void' FROM record WHERE serial = ?", (serial,)))


def total_fen(connection: Connection, serials: list[int]) -> int:
    """Return the sum of some settlements and voids, in fen."""
    return sum(number(connection, "SELECT total_fen FROM settlement WHERE serial = ?", (serial,)) for serial in serials)


def is_kept(connection: Connection, msgid: str) -> bool:
    """Return whether the book has a message with this id."""
    return exists(connection, "SELECT 1 FROM attempt WHERE msgid = ?", (msgid,))


def legs_of(connection: Connection, lanes: list[str]) -> set[tuple[int, int]]:
    """Return the serial and part of every leg of some lanes."""
    found: set[tuple[int, int]] = set()
    for lane in lanes:
        found.update(connection.execute("SELECT serial, part FROM leg WHERE lane = ?", (lane,)).fetchall())
    return found


def lanes_of(connection: Connection, serial: int) -> list[str]:
    """Return the lanes of a package."""
    return column(connection, "SELECT lane FROM carried WHERE package = ? ORDER BY lane", (serial,))


def keep_hop(connection: Connection, msgid: str, outgoing: bytes, before: bytes) -> None:
    """Store, in a carrier's extract, a leg's state before a message was sent."""
    insert(connection, "hop", {"msgid": msgid, "outgoing": outgoing, "before": before})


def end_hop(connection: Connection, msgid: str, after: bytes) -> None:
    """Store a leg's state after a message's answer was recorded."""
    connection.execute("UPDATE hop SET after = ? WHERE msgid = ?", (after, msgid))


class Hop(Struct, frozen=True, kw_only=True):
    """A message a carrier sent: when, its content, its answer and when, and the leg's state before and after."""

    msgid: str
    at: str
    body: bytes
    answered_at: str | None
    outcome: str
    text: str
    answer: bytes
    outgoing: bytes
    before: bytes
    after: bytes | None


def hops(connection: Connection) -> Iterator[Hop]:
    """Yield every message of a carrier's extract, in order; bodies compressed, as stored."""
    rows = connection.execute(
        "SELECT hop.msgid, attempt.at, attempt.body, answer.at, coalesce(outcome, ''), coalesce(text, ''), "
        "coalesce(answer.body, x''), outgoing, before, after "
        "FROM hop JOIN attempt USING (msgid) LEFT JOIN answer USING (msgid) ORDER BY hop.id"
    )
    for row in rows:
        one = record(Hop, row)
        yield structs.replace(
            one,
            body=person_keys.unseal(connection, one.body) or b"",
            answer=person_keys.unseal(connection, one.answer) or b"",
        )
