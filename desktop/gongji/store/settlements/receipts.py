"""Papers in the book: the content of each, its file's fingerprint, its reprints."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import asdict

from gongji.store.compressed_text import compressed, plain
from gongji.store.engine import Connection
from gongji.store.people import person_keys
from gongji.store.rows import insert, number


class IssuedReceipt(Struct, frozen=True, kw_only=True):
    """A paper: its paper size, its content (a receipt as JSON), SHA-256 of the file in hexadecimal."""

    settlement: int
    format: str
    at: str
    content: bytes
    sha256: str


def newest(connection: Connection, serial: int) -> IssuedReceipt | None:
    """Return the paper of a settlement or void; None where none was printed yet, or the person was forgotten."""
    row = connection.execute(
        "SELECT settlement, format, at, content, sha256, id FROM paper WHERE settlement = ? ORDER BY id DESC LIMIT 1",
        (serial,),
    ).fetchone()
    if row is None:
        return None
    settlement, kind, at, sealed, sha256, paper = row
    content = person_keys.unseal(connection, bytes(sealed))
    if content is None or person_keys.is_withheld(connection, settlement, paper, "paper"):
        return None
    return IssuedReceipt(settlement=settlement, format=kind, at=at, content=plain(content), sha256=sha256)


def keep(connection: Connection, one: IssuedReceipt) -> None:
    """Store a paper, inside the caller's transaction, under the key of its person."""
    content = person_keys.seal(connection, person_keys.person_of(connection, one.settlement), compressed(one.content))
    insert(connection, "paper", {**asdict(one), "content": content})


def add_reprint(connection: Connection, serial: int, operator: str, at: str) -> int:
    """Count a reprint, inside the caller's transaction; return its ordinal."""
    nth = number(connection, "SELECT count(*) FROM reprint WHERE settlement = ?", (serial,)) + 1
    connection.execute("INSERT INTO reprint VALUES (?, ?, ?, ?)", (serial, nth, operator, at))
    return nth


def reprints(connection: Connection, serial: int) -> list[tuple[int, str, str]]:
    """Return every reprint: its ordinal, by whom, when (a stamp)."""
    rows = connection.execute("SELECT nth, operator, at FROM reprint WHERE settlement = ? ORDER BY nth", (serial,))
    return [(int(nth), str(operator), str(at)) for nth, operator, at in rows]


def catalogued(connection: Connection, codes: Iterable[str], on: str) -> dict[str, tuple[str, str]]:
    """Return the official heading and the unit of items in the catalogue on a day (ISO), by code."""
    found = {}
    for code in dict.fromkeys(codes):
        row = connection.execute(
            "SELECT fee_category, unit FROM item WHERE code = ?1 AND starts <= ?2 AND (ends IS NULL OR ends >= ?2) "
            "ORDER BY starts DESC LIMIT 1",
            (code, on),
        ).fetchone()
        if row is not None:
            found[code] = (str(row[0]), str(row[1]))
    return found
