"""Lanes: the records of one person's benefit year go to the platform in the order in which they were made. Pure."""

from collections.abc import Sequence

from msgspec import Struct

from gongji.core.outbox.states import HELD, State


class LaneEntry(Struct, frozen=True, kw_only=True):
    """A leg in its lane, or a void (`voids` is the serial it takes back, `part` 0); in order of serial and part.

    `released` says that a person let the later ones go on, `kept` that the platform refused to give it back.
    """

    serial: int
    part: int
    state: State
    voids: int | None = None
    released: bool = False
    kept: bool = False


_HOLDING = frozenset({State.PENDING, State.SENDING, State.UNKNOWN})


def head(lane: Sequence[LaneEntry]) -> LaneEntry | None:
    """Return the entry that is sent next; None where a person has to decide first, or nothing is left to do.

    A leg held for a person does not hold up its own void, which is one of the ways to decide, unless that was tried.
    """
    refused = {entry.serial for entry in lane if entry.state in HELD and entry.kept}
    for place, entry in enumerate(lane):
        if entry.state in _HOLDING and entry.voids not in refused:
            return entry
        if entry.state in HELD and not entry.released:
            return None if entry.kept else _void_of(entry, lane[place + 1 :])
    return None


def holds_alike(one: State, other: State) -> bool:
    """Return whether a change from one state to the other leaves the lane's order of sending unchanged."""
    return one is other or {one, other} <= _HOLDING


def _void_of(held: LaneEntry, later: Sequence[LaneEntry]) -> LaneEntry | None:
    """Return the void of a held leg where nothing waits between them."""
    for entry in later:
        if entry.voids == held.serial:
            return entry if entry.state in _HOLDING else None
        if entry.serial != held.serial and (entry.state in _HOLDING or entry.state in HELD):
            return None
        if entry.serial == held.serial and entry.state in _HOLDING:
            return entry  # the other parts of the same settlement go on
    return None


def is_next_void(lane: Sequence[LaneEntry], serial: int) -> bool:
    """Return whether a settlement's own void is next in its lane, so that it may be taken back at once."""
    behind = [entry for entry in lane if entry.serial > serial and (entry.state in _HOLDING or entry.state in HELD)]
    return bool(behind) and behind[0].voids == serial
