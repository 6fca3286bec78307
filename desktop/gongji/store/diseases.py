"""Diseases of the agency's tables, by area; a name once known stays known, so that what was settled can be told."""

from collections.abc import Sequence

from msgspec import DecodeError, json

from gongji.core.imports.rows import DiseaseRow
from gongji.core.packs.language import Disease
from gongji.store.engine import Connection
from gongji.store.items import RowOutcome


def fate_of_disease(connection: Connection, row: DiseaseRow) -> RowOutcome:
    """Return what keeping a row would do."""
    known = connection.execute(
        "SELECT names, code FROM disease WHERE area = ? AND list = ? AND name = ? ORDER BY id DESC LIMIT 1",
        (row.area, row.of, row.name),
    ).fetchone()
    if known is None:
        return RowOutcome.NEW
    same = (tuple(json.decode(known[0])), known[1]) == (row.names, row.code)
    return RowOutcome.UNCHANGED if same else RowOutcome.CHANGED


def keep_diseases(connection: Connection, rows: Sequence[DiseaseRow], at: str, source: str) -> list[RowOutcome]:
    """Keep rows that say something new, inside the caller's transaction; return what became of each."""
    fates = []
    for row in rows:
        fate = fate_of_disease(connection, row)
        fates.append(fate)
        if fate is not RowOutcome.UNCHANGED:
            connection.execute(
                "INSERT INTO disease (area, list, name, names, code, at, source) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (row.area, row.of, row.name, json.encode(row.names).decode(), row.code, at, source),
            )
    return fates


def diseases_by_area(connection: Connection) -> dict[str, tuple[Disease, ...]]:
    """Return every disease there is a row of, the newest first, by area."""
    found: dict[str, list[Disease]] = {}
    for area, of, name, names, code in connection.execute(
        "SELECT area, list, name, names, code FROM disease ORDER BY id DESC"
    ):
        found.setdefault(area, []).append(Disease(of=of, name=name, names=_names(names), code=code))
    return {area: tuple(diseases) for area, diseases in found.items()}


def _names(text: str) -> tuple[str, ...]:
    """Return a disease's other names; a row that another hand has spoilt has none, and verify tells of it."""
    try:
        return json.decode(text, type=tuple[str, ...])
    except DecodeError:
        return ()
