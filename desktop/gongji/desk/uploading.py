"""上传: what is due is claimed, sent and recorded, each message by itself; only sending waits for the network.

Three steps, so that a window can do the first and the last where the book is written and the one between where nothing
else happens: `claim` keeps the message with its number before the first byte leaves, sending (upload.gateway) knows no
book, `record` keeps what became of it. Whatever happens between them, the book says what is to be asked next.
"""

from typing import Any

from msgspec.structs import replace

from gongji.core.book.times import moment_of
from gongji.core.outbox.judging import moved
from gongji.core.outbox.legs import MAY_COME_LATE, SETTLING, Leg, Message
from gongji.core.outbox.pacing import Health, wait_s
from gongji.core.outbox.replies import Exchange
from gongji.core.outbox.states import Event, State
from gongji.core.outbox.turns import Line, after_crash, made_ready, sent
from gongji.desk.accepting import void_if_done
from gongji.desk.counter import Counter
from gongji.desk.posting import SIGN_IN, Outside, Post
from gongji.desk.recording import (
    Outgoing,
    Recorded,
    record_inquiry,
    record_leg,
    record_sign_in,
    settle_record,
)
from gongji.desk.restoring import RECONCILE_FIRST
from gongji.desk.sheets import sheet_of
from gongji.desk.taking import first_asking_who, leg_of_turn, past_knowing, put_off
from gongji.store import attempts, legs, platform, settings
from gongji.store.engine import Connection
from gongji.store.legs import Turn
from gongji.store.platform import Inquiry
from gongji.upload import sheets, wire
from gongji.upload.profiles import Profile
from gongji.upload.schema import UnfitError
from gongji.upload.sheets import Sheet

__all__ = ["SIGN_IN", "Outside", "Uploader"]


class Uploader:
    """What one run of the program knows of the line; everything else is in the book."""

    def __init__(self, counter: Counter, profile: Profile, outside: Outside) -> None:
        """Take the collaborators. What was on its way when the program last ended has an unknown outcome from here."""
        self.counter = counter
        self.profile = profile
        self.post = Post(counter, profile, outside)
        self._outside = outside
        self._trouble = ""
        self._seen: dict[tuple[int, int], float] = {}
        self._begin()

    def _begin(self) -> None:
        at = self.post.now()
        with self.counter.store.write() as connection:
            for leg in legs.in_state(connection, State.SENDING):
                legs.save(connection, after_crash(leg), at)

    def claim(self) -> Outgoing | None:
        """Keep the next message that is due, with its number, and return it; None where nothing can be done now."""
        if self._outside.ticks() < self.post.not_before:
            return None
        if self.must_reconcile_first:
            return None
        if not self.post.sign_no or self.post.health.needs_probe:
            return self.post.claim_sign_in()
        at = self.post.now()
        latest = self.post.later(at, self.profile.most_s) or at
        with self.counter.store.write() as connection:
            while (turn := legs.due(connection, at, latest, frozenset(self.post.busy))) is not None:
                found = self._take(connection, turn, at)
                if found is not None:
                    return found
            inquiry = platform.due_inquiry(connection, at, latest, frozenset(self.post.busy))
            return None if inquiry is None else self._inquire(connection, inquiry, at)

    @property
    def health(self) -> Health:
        """Return how the line does."""
        return self.post.health

    @property
    def must_reconcile_first(self) -> bool:
        """Tell whether nothing may be sent before a reconciliation: the book was put back from a copy."""
        return settings.get(self.counter.store.reader, RECONCILE_FIRST) == "1"

    def _take(self, connection: Connection, turn: Turn, at: str) -> Outgoing | None:
        """Return the message of whose turn it is; None where it needs none, and then whose turn it is has changed."""
        leg = leg_of_turn(connection, turn, at, self.counter.operator)
        if leg is None:
            return None
        ready = made_ready(leg, self.profile.ways, self._elapsed((leg.serial, leg.part)))
        if ready.message is None:
            put_off(connection, turn, ready.leg, at, self.post.later(at, ready.wait_s), self.counter.operator)
            return None
        known = past_knowing(connection, ready.leg)
        message = Message(known.step, ready.message.purpose) if known is not ready.leg else ready.message
        message = first_asking_who(connection, known, message)
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
            found = self.post.kept(connection, base, self._content(message, known, sheet), at, sheet.record["area"])
        except UnfitError as error:
            reason = f"不合接口规范：{error}"
            unfit = replace(moved(known, Event.LIMIT), last_error=reason, doubt=known.state is State.REVERSING)
            put_off(connection, turn, unfit, at, "", self.counter.operator)
            return None
        legs.save(connection, sent(known, message, found.msgid), at)
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
        content = sheets.content(inquiry.infno, sheet, self.profile)
        return self.post.kept(connection, base, content, at, sheet.record["area"])

    def record(self, outgoing: Outgoing, exchange: Exchange) -> Recorded:
        """Keep what became of a message and what follows from it; again with the same message changes nothing."""
        at = self.post.now()
        with self.counter.store.write() as connection:
            if attempts.is_answered(connection, outgoing.msgid):
                found = Recorded(text="已经记过")
            elif outgoing.leg is not None:
                found = self._record_leg(connection, outgoing, exchange, at)
            elif outgoing.inquiry is not None:
                found = self._record_inquiry(connection, outgoing, outgoing.inquiry, exchange, at)
            else:
                found = self._record_sign_in(connection, outgoing, exchange, at)
        self._trouble = "" if found.usable else found.text
        self.post.exchanged(outgoing, exchange, usable=found.usable)
        return found

    def _record_leg(self, connection: Connection, outgoing: Outgoing, exchange: Exchange, at: str) -> Recorded:
        assert outgoing.leg is not None
        leg = legs.get(connection, *outgoing.leg)
        frame = self.post.frame(connection, at)
        line = Line(self.post.health.is_good, self._outside.dice())
        found, outcome = record_leg(frame, outgoing, exchange, leg, line)
        if outgoing.infno in MAY_COME_LATE:
            self._seen[outgoing.leg] = self._outside.ticks()  # quiet begins when nothing more of it can leave here
        wait_until = self.post.later(at, outcome.wait_s)
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
        frame = self.post.frame(connection, at)
        found = record_inquiry(frame, outgoing, inquiry, exchange)
        if found.usable:
            platform.inquired(connection, inquiry)
        else:
            wait = wait_s(self.profile.ways, inquiry.failures + 1, self._outside.dice())
            platform.inquire_later(connection, inquiry, self.post.later(at, wait))
        return found

    def _record_sign_in(self, connection: Connection, outgoing: Outgoing, exchange: Exchange, at: str) -> Recorded:
        frame = self.post.frame(connection, at)
        sign_no, found = record_sign_in(frame, outgoing, exchange)
        self.post.sign_no = sign_no or self.post.sign_no
        if not found.usable:
            self.post.not_before = self._outside.ticks() + wait_s(
                self.profile.ways, self.post.health.failures + 1, self._outside.dice()
            )
        return found

    def seconds_to_wait(self) -> float | None:
        """Return in how many seconds there may be something to claim; None where nothing waits for its time."""
        ticks = self._outside.ticks()
        if ticks < self.post.not_before:
            return self.post.not_before - ticks
        reader = self.counter.store.reader
        times = [one for one in (legs.next_due(reader), platform.next_inquiry(reader)) if one is not None]
        if not times:
            return None
        now = self._outside.clock()
        waits = [0.0 if not one else (moment_of(one) - now).total_seconds() for one in times]
        return max(0.0, min(float(self.profile.most_s), *waits))

    def try_now(self) -> None:
        """Wait no longer: the network is back, or somebody says so. Quiet times stay as they are."""
        self.post.not_before = -1.0
        self.post.health = Health()
        with self.counter.store.write() as connection:
            legs.wake(connection)

    @property
    def trouble(self) -> str:
        """Return why nothing is sent, where the line is down or a reconciliation has to come first."""
        return "数据文件是从备份恢复的，请先对账" if self.must_reconcile_first else self._trouble

    def claim_would_wait_for_ever(self) -> bool:
        """Tell whether nothing at all waits for its time: all is done that can be done without a person."""
        return self.seconds_to_wait() is None
