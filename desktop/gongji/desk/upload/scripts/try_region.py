"""试一试网关: for an integrator: sign in, ask for a person, register, charge, pre-settle, take it back.

Nothing is settled: the last message is 2206, which has no effect. Every message is stored before it leaves like any
other; what both sides said is shown with persons and secrets masked.
"""

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, json
from msgspec.structs import replace

from gongji.core.money import yuan
from gongji.core.outbox.replies import Answered, Exchange
from gongji.desk.session import Session
from gongji.desk.upload.scripts.conversation import Steps, answer_of
from gongji.errors import GongjiError
from gongji.payer import answer_contents, message_contents
from gongji.payer.regions import Profile
from gongji.payer.wire_leg import LegData
from gongji.store.catalogue.diagnoses import any_diagnosis

_ID = re.compile(r"(?<!\w)(\d{6})\d{7,10}(\d{3}[\dXx])(?!\w)")
_SECRET = re.compile(r'(?i)(\\*"(?:cainfo|sign_no|psn_name|emp_name|tel|addr|in)\\*"\s*:\s*\\*")[^"\\]*(?:\\u[^"\\]*)*')
_SHOWN = 4000


class Shown(Struct, frozen=True, kw_only=True):
    """One exchange: which transaction, what was sent and what came back, masked."""

    infno: str
    sent: str
    came: str


def masked(text: str, name: str = "") -> str:
    """Return a message with identity numbers, names, signatures and files masked, and `name` with them."""
    plain = text.replace(name, "***") if name else text
    return _SECRET.sub(r"\1***", _ID.sub(r"\1********\2", plain))[:_SHOWN]


def shown(infno: str, body: bytes, exchange: Exchange, name: str = "") -> Shown:
    """Return an exchange that may be shown to an integrator, or sent to the agency; `name` is the person's."""
    if isinstance(exchange, Answered):
        came = exchange.body.decode("utf-8", "replace")
    else:
        came = f"（{exchange.reason or '平台忙，稍后再试'}）"
    return Shown(infno=infno, sent=masked(body.decode("utf-8", "replace"), name), came=masked(came, name))


class TrialVisit(Struct, frozen=True, kw_only=True):
    """The person, the item charged (its national code), and the diagnosis ("code name", or empty)."""

    person_id: str
    name: str
    item: str
    diagnosis: str = ""

    def __repr__(self) -> str:
        """Show no number."""
        return f"TrialVisit({self.item})"


def trying(session: Session, profile: Profile, trial: TrialVisit) -> Steps[str]:
    """Ask for a person, register a visit of one item, pre-settle it, take everything back; return what is proven.

    Raises `GongjiError` where no diagnosis is given and the list has none.
    """
    sheet = _sheet(session, profile, trial)
    answer = answer_of((yield "1101", message_contents.content("1101", sheet, profile)))
    person = answer_contents.insured(answer.output, profile)
    sheet = replace(sheet, psn_no=person.psn_no, psn_type=person.psn_type, cert_type=person.cert_type, area=person.area)
    answer = answer_of((yield "2201", message_contents.content("2201", sheet, profile)))
    sheet = replace(sheet, mdtrt_id=str(answer.output["data"]["mdtrt_id"]))
    for infno in ("2203", "2204", "2206", "2205", "2202"):
        yield infno, message_contents.content(infno, sheet, profile)
    return (
        f"参保地 {person.area or '未给'}，人员类别 {person.psn_type or '未给'}；签到、登记、预结算、撤销都通，没有结算"
    )


def _diagnoses(session: Session, profile: Profile, said: str) -> list[dict[str, str]]:
    """Return the trial visit's diagnosis: the given one, else the first on the clinic's list."""
    code, _, name = said.partition(" ")
    if code and name.strip():
        return [{"code": code, "name": name.strip()}]
    listed = any_diagnosis(session.store.reader)
    if listed is not None and not said:
        return [{"code": listed.code, "name": listed.name}]
    if profile.diagnosis_required or said:
        raise GongjiError(
            "还没有诊断可用", "请写“编码 名称”，例如 --diagnosis 'J06.900 急性上呼吸道感染'，或先导入诊断表"
        )
    return []


def _sheet(session: Session, profile: Profile, trial: TrialVisit) -> LegData:
    """Return an invented visit of one yuan; its number is no settlement's."""
    at, amounts, item = session.now(), dict(_amounts()), trial.item
    found = _diagnoses(session, profile, trial.diagnosis)
    line = {"code": item, "name": item, "category": "drug", "class": "A", "unit_price": yuan(100), "quantity": "1"}
    number = f"TRY-{at[2:10].replace('-', '')}-{at[11:].replace(':', '')}"
    visit = {
        "visit_no": number,
        "person": {"id": trial.person_id, "name": trial.name, "status": "employed"},
        **({"care": {"diagnoses": found}} if found else {}),
        "lines": [line],
        "institution": session.clinic.institution,
        "area": session.clinic.area,
        "settled_on": at[:10],
    }
    record: dict[str, Any] = {
        "settlement_no": number,
        "receipt_no": "",
        "person_id": trial.person_id,
        "area": session.clinic.area,
        "settled_on": at[:10],
        "at": at,
        "operator": session.operator,
        "parts": [{"benefit": "general", "amounts": amounts}],
        "payments": [],
        "visit": visit,
    }
    return LegData(record=json.decode(json.encode(record)), part=0, benefits=("general",), psn_no=trial.person_id)


def _amounts() -> Iterator[tuple[str, int]]:
    yield from dict.fromkeys(
        ("self_paid_fen", "over_price_fen", "prepaid_fen", "excluded_fen", "account_own_fen", "account_family_fen"), 0
    ).items()
    yield from {"total_fen": 100, "eligible_fen": 100}.items()
