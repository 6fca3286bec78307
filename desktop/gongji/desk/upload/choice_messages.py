"""选点备案: reporting to the platform which institution a patient chose at this counter.

By 2505; an earlier choice that it accepted from here is withdrawn first, by 2506. Both are sent before the patient's
next settlement, since what the fund pays depends on them. Repeating them does no harm, so an unknown outcome is simply
tried again, some times; then a person has to see to it and the settlement goes on.
"""

from typing import Any

from msgspec.structs import replace

from gongji.core.ledger.audit import Act
from gongji.core.outbox.replies import Exchange, NotSent
from gongji.desk.upload.record_answer import Outgoing, Recorded, RecordingContext, keep_answer
from gongji.payer import read_answers
from gongji.payer.envelope import choice_made, choice_withdrawn
from gongji.payer.read_answers import Answer
from gongji.payer.regions import Profile
from gongji.store import audit
from gongji.store.engine import Connection
from gongji.store.people import choices
from gongji.store.people.choices import ACCEPTED, PENDING, REFUSED, STUCK, WITHDRAWN, InstitutionChoice

CHOOSE, WITHDRAW = "2505", "2506"
_TOLD = {REFUSED: Act.CHOICE_REFUSED, STUCK: Act.CHOICE_STUCK}
_MOST_FAILURES = 5


def pending_choice(connection: Connection, person_id: str) -> tuple[str, InstitutionChoice] | None:
    """Return which transaction is due for a patient's choice, and the choice; None where nothing is due."""
    all_choices = choices.of_person(connection, person_id)
    pending = next((one for one in all_choices if one.state == PENDING), None)
    if pending is None:
        return None
    earlier = next((one for one in all_choices if one.id < pending.id and one.state == ACCEPTED), None)
    return (CHOOSE, pending) if earlier is None else (WITHDRAW, earlier)


def content_of(infno: str, one: InstitutionChoice, psn_no: str, profile: Profile) -> dict[str, Any]:
    """Return the input of a 2505 or 2506."""
    if infno == WITHDRAW:
        return choice_withdrawn(psn_no, one.number, "参保人变更选定机构")
    return choice_made(psn_no, one.institution, one.institution_name or one.institution, one.begins, profile)


def record_selection(frame: RecordingContext, outgoing: Outgoing, exchange: Exchange) -> Recorded:
    """Record the platform's answer to a choice or its withdrawal."""
    one = outgoing.selection
    assert one is not None
    answer = read_answers.read_answer(exchange, outgoing.infno, outgoing.msgid, frame.profile)
    keep_answer(frame, outgoing, exchange, answer)
    if not isinstance(answer, Answer):
        if not isinstance(answer, NotSent):
            _keep(frame, _failed_again(one, answer.reason or "平台忙"))
        return Recorded(text=answer.reason or "平台忙", usable=False)
    if not answer.ok:
        gone = WITHDRAWN if outgoing.infno == WITHDRAW else REFUSED  # what it does not know needs no withdrawal
        _keep(frame, replace(one, state=gone, text=answer.text))
        return Recorded(text=f"选定机构没有被接受：{answer.text}" if gone == REFUSED else "")
    if outgoing.infno == WITHDRAW:
        _keep(frame, replace(one, state=WITHDRAWN, text=""))
    else:
        _keep(frame, replace(one, state=ACCEPTED, number=str(answer.output["result"]["trt_dcla_detl_sn"]), text=""))
    return Recorded()


def _failed_again(one: InstitutionChoice, why: str) -> InstitutionChoice:
    failures = one.failures + 1
    return replace(one, failures=failures, text=why, state=STUCK if failures >= _MOST_FAILURES else one.state)


def _keep(frame: RecordingContext, one: InstitutionChoice) -> None:
    choices.save(frame.connection, one, frame.at)
    act = _TOLD.get(one.state)
    if act is not None:
        audit.append(frame.connection, frame.at, frame.operator, act, one.institution, one.text)
