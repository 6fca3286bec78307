"""上传: what is due is claimed, sent and recorded; only sending waits for the network.

Two steps, so that a window can do one on the writing thread and the other elsewhere: sending
(payer.gateway) knows no book, and `turn` stores what has come back together with what may leave next, in one commit
for all of it. Nothing leaves before that commit: every message is in the book, with its number, before its first byte,
and the outcome of a visit's step before the next step of that visit. Whatever happens in between, the book says what
is to be asked next.
"""

from collections.abc import Sequence

from msgspec import Struct

from gongji.core.dates import moment_of
from gongji.core.outbox.legs import MAY_COME_LATE
from gongji.core.outbox.replies import Answered, Exchange
from gongji.core.outbox.retry import EqualRefusals, Health, wait_s
from gongji.core.outbox.states import State
from gongji.core.outbox.turns import RegionManner, after_crash
from gongji.desk.clinic.backup.restored_doubts import RECONCILE_FIRST
from gongji.desk.session import Session
from gongji.desk.upload.choice_messages import record_selection
from gongji.desk.upload.next_message import Claiming
from gongji.desk.upload.outgoing import SIGN_IN, MessageWriter, TimeAndChance
from gongji.desk.upload.parking import FAULTS, park_answer, report
from gongji.desk.upload.put_right import record_take_back, waiting
from gongji.desk.upload.record_answer import (
    Outgoing,
    Recorded,
    record_inquiry,
    record_leg,
    record_sign_in,
    settle_record,
    void_if_done,
)
from gongji.desk.upload.voucher_messages import record_voucher
from gongji.payer.check_region import refuse_incomplete
from gongji.payer.regions import Profile
from gongji.store import settings
from gongji.store.engine import Connection
from gongji.store.upload import legs, messages, payer_answers
from gongji.store.upload.payer_answers import Inquiry

__all__ = ["SIGN_IN", "Answer", "TimeAndChance", "TurnResult", "Uploader"]

Answer = tuple[Outgoing, Exchange]


class TurnResult(Struct, frozen=True):
    """What one commit stored: the outcomes of the messages that came back, in order, and those that may leave now."""

    recorded: tuple[Recorded, ...]
    outgoing: tuple[Outgoing, ...]


class Uploader:
    """What one run of the program knows of the connection; everything else is in the book.

    After an error of the book it must be dropped: a new one starts from what the book says.
    """

    def __init__(self, session: Session, profile: Profile, outside: TimeAndChance) -> None:
        """Treat what was under way when the program last ended as having an unknown outcome.

        Raises `GongjiError` where the region's profile lacks what may be needed once an outcome is unknown.
        """
        refuse_incomplete(profile)
        self.session = session
        self.profile = profile
        self.post = MessageWriter(session, profile, outside)
        self._claiming = Claiming(self.post)
        self._outside = outside
        self._trouble = ""
        self._begin()

    def _begin(self) -> None:
        at = self.post.now()
        with self.session.store.write() as connection:
            for leg in legs.in_state(connection, State.SENDING):
                legs.save(connection, after_crash(leg), at)

    def turn(self, answers: Sequence[Answer], most: int) -> TurnResult:
        """Store what came back and up to `most` further messages, all in one commit; then these may be sent.

        Each is of another lane, so they may be sent in any order and at once. Passing an answer twice changes
        nothing. Raises `StoreError` where the book cannot be written: then nothing of it is stored.
        """
        if not answers and (most < 1 or self.post.must_rest):
            return TurnResult((), ())
        at = self.post.now()
        with self.session.store.write() as connection:
            recorded = tuple(self._recorded(connection, *one, at) for one in answers)
            outgoing = tuple(self._claiming.taken(connection, most, at))
        return TurnResult(recorded, outgoing)

    def record(self, outgoing: Outgoing, exchange: Exchange) -> Recorded:
        """Store the outcome of a message and what follows from it; repeating it changes nothing."""
        (found,) = self.turn([(outgoing, exchange)], 0).recorded
        return found

    @property
    def must_reconcile_first(self) -> bool:
        """Return whether nothing may be sent before a reconciliation, since the book was restored from a copy."""
        return settings.get(self.session.store.reader, RECONCILE_FIRST) == "1"

    def _recorded(self, connection: Connection, outgoing: Outgoing, exchange: Exchange, at: str) -> Recorded:
        if messages.is_answered(connection, outgoing.msgid):
            return Recorded(text="已经记过")
        connection.execute("SAVEPOINT answer")
        try:
            found = self._understood(connection, outgoing, exchange, at)
        except FAULTS as error:
            connection.execute("ROLLBACK TO answer")
            why = report(error)
            body = exchange.body if isinstance(exchange, Answered) else b""
            park_answer(connection, outgoing, body, why, at, self.session.operator)
            self.faults.append(why)
            found = Recorded(text=why)
        connection.execute("RELEASE answer")
        self._trouble = "" if found.usable else found.text
        self.post.exchanged(outgoing, exchange, found)
        return found

    def _understood(self, connection: Connection, outgoing: Outgoing, exchange: Exchange, at: str) -> Recorded:
        if outgoing.leg is not None:
            return self._record_leg(connection, outgoing, outgoing.leg, exchange, at)
        if outgoing.inquiry is not None:
            return self._record_inquiry(connection, outgoing, outgoing.inquiry, exchange, at)
        if outgoing.selection is not None:
            return record_selection(self.post.frame(connection, at), outgoing, exchange)
        if outgoing.voucher:
            return record_voucher(self.post.frame(connection, at), outgoing, exchange)
        if outgoing.undoes:
            return record_take_back(self.post.frame(connection, at), outgoing, exchange)
        return self._record_sign_in(connection, outgoing, exchange, at)

    @property
    def faults(self) -> list[str]:
        """Return the reports of bugs since this run began: each set its record aside."""
        return self._claiming.faults

    def _record_leg(
        self, connection: Connection, outgoing: Outgoing, key: tuple[int, int], exchange: Exchange, at: str
    ) -> Recorded:
        leg = legs.get(connection, *key)
        frame = self.post.frame(connection, at)
        line = RegionManner(self.post.health.is_good, self._outside.dice())
        found, outcome = record_leg(frame, outgoing, exchange, leg, line)
        if outgoing.infno in MAY_COME_LATE:
            self._claiming.watch.quiet_from_now(connection, outcome.leg)
        wait_until = self.post.later(at, outcome.wait_s)
        legs.save(connection, outcome.leg, at, wait_until)
        settle_record(frame, outcome.leg)
        if outgoing.void is not None and not void_if_done(
            connection, outgoing.void, leg.serial, at, self.session.operator
        ):
            legs.save_void(connection, outgoing.void, State.PENDING, at, wait_until)
        return found

    def _record_inquiry(
        self, connection: Connection, outgoing: Outgoing, inquiry: Inquiry, exchange: Exchange, at: str
    ) -> Recorded:
        frame = self.post.frame(connection, at)
        found = record_inquiry(frame, outgoing, inquiry, exchange)
        if found.usable:
            payer_answers.inquired(connection, inquiry)
        else:
            wait = wait_s(self.profile.ways, inquiry.failures + 1, self._outside.dice())
            payer_answers.inquire_later(connection, inquiry, self.post.later(at, wait))
        return found

    def _record_sign_in(self, connection: Connection, outgoing: Outgoing, exchange: Exchange, at: str) -> Recorded:
        frame = self.post.frame(connection, at)
        sign_no, found = record_sign_in(frame, outgoing, exchange)
        if sign_no:
            self.post.signed_in(sign_no, at)
        if not found.usable:
            self.post.not_before = self._outside.ticks() + wait_s(
                self.profile.ways, self.post.health.failures + 1, self._outside.dice()
            )
        return found

    def seconds_to_wait(self) -> float | None:
        """Return in how many seconds there may be something to claim; None where nothing waits for its time."""
        if self.post.must_rest:
            return self.post.not_before - self._outside.ticks()
        reader = self.session.store.reader
        at_once = "" if waiting(reader) else None
        due = (legs.next_due(reader), payer_answers.next_inquiry(reader), at_once)
        times = [one for one in due if one is not None]
        if not times:
            return None
        now = self._outside.clock()
        waits = [0.0 if not one else (moment_of(one) - now).total_seconds() for one in times]
        return max(0.0, min(float(self.profile.most_s), *waits))

    def try_now(self) -> None:
        """Wait no longer: the network is back, or a person says so. Quiet times are not shortened."""
        self.post.not_before = -1.0
        self.post.health = Health()
        self.post.refusals = EqualRefusals()
        with self.session.store.write() as connection:
            legs.wake(connection)

    @property
    def trouble(self) -> str:
        """Return why nothing is sent, where the connection is down or a reconciliation has to come first."""
        if self.must_reconcile_first:
            return "数据文件是从备份恢复的，请先对账"
        return self.post.refusals.told or self._trouble
