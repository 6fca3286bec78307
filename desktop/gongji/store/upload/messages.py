"""Every message ever sent, stored before its first byte leaves, and every answer; message ids are never used twice."""

import zlib

from gongji.core.outbox.message_ids import MessageNumber, following, numbers_of
from gongji.errors import GongjiError
from gongji.store import settings
from gongji.store.engine import Connection
from gongji.store.people import person_keys
from gongji.store.rows import exists, upsert, value

UNTIL = "msgids_until"
_ONLY = "00"
_LAST_AND_RANGE = (
    "SELECT at, number, (SELECT value FROM setting WHERE name = 'counter'), "
    "(SELECT value FROM setting WHERE name = ?) FROM (SELECT 1) LEFT JOIN msgid_mark ON one = 1"
)
_LAST = 999
_MEMORY = 5
_SMALL = 12
"""The window for short messages, as the power of two: they lie within it whole, so nothing is lost by it."""


def next_mark(connection: Connection, now: str) -> MessageNumber:
    """Return the number for the next message id, recorded with whatever else this transaction stores.

    A carrier's extract of the book only gives out the numbers reserved for it, and the clock does not advance them.
    Raises `GongjiError` where an extract has no number left.
    """
    at, number, counter, until = connection.execute(_LAST_AND_RANGE, (UNTIL,)).fetchone()
    last = None if at is None else MessageNumber(at, number)
    mark = following(last, now if until is None else "", len(numbers_of(counter or _ONLY)))
    if until is not None and f"{mark.at}/{mark.number:03d}" > until:
        raise GongjiError("为这个包留出的报文号已用完", "请把回执带回收费台导入，再导出一个包")
    _keep_mark(connection, mark)
    return mark


def set_aside(connection: Connection, now: str, count: int) -> tuple[MessageNumber, MessageNumber]:
    """Reserve many numbers at once; return the one before the first of them and the last."""
    most = _most(connection)
    first = last = following(_last_mark(connection), now, most)
    for _ in range(count):
        last = following(last, "", most)
    _keep_mark(connection, last)
    return first, last


def skip(connection: Connection, reserved: str) -> None:
    """Use no number up to a moment (a stamp): a restored book does not know which were used."""
    known = _last_mark(connection)
    if reserved and (known is None or known.at <= reserved):
        _keep_mark(connection, following(MessageNumber(reserved, _LAST), "", _most(connection)))


def last_number(connection: Connection) -> str:
    """Return the last number used, as its time and its running part; empty where there was none."""
    known = _last_mark(connection)
    return "" if known is None else f"{known.at}/{known.number:03d}"


def last_at(connection: Connection) -> str:
    """Return the time (a stamp) in the last number used; empty where there was none."""
    known = _last_mark(connection)
    return "" if known is None else known.at


def _most(connection: Connection) -> int:
    return len(numbers_of(settings.get(connection, "counter") or _ONLY))


def _last_mark(connection: Connection) -> MessageNumber | None:
    row = connection.execute("SELECT at, number FROM msgid_mark WHERE one = 1").fetchone()
    return None if row is None else MessageNumber(*row)


def _keep_mark(connection: Connection, mark: MessageNumber) -> None:
    upsert(connection, "msgid_mark", {"one": 1, "at": mark.at, "number": mark.number}, "one")


def put(
    connection: Connection,
    msgid: str,
    whose: tuple[int, int] | str | None,
    infno: str,
    purpose: str,
    at: str,
    body: bytes,
) -> None:
    """Store a message before it is sent, under the key of the person it is about.

    `whose` is the serial and part of its leg, the number of a person that it asks about, or None.
    """
    serial, part, kept = None, None, _zipped(body)
    if isinstance(whose, tuple):
        serial, part = whose
        kept = person_keys.seal_of_settlement(connection, serial, kept)
    else:
        kept = person_keys.seal(connection, whose, kept)
    connection.execute(
        "INSERT INTO attempt VALUES (?, ?, ?, ?, ?, ?, ?)", (msgid, serial, part, infno, purpose, at, kept)
    )


def put_answer(connection: Connection, msgid: str, at: str, outcome: str, text: str, body: bytes) -> None:
    """Store the outcome of a message, under the same key as the message."""
    head = value(connection, "SELECT substr(body, 1, ?) FROM attempt WHERE msgid = ?", (person_keys.HEAD, msgid))
    kept = person_keys.seal_alike(connection, head or b"", _zipped(body))
    connection.execute("INSERT INTO answer VALUES (?, ?, ?, ?, ?)", (msgid, at, outcome, text, kept))


def _zipped(body: bytes) -> bytes:
    """Return a message compressed, with settings that are fast for a thousand bytes.

    To prepare a window of 32,768 bytes takes twice as long as to compress so many.
    """
    packer = zlib.compressobj(wbits=_SMALL if len(body) <= 1 << _SMALL else zlib.MAX_WBITS, memLevel=_MEMORY)
    return packer.compress(body) + packer.flush()


def is_answered(connection: Connection, msgid: str) -> bool:
    """Return whether the outcome of a message is known."""
    return exists(connection, "SELECT 1 FROM answer WHERE msgid = ?", (msgid,))


def last_accepted(connection: Connection, serial: int, part: int, infno: str) -> bytes | None:
    """Return the newest answer that accepted a step of a leg."""
    newest = (
        "SELECT answer.body FROM attempt JOIN answer USING (msgid) WHERE serial = ? AND part = ? AND infno = ? "
        "AND outcome IN ('done', 'settled') ORDER BY msgid DESC LIMIT 1"
    )
    body = value(connection, newest, (serial, part, infno))
    content = None if body is None else person_keys.unseal(connection, body)
    return None if content is None else zlib.decompress(content)


def by_msgid(connection: Connection, msgid: str) -> tuple[int, int] | None:
    """Return which leg a message belongs to, as its serial and part."""
    row = connection.execute("SELECT serial, part FROM attempt WHERE msgid = ?", (msgid,)).fetchone()
    return None if row is None or row[0] is None else (int(row[0]), int(row[1]))
