"""Imported diagnoses (ICD-10) in dated editions, searched as typed; the agency's disease lists by area."""

import datetime
from functools import partial

from msgspec import DecodeError, Struct, json

from gongji.core.packs.language import Disease
from gongji.store.engine import Connection
from gongji.store.rows import first, record
from gongji.store.search import Query, as_typed, beginning_with, first_found, in_force, name_queries


class DiagnosisFound(Struct, frozen=True, kw_only=True):
    """A diagnosis in force."""

    id: int
    code: str
    name: str


_COLUMNS = "SELECT diagnosis.id, diagnosis.code, diagnosis.name FROM "
_IN_FORCE = in_force("diagnosis")
_BY_CODE = f"{_COLUMNS} diagnosis WHERE code >= :first AND code < :after AND {_IN_FORCE} ORDER BY code"
_BY_WORD = f"""{_COLUMNS} diagnosis_word CROSS JOIN diagnosis ON diagnosis.id = diagnosis_word.diagnosis
    WHERE word >= :first AND word < :after AND {_IN_FORCE} ORDER BY word, diagnosis_word.diagnosis"""
_BY_PART = f"""{_COLUMNS} diagnosis_name CROSS JOIN diagnosis ON diagnosis.id = diagnosis_name.rowid
    WHERE diagnosis_name MATCH :phrase AND {_IN_FORCE} ORDER BY diagnosis_name.rowid"""


def find_diagnoses(connection: Connection, text: str, on: datetime.date, limit: int) -> list[DiagnosisFound]:
    """Return diagnoses in force on a day by code, name, part of the name or pinyin, best match first."""
    typed, folded = as_typed(text)
    capital = typed[:1].upper() + typed[1:]
    by_code: list[Query] = [(_BY_CODE, beginning_with(one)) for one in dict.fromkeys((typed, capital)) if one]
    by_name = name_queries(folded, _BY_WORD, _BY_PART)
    queries = [*by_code, *by_name] if any(one.isdigit() for one in typed) else [*by_name, *by_code]
    day = {"on": on.isoformat()}
    dated = [(sql, values | day) for sql, values in queries]
    return first_found(connection, dated, partial(record, DiagnosisFound), limit)


def any_diagnosis(connection: Connection) -> DiagnosisFound | None:
    """Return the first diagnosis that was imported; None where none was."""
    return first(connection, DiagnosisFound, "FROM diagnosis ORDER BY id LIMIT 1")


def diseases_by_area(connection: Connection) -> dict[str, tuple[Disease, ...]]:
    """Return every listed disease, the newest first, by area."""
    found: dict[str, list[Disease]] = {}
    for area, of, name, names, code in connection.execute(
        "SELECT area, list, name, names, code FROM disease ORDER BY id DESC"
    ):
        found.setdefault(area, []).append(Disease(of=of, name=name, names=_names(names), code=code))
    return {area: tuple(diseases) for area, diseases in found.items()}


def _names(text: str) -> tuple[str, ...]:
    """Return a disease's other names; none for a damaged row, which verify reports."""
    try:
        return json.decode(text, type=tuple[str, ...])
    except DecodeError:
        return ()
