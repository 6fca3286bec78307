"""A book with very many settlements in it: one real settlement, copied with numbers and people of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gongji.core.ledger.audit import AuditEntry, bound, seal
from gongji.store.book_file import keyed_connection
from gongji.store.book_file.db import Store
from gongji.store.engine import Connection

PEOPLE = 100_000
_BATCH = 50_000
_CACHE_KIB = 600_000
"""Indexes of a million settlements: rows come into them anywhere."""
_NUMBERS = "WITH RECURSIVE n(serial) AS (VALUES(?1) UNION ALL SELECT serial + 1 FROM n WHERE serial < ?2) "
_PERSON = f"printf('P%06d', (n.serial * 7919) % {PEOPLE})"
# What a copy has instead of the original's; every other column is the same.
_OWN = {
    "settlement": {
        "serial": "n.serial",
        "no": "'01-20261122-' || n.serial",
        "visit_no": "'V' || n.serial",
        "person_id": _PERSON,
        "audit": "n.serial + ?3",
    },
    "visit": {"settlement": "n.serial"},
    "fee_line": {"settlement": "n.serial"},
    "part": {"settlement": "n.serial"},
    "trace": {"settlement": "n.serial"},
    "payment": {"settlement": "n.serial"},
    "entry": {"settlement": "n.serial", "owner": _PERSON},
    "receipt": {"settlement": "n.serial", "no": "'01' || n.serial"},
    "record": {"serial": "n.serial", "claim_key": "'k' || n.serial", "lane": f"{_PERSON} || '/2026-01-01'"},
    "record_state": {"serial": "n.serial"},
    "leg": {"serial": "n.serial", "lane": f"{_PERSON} || '/2026-01-01'", "head": "1"},
}


def add_people(connection: Connection) -> None:
    """Put in the people the copies belong to."""
    connection.executemany(
        "INSERT INTO person (id, name) VALUES (?, '某人')", ((f"P{number:06d}",) for number in range(PEOPLE))
    )


@contextmanager
def in_bulk(book: Path, key: bytes) -> Iterator[Connection]:
    """Open a book that nobody else has open, to put very many rows in: without a log, and nothing is flushed.

    Rows are counted in no tally then and witnessed nowhere: what is made so is worked with, and not verified.
    """
    connection = keyed_connection.connect(book, key)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE_KIB}"):
        connection.execute(f"PRAGMA {pragma}")
    yield connection
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    book.with_name("witness.jsonl").unlink()


def multiply(
    connection: Connection,
    first: int,
    last: int,
    record: Callable[[str], dict[str, str]] = lambda _: {},
    of: int | None = None,
) -> None:
    """Copy a settlement, `of` or the one before `first`, so that all serials up to `last` are taken.

    A batch is one transaction; no tally counts the rows. `record` says which expressions a copied record has for its
    columns, given the one for its person.
    """
    original = first - 1 if of is None else of
    for start, end in _batches(first, last):
        connection.execute("BEGIN IMMEDIATE")
        _copy(connection, original, start, end, record(_PERSON))
        connection.execute("COMMIT")


def multiply_counted(store: Store, first: int, last: int) -> None:
    """Copy the settlement before `first` as the program writes: every row is counted, and the book can be verified."""
    for start, end in _batches(first, last):
        with store.write() as connection:
            _copy(connection, first - 1, start, end, {})


def _batches(first: int, last: int) -> Iterator[tuple[int, int]]:
    for start in range(first, last + 1, _BATCH):
        yield start, min(start + _BATCH - 1, last)


def _copy(connection: Connection, original: int, start: int, end: int, record: dict[str, str]) -> None:
    """Copy a settlement for these serials, with other expressions for some columns of its record."""
    audited = _audit(connection, start, end)
    for table, own in {**_OWN, "record": {**_OWN["record"], **record}}.items():
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        values = ", ".join(own.get(name, f"t.{name}") for name in columns)
        key = "serial" if "serial" in own else "settlement"
        connection.execute(
            f"{_NUMBERS} INSERT INTO {table} SELECT {values} FROM n, {table} AS t "  # noqa: S608
            f"WHERE t.{key} = {original} AND ?3 = ?3 ORDER BY {_order(connection, table, own)}",
            (start, end, audited),
        )


def _order(connection: Connection, table: str, own: dict[str, str]) -> str:
    """Return the order of a table's own key, in which its rows are tallied."""
    keyed = sorted((row[5], row[1]) for row in connection.execute(f"PRAGMA table_info({table})") if row[5])
    return ", ".join(own.get(name, f"t.{name}") for _, name in keyed)


def _audit(connection: Connection, start: int, end: int) -> int:
    """Go on with the chain for these settlements; return by how much an entry's serial is above its settlement's."""
    serial, previous, root = connection.execute(
        "SELECT audit.serial, seal, root FROM audit LEFT JOIN audit_root ON audit = audit.serial "
        "ORDER BY audit.serial DESC LIMIT 1"
    ).fetchone()
    previous = bound(previous, root)
    above = serial + 1 - start
    rows = []
    for number in range(start, end + 1):
        entry = AuditEntry(
            serial=number + above, at="2026-11-22 10:00:00", operator="甲", act="settle", subject=f"{number}", detail=""
        )
        previous = seal(entry, previous)
        rows.append((entry.serial, entry.at, entry.operator, entry.act, entry.subject, entry.detail, previous))
    connection.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    return int(above)
