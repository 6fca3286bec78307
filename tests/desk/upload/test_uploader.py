"""The uploader by turns: what is in the book before a byte leaves, what one commit keeps, what waits and how long."""

import datetime
import random
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest
from msgspec import json
from msgspec.structs import replace

from gongji.core.dates import CHINA, stamp
from gongji.core.outbox.judge_answer import moved
from gongji.core.outbox.message_ids import numbers_of
from gongji.core.outbox.replies import Answered, Exchange, NotSent, Unknown
from gongji.core.outbox.states import Event, State
from gongji.desk.clinic.open import open_counter
from gongji.desk.settlements.settle import settle_text
from gongji.desk.upload.differences import differences
from gongji.desk.upload.record_answer import Outgoing
from gongji.desk.upload.uploader import TimeAndChance
from gongji.pack_files.library import Library
from gongji.payer.regions import Profile, profile
from gongji.store.upload import legs, messages, outbox_records, payer_answers
from tests.scenarios.upload.payer import Payer
from tests.scenarios.upload.simulate import template
from tests.support.claiming import Uploader
from tests.support.clinic import AREA, INSTITUTION, line, text, visit
from tests.support.in_the_book import body_of, messages_of_leg

PROFILE = replace(profile("practice"), quiet_s=600, first_s=5, most_s=900)
BEGIN = datetime.datetime(2025, 6, 10, 9, 0, tzinfo=CHINA)
STEPS = ["1101", "2201", "2203", "2204", "2206", "2207"]


class Desk:
    """A counter, a payer in memory and two clocks: of the day, which may be set, and one that only goes on."""

    def __init__(self, folder: Path, library: Library, region: Profile = PROFILE) -> None:
        self.folder, self.library, self.region = folder, library, region
        self.seconds = self.ahead = 0.0
        self.payer = Payer(library, AREA, lambda: stamp(self.clock()), idempotent=False)
        self.counter = open_counter(folder, library, self.clock)
        self.uploader = self.begun()

    def clock(self) -> datetime.datetime:
        return BEGIN + datetime.timedelta(seconds=self.seconds + self.ahead)

    def begun(self) -> Uploader:
        return Uploader(
            self.counter, self.region, TimeAndChance(self.clock, lambda: self.seconds, random.Random(1).random)
        )

    def again(self) -> None:
        """End the program and start it."""
        self.counter.close()
        self.counter = open_counter(self.folder, self.library, self.clock)
        self.uploader = self.begun()

    def settle(self, number: str, person: int = 0) -> int:
        who = {"id": f"5303991950010100{person:02d}", "name": "某人", "status": "retired"}
        done = settle_text(self.counter, text(visit(number, line("50.00"), person=who)))
        assert done.stored is not None, done.problems
        return done.stored.serial

    def send(self, outgoing: Outgoing) -> Exchange:
        return Answered(self.payer.handle(outgoing.body))

    def up_to(self, infno: str) -> Outgoing:
        """Send what is due until this message is the next, and return it."""
        while (outgoing := self.uploader.claim()) is not None:
            if outgoing.infno == infno:
                return outgoing
            self.uploader.record(outgoing, self.send(outgoing))
        raise AssertionError(infno)

    def drain(self) -> None:
        answers: list[tuple[Outgoing, Exchange]] = []
        while (turned := self.uploader.turn(answers, 4)).outgoing:
            answers = [(one, self.send(one)) for one in turned.outgoing]

    def leg(self, serial: int) -> Any:
        return legs.get(self.counter.store.reader, serial, 0)

    def kept(self) -> dict[str, int]:
        rows = {name: f"SELECT count(*) FROM {name}" for name in ("attempt", "answer")}  # noqa: S608
        return {name: self.counter.store.reader.execute(sql).fetchone()[0] for name, sql in rows.items()}


@pytest.fixture
def desk(library: Library) -> Iterator[Desk]:
    with template(library) as folder:
        one = Desk(folder / "template", library)
        yield one
        one.counter.close()


class TestBeforeAByteLeaves:
    """What another connection to the book reads at the moment a message is sent is what is on the disk."""

    def test_every_message_is_in_the_book_and_the_step_before_it_answered(self, desk: Desk) -> None:
        for number in range(12):
            desk.settle(f"V{number}", number % 5)
        sent: list[Outgoing] = []
        with ThreadPoolExecutor(4) as pool:
            flying: dict[Future[Exchange], Outgoing] = {}
            answers: list[tuple[Outgoing, Exchange]] = []
            while (turned := desk.uploader.turn(answers, 4 - len(flying))).outgoing or flying:
                for one in turned.outgoing:
                    flying[pool.submit(self._sent, desk, one)] = one
                done = wait(flying, return_when=FIRST_COMPLETED).done
                lanes = [one.lane for one in flying.values() if one.lane]
                assert len(lanes) == len(set(lanes))
                answers = [(flying.pop(one), one.result()) for one in done]
                sent += [one for one, _ in answers]
        assert legs.counts(desk.counter.store.reader) == {"accepted": 12}
        assert len({one.msgid for one in sent}) == len(sent) == desk.kept()["answer"]

    @staticmethod
    def _sent(desk: Desk, one: Outgoing) -> Exchange:
        reader = desk.counter.store.reader  # this thread's own
        assert body_of(reader, one.msgid) == one.body
        assert not messages.is_answered(reader, one.msgid)
        institution, at, serial = one.msgid[:12], one.msgid[12:26], one.msgid[26:]
        assert institution == f"{INSTITUTION['id']:0<12}"
        assert datetime.datetime.strptime(at, "%Y%m%d%H%M%S").year == 2025  # noqa: DTZ007  # that it is one
        assert len(serial) == 4
        assert int(serial) in numbers_of("01")
        if one.leg is not None:
            assert legs.get(reader, *one.leg).state is State.SENDING
            mine = messages_of_leg(reader, *one.leg)
            assert [each.infno for each in mine] == STEPS[STEPS.index(mine[0].infno) :][: len(mine)]
            assert [each.outcome is None for each in mine] == [False] * (len(mine) - 1) + [True]
        return desk.send(one)

    def test_what_came_back_and_what_leaves_next_is_kept_whole_or_not_at_all(self, desk: Desk) -> None:
        for number in range(3):
            desk.settle(f"V{number}", number)
        desk.uploader.record(signed := desk.uploader.take(1)[0], desk.send(signed))
        answers = [(one, desk.send(one)) for one in desk.uploader.take(3)]
        before, stood = desk.kept(), [desk.leg(serial) for serial in (1, 2, 3)]
        nobodys = Outgoing(msgid="H" * 30, infno="9001", body=b"")
        with pytest.raises(Exception, match="FOREIGN KEY"):  # an answer to what was never sent
            desk.uploader.turn([*answers, (nobodys, NotSent(""))], 3)
        assert desk.kept() == before
        assert [desk.leg(serial) for serial in (1, 2, 3)] == stood
        desk.uploader = desk.begun()
        assert {desk.leg(serial).state for serial in (1, 2, 3)} == {State.UNKNOWN}
        desk.drain()
        assert legs.counts(desk.counter.store.reader) == {"accepted": 3}

    def test_an_answer_that_comes_twice_changes_nothing(self, desk: Desk) -> None:
        desk.settle("V1")
        one = desk.up_to("2204")
        answer = (one, desk.send(one))
        first, again = desk.uploader.turn([answer, answer], 0).recorded
        assert (first.text, again.text) == ("", "已经记过")
        desk.drain()
        assert legs.counts(desk.counter.store.reader) == {"accepted": 1}

    def test_numbers_go_on_after_a_restart_with_the_clock_set_back(self, desk: Desk) -> None:
        seen = set()
        for number in range(6):
            desk.settle(f"V{number}", number)
            seen |= {one.msgid for one in desk.uploader.take(2)}
            desk.ahead -= 40.0  # the counter takes a clock that lags a little
            desk.again()
        assert len(seen) == desk.kept()["attempt"] == 6


class TestWaiting:
    def test_when_it_is_tried_again_is_in_the_book_and_outlives_the_program(self, desk: Desk) -> None:
        serial = desk.settle("V1")
        one = desk.up_to("2204")
        desk.uploader.record(one, NotSent("没有连上"))
        (row,) = outbox_records.rows(desk.counter.store.reader)
        assert row.next_try_at is not None
        assert stamp(desk.clock()) < row.next_try_at <= stamp(desk.clock() + datetime.timedelta(seconds=6))
        assert desk.leg(serial).failures == 1
        desk.again()
        assert [one.infno for one in desk.uploader.take(9)] == ["9001"]
        wait_s = desk.uploader.seconds_to_wait()
        assert wait_s is not None
        assert 0 < wait_s <= 6

    def test_a_time_kept_by_a_clock_that_ran_ahead_is_not_waited_for(self, desk: Desk) -> None:
        desk.settle("V1")
        one = desk.up_to("2204")
        desk.ahead = 400 * 86400.0
        desk.uploader.record(one, NotSent("没有连上"))
        desk.ahead = 0.0
        assert [one.infno for one in desk.uploader.take(9)] == ["2204"]

    def test_quiet_is_not_what_the_clock_of_the_day_says(self, desk: Desk) -> None:
        serial = desk.settle("V1")
        one = desk.up_to("2207")
        desk.uploader.record(one, Unknown("没有答复"))  # and nothing of it ever arrived
        for _ in range(5):
            desk.ahead += 86400.0
            asked = desk.up_to("5204")
            desk.uploader.record(asked, desk.send(asked))
            assert desk.leg(serial).state is State.UNKNOWN
        desk.seconds += PROFILE.quiet_s
        asked = desk.up_to("5204")
        desk.uploader.record(asked, desk.send(asked))
        assert desk.leg(serial).state is State.PENDING
        desk.seconds += PROFILE.most_s
        desk.drain()
        assert desk.leg(serial).state is State.ACCEPTED
        assert len(desk.payer.live) == 1


class TestReversalByNumber:
    def test_what_a_reversal_by_msgid_undid_has_never_been(self, library: Library) -> None:
        """Where nothing can be asked, trying again what the platform had all along takes it back and sends it anew."""
        with template(library) as folder:
            desk = Desk(folder / "template", library, replace(PROFILE, unknown="reverse"))
            serial = desk.settle("V1")
            desk.drain()
            (first,) = desk.payer.live
            with desk.counter.store.write() as connection:  # as a reconciliation that misses it; its number is lost
                missed = moved(replace(desk.leg(serial), setl_id=""), Event.MISSED)
                legs.save(connection, missed, stamp(desk.clock()))
            (row,) = outbox_records.rows(desk.counter.store.reader)
            differences.retry(desk.counter, row.no, 0, "平台说有")
            desk.drain()
            (second,) = desk.payer.live
            told = payer_answers.of_days(desk.counter.store.reader, "2025-06-10", "2025-06-10")
            assert second != first
            assert desk.leg(serial).state is State.ACCEPTED
            assert [(one.setl_id, one.reverses) for one in told] == [(second, False)]
            desk.counter.close()


class TestPoison:
    @pytest.mark.parametrize(
        ("stumbles_over", "sends", "asks"),
        [({"2203"}, PROFILE.most_sends, 0), ({"2207", "5204"}, 1, PROFILE.most_asks)],
    )
    def test_what_the_platform_always_stumbles_over_is_put_aside_with_all_that_was_sent(
        self, desk: Desk, stumbles_over: set[str], sends: int, asks: int
    ) -> None:
        poison, behind = desk.settle("V1", 1), desk.settle("V2", 1)
        while desk.leg(poison).state is not State.QUARANTINE:
            desk.settle(f"W{desk.seconds}", 2 + int(desk.seconds) // 900 % 90)  # the platform answers others
            while taken := desk.uploader.take(4):
                for one in taken:
                    bad = one.leg == (poison, 0) and one.infno in stumbles_over
                    desk.uploader.record(one, Unknown("没有答复") if bad else desk.send(one))
            desk.seconds += PROFILE.most_s
        leg, reader = desk.leg(poison), desk.counter.store.reader
        assert (leg.sends, leg.asks) == (sends, asks)
        assert desk.leg(behind).state is State.PENDING  # a person decides first
        assert legs.counts(reader).keys() == {"quarantine", "pending", "accepted"}
        tried = [one for one in messages_of_leg(reader, poison, 0) if one.infno in stumbles_over]
        assert len(tried) == sends + asks
        assert {one.outcome for one in tried} == {"unknown"}
        bodies = [body_of(reader, one.msgid) or b"" for one in tried]
        assert [json.decode(body)["msgid"] for body in bodies] == [one.msgid for one in tried]
