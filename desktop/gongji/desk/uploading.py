"""上传: what is due is claimed, sent and recorded, each message by itself; only sending waits for the network.

Three steps, so that a window can do the first and the last where the book is written and the one between where nothing
else happens: `claim` keeps the message with its number before the first byte leaves, sending (upload.gateway) knows no
book, `record` keeps what became of it. Whatever happens between them, the book says what is to be asked next.
"""

import datetime
from collections.abc import Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from gongji.core.book.times import moment_of, stamp
from gongji.core.outbox.judging import moved
from gongji.core.outbox.legs import MAY_COME_LATE, SETTLING, Leg, Message
from gongji.core.outbox.msgids import msgid
from gongji.core.outbox.pacing import PROBE_EVERY_S, Health, after_exchange, wait_s
from gongji.core.outbox.replies import Exchange, NotSent
from gongji.core.outbox.states import Event, State
from gongji.core.outbox.turns import Line, after_crash, made_ready, sent
from gongji.desk.accepting import void_if_done
from gongji.desk.counter import Counter
from gongji.desk.recording import (
    Frame,
    Outgoing,
    Recorded,
    keep_answer,
    record_inquiry,
    record_leg,
    record_sign_in,
    settle_record,
)
from gongji.desk.sheets import sender_of, sheet_of
from gongji.desk.taking import leg_of_turn, past_knowing, put_off
from gongji.errors import GongjiError
from gongji.store import attempts, legs, platform
from gongji.store.engine import Connection
from gongji.store.legs import Turn
from gongji.store.platform import Inquiry
from gongji.upload import sheets, wire
from gongji.upload.profiles import Profile
from gongji.upload.reading import Answer
from gongji.upload.schema import UnfitError
from gongji.upload.sheets import Sheet

SIGN_IN = "9001"


class Outside(Struct, frozen=True):
    """What only the outside can give: the time of day, a clock that never jumps (seconds), and dice (0 up to 1)."""

    clock: Callable[[], datetime.datetime]
    ticks: Callable[[], float]
    dice: Callable[[], float]


class Uploader:
    """What one run of the program knows of the line; everything else is in the book."""

    def __init__(self, counter: Counter, profile: Profile, outside: Outside) -> None:
        """Take the collaborators. What was on its way when the program last ended has an unknown outcome from here."""
        self.counter = counter
        self.profile = profile
        self.health = Health()
        self._outside = outside
        self._sign_no = ""
        self._trouble = ""
        self._not_before = -1.0
        self._busy: set[str] = set()
        self._seen: dict[tuple[int, int], float] = {}
        self._begin()

    def _begin(self) -> None:
        at = self._now()
        with self.counter.store.write() as connection:
            for leg in legs.in_state(connection, State.SENDING):
                legs.save(connection, after_crash(leg), at)

    def _now(self) -> str:
        return stamp(self._outside.clock())

    def _later(self, at: str, seconds: float) -> str:
        return stamp(moment_of(at) + datetime.timedelta(seconds=seconds)) if seconds else ""

    def claim(self) -> Outgoing | None:
        """Keep the next message that is due, with its number, and return it; None where nothing can be done now."""
        if self._outside.ticks() < self._not_before:
            return None
        if not self._sign_no or self.health.needs_probe:
            return self.claim_sign_in()
        at = self._now()
        latest = self._later(at, self.profile.most_s) or at
        with self.counter.store.write() as connection:
            while (turn := legs.due(connection, at, latest, frozenset(self._busy))) is not None:
                found = self._take(connection, turn, at)
                if found is not None:
                    return found
            inquiry = platform.due_inquiry(connection, at, latest, frozenset(self._busy))
            return None if inquiry is None else self._inquire(connection, inquiry, at)

    @property
    def is_signed_in(self) -> bool:
        """Tell whether the platform knows this session."""
        return bool(self._sign_no)

    def claim_sign_in(self) -> Outgoing | None:
        """Keep a sign-in and return it; None while one is on its way."""
        if "" in self._busy:
            return None
        at = self._now()
        content = {"signIn": {"opter_no": self.counter.operator[:20], "mac": "000000000000", "ip": "127.0.0.1"}}
        with self.counter.store.write() as connection:
            return self._nobodys(connection, SIGN_IN, content, at)

    def claim_other(self, infno: str, content: dict[str, Any]) -> Outgoing:
        """Keep a message that is nobody's, as of a reconciliation, and return it."""
        with self.counter.store.write() as connection:
            return self._nobodys(connection, infno, content, self._now())

    def _nobodys(self, connection: Connection, infno: str, content: dict[str, Any], at: str) -> Outgoing:
        try:
            return self._kept(connection, Outgoing(msgid="", infno=infno, body=b""), content, at, "")
        except UnfitError as error:
            advice = "请核对机构资料（编号应为 12 位）和地区配置"
            raise GongjiError(f"报文 {infno} 不合接口规范：{error}", advice) from error

    def record_other(self, outgoing: Outgoing, exchange: Exchange, answer: Answer | Exchange | None) -> None:
        """Keep the answer to a message that is nobody's; None where it was a file."""
        frame_at = self._now()
        with self.counter.store.write() as connection:
            frame = Frame(connection, self.profile, self.counter.operator, frame_at)
            keep_answer(frame, outgoing, exchange, answer)
        self._busy.discard(outgoing.lane)
        usable = answer is None or isinstance(answer, Answer)
        self.health = after_exchange(self.health, usable=usable, left=not isinstance(exchange, NotSent))

    def _take(self, connection: Connection, turn: Turn, at: str) -> Outgoing | None:
        """Return the message of whose turn it is; None where it needs none, and then whose turn it is has changed."""
        leg = leg_of_turn(connection, turn, at, self.counter.operator)
        if leg is None:
            return None
        ready = made_ready(leg, self.profile.ways, self._elapsed((leg.serial, leg.part)))
        if ready.message is None:
            put_off(connection, turn, ready.leg, at, self._later(at, ready.wait_s), self.counter.operator)
            return None
        known = past_knowing(connection, ready.leg)
        message = Message(known.step, ready.message.purpose) if known is not ready.leg else ready.message
        sheet = sheet_of(connection, known)
        base = Outgoing(
            msgid="",
            infno=message.infno,
            body=b"",
            lane=turn.lane,
            leg=(known.serial, known.part),
            message=message,
            number=sheet.number,
            void=turn.serial if turn.voids is not None else None,
        )
        try:
            found = self._kept(connection, base, self._content(message, known, sheet), at, sheet.record["area"])
        except UnfitError as error:
            reason = f"不合接口规范：{error}"
            unfit = replace(moved(known, Event.LIMIT), last_error=reason, doubt=known.state is State.REVERSING)
            put_off(connection, turn, unfit, at, "", self.counter.operator)
            return None
        legs.save(connection, sent(known, message, found.msgid), at)
        self._busy.add(turn.lane)
        return found

    def _content(self, message: Message, leg: Leg, sheet: Sheet) -> dict[str, Any]:
        if message.infno == "2601":
            return wire.reversal(sheet.psn_no, leg.msgid, SETTLING)
        return sheets.content(message.infno, sheet, self.profile)

    def _elapsed(self, key: tuple[int, int]) -> int:
        """Return the whole seconds a leg has been watched since it was last seen, and see it now."""
        now = self._outside.ticks()
        before = self._seen.get(key)
        if before is None:
            self._seen[key] = now
            return 0
        elapsed = int(now - before)
        self._seen[key] = before + elapsed
        return elapsed

    def _inquire(self, connection: Connection, inquiry: Inquiry, at: str) -> Outgoing | None:
        leg = legs.of_serial(connection, inquiry.serial)[0]
        sheet = sheet_of(connection, leg)
        base = Outgoing(msgid="", infno=inquiry.infno, body=b"", lane=inquiry.lane, inquiry=inquiry)
        content = (
            {"data": {"psn_no": sheet.psn_no}}
            if inquiry.infno == "5206"
            else sheets.content("1101", sheet, self.profile)
        )
        found = self._kept(connection, base, content, at, sheet.record["area"])
        self._busy.add(inquiry.lane)
        return found

    def _kept(self, connection: Connection, base: Outgoing, content: dict[str, Any], at: str, area: str) -> Outgoing:
        """Return a message whole, kept with its number; `UnfitError` when the interface would refuse it."""
        mark = attempts.next_mark(connection, at)
        sender = sender_of(self.counter, self._sign_no)
        number = msgid(sender.institution, self.counter.clinic.counter, mark)
        body = wire.envelope(base.infno, content, number, mark.at, sender, self.profile, area)
        purpose = "session" if base.message is None else base.message.purpose.value
        attempts.put(connection, number, base.leg, base.infno, purpose, at, body)
        self._busy.add(base.lane)
        return replace(base, msgid=number, body=body)

    def record(self, outgoing: Outgoing, exchange: Exchange) -> Recorded:
        """Keep what became of a message and what follows from it; again with the same message changes nothing."""
        at = self._now()
        with self.counter.store.write() as connection:
            if attempts.is_answered(connection, outgoing.msgid):
                found = Recorded(text="已经记过")
            elif outgoing.leg is not None:
                found = self._record_leg(connection, outgoing, exchange, at)
            elif outgoing.inquiry is not None:
                found = self._record_inquiry(connection, outgoing, outgoing.inquiry, exchange, at)
            else:
                found = self._record_sign_in(connection, outgoing, exchange, at)
        self._busy.discard(outgoing.lane)
        self._trouble = "" if found.usable else found.text
        self.health = after_exchange(self.health, usable=found.usable, left=not isinstance(exchange, NotSent))
        if self.health.needs_probe and not found.usable:
            self._not_before = self._outside.ticks() + min(PROBE_EVERY_S, self.profile.most_s)
        return found

    def _record_leg(self, connection: Connection, outgoing: Outgoing, exchange: Exchange, at: str) -> Recorded:
        assert outgoing.leg is not None
        leg = legs.get(connection, *outgoing.leg)
        if leg.state is not State.SENDING:
            leg = replace(leg, waited_s=leg.waited_s + self._elapsed(outgoing.leg))
        frame = Frame(connection, self.profile, self.counter.operator, at)
        line = Line(self.health.is_good, self._outside.dice())
        found, outcome = record_leg(frame, outgoing, exchange, leg, line)
        if outgoing.infno in MAY_COME_LATE:
            self._seen[outgoing.leg] = self._outside.ticks()  # quiet begins when nothing more of it can leave here
        wait_until = self._later(at, outcome.wait_s)
        legs.save(connection, outcome.leg, at, wait_until)
        settle_record(frame, outcome.leg)
        if outgoing.void is not None and not void_if_done(
            connection, outgoing.void, leg.serial, at, self.counter.operator
        ):
            legs.save_void(connection, outgoing.void, State.PENDING, at, wait_until)
        return found

    def _record_inquiry(
        self, connection: Connection, outgoing: Outgoing, inquiry: Inquiry, exchange: Exchange, at: str
    ) -> Recorded:
        frame = Frame(connection, self.profile, self.counter.operator, at)
        found = record_inquiry(frame, outgoing, inquiry, exchange)
        if found.usable:
            platform.inquired(connection, inquiry)
        else:
            wait = wait_s(self.profile.ways, inquiry.failures + 1, self._outside.dice())
            platform.inquire_later(connection, inquiry, self._later(at, wait))
        return found

    def _record_sign_in(self, connection: Connection, outgoing: Outgoing, exchange: Exchange, at: str) -> Recorded:
        frame = Frame(connection, self.profile, self.counter.operator, at)
        sign_no, found = record_sign_in(frame, outgoing, exchange)
        self._sign_no = sign_no or self._sign_no
        if not found.usable:
            self._not_before = self._outside.ticks() + wait_s(
                self.profile.ways, self.health.failures + 1, self._outside.dice()
            )
        return found

    def seconds_to_wait(self) -> float | None:
        """Return in how many seconds there may be something to claim; None where nothing waits for its time."""
        ticks = self._outside.ticks()
        if ticks < self._not_before:
            return self._not_before - ticks
        reader = self.counter.store.reader
        times = [one for one in (legs.next_due(reader), platform.next_inquiry(reader)) if one is not None]
        if not times:
            return None
        now = self._outside.clock()
        waits = [0.0 if not one else (moment_of(one) - now).total_seconds() for one in times]
        return max(0.0, min(float(self.profile.most_s), *waits))

    @property
    def trouble(self) -> str:
        """Return why nothing is sent, where the line is down."""
        return self._trouble

    def claim_would_wait_for_ever(self) -> bool:
        """Tell whether nothing at all waits for its time: all is done that can be done without a person."""
        return self.seconds_to_wait() is None
