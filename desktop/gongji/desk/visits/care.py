"""What the payer requires of a visit besides its figures: diagnoses, doctors, drug limits, trace codes of boxes."""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from gongji.core.care import Care, Doctor
from gongji.core.engine.without_benefit import is_without_benefit
from gongji.core.ledger.draft import Draft
from gongji.core.money import parse_e4
from gongji.desk.session import Session
from gongji.store import settings
from gongji.store.catalogue import diagnoses, doctors, items
from gongji.store.catalogue.diagnoses import DiagnosisFound

if TYPE_CHECKING:
    from gongji.payer.regions import Profile

__all__ = ["CareGap", "DiagnosisFound", "doctors_on", "find_diagnoses", "gaps", "has_diagnoses", "usual_care"]

_MOST_OFFERED = 30
_ONE = 10_000


class CareGap(Struct, frozen=True, kw_only=True):
    """Something that a visit still lacks, in a sentence; `place` is its line's.

    `blocks` says that the visit must not be settled before: it would be refused, or paid by nobody.
    """

    kind: Literal["diagnosis", "doctor", "approval", "trace"]
    sentence: str
    place: int | None = None
    blocks: bool = True


def find_diagnoses(session: Session, text: str, on: datetime.date) -> list[DiagnosisFound]:
    """Return diagnoses in force on a day by code, name, part of the name or pinyin, best match first."""
    return diagnoses.find_diagnoses(session.store.reader, text, on, _MOST_OFFERED)


def has_diagnoses(session: Session) -> bool:
    """Return whether any list of diagnoses was imported."""
    return diagnoses.any_diagnosis(session.store.reader) is not None


def doctors_on(session: Session, on: datetime.date) -> Sequence[Doctor]:
    """Return the doctors of the clinic on a day, by department and name."""
    return doctors.doctors_on(session.store.reader, on)


def usual_care(session: Session, on: datetime.date) -> Care:
    """Return what holds for every visit of a day: the doctor, where there is only one."""
    there = doctors_on(session, on)
    return Care(doctor=there[0]) if len(there) == 1 else Care()


def gaps(session: Session, draft: Draft, status: str, on: datetime.date) -> list[CareGap]:
    """Return what a visit of a patient of a status still lacks, the gravest first; nothing for other payers."""
    if draft.full_payment or not draft.lines or is_without_benefit(status):
        return []
    found = list(_approvals(session, draft, on))
    region = _region(session)
    if region is not None:
        found += _of_region(session, draft, region, on)
    return found


def _approvals(session: Session, draft: Draft, on: datetime.date) -> list[CareGap]:
    limits = items.restrictions_on(
        session.store.reader, (line.code for line in draft.lines if line.approved is None), on.isoformat()
    )
    return [
        CareGap(
            kind="approval",
            place=place,
            sentence=f"第 {place + 1} 行“{line.name}”限定支付：{limits[line.code]}。这位病人符合吗？",
        )
        for place, line in enumerate(draft.lines)
        if line.approved is None and line.code in limits
    ]


def _of_region(session: Session, draft: Draft, region: "Profile", on: datetime.date) -> list[CareGap]:
    found = []
    if region.diagnosis_required and not draft.care.diagnoses:
        found.append(CareGap(kind="diagnosis", sentence="还没有录诊断：这个地区上传时每次就诊都要有诊断（ICD-10）"))
    if draft.care.doctor is None and doctors_on(session, on):
        found.append(CareGap(kind="doctor", sentence="还没有选医师：上传要写明接诊的医师和科室"))
    if region.trace_codes:
        found += [
            CareGap(
                kind="trace",
                place=place,
                blocks=False,
                sentence=f"第 {place + 1} 行“{line.name}”数量 {line.quantity}，只扫了 {len(line.trace_codes)} 个追溯码",
            )
            for place, line in enumerate(draft.lines)
            if line.category == "drug" and parse_e4(line.quantity) > len(line.trace_codes) * _ONE
        ]
    return found


def _region(session: Session) -> "Profile | None":
    """Return the profile of the region that records go to; None where none was chosen."""
    connection = session.store.reader
    name = settings.get(connection, settings.REGION)
    if name is None:
        return None
    from gongji.desk.region_profile import region_profile  # noqa: PLC0415  # a window opens without

    return region_profile(connection, name)
