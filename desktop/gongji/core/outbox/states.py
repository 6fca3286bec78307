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
    following: Found
    if event in _STAYS[now.state]:
        following = now if now.state in GONE else now.state
    else:
        following = _ASKS.get(now.state, _by_table)(now, event)
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


def _by_table(now: LegStanding, event: Event) -> Found:
    """Return what follows where the state alone decides."""
    return _LEADS[now.state].get(event)


def _pending(now: LegStanding, event: Event) -> Found:
    if event is Event.CANCEL:
        return _flagged(now) if now.sent else State.VOID
    return _by_table(now, event)


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
    return _by_table(now, event) or _answered(now, event)


def _unknown(now: LegStanding, event: Event) -> Found:
    if event is Event.NOT_THERE and now.want_reverse:
        return State.REVERSING
    return _by_table(now, event) or _answered(now, event)


_ANSWERED = {Event.NEXT: State.PENDING, Event.REVERSED: State.REVERSED, Event.RESTORED: State.UNKNOWN}
_ASKS = {State.PENDING: _pending, State.SENDING: _sending, State.UNKNOWN: _unknown}
"""States in which more than the state decides."""
_LINE = frozenset({Event.NOT_SENT, Event.AMBIGUOUS, Event.BUSY, Event.NOT_YET})
"""Events after which no more is known than before."""
_STAYS: dict[State, frozenset[Event]] = {
    State.PENDING: frozenset({Event.BOOT}),
    State.SENDING: frozenset(),
    State.UNKNOWN: _LINE | {Event.BOOT, Event.FOUND},
    State.REVERSING: _LINE | {Event.BOOT, Event.RESTORED, Event.FOUND},
    State.ACCEPTED: frozenset({Event.BOOT, Event.RESTORED, Event.FOUND}),
    State.DIFF: frozenset({Event.OTHER, Event.BOOT, Event.RESTORED, Event.FOUND}),
    State.QUARANTINE: frozenset({Event.BOOT}),
    **dict.fromkeys((State.REJECTED, State.REVERSED, State.VOID), frozenset({Event.BOOT, Event.RESTORED})),
}
"""The events that leave a leg in its state."""
_ASIDE = {Event.CLAIM: State.UNKNOWN, Event.CANCEL: State.REVERSING, Event.FOUND: State.UNKNOWN}
_LEADS: dict[State, dict[Event, State]] = {
    State.PENDING: {
        Event.CLAIM: State.SENDING,
        Event.LIMIT: State.QUARANTINE,
        Event.RESTORED: State.UNKNOWN,
        Event.FOUND: State.UNKNOWN,
    },
    State.SENDING: {
        Event.NOT_SENT: State.PENDING,
        Event.AMBIGUOUS: State.UNKNOWN,
        Event.BUSY: State.PENDING,
        Event.BOOT: State.UNKNOWN,
    },
    State.UNKNOWN: {Event.NOT_THERE: State.PENDING, Event.LIMIT: State.QUARANTINE},
    State.REVERSING: {
        Event.REFUSED: State.QUARANTINE,
        Event.NOT_THERE: State.VOID,
        Event.REVERSED: State.REVERSED,
        Event.LIMIT: State.QUARANTINE,
    },
    State.ACCEPTED: {Event.CANCEL: State.REVERSING, Event.MISSED: State.QUARANTINE},
    State.DIFF: {Event.SAME: State.ACCEPTED, Event.CANCEL: State.REVERSING, Event.MISSED: State.QUARANTINE},
    State.QUARANTINE: {**_ASIDE, Event.RESTORED: State.UNKNOWN},
    State.REJECTED: _ASIDE,
    State.REVERSED: {Event.FOUND: State.REVERSING},
    State.VOID: {Event.FOUND: State.REVERSING},
}
"""Where other events lead."""

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
