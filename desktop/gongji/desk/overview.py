"""状态: what stands in the window's status line."""

from msgspec import Struct

from gongji.core.outbox.states import HELD, OPEN, State
from gongji.desk.counter import Counter
from gongji.store import closings, overview, settlements

_PERSON_NEEDED = {one.value for one in (*HELD, State.REJECTED)}
_WAITING = {one.value for one in OPEN}


class Overview(Struct, frozen=True, kw_only=True):
    """What waits to be uploaded, what needs a person, up to when the payer's figures go, what the shift has so far."""

    waiting: int
    attention: int
    told_until: str | None
    shift_settlements: int


def overview_of(counter: Counter) -> Overview:
    """Return what the status line tells now."""
    connection = counter.store.reader
    counts = overview.queue_counts(connection)
    attention = sum(number for state, number in counts.items() if state in _PERSON_NEEDED)
    first = closings.next_first(connection)
    return Overview(
        waiting=sum(number for state, number in counts.items() if state in _WAITING),
        attention=attention,
        told_until=overview.told_until(connection),
        shift_settlements=max(0, settlements.next_serial(connection, 0) - first),
    )
