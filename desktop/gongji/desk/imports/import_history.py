"""资料: how much is known of people and items, what was imported, and a table to fill in."""

from pathlib import Path

from msgspec import Struct

from gongji.core.imports.kinds import KINDS
from gongji.core.ledger.audit import AuditEntry
from gongji.desk.session import Session
from gongji.spreadsheets.write_table import write_table
from gongji.store import audit, search

KIND_TITLES = {name: kind.title for name, kind in KINDS.items()}
"""The kinds of tables that can be imported, with their titles."""
_MOST = 100


class RowCounts(Struct, frozen=True, kw_only=True):
    """How many people, items and family accounts the book knows, and up to when the payer's figures go."""

    people: int
    items: int
    links: int
    told_until: str | None


def known_counts(session: Session) -> RowCounts:
    """Return how much is known."""
    people, items, links, told_until = search.row_counts(session.store.reader)
    return RowCounts(people=people, items=items, links=links, told_until=told_until)


def imports(session: Session) -> list[AuditEntry]:
    """Return what was imported from tables, the latest first."""
    return audit.table_imports(session.store.reader, _MOST)


def columns_of(kind: str) -> list[tuple[str, bool]]:
    """Return the columns a table of a kind has, and which must be filled."""
    return [(column.heading, column.required) for column in KINDS[kind].columns]


def write_template(kind: str, path: Path) -> None:
    """Write an empty table of a kind, with its headings."""
    write_table(path, [[heading for heading, _ in columns_of(kind)]])
