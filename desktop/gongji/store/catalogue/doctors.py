"""The clinic's doctors by their national codes, each with a department, in dated editions."""

import datetime
from collections.abc import Sequence

from gongji.core.care import Doctor
from gongji.core.imports.rows import DoctorRow
from gongji.store.catalogue.items import RowOutcome, outcome_of
from gongji.store.engine import Connection
from gongji.store.rows import select

_ON = """FROM doctor WHERE starts <= ?1 AND (ends IS NULL OR ends >= ?1) AND NOT EXISTS (
        SELECT 1 FROM doctor AS later WHERE later.code = doctor.code AND later.starts > doctor.starts
        AND later.starts <= ?1) ORDER BY department, name, code"""


def doctors_on(connection: Connection, on: datetime.date) -> list[Doctor]:
    """Return who works at the clinic on a day, by department and name."""
    return select(connection, Doctor, _ON, (on.isoformat(),))


def doctor_row(connection: Connection, code: str, on: datetime.date) -> DoctorRow | None:
    """Return the edition of a doctor in force on a day; None where there is none."""
    row = connection.execute(
        "SELECT name, department_code, department, starts, ends FROM doctor WHERE code = ?1 AND starts <= ?2 "
        "AND (ends IS NULL OR ends >= ?2) ORDER BY starts DESC LIMIT 1",
        (code, on.isoformat()),
    ).fetchone()
    if row is None:
        return None
    name, department_code, department, starts, ends = row
    return DoctorRow(
        code=code,
        name=name,
        department_code=department_code,
        department=department,
        starts=datetime.date.fromisoformat(starts),
        ends=None if ends is None else datetime.date.fromisoformat(ends),
    )


def fate_of_doctor(connection: Connection, row: DoctorRow) -> RowOutcome:
    """Return what a row would change."""
    known = connection.execute(
        "SELECT name, department_code, department, ends FROM doctor WHERE code = ? AND starts = ?",
        (row.code, row.starts.isoformat()),
    ).fetchone()
    return outcome_of(known, _content(row))


def keep_doctors(connection: Connection, rows: Sequence[DoctorRow]) -> list[RowOutcome]:
    """Store rows inside the caller's transaction; return the outcome of each."""
    fates = [fate_of_doctor(connection, row) for row in rows]
    connection.executemany(
        "INSERT INTO doctor (name, department_code, department, ends, code, starts) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (code, starts) DO UPDATE SET name = excluded.name, department_code = excluded.department_code, "
        "department = excluded.department, ends = excluded.ends",
        [(*_content(row), row.code, row.starts.isoformat()) for row in rows],
    )
    return fates


def _content(row: DoctorRow) -> tuple[str, str, str, str | None]:
    return row.name, row.department_code, row.department, None if row.ends is None else row.ends.isoformat()
