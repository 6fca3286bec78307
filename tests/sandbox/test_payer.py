"""The payer settles what the program's own messages say, by the packs, against its own figures, and once."""

import json
from typing import Any

import pytest

from gongji.core.outbox.payer_figures import differing
from gongji.core.outbox.replies import AlreadyReversed, Answered, Done, NotFound, Refused, Settled, SettledAlready
from gongji.payer.message_contents import content as step
from gongji.payer.wire_leg import LegData
from gongji.sandbox import control
from gongji.sandbox.control import live
from gongji.sandbox.faults import Faults
from gongji.sandbox.payer import Payer
from tests.support.clinic import INSTITUTION, PERSON, line
from tests.support.driving import PROFILE, Clinic, visit

WIFE = "530399195103020028"


def live_visits(payer: Payer) -> list[str]:
    return [one["visit_no"] for one in live(payer.platform.connection)]


def told(payer: Payer, what: str, value: Any) -> Any:
    return control.act(what, json.dumps(value).encode(), payer, Faults())


class TestSettling:
    def test_somebody_unknown_is_taken_as_the_message_says(self, clinic: Clinic, payer: Payer) -> None:
        one = visit("A", line("700.00"), accumulators={"general.fund": "5900.00"})
        _, msgid, settled, ours = clinic.settled(one)
        assert settled.figures == ours
        assert ours.fund_fen == 590_34  # 100 below the year's cap, the rest as of an inpatient
        (row,) = live(payer.platform.connection)
        assert (row["visit_no"], row["setl_id"], row["msgid"]) == ("A", settled.setl_id, msgid)
        assert row["amounts"]["fund"] == "590.34"
        assert clinic.figures(PERSON["id"])["general.fund"] == "6000.00"

    def test_a_person_s_year_goes_on(self, clinic: Clinic) -> None:
        first = visit("A", accumulators={"general.fund": "5900.00"})
        _, _, one, ours = clinic.settled(first)
        assert one.figures == ours
        assert ours.fund_fen == 45_50
        second = visit("B", line("500.00"), accumulators={"general.fund": "5945.50"})
        _, _, two, ours = clinic.settled(second)
        assert two.figures == ours
        assert two.figures.fund_fen == 421_34

    def test_what_the_message_says_of_a_figure_that_is_known_does_not_count(self, clinic: Clinic) -> None:
        clinic.settled(visit("A", line("500.00")))
        _, _, two, ours = clinic.settled(visit("B", line("500.00"), accumulators={"general.fund": "6000.00"}))
        assert ours.fund_fen == 446_50
        assert two.figures.fund_fen == 305_50

    def test_a_visit_elsewhere_makes_a_difference(self, clinic: Clinic, payer: Payer) -> None:
        other = {**INSTITUTION, "id": "H53030200077"}
        answer = told(
            payer, "elsewhere", visit("X", line("700.00"), institution=other, accumulators={"general.fund": "5500.00"})
        )
        assert answer["figures"] == {"530300/2025-01-01/general.fund": "5935.50"}
        _, _, settled, ours = clinic.settled(visit("A", line("500.00"), accumulators={"general.fund": "5500.00"}))
        assert differing(ours, settled.figures) == ("fund", "fund_total", "patient", "cash")
        assert (ours.fund_fen, settled.figures.fund_fen) == (305_50, 416_73)
        assert live_visits(payer) == ["X", "A"]

    def test_accounts_pay_and_the_family_s_too(self, clinic: Clinic) -> None:
        accounts = {
            "own": {"balance": "10.00"},
            "family": [{"id": WIFE, "relation": "spouse", "balance": "8.00", "authorised": True, "area": "530300"}],
        }
        _, _, settled, ours = clinic.settled(visit("A", accounts=accounts))
        assert settled.figures == ours
        assert (ours.account_fen, ours.family_fen) == (18_00, 8_00)
        _, _, settled, _ = clinic.settled(visit("B", accounts={"own": {"balance": "3.00"}}))
        assert settled.figures.account_fen == 3_00  # known from messages only: the newest counts

    def test_two_benefits_are_two_visits_and_share_limits_and_balances(self, clinic: Clinic, payer: Payer) -> None:
        lines = [line("100.00"), line("80.00", benefit="emergency")]
        accounts = {"own": {"balance": "60.00", "limit": "59.00"}}
        one = visit("A", *lines, accounts=accounts)
        parts = [clinic.settled(one, part) for part in (0, 1)]
        assert [settled.figures for _, _, settled, _ in parts] == [ours for *_, ours in parts]
        assert sum(ours.account_fen for *_, ours in parts) == 59_00
        assert live_visits(payer) == ["A", "A"]

    def test_2206_changes_nothing(self, clinic: Clinic, payer: Payer) -> None:
        sheet, _ = clinic.prepared(visit("A"))
        clinic.do("2206", sheet)
        assert live_visits(payer) == []
        assert clinic.figures(PERSON["id"]) == {}

    def test_the_bill_falls_apart_line_by_line(self, clinic: Clinic) -> None:
        dear = line("10.00", **{"class": "B", "prepay_ratio": "0.10", "price_ceiling": "9.00"})
        sheet, _ = clinic.prepared(visit("A", dear, {**line("5.00"), "class": "C", "code": "X2"}))
        clinic.do("2205", sheet)
        answer = clinic.say("2204", {"feedetail": _bill(sheet)})
        found = [
            tuple(str(row[name]) for name in ("fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt"))
            for row in answer.output["result"]
        ]
        assert found == [("0.00", "1.00", "0.90", "8.10"), ("5.00", "0.00", "0.00", "0.00")]

    def test_the_bill_must_come_to_the_total(self, clinic: Clinic, payer: Payer) -> None:
        sheet, _ = clinic.prepared(visit("A"))
        clinic.do("2205", sheet)
        _, found = clinic.do("2207", sheet)
        assert isinstance(found, Refused)
        assert "不等于已上传明细" in found.text
        assert live_visits(payer) == []

    def test_what_cannot_be_settled_is_refused_in_words(self, clinic: Clinic) -> None:
        sheet, _ = clinic.sheet(visit("A"))
        sheet.record["settled_on"] = sheet.record["visit"]["settled_on"] = "2019-01-01"
        for infno in ("1101", "2201", "2203", "2204"):
            _, found = clinic.do(infno, sheet)
            if isinstance(found, Done) and found.mdtrt_id:
                sheet = type(sheet)(
                    record=sheet.record, part=0, benefits=sheet.benefits, psn_no=sheet.psn_no, mdtrt_id=found.mdtrt_id
                )
        _, found = clinic.do("2207", sheet)
        assert isinstance(found, Refused)
        assert "2019" in found.text or "政策" in found.text


def _bill(sheet: LegData) -> Any:
    return step("2204", sheet, PROFILE)["feedetail"]


class TestTakingBack:
    def test_2208_returns_what_was_moved(self, clinic: Clinic, payer: Payer) -> None:
        sheet, _, _, _ = clinic.settled(visit("A", accumulators={"general.fund": "10.00"}))
        _, found = clinic.do("2208", sheet)
        assert found == Done(at="2025-06-10 09:00:00")
        assert live_visits(payer) == []
        assert clinic.figures(PERSON["id"]) == {"general.fund": "10.00"}
        assert clinic.do("2208", sheet)[1] == AlreadyReversed()
        assert clinic.do("5203", sheet)[1] == AlreadyReversed()

    def test_2601_of_a_settlement(self, clinic: Clinic, payer: Payer) -> None:
        sheet, msgid, _, _ = clinic.settled(visit("A"))
        assert clinic.reverse(sheet, msgid)[1] == Done()
        assert live_visits(payer) == []
        assert clinic.figures(PERSON["id"]) == {"general.fund": "0.00"}
        assert clinic.reverse(sheet, msgid)[1] == AlreadyReversed()
        _, again = clinic.do("2207", sheet)  # a new message for the same visit may follow
        assert isinstance(again, Settled)
        assert live_visits(payer) == ["A"]

    def test_2601_of_a_reversal_brings_it_back(self, clinic: Clinic, payer: Payer) -> None:
        sheet, _, _, _ = clinic.settled(visit("A"))
        msgid, _ = clinic.do("2208", sheet)
        assert clinic.reverse(sheet, msgid, "2208")[1] == Done()
        assert live_visits(payer) == ["A"]
        assert clinic.figures(PERSON["id"]) == {"general.fund": "45.50"}

    def test_what_was_reversed_before_it_came_is_not_done(self, clinic: Clinic, payer: Payer) -> None:
        sheet, _ = clinic.prepared(visit("A"))
        from gongji.payer.message_contents import content as step  # noqa: PLC0415  # used here alone
        from tests.support.driving import PROFILE  # noqa: PLC0415  # used here alone

        msgid, late = clinic.message("2207", step("2207", sheet, PROFILE))
        assert clinic.reverse(sheet, msgid)[1] == NotFound()
        assert b"-1" in payer.answer(late)
        assert live_visits(payer) == []
        payer.options.bar = False
        msgid, late = clinic.message("2207", step("2207", sheet, PROFILE))
        assert clinic.reverse(sheet, msgid)[1] == NotFound()
        payer.answer(late)
        assert live_visits(payer) == ["A"]  # so the option matters

    @pytest.mark.parametrize("infno", ["2201", "2203", "2204"])
    def test_other_messages_cannot_be_reversed(self, infno: str, clinic: Clinic) -> None:
        sheet, _ = clinic.prepared(visit("A"))
        assert isinstance(clinic.reverse(sheet, "H" * 30, infno)[1], Refused)


class TestOnce:
    def test_the_same_message_again_is_answered_and_not_done(self, clinic: Clinic, payer: Payer) -> None:
        sheet, _ = clinic.prepared(visit("A"))
        from gongji.payer.message_contents import content as step  # noqa: PLC0415  # used here alone
        from tests.support.driving import PROFILE  # noqa: PLC0415  # used here alone

        _, body = clinic.message("2207", step("2207", sheet, PROFILE))
        first = payer.answer(body)
        assert payer.answer(body) == first
        assert live_visits(payer) == ["A"]
        assert b"-1" in payer.answer(body.replace(b"09:00:00", b"09:00:01", 1))

    def test_without_it_everything_is_done_twice(self, clinic: Clinic, payer: Payer) -> None:
        payer.options.dedupe = False
        sheet, _ = clinic.prepared(visit("A"))
        clinic.do("2207", sheet)
        clinic.do("2207", sheet)
        assert live_visits(payer) == ["A", "A"]

    def test_a_settled_visit_is_not_settled_again_by_another_message(self, clinic: Clinic, payer: Payer) -> None:
        sheet, _, _, _ = clinic.settled(visit("A"))
        assert isinstance(clinic.do("2207", sheet)[1], SettledAlready)
        assert isinstance(clinic.do("2205", sheet)[1], SettledAlready)
        assert live_visits(payer) == ["A"]


class TestAsking:
    def test_visits_and_settlements_can_be_found_again(self, clinic: Clinic) -> None:
        sheet, _, settled, _ = clinic.settled(visit("A"))
        assert clinic.do("5201", sheet)[1] == Done(mdtrt_id=sheet.mdtrt_id, visits=(sheet.mdtrt_id,))
        assert clinic.do("5204", sheet)[1] == Done(setl_id=settled.setl_id)
        found = clinic.do("5203", sheet)[1]
        assert isinstance(found, Settled)
        assert found == settled

    def test_what_is_not_there_is_not_found(self, clinic: Clinic) -> None:
        sheet, _ = clinic.prepared(visit("A"))
        assert clinic.do("5204", sheet)[1] == NotFound()
        other, _ = clinic.sheet(visit("B"))
        assert clinic.do("5201", other)[1] == NotFound()

    def test_another_institution_sees_nothing_of_it(self, clinic: Clinic, payer: Payer) -> None:
        sheet, _, _, _ = clinic.settled(visit("A"))
        stranger = Clinic(payer, clinic.library, "H53030200099")
        assert stranger.do("5201", sheet)[1] == NotFound()
        assert stranger.do("5204", sheet)[1] == NotFound()

    def test_sign_in(self, clinic: Clinic) -> None:
        answer = clinic.say("9001", {"signIn": {"opter_no": "1", "mac": "00", "ip": "127.0.0.1"}})
        assert answer.output["signinoutb"]["sign_no"]


class TestChoosing:
    def test_a_chosen_institution_counts_from_then_on(self, clinic: Clinic) -> None:
        person = {"psn_no": PERSON["id"], "biz_appy_type": "03"}
        assert clinic.say("5302", {"data": person}).output["psnfixmedin"] == []
        wanted = {"begndate": "2025-06-10", "fixmedins_code": clinic.institution, "fixmedins_name": "曲水乡卫生院"}
        number = clinic.say("2505", {"data": person | wanted}).output["result"]["trt_dcla_detl_sn"]
        (row,) = clinic.say("5302", {"data": person}).output["psnfixmedin"]
        assert row["fixmedins_code"] == clinic.institution
        undo = {"psn_no": PERSON["id"], "trt_dcla_detl_sn": number, "memo": "选错"}
        assert clinic.say("2506", {"data": undo}).ok
        assert clinic.say("5302", {"data": person}).output["psnfixmedin"] == []
        assert not clinic.say("2506", {"data": undo}).ok


class TestStrict:
    def test_somebody_unknown_is_refused(self, clinic: Clinic, payer: Payer) -> None:
        payer.options.strict = True
        sheet, _ = clinic.sheet(visit("A"))
        for infno in ("1101", "2201"):
            assert isinstance(clinic.do(infno, sheet)[1], Refused)

    def test_only_its_own_word_counts_of_somebody_it_was_told_of(self, clinic: Clinic, payer: Payer) -> None:
        payer.options.strict = True
        known = {"id": PERSON["id"], "name": "张秀英", "area": "530300", "status": "employed", "balance": "5.00"}
        told(payer, "people", {**known, "year_from": "2025-01-01", "accumulators": {"general.fund": "1.00"}})
        accounts = {"own": {"balance": "60.00"}}
        _, _, settled, ours = clinic.settled(visit("A", accumulators={"general.fund": "9.00"}, accounts=accounts))
        assert "fund" in differing(ours, settled.figures)  # retired here, employed there
        assert settled.figures.account_fen == 5_00
        assert clinic.figures(PERSON["id"])["general.fund"] == f"{1 + settled.figures.fund_fen / 100:.2f}"


class TestMisshapen:
    @pytest.mark.parametrize(
        "body",
        [b"", b"{", b"[]", b"null", b'{"infno":"2207"}', b'{"infcode":0,"infcode":0}', b"\xff", b"[" * 10000],
    )
    def test_anything_is_answered(self, body: bytes, payer: Payer) -> None:
        answer = json.loads(payer.answer(body))
        assert answer["infcode"] == -1
        assert answer["err_msg"]

    def test_fields_are_held_to_the_interface(self, clinic: Clinic, payer: Payer) -> None:
        sheet, _ = clinic.prepared(visit("A"))
        from gongji.payer.message_contents import content as step  # noqa: PLC0415  # used here alone
        from tests.support.driving import PROFILE  # noqa: PLC0415  # used here alone

        for field, wrong in [("psn_no", ""), ("med_type", "1234567"), ("medfee_sumamt", "1.234"), ("insutype", 310)]:
            _, body = clinic.message("2207", step("2207", sheet, PROFILE))
            message = json.loads(body)
            message["input"]["data"][field] = wrong
            answer = json.loads(payer.answer(json.dumps(message).encode()))
            assert answer["infcode"] == -1
            assert field in answer["err_msg"]
        assert live_visits(payer) == []

    def test_answers_repeat_whose_they_are(self, clinic: Clinic, payer: Payer) -> None:
        msgid, body = clinic.message("5206", {"data": {"psn_no": PERSON["id"]}})
        answer = json.loads(payer.answer(body))
        assert (answer["infno"], answer["msgid"]) == ("5206", msgid)
        assert isinstance(Answered(body), Answered)
