"""What a record comes to by its legs: a settlement under two benefits is two visits on the wire and one in the book."""

from collections.abc import Iterable

from gongji.core.outbox.states import State

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
