"""待遇资格 (2001) before a visit: asked once a patient is chosen, stored with the platform's time.

Without a network, or where the platform does not answer, its last answer is what is known.
"""

import datetime
from typing import Any

from msgspec import Struct, json
from msgspec.structs import asdict, replace

from gongji.core.dates import moment_of
from gongji.desk.region_profile import region_profile
from gongji.desk.session import Session
from gongji.desk.upload.gateway.kept_gateway import gateway
from gongji.desk.upload.record_answer import entitlement_in, keep_entitlement, person_in
from gongji.desk.upload.scripts.conversation import Steps, answer_of
from gongji.payer import message_contents
from gongji.payer.regions import Profile
from gongji.payer.wire_leg import LegData
from gongji.store.upload import payer_answers

_STAYS = datetime.timedelta(minutes=10)
"""How long an answer is not asked for again."""


class AskedPerson(Struct, frozen=True, kw_only=True):
    """The question: which person, insured where, for which benefit and disease, on which day (ISO)."""

    person_id: str
    name: str
    area: str
    benefit: str
    settled_on: str
    disease: str = ""
    disease_code: str = ""

    def __repr__(self) -> str:
        """Show no number."""
        return f"AskedPerson({self.area}, {self.benefit})"


class RecentQuestions:
    """Which questions were answered recently, by this PC's clock, whatever the answer was."""

    def __init__(self) -> None:
        self._answered: dict[AskedPerson, str] = {}

    def note(self, asked: AskedPerson, at: str) -> None:
        """Record that a question asked at `at` (a stamp of this PC's) was answered."""
        self._answered = {one: before for one, before in self._answered.items() if _is_recent(before, at)}
        self._answered[asked] = at

    def has(self, asked: AskedPerson, at: str) -> bool:
        """Return whether the same question was answered in the last minutes."""
        return _is_recent(self._answered.get(asked), at)


def _is_recent(before: str | None, at: str) -> bool:
    return before is not None and abs(moment_of(at) - moment_of(before)) <= _STAYS


def should_ask(session: Session, asked: AskedPerson, recent: RecentQuestions, at: str) -> bool:
    """Return whether the region has 2001, a gateway is set, and the same was not asked in the last minutes."""
    chosen = gateway(session)
    if not chosen.address or recent.has(asked, at):
        return False
    return region_profile(session.store.reader, chosen.region).entitlement


def entitlement_asked(session: Session, region: Profile, asked: AskedPerson) -> Steps[bool | None]:
    """Ask for the person's number where it is unknown, then whether they are entitled; return the answer.

    None where there is no answer to it. A script for the writing thread.
    """
    known = payer_answers.person(session.store.reader, asked.person_id)
    sheet = _sheet(session, asked)
    if known is None:
        answer = answer_of((yield "1101", message_contents.content("1101", sheet, region)))
        known = person_in(answer, region)
        with session.store.write() as connection:
            payer_answers.put_person(connection, asked.person_id, known, session.now())
    sheet = replace(sheet, **asdict(known))
    answer = answer_of((yield "2001", message_contents.content("2001", sheet, region)))
    one = entitlement_in(answer, sheet, region)
    if one is None or not answer.at:
        return None
    with session.store.write() as connection:
        keep_entitlement(connection, asked.person_id, one)
    return one.entitled


def _sheet(session: Session, asked: AskedPerson) -> LegData:
    """Return a visit that belongs to no settlement, with what the two questions need."""
    at = session.now()
    visit: dict[str, Any] = {
        "person": {"id": asked.person_id, "name": asked.name},
        "institution": session.clinic.institution,
        "area": asked.area,
        "settled_on": asked.settled_on,
        **({"disease": asked.disease} if asked.disease else {}),
        **({"care": {"disease_code": asked.disease_code}} if asked.disease_code else {}),
        "lines": [],
    }
    record: dict[str, Any] = {
        "settlement_no": "",
        "person_id": asked.person_id,
        "area": asked.area,
        "settled_on": asked.settled_on,
        "at": at,
        "parts": [{"benefit": asked.benefit, "amounts": {}}],
        "visit": visit,
    }
    return LegData(record=json.decode(json.encode(record)), part=0, benefits=(), psn_no="")
