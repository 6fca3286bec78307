"""对账之后: acts on what a reconciliation found, each with a reason and logged.

To claim is to ask the platform after what is ours there and to adopt it. To take back is to reverse what the platform
still has of a settlement that does not count here: by the queue where the record's own message is meant, else (a second
live settlement of one visit) by a message of its own, which is stored until the platform has answered it.
"""

from collections.abc import Sequence

from msgspec import Struct, json
from msgspec.structs import replace

from gongji.core.ledger.audit import Act
from gongji.core.outbox.judge_answer import moved
from gongji.core.outbox.legs import SETTLING, Leg
from gongji.core.outbox.reconcile import CLAIM, TAKE_BACK, Discrepancy
from gongji.core.outbox.replies import AlreadyReversed, Done, Exchange, NotFound, Refused
from gongji.core.outbox.states import LIVE, Event, State
from gongji.desk.reasons import reason_of
from gongji.desk.session import Session
from gongji.desk.upload.leg_data import sheet_of
from gongji.desk.upload.record_answer import Outgoing, Recorded, RecordingContext, keep_answer
from gongji.errors import GongjiError
from gongji.payer import interpret_answers, read_answers
from gongji.store import audit, settings
from gongji.store.engine import Connection
from gongji.store.settlements import settlements
from gongji.store.upload import legs, messages

_WAITING = "messages_to_take_back"


class TakeBack(Struct, frozen=True):
    """A message that is to be reversed at the platform, its person and where insured."""

    msgid: str
    psn_no: str
    area: str

    def __repr__(self) -> str:
        """Show no number."""
        return f"TakeBack({self.msgid})"


def put_right(session: Session, found: Discrepancy, note: str) -> str:
    """Put a discrepancy right; return what was done, in words. Raises `GongjiError` where nothing here can."""
    note = reason_of(note, "没有写明原因", "请写一句为什么这样处理")
    with session.store.write() as connection:
        whose = messages.by_msgid(connection, found.msgid) if found.msgid else None
        if whose is None or found.kind not in {*CLAIM, *TAKE_BACK}:
            raise GongjiError("这一条不能由本机处理", found.action or "请经办机构核对")
        leg, at = legs.get(connection, *whose), session.now()
        if found.kind in CLAIM:
            fresh = _found_there(leg, found)
            legs.save(connection, fresh, at)
            sentence = f"{found.no} 将先向平台查询，查到的就采用。"
        elif leg.state in LIVE:
            _keep(connection, [*waiting(connection), _of_whom(connection, leg, found.msgid)])
            sentence = f"{found.no} 多出的一笔将向平台冲正，本机的不动。"
        else:
            _take_back(connection, leg, found, at)
            sentence = f"{found.no} 在平台的一笔将冲正。"
        act = Act.RETRY if found.kind in CLAIM else Act.REVERSE
        audit.append(connection, at, session.operator, act, found.no, f"对账 {found.kind} {found.msgid}：{note}")
    return sentence


def claim_all(session: Session, found: Sequence[Discrepancy], note: str) -> int:
    """Have all of ours that the platform has and the book does not count asked after and adopted; return how many.

    So a settlement with an unknown outcome is recovered from a statement (3202) where no question finds it.
    """
    mine = [one for one in found if one.kind in CLAIM]
    for one in mine:
        put_right(session, one, note)
    return len(mine)


def _found_there(leg: Leg, found: Discrepancy) -> Leg:
    """Return a leg that is asked after under the numbers that the reconciliation found."""
    known = moved(leg, Event.FOUND)
    return replace(
        known,
        step=SETTLING,
        msgid=found.msgid,
        setl_id=found.setl_id,
        told="",
        doubt=False,
        failures=0,
        sends=0,
        asks=0,
        waited_s=0,
    )


def _take_back(connection: Connection, leg: Leg, found: Discrepancy, at: str) -> None:
    """Reverse a record's own message: its void is queued again."""
    one = settlements.by_serial(connection, leg.serial)
    assert one is not None
    void = None if one.voided_by is None else settlements.by_no(connection, one.voided_by)
    if void is None:
        _keep(connection, [*waiting(connection), _of_whom(connection, leg, found.msgid)])
        return
    event = Event.CANCEL if leg.state is State.REJECTED else Event.FOUND
    taken = replace(moved(leg, event), msgid=found.msgid, setl_id="", doubt=False, sends=0, asks=0, waited_s=0)
    legs.save(connection, taken, at)
    legs.save_void(connection, void.serial, State.PENDING, at)


def _of_whom(connection: Connection, leg: Leg, msgid: str) -> TakeBack:
    sheet = sheet_of(connection, leg)
    return TakeBack(msgid, sheet.psn_no, sheet.insured_area)


def waiting(connection: Connection) -> list[TakeBack]:
    """Return the messages that are to be reversed by a message of their own, in order."""
    text = settings.get(connection, _WAITING)
    return json.decode(text, type=list[TakeBack]) if text else []


def _keep(connection: Connection, these: list[TakeBack]) -> None:
    once = list({one.msgid: one for one in these}.values())
    settings.put(connection, _WAITING, json.encode(once).decode())


def record_take_back(frame: RecordingContext, outgoing: Outgoing, exchange: Exchange) -> Recorded:
    """Record the platform's answer to a reversal outside any record's turn; on an unknown outcome it is sent again."""
    answer = read_answers.read_answer(exchange, outgoing.infno, outgoing.msgid, frame.profile)
    reply = interpret_answers.interpret(answer, outgoing.infno, "", frame.profile)
    keep_answer(frame, outgoing, exchange, reply)
    match reply:
        case Done() | AlreadyReversed():
            words = "平台已冲正"
        case NotFound():
            words = "平台没有这一笔"
        case Refused(text=text):
            words = f"平台不予冲正：{text}"
        case _:
            return Recorded(text="冲正的结果不明，稍后再问", usable=False)
    _keep(frame.connection, [one for one in waiting(frame.connection) if one.msgid != outgoing.undoes])
    audit.append(frame.connection, frame.at, frame.operator, Act.REVERSED, outgoing.undoes, words)
    return Recorded(text=words)
