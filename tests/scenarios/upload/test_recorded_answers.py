"""Every kind of answer that a region was seen to give, replayed: what is believed, what is asked after, what is
refused.

The shapes are those of public clients, logs and provincial documents (Hebei, Zhejiang, Hunan, Jiangxi, Chongqing,
Fujian, Shanghai, Foshan); names and numbers of persons are invented.
"""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from gongji.core.outbox.replies import (
    AlreadyReversed,
    Answered,
    Busy,
    Done,
    NotFound,
    Refused,
    Settled,
    SettledAlready,
    Unknown,
)
from gongji.payer.answer_contents import bill_sums, insured
from gongji.payer.feeds import ready_file
from gongji.payer.read_answers import Answer, output_of, read_answer
from gongji.payer.regions import profile
from tests.support.driving import reply

MSGID = "H13030200001202506100900000001"
NUMBER = "0120250610000001-0"
PROFILES = [profile(name) for name in ("plain", "x-tif", "api")]
HEAD = {
    "infcode": 0, "inf_refmsgid": "130302202506100900000000000001", "refmsg_time": "20250610090000123",
    "respond_time": "20250610090001456", "err_msg": None, "warn_msg": None, "cainfo": None, "signtype": None,
}  # fmt: skip
SETTLED: dict[str, Any] = {
    "setl_id": "1303020000000000123", "mdtrt_id": "130302000000000456", "psn_no": "13030000000000001",
    "psn_name": "甲", "psn_cert_type": "01", "certno": "130302195001010013", "gend": "1", "naty": "01",
    "brdy": "1950-01-01", "age": 75.4, "insutype": "310", "psn_type": "1202", "cvlserv_flag": "0",
    "setl_time": "2025-06-10 09:00:01", "mdtrt_cert_type": "02", "med_type": "11", "medfee_sumamt": 100,
    "fulamt_ownpay_amt": 0, "overlmt_selfpay": 0, "preselfpay_amt": 5.5, "inscp_scp_amt": 94.5, "act_pay_dedc": 0,
    "hifp_pay": 47.25, "pool_prop_selfpay": 0.5, "cvlserv_pay": 0, "hifes_pay": 0, "hifmi_pay": 0, "hifob_pay": 0,
    "maf_pay": 0, "hifdm_pay": 0, "oth_pay": 0, "fund_pay_sumamt": 47.25, "psn_part_amt": 52.75, "acct_pay": 12.75,
    "psn_cash_pay": 40, "hosp_part_amt": 0, "balc": 3.08, "acct_mulaid_pay": 0, "medins_setl_id": MSGID,
    "clr_optins": "131199", "clr_way": "1", "clr_type": "11", "exp_content": None,
}  # fmt: skip
PERSON: dict[str, Any] = {
    "psn_no": "13030000000000001", "psn_cert_type": "01", "certno": "130302195001010013", "psn_name": "甲",
    "gend": "1", "naty": "01", "brdy": "1950-01-01", "age": 75.4,
}  # fmt: skip
ROW: dict[str, Any] = {
    "balc": 15.83, "insutype": "310", "psn_type": "1202", "psn_insu_stas": "1", "psn_insu_date": "2010-01-01",
    "cvlserv_flag": "0", "insuplc_admdvs": "130399", "emp_name": "某单位",
}  # fmt: skip

TOLD: list[dict[str, Any]] = [
    {"baseinfo": PERSON, "insuinfo": [ROW], "idetinfo": []},
    {"baseinfo": {**PERSON, "psn_cert_type": "", "certno": None}, "insuinfo": ROW},
    {"baseinfo": {**PERSON, "brdy": "1950-01-01 00:00:00"}, "insuinfo": [ROW]},
    {"baseinfo": {**PERSON, "brdy": "19500101", "age": ""}, "insuinfo": [ROW, {"insutype": "390"}]},
    {"baseinfo": PERSON, "insuinfo": [{**ROW, "insutype": 310, "emp_name": "某" * 300}]},
]


def raw(output: Any, **more: Any) -> bytes:
    return json.dumps({**HEAD, "output": output, **more}, ensure_ascii=False).encode()


def met(body: bytes, infno: str = "2207") -> Any:
    """Return what every region's profile makes of an answer; they agree everywhere."""
    found = [reply(Answered(body), infno, MSGID, NUMBER, one) for one in PROFILES]
    assert found == [found[0]] * len(found)
    return found[0]


def settled(**more: Any) -> bytes:
    return raw({"setlinfo": {**SETTLED, **more}, "setldetail": []})


def refused(text: str | None, infcode: Any = -1, **more: Any) -> bytes:
    return raw(None, infcode=infcode, err_msg=text, **more)


class TestSettled:
    @pytest.mark.parametrize(
        "body",
        [
            settled(),
            settled(hosp_part_amt=5.05, psn_part_amt=47.7, acct_pay=7.7),  # Chongqing: the institution bears some
            settled(**{name: str(value) for name, value in SETTLED.items() if isinstance(value, int | float)}),
            raw({"setlinfo": SETTLED}, infcode="0"),
            raw(json.dumps({"setlinfo": SETTLED})),
            raw({"setlinfo": SETTLED}, err_msg="success"),
            raw({"setlinfo": SETTLED}, err_msg="成功"),
            raw({"setlinfo": SETTLED}, respond_time="20250610090001456789"),
            raw({"setlinfo": SETTLED}, inf_refmsgid="1" * 32),
            settled(medins_setl_id=None),
            settled(setl_id=1303020000000000123),
            settled(acct_mulaid_pay=None, hosp_part_amt=None),
            settled(acct_mulaid_pay="", hosp_part_amt=""),
            settled(setl_time="2025-06-10 09:00:01.0"),
            settled(setl_time="20250610090001"),
            settled(setl_time="2025-06-10T09:00:01"),
            settled(psn_name="甲" * 80, naty=None, age="x", brdy="19500101", certno=None, psn_type=None),
        ],
    )
    def test_is_believed_to_the_fen(self, body: bytes) -> None:
        found = met(body)
        assert isinstance(found, Settled)
        assert (found.setl_id, found.at, found.agency) == ("1303020000000000123", "2025-06-10 09:00:01", "131199")
        figures = found.figures
        assert (figures.total_fen, figures.fund_fen, figures.cash_fen, figures.prepaid_fen) == (10000, 4725, 4000, 550)

    def test_a_day_alone_is_its_midnight(self) -> None:
        assert met(settled(setl_time="2025-06-10")).at == "2025-06-10 00:00:00"

    @pytest.mark.parametrize(
        "body",
        [
            settled(acct_pay=20, acct_mulaid_pay=30, psn_cash_pay=2.75),  # the family is inside what the account paid
            settled(medins_setl_id="H13030200001202506100900009999"),
            settled(medfee_sumamt="1.2E+3"),
            settled(psn_part_amt="很多"),
            settled(fund_pay_sumamt=None),
            settled(setl_time="昨天"),
            settled(setl_id=None),
            raw("dGhpcyBpcyBub3QgSlNPTg=="),  # enciphered
            raw({"data": {"setlinfo": SETTLED}}),
            raw({"SETLINFO": {name.upper(): value for name, value in SETTLED.items()}}),
            raw({"setlinfo": SETTLED}, infcode=None),
            raw({"setlinfo": SETTLED}, infcode=True),
            raw({"setlinfo": SETTLED}, infcode=0.0),
            raw({"setlinfo": SETTLED}, infcode="0000"),
            raw({"setlinfo": SETTLED}, infcode=200),
            raw({"setlinfo": SETTLED}, infcode=500),
            raw({"setlinfo": SETTLED}, infcode=1),
            b"\xef\xbb\xbf" + settled(),
            settled(psn_name="甲").decode().encode("gbk"),
        ],
    )
    def test_is_asked_after_where_it_cannot_be_relied_on(self, body: bytes) -> None:
        assert isinstance(met(body), Unknown)


class TestOtherSteps:
    """The answers of Zhejiang and Hebei to everything before and beside a settlement."""

    @pytest.mark.parametrize("number", ["330100202506100000012345", 330100202506100000012345])
    @pytest.mark.parametrize("words", ["success", None])
    def test_of_a_sign_in(self, number: Any, words: str | None) -> None:
        body = raw({"signinoutb": {"sign_time": "2025-06-10 09:00:00", "sign_no": number}}, err_msg=words)
        assert {type(read_answer(Answered(body), "9001", MSGID, one)) for one in PROFILES} == {Answer}

    @pytest.mark.parametrize("infno", ["2202", "2203", "2205", "2601"])
    @pytest.mark.parametrize("output", [None, {}, "", {"result": None}])
    def test_that_have_no_output(self, infno: str, output: Any) -> None:
        assert met(raw(output), infno) == Done()
        answer = json.loads(raw(output))
        del answer["output"]
        assert met(json.dumps(answer).encode(), infno) == Done()

    def test_of_a_visit(self) -> None:
        output = {"data": {"mdtrt_id": 130302000000000456, "psn_no": "1", "ipt_otp_no": NUMBER, "exp_content": None}}
        assert met(raw(output), "2201") == Done(mdtrt_id="130302000000000456")
        other = {"data": {"mdtrt_id": "1", "ipt_otp_no": "0120250610000002-0"}}
        assert isinstance(met(raw(other), "2201"), Unknown)

    def test_of_a_bill_and_of_what_would_be_settled(self) -> None:
        row = {
            "feedetl_sn": "1",
            "det_item_fee_sumamt": 100,
            "pric_uplmt_amt": 999999,
            "selfpay_prop": None,
            "memo": None,
        }
        assert met(raw({"result": [row]}), "2204") == Done()
        assert met(raw({"setlinfo": {**SETTLED, "setl_id": None, "setl_time": None}}), "2206") == Done()

    @pytest.mark.parametrize(
        ("output", "expected"),
        [
            ({"file_qury_no": "fsi/plc/" + "a" * 30, "filename": "a.zip", "data_cnt": 7}, ("fsi/plc/" + "a" * 30, 7)),
            (
                {"file_qury_no": "M00/00/00/" + "a" * 34, "filename": "a", "data_cnt": "7.0"},
                ("M00/00/00/" + "a" * 34, 7),
            ),
            ({"file_qury_no": "1", "filename": "a.zip", "dld_end_time": "2025-07-10"}, ("1", None)),
            ({"file_qury_no": None, "filename": None, "data_cnt": 0}, ("", 0)),
            ({"data_cnt": "0"}, ("", 0)),
            ({}, ("", 0)),
            (None, ("", 0)),
        ],
    )
    def test_of_a_file_that_is_offered_or_of_none(self, output: Any, expected: tuple[str, int | None]) -> None:
        found = read_answer(Answered(raw(output)), "1301", MSGID, PROFILES[0])
        assert isinstance(found, Answer)
        told = ready_file(found.output)
        assert (told.number, told.count) == expected

    @pytest.mark.parametrize("body", [{"code": 401, "message": "签名不符"}, {"code": "429", "message": None}])
    def test_of_a_gateway_that_turned_it_away(self, body: dict[str, Any]) -> None:
        assert isinstance(met(json.dumps(body).encode()), Busy)
        assert isinstance(met(json.dumps({**body, "code": 400001}).encode()), Unknown)


class TestSaidToHaveFailed:
    """What a platform says while it may well have done it."""

    @pytest.mark.parametrize(
        "body",
        [
            raw(None, infcode="0", err_msg="FSI-文件查询号不能为空[fileBO_156]"),  # Hunan
            raw({}, infcode=0, err_msg="操作失败"),
        ],
    )
    @pytest.mark.parametrize("infno", ["2202", "2203", "2205", "2207", "2506", "2601"])
    def test_zero_beside_an_error_is_no_success(self, body: bytes, infno: str) -> None:
        assert isinstance(met(body, infno), Unknown)

    @pytest.mark.parametrize("infno", ["2203", "2206", "2207", "2208", "2601"])
    @pytest.mark.parametrize(
        "text",
        [
            "Read timed out",
            "FSI-调用业务基础子系统超时[outpatientSettleBO_40](1f2e@10.1.1.1)",
            "系统异常，请联系管理员",
            "服务熔断",
            "com.netflix.client.ClientException: null",
            "网络不通",
        ],
    )
    def test_a_refusal_that_does_not_say_whether_it_was_done_is_unknown(self, text: str, infno: str) -> None:
        assert isinstance(met(refused(text), infno), Unknown)

    def test_a_refusal_that_carries_a_settlement_is_unknown(self) -> None:
        assert isinstance(met(raw({"setlinfo": SETTLED}, infcode=-1, err_msg="余额不足")), Unknown)
        assert isinstance(met(raw(json.dumps({"setlinfo": {"setl_id": "7"}}), infcode=-1, err_msg="x")), Unknown)

    @pytest.mark.parametrize("infcode", [500, 200, "0000", 0.0, 1, "", None])
    def test_only_a_code_below_zero_refuses(self, infcode: Any) -> None:
        assert isinstance(met(refused("服务不可用", infcode)), Unknown)

    def test_a_region_may_name_a_code_that_refuses_as_well(self) -> None:
        chosen = replace(PROFILES[0], refusals=("1",))
        assert reply(Answered(refused("余额不足", 1)), "2207", MSGID, NUMBER, chosen) == Refused(
            code="1", text="余额不足"
        )


class TestRefused:
    @pytest.mark.parametrize("infcode", [-1, "-1", -2, "-10000"])
    @pytest.mark.parametrize("text", ["余额不足", "FSI-\r\n待遇未享受", "医" * 900, "待遇\t未享受", None])
    def test_is_a_refusal_however_long_its_words(self, text: str | None, infcode: Any) -> None:
        found = met(refused(text, infcode))
        assert isinstance(found, Refused)
        assert found.code == str(infcode)
        assert len(found.text) <= 200

    @pytest.mark.parametrize(
        "text", ["该就诊已结算[x_1]", "FSI-门诊号 01 已有结算，一个门诊号只能结算一次", "请勿重复结算"]
    )
    @pytest.mark.parametrize("infno", ["2201", "2203", "2204", "2206", "2207"])
    def test_that_it_is_settled_already_is_a_question(self, text: str, infno: str) -> None:
        assert met(refused(text), infno) == SettledAlready(text)

    def test_the_cause_may_stand_in_the_middle(self) -> None:
        zhejiang = (
            "FSI-调用业务基础子系统冲正失败:冲正的结算信息退费结算标志不为未退费，不能办理冲正交易"
            "[iptPsnSetlMgtBO_4412][outpatientSettleBO_40]"
        )
        assert met(refused(zhejiang), "2601") == AlreadyReversed()
        assert met(refused("FSI-未查询到原交易信息[revs_9](ab@1.2.3.4)"), "2601") == NotFound()
        assert isinstance(met(refused("FSI-医师编码不存在[x_1]"), "2207"), Refused)
        assert met(refused("FSI-没有查询到费用明细[fee_3]"), "2205") == Done()

    @pytest.mark.parametrize("text", ["FSI-签到已失效，请重新签到[sign_2](ab@1.2.3.4)", "未签到"])
    @pytest.mark.parametrize("infno", ["1101", "2201", "2207"])
    def test_a_sign_in_that_ran_out_is_no_refusal(self, text: str, infno: str) -> None:
        assert isinstance(met(refused(text), infno), Busy)


class TestTakenBack:
    def test_nulls_are_no_reason_to_doubt_it(self) -> None:
        hebei = {**SETTLED, "psn_part_amt": None, "hosp_part_amt": None, "acct_mulaid_pay": None, "psn_cash_pay": None}
        assert met(raw({"setlinfo": hebei}), "2208") == Done(at="2025-06-10 09:00:01")

    def test_amounts_may_be_negative(self) -> None:
        zhejiang = {name: -value if isinstance(value, int | float) else value for name, value in SETTLED.items()}
        assert met(raw({"setlinfo": zhejiang}), "2208") == Done(at="2025-06-10 09:00:01")

    def test_5203_tells_whether_it_counts(self) -> None:
        told = {**SETTLED, "psn_pay": 52.75, "cash_payamt": 40}
        for name in ("psn_part_amt", "psn_cash_pay", "medins_setl_id"):
            del told[name]
        assert isinstance(met(raw({"setlinfo": {**told, "refd_setl_flag": "0"}}), "5203"), Settled)
        assert met(raw({"setlinfo": {**told, "refd_setl_flag": "001"}}), "5203") == AlreadyReversed()
        gone = dict.fromkeys(SETTLED) | {"setl_id": "7", "medfee_sumamt": 100, "refd_setl_flag": "1"}
        assert met(raw({"setlinfo": gone}), "5203") == AlreadyReversed()


class TestNothingThere:
    @pytest.mark.parametrize("output", [{"mdtrtinfo": None}, {"mdtrtinfo": []}, {}, None, "", {"mdtrtinfo": [{}]}])
    def test_no_visit(self, output: Any) -> None:
        assert met(raw(output), "5201") == NotFound()

    def test_a_row_without_a_number_spoils_nothing(self) -> None:
        rows = [{"mdtrt_id": "1", "ipt_otp_no": None}, {"mdtrt_id": "2", "ipt_otp_no": NUMBER}]
        assert met(raw({"mdtrtinfo": rows}), "5201") == Done(mdtrt_id="2", visits=("2",))

    @pytest.mark.parametrize("output", [None, [], {"feedetail": None}, {"feedetail": []}, [{"setl_id": None}]])
    def test_no_lines(self, output: Any) -> None:
        assert met(raw(output), "5204") == NotFound()

    @pytest.mark.parametrize("rows", [[{"setl_id": "7", "mdtrt_id": "1"}]])
    @pytest.mark.parametrize("shape", [lambda rows: rows, lambda rows: {"feedetail": rows}, json.dumps])
    def test_lines_come_as_an_array_or_under_their_node(self, rows: Any, shape: Any) -> None:
        assert met(raw(shape(rows)), "5204") == Done(setl_id="7")

    @pytest.mark.parametrize("output", [{"setlinfo": None}, {}, None])
    def test_no_settlement(self, output: Any) -> None:
        assert met(raw(output), "5203") == NotFound()


class TestWhoSomebodyIs:
    @pytest.mark.parametrize("output", TOLD)
    def test_only_what_is_used_has_to_be_there(self, output: Any) -> None:
        found = read_answer(Answered(raw(output, respond_time="20250610090001456789")), "1101", MSGID, PROFILES[0])
        assert isinstance(found, Answer)
        told = insured(found.output, PROFILES[0])
        assert (told.psn_no, told.area, told.psn_type, told.balance_fen) == (PERSON["psn_no"], "130399", "1202", 1583)

    def test_a_balance_that_is_not_told_is_none(self) -> None:
        shapes: list[Any] = [None, [], [{**ROW, "balc": None}], [{**ROW, "balc": "x"}]]
        for rows in shapes:
            found = read_answer(Answered(raw({"baseinfo": PERSON, "insuinfo": rows})), "1101", MSGID, PROFILES[0])
            assert isinstance(found, Answer)
            assert insured(found.output, PROFILES[0]).balance_fen is None

    def test_of_two_rows_of_one_insurance_the_one_in_force_counts_wherever_it_stands(self) -> None:
        moved = {**ROW, "balc": 99, "psn_insu_stas": "4", "insuplc_admdvs": "130199"}
        for rows in ([ROW, moved], [moved, ROW]):
            told = insured(output_of(raw({"baseinfo": PERSON, "insuinfo": rows})) or {}, PROFILES[0])
            assert (told.area, told.balance_fen) == ("130399", 1583)
        ended = insured(output_of(raw({"baseinfo": PERSON, "insuinfo": [moved]})) or {}, PROFILES[0])
        assert (ended.area, ended.balance_fen) == ("", None)


class TestWhatIsKept:
    """The answer that was kept is read by the same function as the one that arrives."""

    @pytest.mark.parametrize("shape", [lambda output: output, json.dumps])
    def test_of_a_bill(self, shape: Any) -> None:
        row = {
            "feedetl_sn": "1",
            "fulamt_ownpay_amt": 0,
            "overlmt_amt": "1.50",
            "preselfpay_amt": 2,
            "inscp_scp_amt": 3,
        }
        found = output_of(raw(shape({"result": [row, row]})))
        assert found is not None
        assert bill_sums(found) == {
            "fulamt_ownpay_amt": "0.00", "overlmt_selfpay": "3.00", "preselfpay_amt": "4.00", "inscp_scp_amt": "6.00",
        }  # fmt: skip

    @pytest.mark.parametrize("output", [None, "", [], {"result": None}, {"result": []}, "{", 5])
    def test_a_bill_that_says_nothing_says_nothing(self, output: Any) -> None:
        assert bill_sums(output_of(raw(output)) or {}) == {}
