"""Claiming: the messages that are due, of as many lanes as may run at once, each stored before it may leave.

Also which leg a turn means, what a void does to the legs it takes back, and postponing a leg.
"""

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from gongji.core.outbox.judge_answer import moved
from gongji.core.outbox.lanes import is_next_void
from gongji.core.outbox.legs import MAY_COME_LATE, SETTLING, Leg, Message, Purpose
from gongji.core.outbox.states import GONE, OPEN, Event, State
from gongji.core.outbox.turns import made_ready, sent
from gongji.desk.clinic.backup.restored_doubts import RECONCILE_FIRST
from gongji.desk.upload.choice_messages import content_of, pending_choice
from gongji.desk.upload.leg_data import sheet_of, with_bill, with_codes
from gongji.desk.upload.outgoing import MessageWriter
from gongji.desk.upload.parking import FAULTS, park, report
from gongji.desk.upload.put_right import waiting
from gongji.desk.upload.quiet_time import QuietWatch
from gongji.desk.upload.record_answer import Outgoing, void_if_done
from gongji.desk.upload.voucher_messages import DECODE, voucher_due
from gongji.desk.upload.voucher_messages import content_of as voucher_content
from gongji.payer import envelope, message_contents
from gongji.payer.schema import UnfitError
from gongji.payer.wire_leg import LegData
from gongji.store import settings
from gongji.store.engine import Connection
from gongji.store.people import person_keys
from gongji.store.people.choices import InstitutionChoice
from gongji.store.upload import legs, outbox_records, payer_answers
from gongji.store.upload.legs import Turn
from gongji.store.upload.payer_answers import Inquiry

_UNDOING = "undo "
BILL = "2204"
REGISTERING = "2201"
"""The first step that a choice of institution affects: the choice is reported before it."""


class Claiming:
    """Claims what is due; `watch` knows for how long each leg has been quiet."""

    def __init__(self, post: MessageWriter) -> None:
        self._post = post
        self.watch = QuietWatch(post.outside)
        self.faults: list[str] = []

    def taken(self, connection: Connection, most: int, at: str) -> Iterator[Outgoing]:
        """Yield at most `most` messages, each stored in the caller's transaction, none of a lane with one under way.

        A sign-in goes alone, as the cheap question while the connection is in doubt; after a restore nothing goes at
        all.
        """
        post = self._post
        if most < 1 or post.must_rest or settings.get(connection, RECONCILE_FIRST) == "1":
            return
        if post.must_sign_in(at) or post.health.needs_probe:
            if not post.is_signing_in:
                yield post.sign_in(connection, at)
            return
        latest = post.later(at, post.profile.most_s) or at
        left = most
        while left and (turns := legs.due(connection, at, latest, post.busy, left)):
            for turn in turns:
                found = self._of_leg_or_none(connection, turn, at)
                if found is not None:
                    left -= 1
                    yield found
        if not left:
            return
        for one in waiting(connection)[:left]:
            if f"{_UNDOING}{one.msgid}" not in post.busy:
                left -= 1
                base = Outgoing(infno="2601", lane=f"{_UNDOING}{one.msgid}", undoes=one.msgid)
                content = envelope.reversal(one.psn_no, one.msgid, SETTLING, post.profile)
                yield post.kept(connection, base, content, at, one.area)
        for inquiry in payer_answers.due_inquiries(connection, at, latest, post.busy, left):
            yield self._of_inquiry(connection, inquiry, at)

    def _of_leg_or_none(self, connection: Connection, turn: Turn, at: str) -> Outgoing | None:
        """Return the message of a turn; a record on which the program fails with a bug is set aside."""
        connection.execute("SAVEPOINT leg")
        try:
            found = self._of_leg(connection, turn, at)
        except FAULTS as error:
            connection.execute("ROLLBACK TO leg")
            self._park(connection, turn, report(error), at)
            found = None
        connection.execute("RELEASE leg")
        return found

    def _park(self, connection: Connection, turn: Turn, why: str, at: str) -> None:
        self.faults.append(why)
        self._post.busy.discard(turn.lane)
        if turn.voids is None:
            park(connection, legs.get(connection, turn.serial, turn.part), why, at, self._post.session.operator)
            return
        for leg in legs.of_serial(connection, turn.voids):
            if leg.state not in GONE:
                aside = leg if leg.state is State.REVERSING else moved(leg, Event.CANCEL)
                park(connection, aside, why, at, self._post.session.operator)

    def _of_leg(self, connection: Connection, turn: Turn, at: str) -> Outgoing | None:
        """Return the message of a turn; None where it needs none, and then the lane has moved on."""
        post = self._post
        operator = post.session.operator
        leg = leg_of_turn(connection, turn, at, operator)
        if leg is None:
            return None
        ready = made_ready(leg, post.profile.ways, self.watch.elapsed_s(connection, leg))
        if ready.message is None:
            put_off(connection, turn, ready.leg, at, post.later(at, ready.wait_s), operator)
            return None
        known = skip_identity(connection, ready.leg)
        message = Message(known.step, ready.message.purpose) if known is not ready.leg else ready.message
        message = ask_identity_first(connection, known, message)
        sheet = sheet_of(connection, known)
        if message.purpose is Purpose.DO and (code := voucher_due(connection, sheet, post.profile)):
            return self._of_voucher(connection, code, turn.lane, sheet, at)
        if message.infno == REGISTERING and (due := pending_choice(connection, sheet.record["person_id"])) is not None:
            return self._of_selection(connection, due, turn.lane, sheet, at)
        base = Outgoing(
            infno=message.infno,
            lane=turn.lane,
            leg=(known.serial, known.part),
            message=message,
            number=sheet.number,
            void=turn.serial if turn.voids is not None else None,
        )
        try:
            content = self._content(connection, message, known, sheet)
            found = post.kept(connection, base, content, at, sheet.insured_area)
        except UnfitError as error:
            reason = f"不合接口规范：{error}"
            unfit = replace(moved(known, Event.LIMIT), last_error=reason, doubt=known.state is State.REVERSING)
            put_off(connection, turn, unfit, at, "", operator)
            return None
        legs.save(connection, sent(known, message, found.msgid), at)
        if message.infno in MAY_COME_LATE:
            self.watch.left(connection, known)
        return found

    def _content(self, connection: Connection, message: Message, leg: Leg, sheet: LegData) -> dict[str, Any]:
        if message.infno == "2601":
            return envelope.reversal(sheet.psn_no, leg.msgid, SETTLING, self._post.profile)
        if message.infno == SETTLING:
            sheet = with_bill(connection, leg, sheet, self._post.profile)
        if message.infno == BILL:
            sheet = with_codes(connection, sheet)
        return message_contents.content(message.infno, sheet, self._post.profile)

    def _of_selection(
        self, connection: Connection, due: tuple[str, InstitutionChoice], lane: str, sheet: LegData, at: str
    ) -> Outgoing:
        """Return the message that reports a choice; the lane's visit goes on once that is answered."""
        infno, one = due
        base = Outgoing(infno=infno, lane=lane, selection=one)
        told = content_of(infno, one, sheet.psn_no, self._post.profile)
        return self._post.kept(connection, base, told, at, sheet.insured_area)

    def _of_voucher(self, connection: Connection, code: str, lane: str, sheet: LegData, at: str) -> Outgoing:
        """Return the message that decodes a scanned e-voucher; the lane's visit goes on once that is answered."""
        base = Outgoing(infno=DECODE, lane=lane, voucher=code, person=str(sheet.record["person_id"]))
        told = voucher_content(code, self._post.session.operator, sheet, self._post.profile)
        return self._post.kept(connection, base, told, at, sheet.insured_area)

    def _of_inquiry(self, connection: Connection, inquiry: Inquiry, at: str) -> Outgoing:
        leg = legs.of_serial(connection, inquiry.serial)[0]
        sheet = sheet_of(connection, leg)
        base = Outgoing(infno=inquiry.infno, lane=inquiry.lane, inquiry=inquiry)
        content = message_contents.content(inquiry.infno, sheet, self._post.profile)
        return self._post.kept(connection, base, content, at, sheet.insured_area)


CLAIMED_LATER = "全额垫付，由患者事后手工报销，不上传"


def leg_of_turn(connection: Connection, turn: Turn, at: str, operator: str) -> Leg | None:
    """Return the leg a turn means; None where nothing is left to do, and then the lane has moved on."""
    if turn.voids is None:
        return _unless_voided(connection, turn, at)
    for leg in legs.of_serial(connection, turn.voids):
        if leg.state in GONE:
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
    """Return whether the patient paid in full and claims from the agency, so that the platform settles none of it."""
    if leg.state is not State.PENDING or leg.sent:
        return False
    return bool(outbox_records.frozen_record(connection, leg.serial).content["visit"].get("full_payment"))


def put_off(connection: Connection, turn: Turn, leg: Leg, at: str, until: str, operator: str) -> None:
    """Store a leg that needs no message now, and its void with it if the turn is a void's."""
    legs.save(connection, leg, at, until)
    if turn.voids is not None and not void_if_done(connection, turn.serial, turn.voids, at, operator):
        legs.save_void(connection, turn.serial, State.PENDING, at, until)


def ask_identity_first(connection: Connection, leg: Leg, message: Message) -> Message:
    """Return the question for the person's number before any other, where a restored book no longer has it."""
    lost = message.purpose is Purpose.ASK and not _is_known_there(connection, leg)
    return Message("1101", Purpose.ASK) if lost else message


def skip_identity(connection: Connection, leg: Leg) -> Leg:
    """Return the leg past the question for the person's number, where the platform has answered it before."""
    if leg.step != "1101" or leg.state is not State.PENDING or not _is_known_there(connection, leg):
        return leg
    return replace(leg, step="2201")


def _is_known_there(connection: Connection, leg: Leg) -> bool:
    """Return whether the platform has given its number of a leg's patient."""
    person_id = person_keys.person_of(connection, leg.serial)
    assert person_id is not None
    return payer_answers.person_no(connection, person_id) is not None
