"""Editions of policy packs that came down, and of when each is; a later one of the same edition takes its place."""

from msgspec import Struct

from gongji.store.engine import Connection


class KeptPack(Struct, frozen=True, kw_only=True):
    """An edition: its area and first day (ISO), the text as it came and its SHA-256, as of when it is."""

    area: str
    starts: str
    sha256: str
    text: bytes
    as_of: str

    @property
    def id(self) -> str:
        """The edition's number, as the pack's own."""
        return f"{self.area}@{self.starts}"


def put(connection: Connection, one: KeptPack, operator: str, at: str) -> None:
    """Keep an edition; what was kept of it before stays, and counts no more."""
    connection.execute(
        "INSERT INTO pack (area, starts, sha256, text, as_of, operator, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (one.area, one.starts, one.sha256, one.text, one.as_of, operator, at),
    )


def current(connection: Connection) -> list[KeptPack]:
    """Return the newest of every edition, in order of area and first day."""
    rows = connection.execute(
        "SELECT area, starts, sha256, text, as_of FROM pack "
        "WHERE id IN (SELECT max(id) FROM pack GROUP BY area, starts) ORDER BY area, starts"
    )
    names = KeptPack.__struct_fields__
    return [KeptPack(**dict(zip(names, row, strict=True))) for row in rows]
