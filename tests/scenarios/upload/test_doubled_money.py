"""How money could be paid twice, or sending stop for ever: each way that was found, and what happens now.

The answers are those that regions were seen to give; the payer behind them is the simulation's.
"""

import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec import json
from msgspec.structs import replace

from gongji.core.outbox.replies import Answered, Exchange, Unknown
from gongji.core.outbox.states import State
from gongji.desk.clinic.open import open_counter
from gongji.desk.settlements.void import void
from gongji.desk.upload.differences import differences
from gongji.desk.upload.record_answer import Outgoing
from gongji.desk.upload.uploader import TimeAndChance
from gongji.pack_files.library import Library
from gongji.store.settlements import settlements
from gongji.store.upload import legs, outbox_records
from tests.desk.upload.test_uploader import PROFILE, Desk
from tests.scenarios.upload.simulate import template
from tests.support.claiming import Uploader
from tests.support.in_the_book import messages_of_leg

Told = Callable[[bytes], bytes]
HUNAN = "FSI-文件查询号不能为空[fileBO_156]"


@pytest.fixture
def folder(library: Library) -> Iterator[Path]:
    with template(library) as path:
        yield path / "template"


def desk_of(folder: Path, library: Library, unknown: str = "query") -> Desk:
    return Desk(folder, library, replace(PROFILE, unknown=unknown))


def said(answer: bytes, **more: Any) -> bytes:
    """Return an answer that says something else beside what it carries."""
    return json.encode({**json.decode(answer), **more})


def run(desk: Desk, told: Mapping[str, Told], *, turns: int = 60) -> list[str]:
    """Let the program work for as long as it likes, each answer told as a region tells it; return what was sent."""
    sent: list[str] = []
    for _ in range(turns):
        taken = desk.uploader.take(4)
        if not taken:
            desk.seconds += PROFILE.most_s
        for one in taken:
            sent.append(one.infno)
            desk.uploader.record(one, spoken(desk, one, told))
    return sent


def spoken(desk: Desk, one: Outgoing, told: Mapping[str, Told]) -> Exchange:
    answer = desk.payer.handle(one.body)
    return Answered(told[one.infno](answer)) if one.infno in told else Answered(answer)


def lose_2207(desk: Desk) -> None:
    """Send what is due up to the settling message, whose answer is lost on the way."""
    one = desk.up_to("2207")
    desk.send(one)
    desk.uploader.record(one, Unknown("没有答复"))


def test_a_reversal_answered_by_zero_and_an_error_is_not_believed(folder: Path, library: Library) -> None:
    """Hunan says infcode 0 beside an error: believed, the settling message went out again beside a live one."""
    desk = desk_of(folder, library, "reverse")
    serial = desk.settle("V1")
    lose_2207(desk)
    desk.seconds += PROFILE.most_s
    asked = desk.up_to("2601")
    desk.uploader.record(asked, Answered(said(desk.payer._answer(asked_for(asked), "0", HUNAN, None))))  # noqa: SLF001
    assert desk.leg(serial).state is State.UNKNOWN
    assert len(desk.payer.live) == 1
    desk.seconds += PROFILE.most_s
    run(desk, {})
    assert desk.leg(serial).state is State.ACCEPTED
    assert len(desk.payer.live) == 1
    desk.counter.close()


def asked_for(one: Outgoing) -> Any:
    return json.decode(one.body)


@pytest.mark.parametrize("unknown", ["query", "reverse"])
@pytest.mark.parametrize(
    "told",
    [
        {"infcode": -1, "err_msg": "Read timed out", "output": None},
        {"infcode": 500, "err_msg": "服务熔断", "output": None},
        {"infcode": -1, "err_msg": "医保成功，写入失败"},  # and the settlement is in it
        {"infcode": "0000"},
    ],
)
def test_a_settlement_that_is_said_to_have_failed_is_asked_after(
    folder: Path, library: Library, told: dict[str, Any], unknown: str
) -> None:
    desk = desk_of(folder, library, unknown)
    serial = desk.settle("V1")
    one = desk.up_to("2207")
    desk.uploader.record(one, Answered(said(desk.payer.handle(one.body), **told)))
    assert desk.leg(serial).state is State.UNKNOWN
    run(desk, {})
    assert desk.leg(serial).state is State.ACCEPTED
    assert len(desk.payer.live) == 1
    desk.counter.close()


def refused_though_done(desk: Desk, text: str) -> int:
    """Settle a visit whose settling message is done and refused in words that nobody can doubt."""
    serial = desk.settle("V1")
    one = desk.up_to("2207")
    desk.payer.handle(one.body)
    desk.uploader.record(one, Answered(desk.payer._answer(asked_for(one), "-1", text, None)))  # noqa: SLF001
    assert desk.leg(serial).state is State.REJECTED
    assert len(desk.payer.live) == 1
    return serial


@pytest.mark.parametrize("unknown", ["query", "reverse"])
def test_voiding_what_was_refused_takes_its_message_back_as_well(folder: Path, library: Library, unknown: str) -> None:
    desk = desk_of(folder, library, unknown)
    serial = refused_though_done(desk, "待遇未享受")
    void(desk.counter, no_of(desk, serial), "更正后重新结算")
    again = desk.settle("V2")
    sent = run(desk, {})
    assert "2601" in sent
    assert desk.leg(serial).state is State.REVERSED
    assert desk.leg(again).state is State.ACCEPTED
    assert len(desk.payer.live) == 1
    desk.counter.close()


@pytest.mark.parametrize("text", ["[E2601-NOT-FOUND]", "FSI-未查询到原交易[revs_9](a@1.2.3.4)", "无法冲正"])
def test_what_was_truly_refused_is_void_once_taking_it_back_is_refused_too(
    folder: Path, library: Library, text: str
) -> None:
    desk = desk_of(folder, library)
    serial = desk.settle("V1")
    one = desk.up_to("2207")
    desk.uploader.record(one, Answered(desk.payer._answer(asked_for(one), "-1", "待遇未享受", None)))  # noqa: SLF001
    void(desk.counter, no_of(desk, serial), "更正后重新结算")
    run(desk, {"2601": lambda answer: said(answer, err_msg=text)})
    assert desk.leg(serial).state is State.VOID
    desk.counter.close()


def test_a_person_may_have_what_was_refused_looked_for(folder: Path, library: Library) -> None:
    desk = desk_of(folder, library)
    serial = refused_though_done(desk, "待遇未享受")
    differences.retry(desk.counter, no_of(desk, serial), 0, "平台上查到有这一笔")
    run(desk, {})
    assert desk.leg(serial).state is State.ACCEPTED
    assert len(desk.payer.live) == 1
    desk.counter.close()


def no_of(desk: Desk, serial: int) -> str:
    one = settlements.by_serial(desk.counter.store.reader, serial)
    assert one is not None
    return one.no


class TestABookThatWentBack:
    """Yesterday's copy over today's book: what the platform has is found and adopted, never refused for ever."""

    @pytest.mark.parametrize("infno", ["2201", "2207"])
    def test_settled_already_is_asked_after_and_adopted(self, folder: Path, library: Library, infno: str) -> None:
        desk = desk_of(folder, library)
        serials = [desk.settle(f"V{number}", number) for number in range(3)]
        desk.counter.close()
        copy = Path(shutil.copytree(folder, folder.parent / "copy"))
        desk.again()
        desk.drain()
        assert legs.counts(desk.counter.store.reader) == {"accepted": 3}
        desk.counter.close()
        old = Desk(copy, library, PROFILE)
        old.payer = desk.payer
        old.payer.once = infno
        old.seconds = desk.seconds + 60
        run(old, {})
        assert {old.leg(serial).state for serial in serials} == {State.ACCEPTED}
        assert len(old.payer.live) == 3
        old.counter.close()


class TestNeverStops:
    @pytest.mark.parametrize(
        "told",
        [
            lambda answer: said(answer, output=json.encode(json.decode(answer)["output"]).decode()),
            lambda answer: said(answer, err_msg="success", infcode="0"),
        ],
    )
    def test_an_output_as_a_text_is_read_from_the_book_as_well(
        self, folder: Path, library: Library, told: Told
    ) -> None:
        desk = desk_of(folder, library)
        serial = desk.settle("V1")
        run(desk, dict.fromkeys(("1101", "2201", "2203", "2204", "2206", "2207"), told))
        assert desk.leg(serial).state is State.ACCEPTED
        list(differences.cases(desk.counter, PROFILE))
        desk.counter.close()

    def test_a_sign_in_that_ran_out_costs_nobody_anything(self, folder: Path, library: Library) -> None:
        desk = desk_of(folder, library)
        serials = [desk.settle(f"V{number}", number) for number in range(5)]
        signed = {"valid": True}

        def expired(answer: bytes) -> bytes:
            if signed["valid"]:
                return answer
            text = "FSI-签到流水号无效，请重新签到[signInBO_9](ab@1.2.3.4)"
            return said(answer, infcode=-1, err_msg=text, output=None)

        def sign_in(answer: bytes) -> bytes:
            signed["valid"] = True
            return answer

        told = {**dict.fromkeys(("1101", "2201", "2206"), expired), "9001": sign_in}
        desk.uploader.record(first := desk.uploader.take(1)[0], desk.send(first))
        signed["valid"] = False
        run(desk, told, turns=120)
        assert {desk.leg(serial).state for serial in serials} == {State.ACCEPTED}
        desk.counter.close()

    def test_it_signs_in_again_on_another_day(self, folder: Path, library: Library) -> None:
        desk = desk_of(folder, library)
        desk.settle("V1")
        desk.drain()
        desk.seconds += 86400
        desk.settle("V2", 2)
        assert [one.infno for one in desk.uploader.take(4)] == ["9001"]
        desk.counter.close()

    def test_a_refusal_before_money_moved_waits_for_a_person_and_can_be_tried_again(
        self, folder: Path, library: Library
    ) -> None:
        desk = desk_of(folder, library)
        serial = desk.settle("V1")
        number = f"{no_of(desk, serial).replace('-', '')}-0"
        desk.payer.refuses.add(number)
        run(desk, {})
        assert desk.leg(serial).state is State.QUARANTINE
        assert "待遇未享受" in desk.leg(serial).last_error
        desk.payer.refuses.clear()
        differences.retry(desk.counter, no_of(desk, serial), 0, "已补缴")
        run(desk, {})
        assert desk.leg(serial).state is State.ACCEPTED
        desk.counter.close()

    def test_after_equal_refusals_in_a_row_it_rests_and_says_why(self, folder: Path, library: Library) -> None:
        desk = desk_of(folder, library)
        serials = [desk.settle(f"V{number}", number) for number in range(12)]

        def refuses(answer: bytes) -> bytes:
            return said(answer, infcode=-1, err_msg="FSI-机构协议已终止[x_1]", output=None)

        for _ in range(4):  # the machine would go on for ever
            for one in desk.uploader.take(1):
                desk.uploader.record(one, spoken(desk, one, {"2201": refuses}))
        while taken := desk.uploader.take(1):
            for one in taken:
                desk.uploader.record(one, spoken(desk, one, {"2201": refuses}))
        states = [desk.leg(serial).state for serial in serials]
        assert states.count(State.QUARANTINE) == PROFILE.most_equal_refusals
        assert "机构协议已终止" in desk.uploader.trouble
        assert "已暂停" in desk.uploader.trouble
        desk.uploader.try_now()
        desk.drain()
        assert {desk.leg(serial).state for serial in serials} == {State.QUARANTINE, State.ACCEPTED}
        assert not desk.uploader.trouble
        desk.counter.close()

    @pytest.mark.parametrize("place", ["claim", "record"])
    def test_a_fault_of_ours_in_one_record_is_that_records_alone(
        self, folder: Path, library: Library, place: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk = desk_of(folder, library)
        serials = [desk.settle(f"V{number}", number) for number in range(4)]
        bad = serials[1]
        module = {
            "claim": "gongji.desk.upload.next_message.sheet_of",
            "record": "gongji.desk.upload.record_answer.sheet_of",
        }[place]
        target, name = module.rsplit(".", 1)
        real = getattr(__import__(target, fromlist=[name]), name)

        def stumbling(connection: Any, leg: Any) -> Any:
            if leg.serial == bad and leg.step == "2204":
                raise TypeError("string indices must be integers")
            return real(connection, leg)

        monkeypatch.setattr(module, stumbling)
        run(desk, {})
        assert {desk.leg(serial).state for serial in serials if serial != bad} == {State.ACCEPTED}
        assert desk.leg(bad).state is State.QUARANTINE
        assert "TypeError" in desk.leg(bad).last_error
        assert "string indices" not in desk.leg(bad).last_error
        assert len(desk.uploader.faults) == 1
        (row,) = (one for one in outbox_records.rows(desk.counter.store.reader) if one.serial == bad)
        assert row.state == "quarantine"
        monkeypatch.setattr(module, real)
        differences.retry(desk.counter, no_of(desk, bad), 0, "程序已更新")
        run(desk, {})
        assert desk.leg(bad).state is State.ACCEPTED
        tried = messages_of_leg(desk.counter.store.reader, bad, 0)
        assert all(one.outcome for one in tried)
        assert len(desk.payer.live) == 4
        desk.counter.close()


def test_an_uploader_begins_anew_without_asking_for_anything(folder: Path, library: Library) -> None:
    """What the tests above build on: a program that begins is one that goes on from the book."""
    desk = desk_of(folder, library)
    serial = desk.settle("V1")
    lose_2207(desk)
    counter = desk.counter
    desk.uploader = Uploader(counter, PROFILE, TimeAndChance(desk.clock, lambda: desk.seconds, random.Random(3).random))
    run(desk, {})
    assert desk.leg(serial).state is State.ACCEPTED
    assert len(desk.payer.live) == 1
    counter.close()
    open_counter(folder, library, desk.clock).close()
