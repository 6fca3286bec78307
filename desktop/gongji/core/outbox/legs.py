"""A leg on its way: which message it needs next, and what is known of it after each answer. Pure.

The steps before settling have no effect on money and may be repeated, each in its own way: asking again (1101, 2203,
2206), looking for what was registered (2201), clearing the bill and resending it (2204, by way of 2205). Settling is
only ever repeated after the platform, asked after the quiet time, knows nothing of it.
"""

from enum import Enum
from itertools import pairwise
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from gongji.core.outbox.retry import RetryPolicy
from gongji.core.outbox.states import State

STEPS = ("1101", "2201", "2203", "2204", "2206", "2207")
SETTLING = "2207"
CLEARING = "2205"
_FOLLOWING = {**dict(pairwise(STEPS)), CLEARING: "2203"}
_REPEATED = frozenset({"1101", "2203", "2206"})
_BILLING = frozenset({"2204", CLEARING})
MAY_COME_LATE = frozenset({*_BILLING, SETTLING, "2208"})

Told = Literal["", "refused", "settled", "absent"]
"""The outcome of a settling message, as the platform said; "absent" is a person's word."""


class Leg(Struct, frozen=True, kw_only=True):
    """One visit on the wire, and all that decides what to send next.

    `left` counts messages that may have left this machine; `sends` counts the leg's own failures, `asks` questions in a
    row, `failures` all failures in a row. `waited_s` is the time since the last message that may still
    arrive. `doubt` says that a reversal may have reached the platform, `restored` that the book was restored from a
    copy.
    """

    serial: int
    part: int
    state: State = State.PENDING
    step: str = STEPS[0]
    want_reverse: bool = False
    sent: bool = False
    left: int = 0
    failures: int = 0
    sends: int = 0
    asks: int = 0
    waited_s: int = 0
    doubt: bool = False
    restored: bool = False
    mdtrt_id: str = ""
    setl_id: str = ""
    msgid: str = ""
    last_error: str = ""
    told: Told = ""


class Purpose(Enum):
    """What a message is for; the values are stored in books."""

    DO = "do"
    ASK = "ask"
    UNDO = "undo"


class Message(Struct, frozen=True):
    """The message a leg needs next: its number, and what it is for."""

    infno: str
    purpose: Purpose


class Again(Struct, frozen=True):
    """No message is needed: the step may simply be repeated."""


class Wait(Struct, frozen=True):
    """No message would help yet: the quiet time has to pass, or a person or a reconciliation has to decide."""

    reason: str


class AskPerson(Struct, frozen=True):
    """No message can find out: a person has to, by a reconciliation or by asking the agency."""

    reason: str


Act = Message | Again | Wait | AskPerson

ASK_FIRST = "平台说已经结算过，但没有可以查询的号；请对账，按结果处理"


def next_act(leg: Leg, ways: RetryPolicy) -> Act:
    """Return what a leg needs next; the leg is pending, unknown or being reversed."""
    match leg.state:
        case State.PENDING:
            return Message(leg.step, Purpose.DO)
        case State.UNKNOWN:
            return _question(leg, ways)
        case State.REVERSING:
            return _reversal(leg, ways)
        case _:
            raise AssertionError(leg.state)


def _question(leg: Leg, ways: RetryPolicy) -> Act:
    if leg.step in _REPEATED:
        return Again()
    if leg.step in _BILLING:
        return Again() if leg.waited_s >= ways.quiet_s else Wait("明细可能还在路上，等静默时间过后清空重传")
    if leg.setl_id and leg.mdtrt_id:
        return Message("5203", Purpose.ASK)  # every region can be asked after what has a number
    if ways.unknown == "reverse":
        return _taking_back(leg)
    if leg.step == "2201" or not leg.mdtrt_id:
        return Message("5201", Purpose.ASK)
    return Message("5203" if leg.setl_id else "5204", Purpose.ASK)


def _taking_back(leg: Leg) -> Act:
    """Return the act that makes an unknown outcome known where the platform cannot be asked."""
    if leg.msgid:
        return Message("2601", Purpose.ASK)
    if leg.told == "settled":
        return AskPerson(ASK_FIRST)
    if leg.restored and leg.told != "absent":
        return AskPerson("数据文件是从备份恢复的；请对账，平台确实没有这一笔的再重试")
    return Again()


def _reversal(leg: Leg, ways: RetryPolicy) -> Act:
    if leg.told == "settled" and not leg.setl_id:  # it has one, under a number that is not known yet
        if ways.unknown == "query":
            return Message("5204" if leg.mdtrt_id else "5201", Purpose.ASK)
        if not leg.msgid:
            return AskPerson(ASK_FIRST)
    if leg.setl_id:
        if leg.doubt and ways.unknown == "query":
            return Message("5203", Purpose.ASK)
        return Message("2208", Purpose.UNDO)
    return Message("2601", Purpose.UNDO) if leg.msgid else Again()


def following(step: str) -> str:
    """Return the step after an accepted one."""
    return _FOLLOWING[step]


def step_again(leg: Leg) -> str:
    """Return the step from which a leg continues once its last message is known to have had no effect."""
    if leg.step in _BILLING:
        return CLEARING
    if leg.step == SETTLING and leg.restored:
        return CLEARING if leg.mdtrt_id else STEPS[0]
    return leg.step


def claimed(leg: Leg, message: Message, msgid: str) -> Leg:
    """Return the leg with what must be stored of a message before its first byte leaves."""
    known = replace(leg, left=leg.left + 1)
    if message.infno in MAY_COME_LATE:
        known = replace(known, waited_s=0)  # from now on this is the message that may still arrive
    if message.infno == SETTLING:
        known = replace(known, msgid=msgid)
    if message.purpose is Purpose.UNDO:
        known = replace(known, doubt=True)
    return known
