"""手工增改: an item, its price, or a person entered by hand: a row as of a table, from a day on, stored and logged.

Until that day the earlier values hold: an item gets a further edition, a person's insurance too.
"""

import datetime
from collections.abc import Mapping

from msgspec import Struct

from gongji.core.identity import masked_cell
from gongji.core.imports.kinds import KINDS, shown
from gongji.core.imports.read_rows import AcceptedRow, Headings, Reading
from gongji.core.imports.rows import CellFault, DoctorRow, ItemRow, PersonRow, RejectedRow
from gongji.core.ledger.audit import Act
from gongji.desk.imports.read_table import context_of
from gongji.desk.session import Session
from gongji.store import audit
from gongji.store.bulk_import import KEEPERS
from gongji.store.catalogue import doctors, items
from gongji.store.people import people
from gongji.store.people.person_keys import make_key
from gongji.store.row_outcomes import ImportSource, RowOutcome

BY_HAND = "手工录入"


class ToldByHand(Struct, frozen=True, kw_only=True):
    """The result for a row: stored (new, changed or unchanged), or everything that is wrong with it."""

    outcome: RowOutcome | None = None
    wrong: tuple[CellFault, ...] = ()


def item_cells(session: Session, code: str, on: datetime.date) -> dict[str, str]:
    """Return the edition of an item in force on a day, by heading, as from that day; empty where there is none."""
    begun = [one for one in items.editions(session.store.reader, code) if one.starts <= on]
    in_force = [one for one in begun if one.ends is None or one.ends >= on]
    if not in_force:
        return {}
    return shown(KINDS["catalogue"], in_force[-1]) | {"起始": on.isoformat()}


def person_cells(session: Session, person_id: str, on: datetime.date) -> dict[str, str]:
    """Return what is known of a person on a day, by heading, as from that day; empty where nothing is."""
    row = people.as_row(session.store.reader, person_id, on)
    return {} if row is None else shown(KINDS["people"], row) | {"状态起始": on.isoformat()}


def doctor_cells(session: Session, code: str, on: datetime.date) -> dict[str, str]:
    """Return what is known of a doctor on a day, by heading, as from that day; empty where nothing is."""
    row = doctors.doctor_row(session.store.reader, code, on)
    return {} if row is None else shown(KINDS["doctors"], row) | {"起始": on.isoformat()}


def keep_by_hand(session: Session, kind: str, cells: Mapping[str, str]) -> ToldByHand:
    """Store an item ("catalogue"), a person ("people") or a doctor ("doctors") entered by hand, by heading.

    On the writing thread. Raises `StoreError` and `ClockError`, and then nothing was stored.
    """
    at, of = session.now(), KINDS[kind]
    given = tuple(cells.get(column.heading, "").strip() for column in of.columns)
    headings = Headings(tuple(column.heading for column in of.columns), of.columns)
    read = Reading(of, headings, context_of(session.library)).read(1, given)
    if isinstance(read, RejectedRow):
        return ToldByHand(wrong=read.wrong)
    return ToldByHand(outcome=_keep(session, kind, read, at))


def _keep(session: Session, kind: str, read: AcceptedRow, at: str) -> RowOutcome:
    row = read.row
    assert isinstance(row, ItemRow | PersonRow | DoctorRow)
    with session.store.write() as connection:
        if isinstance(row, PersonRow):
            make_key(connection, row.id)  # a forgotten person may come back by hand, not by a table
        before = _before(session, row)
        (outcome,) = KEEPERS[kind].keep(connection, [row], ImportSource(at, BY_HAND))
        if outcome is not RowOutcome.UNCHANGED:
            audit.append(connection, at, session.operator, Act.BY_HAND, _subject(row), _detail(kind, row, before))
    session.recorded(at)
    return outcome


def _before(session: Session, row: ItemRow | PersonRow | DoctorRow) -> dict[str, str]:
    if isinstance(row, DoctorRow):
        return doctor_cells(session, row.code, row.starts)
    if isinstance(row, ItemRow):
        return item_cells(session, row.code, row.starts)
    return person_cells(session, row.id, row.starts)


def _subject(row: ItemRow | PersonRow | DoctorRow) -> str:
    if isinstance(row, DoctorRow):
        return f"医师 {row.code} {row.name}"
    return f"目录 {row.code} {row.name}" if isinstance(row, ItemRow) else f"人员 {masked_cell(row.id)}"


def _detail(kind: str, row: ItemRow | PersonRow | DoctorRow, before: Mapping[str, str]) -> str:
    """Return what changed and from which day, for the log, of a new row only that it is new; no name or telephone."""
    after = shown(KINDS[kind], row)
    if not before:
        return f"新增，{row.starts} 起"
    private = set() if isinstance(row, ItemRow | DoctorRow) else {"姓名", "电话", "身份证号", "出生日期"}
    changed = [
        heading if heading in private else f"{heading} {before.get(heading, '') or '（空）'} → {text or '（空）'}"
        for heading, text in after.items()
        if text != before.get(heading, "")
    ]
    return f"{'；'.join(changed) or '没有改变'}，{row.starts} 起"


def note_checked_number(session: Session, person_id: str) -> None:
    """Log that an identity number with a wrong check character was accepted after a look at the card.

    On the writing thread. Raises `StoreError` and `ClockError`.
    """
    at = session.now()
    with session.store.write() as connection:
        subject = f"人员 {masked_cell(person_id)}"
        audit.append(
            connection, at, session.operator, Act.BY_HAND, subject, "身份证号的校验码不对，已看过证件，照此登记"
        )
    session.recorded(at)
