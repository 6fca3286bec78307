"""A turn of a leg: made ready, sent, answered. What the book keeps between these is what survives a crash. Pure."""

from msgspec import Struct
from msgspec.structs import replace

from gongji.core.outbox.judge_answer import counted, judged, moved, taken_again
from gongji.core.outbox.legs import Again, AskPerson, Leg, Message, Wait, claimed, next_act
from gongji.core.outbox.payer_figures import Figures
from gongji.core.outbox.replies import Busy, Done, NotFound, Reply, Settled, SettledAlready
from gongji.core.outbox.retry import RetryPolicy, wait_s
from gongji.core.outbox.states import FINAL, OPEN, Event, State


class Ready(Struct, frozen=True):
    """A leg in its present state, and the message it needs; none, and then when to look again."""

    leg: Leg
    message: Message | None = None
    wait_s: int = 0


def made_ready(leg: Leg, ways: RetryPolicy, elapsed_s: int) -> Ready:
    """Return what a leg in an open state needs; `elapsed_s` is how long it has been watched since it was last seen."""
    known = replace(leg, waited_s=leg.waited_s + elapsed_s)
    while known.state in OPEN:
        match next_act(known, ways):
            case Message() as message:
                return Ready(known, message)
            case Wait(reason=reason):
                left_s = max(1, ways.quiet_s - known.waited_s)
                return Ready(replace(known, last_error=reason), None, left_s)
            case AskPerson(reason=reason):
                known = replace(moved(known, Event.LIMIT), last_error=reason, doubt=known.state is State.REVERSING)
            case Again():
                known = taken_again(known)
    return Ready(known)


def sent(leg: Leg, message: Message, msgid: str) -> Leg:
    """Return the leg as the book has to know it before the first byte of the message leaves."""
    known = claimed(leg, message, msgid)
    return moved(known, Event.CLAIM) if known.state is State.PENDING else known


class Outcome(Struct, frozen=True):
    """A leg after an answer, and how many seconds it waits before its next turn."""

    leg: Leg
    wait_s: int


class RegionManner(Struct, frozen=True):
    """What lies outside a leg when it is answered: whether the line worked before, and the dice for its waiting."""

    was_good: bool
    dice: float


def answered(leg: Leg, message: Message, reply: Reply, ours: Figures, ways: RetryPolicy, line: RegionManner) -> Outcome:
    """Return the leg after a reply, its tries counted, and when it is next tried."""
    then = judged(leg, message, reply, ours, ways)
    then = counted(leg, then, message, reply, ways, line_was_good=line.was_good)
    if then.state in FINAL or then.state not in OPEN or isinstance(reply, Done | Settled | SettledAlready):
        return Outcome(then, 0)
    retry_after_s = reply.retry_after_s if isinstance(reply, Busy) else None
    wait = wait_s(ways, then.failures, line.dice, retry_after_s)
    if isinstance(reply, NotFound) and then.state in {State.UNKNOWN, State.REVERSING}:
        wait = min(wait, max(1, ways.quiet_s - then.waited_s))
    return Outcome(then, wait)


def after_crash(leg: Leg) -> Leg:
    """Return the state of a leg when the program starts: whatever was on its way has an unknown outcome."""
    return moved(leg, Event.BOOT)


def put_back(leg: Leg) -> Leg:
    """Return a leg of a book that was put back from a copy: nothing not final in it may be believed before asking."""
    then = moved(leg, Event.RESTORED)
    if then.state is not State.UNKNOWN:
        return then
    return replace(then, step="2207", restored=True, mdtrt_id="", setl_id="", waited_s=0)
