"""The strict reader: whatever is not wholly valid and to our message is an unknown outcome."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gongji.core.outbox.replies import (
    AlreadyReversed,
    Answered,
    Busy,
    Done,
    NotFound,
    NotSent,
    Refused,
    Settled,
    Unknown,
)
from gongji.payer.answer_contents import accumulators, insured
from gongji.payer.read_answers import Answer, read_answer
from gongji.payer.regions import profile
from tests.support.driving import reply

PRACTICE, PLAIN = profile("practice"), profile("plain")
MSGID = "H53030200001202506100900001007"
SETTLED = {
    "mdtrt_id": "M1", "setl_id": "Z1", "psn_no": "P1", "setl_time": "2025-06-10 09:00:00", "medfee_sumamt": "100.00",
    "fulamt_ownpay_amt": "0", "overlmt_selfpay": "0", "preselfpay_amt": "0", "inscp_scp_amt": "100.00",
    "act_pay_dedc": "30.00", "hifp_pay": "45.50", "cvlserv_pay": "0", "hifes_pay": "0", "hifmi_pay": "0",
    "hifob_pay": "0", "maf_pay": "0", "oth_pay": "0", "fund_pay_sumamt": "45.50", "psn_part_amt": "54.50",
    "acct_pay": "10.00", "acct_mulaid_pay": "4.00", "psn_cash_pay": "44.50", "hosp_part_amt": "0",
    "medins_setl_id": MSGID,
}  # fmt: skip


def answer(output: Any, **more: Any) -> bytes:
    head = {"infno": "2207", "msgid": MSGID, "infcode": 0, "inf_refmsgid": "1", "respond_time": "20250610090001123"}
    return json.dumps({**head, "err_msg": "", "output": output, **more}).encode()


def read(body: bytes, infno: str = "2207") -> Any:
    return reply(Answered(body), infno, MSGID, "0120250610000001-0", PRACTICE)


def settled(**more: Any) -> bytes:
    return answer({"setlinfo": {**SETTLED, **more}})


def test_a_settlement_is_read_to_the_fen() -> None:
    found = read(settled())
    assert isinstance(found, Settled)
    figures = found.figures
    assert (figures.total_fen, figures.fund_total_fen, figures.cash_fen) == (10000, 4550, 4450)
    assert (figures.account_fen, figures.family_fen, figures.deductible_fen) == (1000, 400, 3000)


def test_numbers_may_come_as_numbers_and_the_output_as_a_text() -> None:
    numbers = {name: float(value) for name, value in SETTLED.items() if value.replace(".", "").isdigit()}
    assert isinstance(read(settled(**numbers)), Settled)
    assert isinstance(read(answer(json.dumps({"setlinfo": SETTLED}))), Settled)
    assert isinstance(read(answer({"setlinfo": SETTLED}, infcode="0")), Settled)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>portal</html>",
        b"[]",
        b"null",
        b'{"infcode":0',
        settled()[: len(settled()) // 2],
        settled().replace(b'"infcode": 0', b'"infcode": 0, "infcode": -1'),
        settled().replace(b'"err_msg"', b'"x": NaN, "err_msg"'),
        settled().replace(b'"err_msg"', b'"x": "\\ud800", "err_msg"'),
        settled().replace(b'"err_msg": ""', b'"err_msg": "\\u0000"'),
        settled(medfee_sumamt="1e400"),
        settled(medfee_sumamt="100.001"),
        settled(medfee_sumamt="100.01"),  # its parts no longer come to it
        settled(psn_cash_pay="44.51"),
        settled(setl_id=""),
        settled(setl_id="9" * 31),
        settled(setl_time="2025-02-30 09:00:00"),
        settled(medins_setl_id="H53030200001202506100900001008"),
        answer({"setlinfo": SETTLED}, msgid="H53030200001202506100900001008"),
        answer({"setlinfo": SETTLED}, infno="2206"),
        answer({"setlinfo": [SETTLED, SETTLED]}),
        answer({}),
        answer("{"),
        b'{"a":' * 100 + b"1" + b"}" * 100,
        answer({"setlinfo": {**SETTLED, "deep": json.loads("[" * 40 + "]" * 40)}}),
        answer({"setlinfo": {**SETTLED, "long": "x" * (1 << 20)}}),
    ],
)
def test_what_is_not_sound_is_unknown(body: bytes) -> None:
    assert isinstance(read(body), Unknown)


@given(st.binary(max_size=300) | st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["infcode", "output", "setlinfo", "err_msg", "infno", "msgid"]), inner)
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_nothing_foreign_raises_or_is_taken_for_a_settlement(body: bytes) -> None:
    for infno in ("2207", "2201", "5204", "1101", "5206"):
        assert not isinstance(read(body, infno), Settled)
        read_answer(Answered(body), infno, MSGID, PLAIN)


def test_refusals() -> None:
    assert read(answer({}, infcode=-1, err_msg="待遇未享受")) == Refused(code="-1", text="待遇未享受")
    assert isinstance(read(answer({}, infcode="-1", err_msg=None)), Refused)
    assert isinstance(read(answer({}, infcode="1", err_msg=None)), Unknown)  # only what is below zero refuses
    assert read(answer({}, infcode=-1, err_msg="[E2601-NOT-FOUND] x", infno="2601"), "2601") == NotFound()
    assert read(answer({}, infcode=-1, err_msg="[E2208-REVERSED]", infno="2208"), "2208") == AlreadyReversed()
    assert isinstance(read(b'{"code":401,"message":"signature"}'), Busy)
    assert isinstance(reply(NotSent("x"), "2207", MSGID, "", PRACTICE), NotSent)


def test_a_reversal_is_believed_with_either_sign_and_either_spelling() -> None:
    assert read(answer({"setlinfo": SETTLED}, infno="2208"), "2208") == Done(at="2025-06-10 09:00:00")
    numbers = {name: f"-{value}" for name, value in SETTLED.items() if value.replace(".", "").isdigit()}
    negative = {**SETTLED, **numbers, "pdn_cash_pay": "-44.50"}
    del negative["psn_cash_pay"]
    assert read(answer({"setlinfo": negative}, infno="2208"), "2208") == Done(at="2025-06-10 09:00:00")


def test_a_question_is_answered_by_our_number() -> None:
    rows = [{"mdtrt_id": "M7", "psn_no": "P1", "ipt_otp_no": "0120250610000001-0"}]
    assert read(answer({"mdtrtinfo": rows}, infno="5201"), "5201") == Done(mdtrt_id="M7", visits=("M7",))
    assert read(answer({"mdtrtinfo": rows[0]}, infno="5201"), "5201") == Done(mdtrt_id="M7", visits=("M7",))
    other = [{**rows[0], "ipt_otp_no": "0120250610000002-0"}]
    assert read(answer({"mdtrtinfo": other}, infno="5201"), "5201") == NotFound()
    assert read(answer({"feedetail": []}, infno="5204"), "5204") == NotFound()
    assert read(answer({"feedetail": [{"setl_id": "Z1"}]}, infno="5204"), "5204") == Done(setl_id="Z1")


@pytest.mark.parametrize("odd", [[], ["1.00"], {}, {"amount": "1.00"}, True])
def test_an_amount_that_is_no_value_at_all_is_not_read(odd: Any) -> None:
    """Only what a decision uses has been held to the interface before: the rest of an answer may be anything."""
    assert isinstance(read(answer({"setlinfo": {**SETTLED, "acct_pay": odd}}), "5203"), Unknown)
    told = {"insutype": PLAIN.insutype, "psn_insu_stas": "1", "balc": odd}
    assert insured({"baseinfo": {"psn_no": "P1"}, "insuinfo": [told]}, PLAIN).balance_fen is None
    row = {"insutype": PLAIN.insutype, "year": "2025", "cum_type_code": "X", "cum": odd}
    assert accumulators({"cuminfo": [row]}, "2025-01-01", replace(PLAIN, own_accumulator_names=True)) == []


def test_where_a_region_keeps_the_family_apart_the_account_is_both() -> None:
    apart = replace(PRACTICE, acct_pay_holds_family=False)
    body = settled(acct_pay="6.00")
    found = reply(Answered(body), "2207", MSGID, "x", apart)
    assert isinstance(found, Settled)
    assert (found.figures.account_fen, found.figures.family_fen) == (1000, 400)


def test_an_answer_says_when() -> None:
    found = read_answer(Answered(settled()), "2207", MSGID, PRACTICE)
    assert isinstance(found, Answer)
    assert found.at == "2025-06-10 09:00:01"
