"""What a test reads of a book: every settlement whole, the messages of a leg, the entries of an act."""

import zlib
from collections.abc import Iterator

from msgspec import Struct

from gongji.core.ledger.audit import Act, AuditEntry
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.store import audit
from gongji.store.engine import Connection
from gongji.store.people import person_keys
from gongji.store.settlements import settlements
from gongji.store.upload import outbox_records


class SentMessage(Struct, frozen=True, kw_only=True):
    """A message: its id, its leg (none for a sign-in), its purpose, when; its answer if there is one."""

    msgid: str
    serial: int | None
    part: int | None
    infno: str
    purpose: str
    at: str
    outcome: str | None
    text: str | None


def wholes(connection: Connection) -> Iterator[StoredSettlement]:
    """Every settlement and void, whole, in order of their serials."""
    for head in settlements.heads(connection):
        one = settlements.by_serial(connection, head.serial)
        assert one is not None
        yield one


def messages_of_leg(connection: Connection, serial: int, part: int) -> list[SentMessage]:
    """The messages of a leg in order of sending."""
    rows = connection.execute(
        "SELECT msgid, serial, part, infno, purpose, attempt.at, outcome, answer.text FROM attempt "
        "LEFT JOIN answer USING (msgid) WHERE serial = ? AND part = ? ORDER BY attempt.msgid",
        (serial, part),
    )
    names = SentMessage.__struct_fields__
    return [SentMessage(**dict(zip(names, row, strict=True))) for row in rows]


def body_of(connection: Connection, msgid: str) -> bytes | None:
    """A message as it was sent."""
    row = connection.execute("SELECT body FROM attempt WHERE msgid = ?", (msgid,)).fetchone()
    content = None if row is None else person_keys.unseal(connection, row[0])
    return None if content is None else zlib.decompress(content)


def entries_of(connection: Connection, act: Act) -> list[AuditEntry]:
    """The log's entries of an act, the latest first."""
    return [*audit.of_acts(connection, (act,))][::-1]


def record_body_of(connection: Connection, serial: int) -> bytes:
    """The body queued for a settlement or void, as it was frozen."""
    return person_keys.with_name(connection, outbox_records.sealed_body_of(connection, serial))
