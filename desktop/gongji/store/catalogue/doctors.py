"""The clinic's doctors by their national codes, each with a department, in dated editions."""

import datetime

from gongji.core.care import Doctor
from gongji.core.imports.rows import DoctorRow
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
