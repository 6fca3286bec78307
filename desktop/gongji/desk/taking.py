"""Whose turn it is: the leg that a turn comes to, what a void does to the legs it takes back, and putting one off."""

from msgspec import json
from msgspec.structs import replace

from gongji.core.outbox.judging import moved
from gongji.core.outbox.lanes import is_next_void
from gongji.core.outbox.legs import Leg, Message, Purpose
from gongji.core.outbox.states import FINAL, OPEN, Event, State
from gongji.desk.accepting import void_if_done
from gongji.store import legs, platform, queue, settlements
from gongji.store.engine import Connection
from gongji.store.legs import Turn

CLAIMED_LATER = "全额垫付，由患者事后手工报销，不上传"


def leg_of_turn(connection: Connection, turn: Turn, at: str, operator: str) -> Leg | None:
    """Return the leg a turn comes to; None where nothing is left to do, and then whose turn it is has changed."""
    if turn.voids is None:
        return _unless_voided(connection, turn, at)
    for leg in legs.of_serial(connection, turn.voids):
        if leg.state in FINAL:
            continue
        taken = leg if leg.state is State.REVERSING else moved(leg, Event.CANCEL)
        legs.save(connection, taken, at)
        if taken.state is State.REVERSING:
            return taken
    done = void_if_done(connection, turn.serial, turn.voids, at, operator)
    assert done, turn
    return None


def _unless_voided(connection: Connection, turn: Turn, at: str) -> Leg | None:
    """Return a leg; one whose void is next in its lane is taken back at once where it never left."""
    leg = legs.get(connection, turn.serial, turn.part)
    if leg.left == 0 and _is_claimed_later(connection, leg):
        legs.save(connection, replace(moved(leg, Event.CANCEL), last_error=CLAIMED_LATER), at)
        return None
    if leg.want_reverse or not is_next_void(legs.lane_of(connection, turn.lane), turn.serial):
        return leg
    leg = moved(leg, Event.CANCEL)
    legs.save(connection, leg, at)
    return leg if leg.state in OPEN else None


def _is_claimed_later(connection: Connection, leg: Leg) -> bool:
    """Tell whether the patient paid in full and claims it from the agency: then the platform settles none of it."""
    visit = json.decode(queue.body_of(connection, leg.serial))["visit"]
    return leg.state is State.PENDING and not leg.sent and bool(visit.get("full_payment"))


def put_off(connection: Connection, turn: Turn, leg: Leg, at: str, until: str, operator: str) -> None:
    """Keep a leg that needs no message now, and its void with it where it is a void's turn."""
    legs.save(connection, leg, at, until)
    if turn.voids is not None and not void_if_done(connection, turn.serial, turn.voids, at, operator):
        legs.save_void(connection, turn.serial, State.PENDING, at, until)


def first_asking_who(connection: Connection, leg: Leg, message: Message) -> Message:
    """Return the question who somebody is before any other, where a book put back from a copy no longer knows."""
    if message.purpose is not Purpose.ASK:
        return message
    lost = platform.person_no(connection, _person_of(connection, leg)) is None
    return Message("1101", Purpose.ASK) if lost else message


def past_knowing(connection: Connection, leg: Leg) -> Leg:
    """Return the leg past asking who somebody is, where the platform has said so before."""
    if leg.step != "1101" or leg.state is not State.PENDING:
        return leg
    return leg if platform.person_no(connection, _person_of(connection, leg)) is None else replace(leg, step="2201")


def _person_of(connection: Connection, leg: Leg) -> str:
    return next(settlements.heads(connection, leg.serial, leg.serial)).person_id
