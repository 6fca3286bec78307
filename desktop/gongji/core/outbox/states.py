"""The states of a leg of a record, its events, and the state that follows: one pure function.

A *leg* is one visit on the wire: a part of a settlement under one benefit. The states and events are those of the
protocol that was simulated before it was built; docs/outbox.md shows `after` as a table, made from it.

Some things go beyond it. A visit is several transactions, so an accepted one that is not the last is an event of its
own (`NEXT`), and so is one that is refused before any money moved (`REFUSED_EARLY`): the record waits for a person
and may be tried again. A platform may refuse to take a settlement back; that is foreign, hence no fault of ours to
assert against: a person is told. A book put back from a copy (`RESTORED`), a reconciliation that misses an accepted
record (`MISSED`) and one that finds a settlement of ours which the book does not count (`FOUND`) are events as well.

A refusal of the settling message itself (`REFUSED`) is believed, yet never to the last: platforms were seen to settle
and say that they failed. So voiding a refused record takes its message back at the platform too.

What a record comes to by its legs: a settlement under two benefits is two visits on the wire and one in the book.
"""

from collections.abc import Iterable
from enum import Enum

from msgspec import Struct


class State(Enum):
    """The state of a leg; the values are stored in the book."""

    PENDING = "pending"
    SENDING = "sending"
    UNKNOWN = "unknown"
    REVERSING = "reversing"
    ACCEPTED = "accepted"
    DIFF = "difference"
    QUARANTINE = "quarantine"
    REJECTED = "rejected"
    REVERSED = "reversed"
    VOID = "void"


class Event(Enum):
    """What can happen to a leg; the values are the columns of the protocol's table."""

    CLAIM = "C"
    NOT_SENT = "NS"
    AMBIGUOUS = "AMB"
    BUSY = "BUSY"
    NEXT = "NEXT"
    SAME = "OK="
    OTHER = "OK≠"
    REFUSED = "REJ"
    REFUSED_EARLY = "REJ0"
    NOT_YET = "NF<q"
    NOT_THERE = "NF≥q"
    REVERSED = "REV"
    CANCEL = "CAN"
    LIMIT = "LIM"
    BOOT = "BOOT"
    RESTORED = "RESTORED"
    MISSED = "MISSED"
    FOUND = "FOUND"


class LegStanding(Struct, frozen=True):
    """A state with what it depends on: whether the leg is to be taken back, and whether it was ever sent."""

    state: State
    want_reverse: bool = False
    sent: bool = False


class ImpossibleError(AssertionError):
    """An event that cannot happen in a state: a fault of the program, on which nothing may be built."""


FINAL = frozenset({State.REJECTED, State.REVERSED, State.VOID})
"""States in which nothing more is sent by itself."""
GONE = frozenset({State.REVERSED, State.VOID})
"""States in which the platform is known to have nothing: only here a void has come to its end."""
OPEN = frozenset({State.PENDING, State.SENDING, State.UNKNOWN, State.REVERSING})
"""States in which the program has something to do."""
HELD = frozenset({State.DIFF, State.QUARANTINE})
"""States in which a person has; later records of the lane wait until that is done or they are let go."""
LIVE = frozenset({State.ACCEPTED, State.DIFF})
"""States in which the platform has the settlement."""


def after(now: LegStanding, event: Event) -> LegStanding:
    """Return the state of a leg after an event. Raises `ImpossibleError` where that event cannot come."""
    match now.state:
        case State.PENDING:
            following = _pending(now, event)
        case State.SENDING:
            following = _sending(now, event)
        case State.UNKNOWN:
            following = _unknown(now, event)
        case State.REVERSING:
            following = _REVERSING.get(event)
        case State.ACCEPTED:
            following = _ACCEPTED.get(event)
        case State.DIFF:
            following = _DIFF.get(event)
        case State.QUARANTINE:
            following = _QUARANTINE.get(event)
        case State.REJECTED:
            following = _REJECTED.get(event)
        case _:
            following = now if event in {Event.BOOT, Event.RESTORED} else _GONE.get(event)
    if following is None:
        raise ImpossibleError(now.state.name, event.name)
    if isinstance(following, LegStanding):
        return following
    wanted = now.want_reverse and following in OPEN and following is not State.REVERSING
    return LegStanding(following, want_reverse=wanted, sent=now.sent or following is State.SENDING)


Found = State | LegStanding | None


def _flagged(now: LegStanding) -> LegStanding:
    """Remember that the leg is to be taken back once it is known what became of it."""
    return LegStanding(now.state, want_reverse=True, sent=now.sent)


def _pending(now: LegStanding, event: Event) -> Found:
    if event is Event.CANCEL:
        return _flagged(now) if now.sent else State.VOID
    return _PENDING.get(event)


def _answered(now: LegStanding, event: Event) -> Found:
    """Return what a definite answer leads to, which is the same whether it was waited for or asked after."""
    match event:
        case Event.SAME:
            return State.REVERSING if now.want_reverse else State.ACCEPTED
        case Event.OTHER:
            return State.REVERSING if now.want_reverse else State.DIFF
        case Event.REFUSED:
            return State.REVERSING if now.want_reverse else State.REJECTED
        case Event.CANCEL:
            return _flagged(now)
        case _:
            return _ANSWERED.get(event)


def _sending(now: LegStanding, event: Event) -> Found:
    if event is Event.REFUSED_EARLY:
        return State.REVERSING if now.want_reverse else State.QUARANTINE
    return _SENDING.get(event) or _answered(now, event)


def _unknown(now: LegStanding, event: Event) -> Found:
    if event is Event.NOT_THERE and now.want_reverse:
        return State.REVERSING
    return _UNKNOWN.get(event) or _answered(now, event)


_PENDING = {
    Event.CLAIM: State.SENDING,
    Event.LIMIT: State.QUARANTINE,
    Event.BOOT: State.PENDING,
    Event.RESTORED: State.UNKNOWN,
    Event.FOUND: State.UNKNOWN,
}
_ANSWERED = {
    Event.NEXT: State.PENDING,
    Event.REVERSED: State.REVERSED,
    Event.RESTORED: State.UNKNOWN,
}
_SENDING = {
    Event.NOT_SENT: State.PENDING,
    Event.AMBIGUOUS: State.UNKNOWN,
    Event.BUSY: State.PENDING,
    Event.BOOT: State.UNKNOWN,
}
_UNKNOWN = {
    Event.NOT_SENT: State.UNKNOWN,
    Event.AMBIGUOUS: State.UNKNOWN,
    Event.BUSY: State.UNKNOWN,
    Event.NOT_YET: State.UNKNOWN,
    Event.NOT_THERE: State.PENDING,
    Event.LIMIT: State.QUARANTINE,
    Event.BOOT: State.UNKNOWN,
    Event.FOUND: State.UNKNOWN,
}
_REVERSING = {
    Event.NOT_SENT: State.REVERSING,
    Event.AMBIGUOUS: State.REVERSING,
    Event.BUSY: State.REVERSING,
    Event.REFUSED: State.QUARANTINE,
    Event.NOT_YET: State.REVERSING,
    Event.NOT_THERE: State.VOID,
    Event.REVERSED: State.REVERSED,
    Event.LIMIT: State.QUARANTINE,
    Event.BOOT: State.REVERSING,
    Event.RESTORED: State.REVERSING,
    Event.FOUND: State.REVERSING,
}
_ACCEPTED = {
    Event.CANCEL: State.REVERSING,
    Event.BOOT: State.ACCEPTED,
    Event.RESTORED: State.ACCEPTED,
    Event.MISSED: State.QUARANTINE,
    Event.FOUND: State.ACCEPTED,
}
_DIFF = {
    Event.SAME: State.ACCEPTED,
    Event.OTHER: State.DIFF,
    Event.CANCEL: State.REVERSING,
    Event.BOOT: State.DIFF,
    Event.RESTORED: State.DIFF,
    Event.MISSED: State.QUARANTINE,
    Event.FOUND: State.DIFF,
}
_QUARANTINE = {
    Event.CLAIM: State.UNKNOWN,
    Event.CANCEL: State.REVERSING,
    Event.BOOT: State.QUARANTINE,
    Event.RESTORED: State.UNKNOWN,
    Event.FOUND: State.UNKNOWN,
}
_REJECTED = {
    Event.CLAIM: State.UNKNOWN,
    Event.CANCEL: State.REVERSING,
    Event.BOOT: State.REJECTED,
    Event.RESTORED: State.REJECTED,
    Event.FOUND: State.UNKNOWN,
}
_GONE = {Event.FOUND: State.REVERSING}


_ORDER = (
    State.QUARANTINE,
    State.DIFF,
    State.UNKNOWN,
    State.SENDING,
    State.REVERSING,
    State.PENDING,
    State.REJECTED,
    State.ACCEPTED,
    State.REVERSED,
    State.VOID,
)


def folded(states: Iterable[State]) -> State:
    """Return the state of the leg that most asks to be seen: first what waits for a person, last what is over."""
    return min(states, key=_ORDER.index)
