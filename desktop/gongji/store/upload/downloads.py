"""Downloads from the agency: catalogue rows by record number, the version to ask from next, policy packs."""

from collections.abc import Iterable, Sequence

from msgspec import Struct, json, structs
from msgspec.structs import asdict

from gongji.core.imports.catalogue_feed import AgencyRow
from gongji.store.engine import Connection
from gongji.store.rows import column, columns, first, insert, select


class Download(Struct, frozen=True, kw_only=True):
    """A completed download: from which version to which, valid as of when (by the platform's clock)."""

    kind: str
    since: str
    version: str
    as_of: str
    rows: int
    sha256: str
    operator: str
    at: str


_ROW = columns(AgencyRow)


def put(connection: Connection, one: Download) -> None:
    """Record a completed download."""
    insert(connection, "download", asdict(one))


def newest(connection: Connection, kind: str) -> Download | None:
    """Return the newest download of a kind; None where there is none yet."""
    return first(connection, Download, "FROM download WHERE kind = ? ORDER BY id DESC LIMIT 1", (kind,))


def put_rows(connection: Connection, rows: Iterable[AgencyRow]) -> None:
    """Store the agency's rows; a later row replaces an earlier one of the same record number."""
    connection.executemany(
        f"INSERT OR REPLACE INTO agency_row ({_ROW}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  # the same
        (
            (one.infno, one.rid, one.code, one.starts, one.ends, one.valid, one.version, json.encode(one.said).decode())
            for one in rows
        ),
    )


def row(connection: Connection, infno: str, rid: str) -> AgencyRow | None:
    """Return what is kept under a record number."""
    return next(iter(_rows(connection, "infno = ? AND rid = ?", infno, rid)), None)


def rows_of(connection: Connection, code: str) -> list[AgencyRow]:
    """Return all the agency's rows of an item."""
    return _rows(connection, "code = ?", code)


def _rows(connection: Connection, condition: str, *values: str) -> list[AgencyRow]:
    found = select(connection, AgencyRow, f"FROM agency_row WHERE {condition}", values)
    return [structs.replace(one, said=json.decode(str(one.said))) for one in found]


def carried(connection: Connection, codes: Sequence[str]) -> list[str]:
    """Return which of these items the clinic has, or the agency's stored rows mention."""
    query = (
        "SELECT DISTINCT code FROM item WHERE code IN (SELECT value FROM json_each(?)) "
        "OR code IN (SELECT code FROM agency_row) ORDER BY code"
    )
    return column(connection, query, (json.encode(codes).decode(),))


class KeptPack(Struct, frozen=True, kw_only=True):
    """An edition: its area and first day (ISO), its text as received and SHA-256, its date."""

    area: str
    starts: str
    sha256: str
    text: bytes
    as_of: str

    @property
    def id(self) -> str:
        """The edition's id, as the pack's own."""
        return f"{self.area}@{self.starts}"


def put_pack(connection: Connection, one: KeptPack, operator: str, at: str) -> None:
    """Store an edition; an earlier text of it stays but no longer counts."""
    insert(connection, "pack", {**asdict(one), "operator": operator, "at": at})


def packs_current(connection: Connection) -> list[KeptPack]:
    """Return the newest of every edition, in order of area and first day."""
    newest_of_each = "FROM pack WHERE id IN (SELECT max(id) FROM pack GROUP BY area, starts) ORDER BY area, starts"
    return select(connection, KeptPack, newest_of_each)
