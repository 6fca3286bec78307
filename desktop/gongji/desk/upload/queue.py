"""状态: the content of the window's status line.

上传: the queue for the clerk: what is under way, what needs a person, what the payer has.
"""

from collections.abc import Sequence

from msgspec import Struct

from gongji.core.outbox.states import FINAL, HELD, OPEN, State
from gongji.desk.session import Session
from gongji.store import held_visits
from gongji.store.closing import shifts
from gongji.store.settlements import settlements
from gongji.store.upload import legs, outbox_records
from gongji.store.upload.outbox_records import StateTotal, Upload

_PERSON_NEEDED = {one.value for one in (*HELD, State.REJECTED)}
_WAITING = {one.value for one in OPEN}


class Overview(Struct, frozen=True, kw_only=True):
    """What waits for upload, what needs a person, the date of the payer's figures, the shift, held visits."""

    waiting: int
    attention: int
    told_until: str | None
    shift_settlements: int
    held: int = 0


def overview_of(session: Session) -> Overview:
    """Return the current content of the status line."""
    connection = session.store.reader
    counts = legs.counts(connection)
    attention = sum(number for state, number in counts.items() if state in _PERSON_NEEDED)
    first = shifts.next_first(connection, session.operator)
    return Overview(
        waiting=sum(number for state, number in counts.items() if state in _WAITING),
        attention=attention,
        told_until=outbox_records.told_until(connection),
        shift_settlements=settlements.count_of(connection, session.operator, first),
        held=held_visits.count_aside(connection),
    )


__all__ = ["ALL", "GROUPS", "LIMIT", "Group", "StateTotal", "Upload", "queue_totals", "queued"]

LIMIT = 2000


class Group(Struct, frozen=True):
    """States that mean the same to a clerk, and their common name."""

    name: str
    states: tuple[str, ...]


_DONE = (State.ACCEPTED, *FINAL)
GROUPS = (
    Group("待上传", tuple(one.value for one in State if one not in {*_DONE, *HELD})),
    Group("需处理", tuple(one.value for one in (*HELD, State.REJECTED))),
    Group("已上传", (State.ACCEPTED.value,)),
    Group("已撤销", (State.REVERSED.value, State.VOID.value)),
)
"""What waits, what needs a person, what the payer has, what was taken back."""
ALL = "全部"


def queued(session: Session, states: Sequence[str] | None = None, most: int = LIMIT) -> list[Upload]:
    """Return the records in some states, the oldest first; or the newest of all, the latest first."""
    if states is None:
        return outbox_records.newest(session.store.reader, most)
    return outbox_records.in_states(session.store.reader, states, most)


def queue_totals(session: Session) -> dict[str, StateTotal]:
    """Return each group's totals, by its name; an empty group has zeros."""
    found = {one.state: one for one in outbox_records.totals(session.store.reader)}
    return {group.name: _sum(group, [found[name] for name in group.states if name in found]) for group in GROUPS}


def _sum(group: Group, parts: list[StateTotal]) -> StateTotal:
    return StateTotal(
        state=group.name,
        records=sum(one.records for one in parts),
        oldest=min((one.oldest for one in parts), default=""),
        amount_fen=sum(one.amount_fen for one in parts),
        fund_fen=sum(one.fund_fen for one in parts),
    )
