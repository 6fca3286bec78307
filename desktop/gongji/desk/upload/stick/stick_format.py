"""The format of a package of answers on a stick, independent of the program's own records.

A package of format 2 (`payer.stick.package.FORMAT`) holds a line of JSON for each message that a carrier sent, and one
for each leg that it could not send at all. These records are that format, field by field, and never change:
further formats get records of their own here. `tests/desk/upload/stick/test_stick_format.py` reads a stick
that was made on 2026-11-30.

A package of records holds a small book, whose format is that of the book (`store.migrations`).
"""

from collections.abc import Iterable
from typing import Literal

from msgspec import DecodeError, Struct, ValidationError, convert, json, structs, to_builtins

from gongji.core.outbox.legs import Leg
from gongji.core.outbox.states import State
from gongji.desk.upload.record_answer import Outgoing
from gongji.payer.stick.package import PackageError


class StickMessageKind(Struct, frozen=True, forbid_unknown_fields=True):
    """Which transaction a leg's message is, and what for."""

    infno: str
    purpose: Literal["do", "ask", "undo"]


class StickInquiry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question about a person's figures: of which lane, by which transaction, because of which record."""

    lane: str
    infno: str
    serial: int
    failures: int


class StickOutgoing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message and what it belongs to; its body is beside it, compressed.

    A carrier has no choices of institutions (`store.upload.stick_extract`): `selection` has never held one.
    """

    msgid: str
    infno: str
    body: bytes
    lane: str
    leg: tuple[int, int] | None
    message: StickMessageKind | None
    number: str
    void: int | None
    inquiry: StickInquiry | None
    selection: None
    undoes: str
    voucher: str
    person: str


class StickLeg(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A leg's state when its message left or was answered."""

    serial: int
    part: int
    state: str
    step: str
    want_reverse: bool
    sent: bool
    left: int
    failures: int
    sends: int
    asks: int
    waited_s: int
    doubt: bool
    restored: bool
    mdtrt_id: str
    setl_id: str
    msgid: str
    last_error: str
    told: Literal["", "refused", "settled", "absent"]


class CarriedHop(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message as a carrier brings it back: what was sent and answered when, and its leg's state before.

    Bodies are compressed (zlib), moments are stamps.
    """

    msgid: str
    at: str
    body: bytes
    answered_at: str | None
    outcome: str
    text: str
    answer: bytes
    outgoing: StickOutgoing
    before: StickLeg | None
    waited_s: int


class StickFinding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A leg that a carrier could not send at all, and why: there is no message about it."""

    leg: tuple[int, int]
    unfit: str


class _BroughtBack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A line of a package of answers: either of the two."""

    hop: CarriedHop | None = None
    finding: StickFinding | None = None


def write_answers(hops: Iterable[CarriedHop], findings: Iterable[StickFinding]) -> bytes:
    """Return the content of a package of answers: a line for each message, then one for each leg that had none."""
    lines = [_BroughtBack(hop=one) for one in hops] + [_BroughtBack(finding=one) for one in findings]
    return b"".join(json.encode(one) + b"\n" for one in lines)


def read_answers(content: bytes) -> tuple[list[CarriedHop], list[StickFinding]]:
    """Return the content of a package of answers. Raises `PackageError` where it is not of this format."""
    try:
        lines = [json.decode(line, type=_BroughtBack) for line in content.splitlines()]
    except (DecodeError, ValidationError) as error:
        raise PackageError("回执的内容读不懂", "请在转送机上重新生成回执") from error
    return [one.hop for one in lines if one.hop], [one.finding for one in lines if one.finding]


def stick_outgoing(one: Outgoing) -> StickOutgoing:
    """Return a message in the stick's format, without its body."""
    values = {name: getattr(one, name) for name in StickOutgoing.__struct_fields__}
    return convert(to_builtins({**values, "body": b"", "selection": None}), StickOutgoing)


def outgoing_of(one: StickOutgoing, body: bytes) -> Outgoing:
    """Return a message of a stick as the program's own record, with its body."""
    return structs.replace(convert(to_builtins(one), Outgoing), body=body)


def stick_leg(one: Leg) -> StickLeg:
    """Return a leg in the stick's format."""
    values = {name: getattr(one, name) for name in StickLeg.__struct_fields__}
    return StickLeg(**{**values, "state": one.state.value})


def leg_of(one: StickLeg) -> Leg:
    """Return a leg of a stick as the program's own record. Raises `PackageError` for an unknown state."""
    try:
        state = State(one.state)
    except ValueError as error:
        raise PackageError("回执的内容读不懂", "请在转送机上重新生成回执") from error
    return Leg(**{**structs.asdict(one), "state": state})
