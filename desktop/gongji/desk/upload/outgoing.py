"""A message is completed, numbered and stored before its first byte; the state of the connection."""

import datetime
from collections.abc import Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from gongji.core.dates import moment_of, stamp
from gongji.core.outbox.message_ids import msgid
from gongji.core.outbox.replies import Answered, Exchange, NotSent
from gongji.core.outbox.retry import PROBE_EVERY_S, REST_S, EqualRefusals, Health, after_exchange
from gongji.desk.session import Session
from gongji.desk.upload.gateway.kept_gateway import gateway
from gongji.desk.upload.leg_data import sender_of
from gongji.desk.upload.record_answer import Outgoing, Recorded, RecordingContext, keep_answer
from gongji.errors import GongjiError
from gongji.payer import envelope
from gongji.payer.envelope import card_number, own_address
from gongji.payer.read_answers import Answer
from gongji.payer.regions import Profile
from gongji.payer.schema import UnfitError
from gongji.store.engine import Connection
from gongji.store.upload import messages

SIGN_IN = "9001"
_DAY = 10  # the length of the date in a stamp


class TimeAndChance(Struct, frozen=True):
    """Inputs from outside: the time of day, a monotonic clock (seconds), and dice (0 up to 1)."""

    clock: Callable[[], datetime.datetime]
    ticks: Callable[[], float]
    dice: Callable[[], float]


class MessageWriter:
    """What one run of the program knows of the connection to a platform; numbers messages."""

    def __init__(self, session: Session, profile: Profile, outside: TimeAndChance) -> None:
        self.session = session
        self.profile = profile
        self.health = Health()
        self.busy: set[str] = set()
        self.sign_no = ""
        self._signed_on = ""
        self.refusals = EqualRefusals()
        self.not_before = -1.0
        self.outside = outside

    def now(self) -> str:
        """Return the stamp of now."""
        return stamp(self.outside.clock())

    @staticmethod
    def later(at: str, seconds: float) -> str:
        """Return the stamp some seconds later; empty for 0 seconds, which means at once."""
        return stamp(moment_of(at) + datetime.timedelta(seconds=seconds)) if seconds else ""

    def frame(self, connection: Connection, at: str) -> RecordingContext:
        """Return the context for recording answers."""
        return RecordingContext(connection, self.profile, self.session.operator, at)

    @property
    def must_rest(self) -> bool:
        """Return whether the connection should rest for a while."""
        return self.outside.ticks() < self.not_before

    def must_sign_in(self, at: str) -> bool:
        """Return whether to sign in first: not done yet, or on another day (a stamp's), since it holds for a day."""
        return not self.sign_no or self._signed_on != at[:_DAY]

    def signed_in(self, sign_no: str, at: str) -> None:
        """Store the number of a sign-in."""
        self.sign_no, self._signed_on = sign_no, at[:_DAY]

    @property
    def is_signing_in(self) -> bool:
        """Return whether a message without a leg is under way."""
        return "" in self.busy

    def sign_in(self, connection: Connection, at: str) -> Outgoing:
        """Store a sign-in in the caller's transaction and return it.

        Raises `GongjiError` where the interface would refuse it.
        """
        ip = own_address(gateway(self.session).address)
        content = {"signIn": {"opter_no": self.session.operator[:20], "mac": card_number(), "ip": ip}}
        return self._nobodys(connection, SIGN_IN, content, at)

    def claim_sign_in(self) -> Outgoing | None:
        """Store a sign-in and return it; None while one is under way."""
        if self.is_signing_in:
            return None
        with self.session.store.write() as connection:
            return self.sign_in(connection, self.now())

    def claim_other(self, infno: str, content: dict[str, Any]) -> Outgoing:
        """Store a message without a leg, as of a reconciliation, and return it. Raises `GongjiError` as `sign_in`."""
        with self.session.store.write() as connection:
            return self._nobodys(connection, infno, content, self.now())

    def _nobodys(self, connection: Connection, infno: str, content: dict[str, Any], at: str) -> Outgoing:
        try:
            return self.kept(connection, Outgoing(infno=infno), content, at, "")
        except UnfitError as error:
            advice = "请核对机构资料（编号应为 12 位）和地区配置"
            raise GongjiError(f"报文 {infno} 不合接口规范：{error}", advice) from error

    def record_other(self, outgoing: Outgoing, exchange: Exchange, answer: Answer | Exchange | None) -> None:
        """Store the answer to a message without a leg; None where it was a file."""
        with self.session.store.write() as connection:
            keep_answer(self.frame(connection, self.now()), outgoing, exchange, answer)
        self.exchanged(outgoing, exchange, Recorded(usable=answer is None or isinstance(answer, Answer)))

    def kept(self, connection: Connection, base: Outgoing, content: dict[str, Any], at: str, area: str) -> Outgoing:
        """Return a message completed and stored with its number. Raises `UnfitError` for one the interface refuses."""
        mark = messages.next_mark(connection, at)
        sender = sender_of(self.session, connection, self.sign_no)
        number = msgid(sender.institution, self.session.clinic.counter, mark)
        body = envelope.envelope(base.infno, content, number, mark.at, sender, self.profile, area)
        purpose = "session" if base.message is None else base.message.purpose.value
        messages.put(connection, number, base.whose, base.infno, purpose, at, body)
        self.busy.add(base.lane)
        return replace(base, msgid=number, body=body)

    def exchanged(self, outgoing: Outgoing, exchange: Exchange, found: Recorded) -> None:
        """Update the connection's health: after some failures only a cheap question is sent for a while.

        After as many equal refusals in a row as the region allows, nothing is sent until a person says so, or for an
        hour: what refuses everything alike is seldom the records' own fault.
        """
        usable = found.usable
        self.busy.discard(outgoing.lane)
        if isinstance(exchange, Answered) and not usable:
            self.sign_no = ""  # it may have expired; signing in again is a cheap question as well
        self.health = after_exchange(self.health, usable=usable, left=not isinstance(exchange, NotSent))
        if self.health.needs_probe and not usable:
            self.not_before = self.outside.ticks() + min(PROBE_EVERY_S, self.profile.most_s)
        if outgoing.leg is not None and usable:
            self.refusals = self.refusals.after(outgoing.infno, found.refusal, self.profile.most_equal_refusals)
            if self.refusals.told:
                self.not_before = self.outside.ticks() + REST_S
