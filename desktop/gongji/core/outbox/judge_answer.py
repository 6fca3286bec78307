"""What an answer means for a leg: the event, what is learnt, what counts against the retry limit. Pure."""

from msgspec.structs import replace

from gongji.core.outbox.legs import SETTLING, Leg, Message, Purpose, following, step_again
from gongji.core.outbox.payer_figures import Figures, differing
from gongji.core.outbox.replies import (
    AlreadyReversed,
    Busy,
    Done,
    NotFound,
    NotSent,
    Refused,
    Reply,
    Settled,
    SettledAlready,
    Unknown,
)
from gongji.core.outbox.retry import RetryPolicy
from gongji.core.outbox.states import OPEN, Event, LegStanding, State, after


def moved(leg: Leg, event: Event) -> Leg:
    """Return the leg after an event, with the state and the flag that `after` gives it."""
    then = after(LegStanding(leg.state, leg.want_reverse, leg.sent), event)
    return replace(leg, state=then.state, want_reverse=then.want_reverse, sent=then.sent)


def event_of(leg: Leg, message: Message, reply: Reply, ours: Figures, ways: RetryPolicy) -> Event:
    """Return the event that a reply to a leg's message amounts to."""
    match reply:
        case NotSent():
            return Event.NOT_SENT
        case Unknown() | SettledAlready():
            return Event.AMBIGUOUS
        case Busy():
            return Event.BUSY
        case NotFound():
            return _missing(leg, message, ways)
        case AlreadyReversed():
            return _already(leg, message)
        case Refused():
            return _refused(leg, message, ways)
        case Settled():
            return _settled(leg, reply, ours, ways)
        case Done():
            return _done(leg, message)


def _refused(leg: Leg, message: Message, ways: RetryPolicy) -> Event:
    """Return the event of a refusal: of the settlement, of a step before it, or of a reversal."""
    if message.infno == "2601" and leg.told == "refused":
        return _missing(leg, message, ways)  # not there and cannot be taken back: the platform says both alike
    if message.purpose is Purpose.ASK:
        return Event.AMBIGUOUS
    early = message.purpose is Purpose.DO and message.infno != SETTLING
    return Event.REFUSED_EARLY if early else Event.REFUSED


def _missing(leg: Leg, message: Message, ways: RetryPolicy) -> Event:
    """Return the event for the platform not knowing what it was asked after."""
    if message.infno == "5201" and not leg.restored and leg.told != "settled":
        return Event.NOT_THERE  # a registration that arrives late is superfluous and has no effect
    if leg.state is State.SENDING:
        return Event.REFUSED
    if leg.waited_s < ways.quiet_s:
        return Event.NOT_YET
    return Event.LIMIT if leg.told == "settled" else Event.NOT_THERE  # it cannot be both settled and not there


def _already(leg: Leg, message: Message) -> Event:
    """Return the event for the platform having reversed it: at our request, or on its own."""
    if message.infno == "2601" and leg.state is State.UNKNOWN:
        return Event.REVERSED if leg.want_reverse else Event.NOT_THERE
    return Event.REVERSED


def _settled(leg: Leg, reply: Settled, ours: Figures, ways: RetryPolicy) -> Event:
    if leg.state is State.REVERSING:  # asked after a reversal: it is still settled
        return Event.NOT_YET if leg.waited_s < ways.quiet_s else Event.BUSY
    return Event.OTHER if differing(ours, reply.figures) else Event.SAME


def _done(leg: Leg, message: Message) -> Event:
    if message.purpose is Purpose.UNDO:
        return Event.REVERSED
    if leg.state is State.REVERSING:  # a number was found by which to take it back
        return Event.NOT_YET
    if message.infno == "2601":  # the unknown one is reversed: the platform certainly holds none
        return Event.REVERSED if leg.want_reverse else Event.NOT_THERE
    tells_number = message.infno in {"1101", "5204"} or (message.infno == "5201" and leg.step == SETTLING)
    if message.purpose is Purpose.ASK and tells_number:
        return Event.NOT_YET  # a number was found by which to ask on
    return Event.NEXT


def judged(leg: Leg, message: Message, reply: Reply, ours: Figures, ways: RetryPolicy) -> Leg:
    """Return the leg after a reply to its message, with what was learnt from it."""
    event = event_of(leg, message, reply, ours, ways)
    known = _told(_learnt(leg, reply), message, reply, event)
    then = moved(known, event)
    match event:
        case Event.NEXT:
            step = following(leg.step if message.purpose is Purpose.DO else "2201")
            then = replace(then, step=step, failures=0, sends=0, asks=0)
        case Event.NOT_THERE if then.state is State.PENDING:
            then = _afresh(then)
        case Event.NOT_SENT if leg.left <= 1 and message.purpose is Purpose.DO:
            then = replace(then, sent=False)
        case _:
            pass
    if event is Event.NOT_SENT:
        then = replace(then, left=leg.left - 1)
    if message.purpose is Purpose.UNDO and event in {Event.NOT_SENT, Event.BUSY, Event.NOT_YET}:
        then = replace(then, doubt=False)
    if message.infno == "5203" and event is Event.BUSY:
        then = replace(then, doubt=False)
    return then


def _told(leg: Leg, message: Message, reply: Reply, event: Event) -> Leg:
    """Return the leg with what the platform said of settling it."""
    if isinstance(reply, SettledAlready):
        return replace(leg, step=SETTLING, told="settled", mdtrt_id="")
    if message.infno == "5204" and event is Event.NOT_YET and isinstance(reply, NotFound) and _is_looked_for(leg):
        return replace(leg, mdtrt_id="")  # another registration of our number may be the one
    if event is Event.REFUSED and message.purpose is Purpose.DO:
        return replace(leg, told="refused")
    if event is Event.LIMIT and leg.told == "settled":
        why = "平台说已经结算过，却查不到是哪一笔；请对账，按结果处理"
        return replace(leg, last_error=why, doubt=leg.doubt or leg.state is State.REVERSING)
    return leg


def _is_looked_for(leg: Leg) -> bool:
    """Return whether a leg may be settled under a registration that the book does not know."""
    return leg.restored or leg.told == "settled"


def taken_again(leg: Leg) -> Leg:
    """Return a leg whose last message had no effect or was never needed, without asking the platform."""
    then = moved(leg, Event.NOT_THERE)
    return _afresh(then) if then.state is State.PENDING else then


def _afresh(leg: Leg) -> Leg:
    return replace(leg, step=step_again(leg), setl_id="", msgid="", restored=False, told="")


def _learnt(leg: Leg, reply: Reply) -> Leg:
    match reply:
        case Done(mdtrt_id=mdtrt_id, visits=visits):
            if len(visits) > 1 and _is_looked_for(leg):
                # two answers in a row with a visit that was not this one: try the next
                mdtrt_id = visits[leg.failures // 2 % len(visits)]
            registered = replace(leg, mdtrt_id=mdtrt_id or leg.mdtrt_id, last_error="")
            return replace(registered, setl_id=reply.setl_id) if reply.setl_id else registered
        case Settled(setl_id=setl_id):
            return replace(leg, setl_id=setl_id, last_error="")
        case Refused(code=code, text=text):
            return replace(leg, last_error=f"{text}（{code}）" if code else text)
        case SettledAlready(text=text):
            return replace(leg, last_error=f"平台说已经结算过，先查询：{text}")
        case NotSent(reason=reason) | Unknown(reason=reason):
            return replace(leg, last_error=reason)
        case Busy(reason=reason):
            return replace(leg, last_error=reason or "平台忙，稍后再试")
        case _:
            return replace(leg, last_error="")


def counted(before: Leg, then: Leg, message: Message, reply: Reply, ways: RetryPolicy, *, line_was_good: bool) -> Leg:
    """Return the leg with its tries counted; too many failures of its own, and a person has to decide."""
    if then.state not in OPEN:
        return replace(then, failures=0)
    lost = isinstance(reply, NotSent | Unknown | Busy)
    if not lost and then.state is State.PENDING and then.step != before.step:
        return then
    tried = replace(then, failures=then.failures + 1)
    if message.purpose is Purpose.ASK and not lost and not isinstance(reply, Refused):
        tried = replace(tried, asks=0)  # an answered question does not count towards the limit
    own = line_was_good and (
        isinstance(reply, Unknown) or (message.purpose is Purpose.ASK and isinstance(reply, Refused))
    )
    if own and message.purpose is Purpose.ASK:
        tried = replace(tried, asks=tried.asks + 1)
    elif own:
        tried = replace(tried, sends=tried.sends + 1)
    return limited(tried, ways)


def limited(leg: Leg, ways: RetryPolicy) -> Leg:
    """Return the leg, moved to quarantine where its limit is reached."""
    over = leg.sends >= ways.most_sends or leg.asks >= ways.most_asks
    return moved(leg, Event.LIMIT) if over and leg.state in OPEN - {State.SENDING} else leg
