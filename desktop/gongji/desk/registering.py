"""选点备案: the platform is told which institution a patient chose at this counter.

By 2505; an earlier choice that it accepted from here is withdrawn first, by 2506. Both go out when the patient's next
settlement is about to, since what the fund pays depends on them. Telling it twice does no harm, so an outcome nobody
knows is simply tried again, some times; then a person has to see to it and the settlement goes on.
"""

from typing import Any

from msgspec.structs import replace

from gongji.core.outbox.replies import Exchange, NotSent
from gongji.desk.recording import Frame, Outgoing, Recorded, keep_answer
from gongji.store import audit, selections
from gongji.store.engine import Connection
from gongji.store.selections import ACCEPTED, PENDING, REFUSED, STUCK, WITHDRAWN, Chosen
from gongji.upload import reading
from gongji.upload.profiles import Profile
from gongji.upload.reading import Answer
from gongji.upload.selecting import Selection, selection, selection_withdrawn

CHOOSE, WITHDRAW = "2505", "2506"
_MOST_FAILURES = 5


def to_tell(connection: Connection, person_id: str) -> tuple[str, Chosen] | None:
    """Return which transaction is due for a patient's choice, and whose; None where there is nothing to tell."""
    told = selections.of_person(connection, person_id)
    pending = next((one for one in told if one.state == PENDING), None)
    if pending is None:
        return None
    earlier = next((one for one in told if one.id < pending.id and one.state == ACCEPTED), None)
    return (CHOOSE, pending) if earlier is None else (WITHDRAW, earlier)


def content_of(infno: str, one: Chosen, psn_no: str, profile: Profile) -> dict[str, Any]:
    """Return the input of a 2505 or 2506."""
    if infno == WITHDRAW:
        return selection_withdrawn(psn_no, one.number, "参保人变更选定机构")
    return selection(
        Selection(
            psn_no=psn_no,
            institution=one.institution,
            institution_name=one.institution_name or one.institution,
            begins=one.begins,
        ),
        profile,
    )


def record_selection(frame: Frame, outgoing: Outgoing, exchange: Exchange) -> Recorded:
    """Keep what the platform said to a choice or its withdrawal."""
    one = outgoing.selection
    assert one is not None
    answer = reading.read_answer(exchange, outgoing.infno, outgoing.msgid, frame.profile)
    keep_answer(frame, outgoing, exchange, answer)
    if not isinstance(answer, Answer):
        if not isinstance(answer, NotSent):
            _keep(frame, _failed_again(one, answer.reason or "平台忙"))
        return Recorded(text=answer.reason or "平台忙", usable=False)
    if not answer.ok:
        gone = WITHDRAWN if outgoing.infno == WITHDRAW else REFUSED  # what it knows nothing of needs no withdrawing
        _keep(frame, replace(one, state=gone, text=answer.text))
        return Recorded(text=f"选定机构没有被接受：{answer.text}" if gone == REFUSED else "")
    if outgoing.infno == WITHDRAW:
        _keep(frame, replace(one, state=WITHDRAWN, text=""))
    else:
        _keep(frame, replace(one, state=ACCEPTED, number=str(answer.output["result"]["trt_dcla_detl_sn"]), text=""))
    return Recorded()


def _failed_again(one: Chosen, why: str) -> Chosen:
    failures = one.failures + 1
    return replace(one, failures=failures, text=why, state=STUCK if failures >= _MOST_FAILURES else one.state)


def _keep(frame: Frame, one: Chosen) -> None:
    selections.save(frame.connection, one, frame.at)
    if one.state in {REFUSED, STUCK}:
        audit.append(frame.connection, frame.at, frame.operator, f"selection_{one.state}", one.institution, one.text)
