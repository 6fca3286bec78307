"""操作日志 in the book: appending to the chain, checking it, and the anchors that were issued."""

from collections.abc import Iterator, Sequence

from msgspec import Struct, json
from msgspec.structs import asdict

from gongji.core.ledger.audit import GENESIS, Act, AuditEntry, bound, seal
from gongji.store.engine import Connection, blockwise
from gongji.store.rows import insert, select, text_or_none


def append(connection: Connection, at: str, operator: str, act: Act, subject: str, detail: str) -> int:
    """Add an entry inside the caller's transaction and return its serial; `at` is a stamp, `detail` without names."""
    serial, previous, root = connection.execute(
        "SELECT audit.serial, seal, root FROM audit LEFT JOIN audit_root ON audit = audit.serial "
        "ORDER BY audit.serial DESC LIMIT 1"
    ).fetchone() or (0, GENESIS, None)
    entry = AuditEntry(serial=serial + 1, at=at, operator=operator, act=act.value, subject=subject, detail=detail)
    sealed = seal(entry, bound(previous, root))
    connection.execute(
        "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)",
        (entry.serial, at, operator, act.value, subject, detail, sealed),
    )
    return entry.serial


def broken(connection: Connection) -> Iterator[tuple[int, str]]:
    """Yield the serial of every entry that does not follow from the one before it, and what is wrong."""
    previous, expected = GENESIS, 1
    rows = connection.execute(
        "SELECT audit.serial, at, operator, act, subject, detail, seal, root FROM audit "
        "LEFT JOIN audit_root ON audit = audit.serial ORDER BY audit.serial"
    )
    for serial, at, operator, act, subject, detail, sealed, root in blockwise(rows):
        if serial != expected:
            yield serial, "前面缺少日志"
        entry = AuditEntry(serial=serial, at=at, operator=operator, act=act, subject=subject, detail=detail)
        if seal(entry, previous) != sealed:
            yield serial, "内容与封印不符"
        previous, expected = bound(sealed, root), serial + 1


def table_imports(connection: Connection, most: int) -> list[AuditEntry]:
    """Return the newest imports of tables, the latest first.

    What was imported is named 人员：file.csv; a number alone comes from an older program, which logged the answers to
    the package of that number as an import.
    """
    named = "FROM audit WHERE act = ? AND subject GLOB '*[^0-9]*' ORDER BY serial DESC LIMIT ?"
    return select(connection, AuditEntry, named, (Act.IMPORT.value, most))


def last(connection: Connection) -> tuple[int, str]:
    """Return the serial and the seal of the last entry; 0 and the chain's start value where there is none."""
    row = connection.execute("SELECT serial, seal FROM audit ORDER BY serial DESC LIMIT 1").fetchone()
    return (0, GENESIS) if row is None else (int(row[0]), str(row[1]))


def seal_of(connection: Connection, serial: int) -> str | None:
    """Return the seal of an entry; None where there is none."""
    return text_or_none(connection, "SELECT seal FROM audit WHERE serial = ?", (serial,))


def of_acts(connection: Connection, acts: Sequence[str]) -> list[AuditEntry]:
    """Return the entries of these acts, the oldest first."""
    theirs = "FROM audit WHERE act IN (SELECT value FROM json_each(?)) ORDER BY serial"
    return select(connection, AuditEntry, theirs, (json.encode([str(one) for one in acts]).decode(),))


class KeptAnchor(Struct, frozen=True, kw_only=True):
    """An anchor's line, why it was made, the tallies it was made from, as stored, and when (a stamp)."""

    line: str
    cause: str
    state: bytes
    at: str


def put_anchor(connection: Connection, one: KeptAnchor) -> None:
    """Store an anchor before it is issued."""
    insert(connection, "anchor", asdict(one))


def anchors(connection: Connection) -> list[KeptAnchor]:
    """Return all anchors, the oldest first."""
    return select(connection, KeptAnchor, "FROM anchor ORDER BY id")
