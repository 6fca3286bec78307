"""A bug that one record triggers affects that record alone: it is set aside with a report, and the others go on."""

import traceback
from pathlib import Path

from msgspec.structs import replace

from gongji.core.ledger.audit import Act
from gongji.core.outbox.judge_answer import moved
from gongji.core.outbox.legs import Leg
from gongji.core.outbox.states import OPEN, Event, State
from gongji.desk.upload.record_answer import Outgoing
from gongji.store import audit
from gongji.store.engine import Connection
from gongji.store.people import choices
from gongji.store.people.choices import STUCK
from gongji.store.settlements import settlements
from gongji.store.upload import legs, messages, payer_answers

FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""Exceptions that only a bug raises; disk and system errors (a full disk, a missing key) are none of these."""


def report(error: BaseException) -> str:
    """Return where a bug arose, without any input data."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " ← ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-3:][::-1])
    return f"程序出错（{type(error).__name__} {places}），这一条已停下，其余照常；请把这句话发给维护人员"


def parked(leg: Leg, why: str) -> Leg:
    """Return an open leg moved to quarantine, any other unchanged; what may have left is asked after first."""
    if leg.state is State.SENDING:
        leg = moved(leg, Event.AMBIGUOUS)
    if leg.state not in OPEN:
        return leg
    return replace(moved(leg, Event.LIMIT), last_error=why, doubt=leg.doubt or leg.state is State.REVERSING)


def park(connection: Connection, leg: Leg, why: str, at: str, operator: str) -> None:
    """Record that a leg is set aside because of a bug."""
    legs.save(connection, parked(leg, why), at)
    audit.append(connection, at, operator, Act.QUARANTINE, settlements.no_of(connection, leg.serial), why)


def park_answer(connection: Connection, outgoing: Outgoing, body: bytes, why: str, at: str, operator: str) -> None:
    """Store an answer that a bug kept from being understood, and set its leg aside."""
    messages.put_answer(connection, outgoing.msgid, at, "unknown", why, body)
    if outgoing.leg is not None:
        park(connection, legs.get(connection, *outgoing.leg), why, at, operator)
        if outgoing.void is not None:
            legs.save_void(connection, outgoing.void, State.PENDING, at)
    elif outgoing.inquiry is not None:
        payer_answers.inquired(connection, outgoing.inquiry)
    elif outgoing.selection is not None:
        choices.save(connection, replace(outgoing.selection, state=STUCK, text=why), at)
