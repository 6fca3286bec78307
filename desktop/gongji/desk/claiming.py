"""Claiming: the messages that are due, of as many lanes as may go at once, each whole and kept before it may leave."""

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from gongji.core.outbox.judging import moved
from gongji.core.outbox.legs import MAY_COME_LATE, SETTLING, Leg, Message
from gongji.core.outbox.states import Event, State
from gongji.core.outbox.turns import made_ready, sent
from gongji.desk.posting import Post
from gongji.desk.recording import Outgoing
from gongji.desk.registering import content_of, to_tell
from gongji.desk.restoring import RECONCILE_FIRST
from gongji.desk.sheets import sheet_of, with_bill
from gongji.desk.taking import first_asking_who, leg_of_turn, past_knowing, put_off
from gongji.desk.watching import Watch
from gongji.store import legs, platform, settings
from gongji.store.engine import Connection
from gongji.store.legs import Turn
from gongji.store.platform import Inquiry
from gongji.store.selections import Chosen
from gongji.upload import sheets, wire
from gongji.upload.schema import UnfitError
from gongji.upload.sheets import Sheet

REGISTERING = "2201"
"""The first step that what somebody has chosen bears on: before it the platform is told."""


class Claiming:
    """Takes what is due; `watch` knows for how long each leg has been quiet."""

    def __init__(self, post: Post) -> None:
        """Take the post; nothing is watched yet."""
        self._post = post
        self.watch = Watch(post.outside)

    def taken(self, connection: Connection, most: int, at: str) -> Iterator[Outgoing]:
        """Yield up to so many messages, each kept in the caller's transaction, none of a lane that has one on its way.

        A sign-in goes alone, as the cheap question while the line is in doubt; after a restore nothing goes at all.
        """
        post = self._post
        if most < 1 or post.must_rest or settings.get(connection, RECONCILE_FIRST) == "1":
            return
        if not post.sign_no or post.health.needs_probe:
            if not post.is_signing_in:
                yield post.sign_in(connection, at)
            return
        latest = post.later(at, post.profile.most_s) or at
        left = most
        while left and (turns := legs.due(connection, at, latest, post.busy, left)):
            for turn in turns:
                found = self._of_leg(connection, turn, at)
                if found is not None:
                    left -= 1
                    yield found
        for inquiry in platform.due_inquiries(connection, at, latest, post.busy, left):
            yield self._of_inquiry(connection, inquiry, at)

    def _of_leg(self, connection: Connection, turn: Turn, at: str) -> Outgoing | None:
        """Return the message of whose turn it is; None where it needs none, and then whose turn it is has changed."""
        post = self._post
        operator = post.counter.operator
        leg = leg_of_turn(connection, turn, at, operator)
        if leg is None:
            return None
        ready = made_ready(leg, post.profile.ways, self.watch.elapsed_s(connection, leg))
        if ready.message is None:
            put_off(connection, turn, ready.leg, at, post.later(at, ready.wait_s), operator)
            return None
        known = past_knowing(connection, ready.leg)
        message = Message(known.step, ready.message.purpose) if known is not ready.leg else ready.message
        message = first_asking_who(connection, known, message)
        sheet = sheet_of(connection, known)
        if message.infno == REGISTERING and (due := to_tell(connection, sheet.record["person_id"])) is not None:
            return self._of_selection(connection, due, turn.lane, sheet, at)
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
            found = post.kept(
                connection, base, self._content(connection, message, known, sheet), at, sheet.record["area"]
            )
        except UnfitError as error:
            reason = f"不合接口规范：{error}"
            unfit = replace(moved(known, Event.LIMIT), last_error=reason, doubt=known.state is State.REVERSING)
            put_off(connection, turn, unfit, at, "", operator)
            return None
        legs.save(connection, sent(known, message, found.msgid), at)
        if message.infno in MAY_COME_LATE:
            self.watch.left(connection, known)
        return found

    def _content(self, connection: Connection, message: Message, leg: Leg, sheet: Sheet) -> dict[str, Any]:
        if message.infno == "2601":
            return wire.reversal(sheet.psn_no, leg.msgid, SETTLING)
        if message.infno == SETTLING:
            sheet = with_bill(connection, leg, sheet)
        return sheets.content(message.infno, sheet, self._post.profile)

    def _of_selection(
        self, connection: Connection, due: tuple[str, Chosen], lane: str, sheet: Sheet, at: str
    ) -> Outgoing:
        """Return what tells the platform of a choice; the lane's visit goes on once that is answered."""
        infno, one = due
        base = Outgoing(msgid="", infno=infno, body=b"", lane=lane, selection=one)
        told = content_of(infno, one, sheet.psn_no, self._post.profile)
        return self._post.kept(connection, base, told, at, sheet.record["area"])

    def _of_inquiry(self, connection: Connection, inquiry: Inquiry, at: str) -> Outgoing:
        leg = legs.of_serial(connection, inquiry.serial)[0]
        sheet = sheet_of(connection, leg)
        base = Outgoing(msgid="", infno=inquiry.infno, body=b"", lane=inquiry.lane, inquiry=inquiry)
        content = sheets.content(inquiry.infno, sheet, self._post.profile)
        return self._post.kept(connection, base, content, at, sheet.record["area"])
