"""Every message we send is the interface's, read back by the payer's own reader, which shares nothing with ours."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from gongji.core.outbox.reconcile import ReconciledTotals, read_result, result_of
from gongji.payer import interface, statements
from gongji.payer.envelope import SignedInAs, choice_made, choice_withdrawn, envelope, reversal
from gongji.payer.interface import INPUTS, OUTPUTS
from gongji.payer.message_contents import content
from gongji.payer.regions import profile, profile_names
from gongji.payer.schema import UnfitError, faults, fields
from gongji.payer.statements import StatementOf
from gongji.payer.wire_leg import LegData
from gongji.sandbox import messages, query_messages
from gongji.sandbox.auth import digest_objection
from tests.support.clinic import DIAGNOSED, line
from tests.support.clinic import diagnosed as visit
from tests.support.driving import Clinic
from tests.support.driving import visit as practice_visit

SENDER = SignedInAs(
    institution="H53030200001", institution_name="曲水乡卫生院", area="530300", operator="李红", sign_no="S1"
)
MSGID = "H53030200001202506100900001007"
READERS: dict[str, tuple[type, str]] = {
    "1101": (messages.WhoIs, "data"),
    "2201": (messages.Registering, "data"),
    "2202": (messages.Encountered, "data"),
    "2203": (messages.Described, "mdtrtinfo"),
    "2204": (messages.Charged, "feedetail"),
    "2205": (messages.ClearLines, "data"),
    "2206": (messages.SettleRequest, "data"),
    "2207": (messages.SettleRequest, "data"),
    "2208": (messages.Cancelling, "data"),
    "5201": (query_messages.Visits, "data"),
    "5203": (messages.Cancelling, "data"),
    "5204": (query_messages.LinesQuery, "data"),
    "5206": (query_messages.TotalsQuery, "data"),
}


@pytest.fixture
def sheet(clinic: Clinic) -> LegData:
    found, _ = clinic.sheet(
        practice_visit("V1", line("100.00"), line("12.3456", code="X2", quantity="3.5"), care=DIAGNOSED)
    )
    return replace(found, psn_no="P1", mdtrt_id="M1", setl_id="Z1")


def whole(infno: str, sheet: LegData, name: str = "plain") -> Any:
    chosen = profile(name)
    body = envelope(infno, content(infno, sheet, chosen), MSGID, "2025-06-10 09:00:00", SENDER, chosen, "530300")
    return json.loads(body)


@pytest.mark.parametrize("infno", READERS)
@pytest.mark.parametrize("name", profile_names())
def test_every_message_is_the_interfaces(infno: str, name: str, sheet: LegData) -> None:
    message, chosen = whole(infno, sheet, name), profile(name)
    assert list(faults({"": interface.REQUEST}, message)) == []
    own = {theirs: national.partition(".")[2] for national, theirs in chosen.node.items() if national[:4] == infno}
    told = {own.get(node, node): value for node, value in message["input"].items()}
    assert list(faults(interface.INPUTS[infno], told)) == []
    kind, node = READERS[infno]
    rows = told[node]
    for row in rows if isinstance(rows, list) else [rows]:
        messages.read(row, kind, node)


@pytest.mark.parametrize("infno", READERS)
def test_a_required_field_left_out_never_leaves(infno: str, sheet: LegData) -> None:
    chosen = profile("plain")
    given = content(infno, sheet, chosen)
    for node, short in interface.INPUTS[infno].items():
        name = node.strip("[]")
        for field in fields(short):
            if field.required and not node.endswith("?"):
                rows = given[name] if isinstance(given[name], list) else [given[name]]
                maimed = {**given, name: [{**row, field.name: ""} for row in rows]}
                if not node.startswith("["):
                    maimed[name] = maimed[name][0]
                with pytest.raises(UnfitError, match=field.name):
                    envelope(infno, maimed, MSGID, "2025-06-10 09:00:00", SENDER, chosen)


def test_an_envelope_that_cannot_be_right_never_leaves(sheet: LegData) -> None:
    chosen = profile("plain")
    given = content("2201", sheet, chosen)
    for sender in (replace(SENDER, institution="H5303020000199"), replace(SENDER, area="")):
        with pytest.raises(UnfitError):
            envelope("2201", given, MSGID, "2025-06-10 09:00:00", sender, chosen)
    with pytest.raises(UnfitError, match="med_type"):
        content("2206", sheet, replace(chosen, med_type={}))


def test_amounts_are_decimal_texts(sheet: LegData) -> None:
    message = whole("2207", sheet)["input"]["data"]
    assert message["medfee_sumamt"] == "143.21"
    split = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")
    assert sum(round(float(message[name]) * 100) for name in split) == 14321
    rows = whole("2204", sheet)["input"]["feedetail"]
    assert [(row["det_item_fee_sumamt"], row["cnt"], row["pric"]) for row in rows] == [
        ("100.00", "1", "100"),
        ("43.21", "3.5", "12.3456"),
    ]


def test_a_part_sends_its_own_lines_under_its_own_number(clinic: Clinic) -> None:
    person = {"id": "530399195001010013", "status": "retired", "registrations": {"chronic": ["高血压"]}}
    one = visit("V1", line("10.00"), line("20.00", code="X2", benefit="chronic"), person=person)
    first, second = (replace(clinic.sheet(one, part)[0], mdtrt_id="M1") for part in (0, 1))
    assert first.number.endswith("-0")
    assert second.number.endswith("-1")
    assert [row["med_list_codg"] for row in whole("2204", second)["input"]["feedetail"]] == ["X2"]
    assert whole("2203", second)["input"]["mdtrtinfo"]["med_type"] == "14"


NEVER_SENT = ("4101", "4201", "4301", "4401", *(f"35{number:02d}" for number in range(1, 8)), "3103")


@pytest.mark.parametrize("page", ["wire.md", "regions.md"])
def test_what_is_not_done_is_never_sent_and_the_page_says_so(page: str) -> None:
    """清单 (4101, 4301), stock (3501 to 3507) and prior checks (3103): no message of theirs can be written."""
    written = {*INPUTS, *OUTPUTS, *(infno for name in profile_names() for infno in profile(name).services)}
    assert written.isdisjoint(NEVER_SENT)
    said = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    (sentence,) = re.findall(r"4101.{0,80}?4201", said.replace("\n", " "))
    assert all(one in sentence for one in ("4101", "4301", "3501 to 3507", "3103"))
    content = {"data": {"psn_no": "P1"}}
    for infno in NEVER_SENT:
        with pytest.raises(KeyError):
            envelope(infno, content, "M" * 30, "2025-06-10 09:00:00", SENDER, profile("plain"))


def test_a_reversal_names_the_message() -> None:
    chosen = profile("plain")
    body = envelope("2601", reversal("P1", MSGID, "2207", chosen), MSGID, "2025-06-10 09:00:00", SENDER, chosen)
    assert json.loads(body)["input"]["data"] == {"psn_no": "P1", "omsgid": MSGID, "oinfno": "2207"}


def test_what_differs_by_region_is_a_file() -> None:
    tif, api, plain = profile("x-tif"), profile("api"), profile("plain")
    assert (tif.scheme, api.scheme, plain.scheme) == ("x-tif", "_api_", "plain")
    assert tif.url("https://g", "2207") == "https://g/fsi/api/outpatientSettleService/saveSettletment"
    assert plain.url("https://g/", "2207") == "https://g"
    assert (plain.psn_type["retired"], api.psn_type["retired"]) == ("1201", "12")
    assert len(json.loads(envelope("5206", {"data": {"psn_no": "P1"}}, MSGID, "2025-06-10 09:00:00", SENDER, tif))
               ["cainfo"]) == 64  # fmt: skip


PATHS = {
    "5201": "/fsiIntegratedQueryService/queryMdtrtInfo", "5204": "/fsiIntegratedQueryService/queryFeeList",
    "5302": "/fsiIntegratedQueryService/query", "2505": "/fsiPsnFixedRegEvtService/addEvtInfo",
    "2506": "/fsiPsnFixedRegEvtService/revokeReg", "1301": "/catalogdownservice/downCatalog1301",
    "1302": "/catalogdownservice/downCatalog1302", "1305": "/catalogdownservice/downCatalog1305",
    "1306": "/catalogdownservice/downCatalog1306", "1312": "/catalogqueryservice/queryHilist",
    "1318": "/catalogqueryservice/queryLmtprcByPage", "1319": "/catalogqueryservice/querySelfpayByPage",
}  # fmt: skip
"""As two public tables of them have it, beside those of a visit's own messages."""


@pytest.mark.parametrize("region", ["x-tif", "hebei", "zhejiang"])
def test_no_transaction_that_recovery_or_a_download_needs_goes_without_its_path(region: str) -> None:
    chosen = profile(region)
    assert {infno: chosen.url("", infno) for infno in PATHS} == {one: f"/fsi/api{path}" for one, path in PATHS.items()}
    assert set(INPUTS) - {"1390"} == set(chosen.services)


def test_a_transaction_may_have_a_receiver_of_its_own(sheet: LegData) -> None:
    def receiver(infno: str) -> str:
        body = envelope(infno, content(infno, sheet, chosen), MSGID, "2025-06-10 09:00:00", SENDER, chosen)
        return str(json.loads(body)["recer_sys_code"])

    chosen = profile("zhejiang")
    assert {infno: receiver(infno) for infno in ("1101", "2201", "2207")} == {
        "1101": "MBS_LOCAL", "2201": "FSI_LOCAL", "2207": "FSI_LOCAL",
    }  # fmt: skip


@pytest.mark.parametrize("infno", ["2201", "2206", "2207"])
def test_what_1101_said_of_a_person_goes_back(infno: str, sheet: LegData) -> None:
    plain, told = profile("plain"), replace(sheet, psn_no="P9", psn_type="116032", cert_type="90", area="350303")
    data = content(infno, told, plain)["data"]
    assert (data["psn_no"], data["psn_type"], data["psn_cert_type"]) == ("P9", "116032", "90")
    before = replace(sheet, record={**sheet.record, "area": "530300"})
    assert (told.insured_area, before.insured_area) == ("350303", "530300")


def test_a_department_s_code_that_is_the_clinic_s_own_is_no_caty(sheet: LegData) -> None:
    doctor = {"code": "D1", "name": "王医生", "department_code": "NEIKE-01-02-03", "department": "内科"}
    visit = {**sheet.record["visit"], "care": {**DIAGNOSED, "doctor": doctor}}
    own = replace(sheet, record={**sheet.record, "visit": visit})
    data = content("2201", own, profile("plain"))["data"]
    assert (data["dept_code"], data["caty"]) == ("NEIKE-01-02-03", "A02")
    assert not list(faults(INPUTS["2201"], {"data": data}))


def test_a_region_s_names_are_written_last_and_sealed() -> None:
    theirs = {"3201.setl_optins": "clr_optins", "3201.acct_pay": "cash_payamt"}
    chosen = replace(profile("plain"), node={"3201.data": "stmtinfo"}, field=theirs, digest="sm3", signtype="SM3")
    given = statements.sums(ReconciledTotals(count=1, total_fen=1, fund_total_fen=0, account_fen=0, cash_fen=1),
                            "2025-06-10", "2025-06-10", StatementOf("530300", "310", "11"), chosen)  # fmt: skip
    body = envelope("3201", given, MSGID, "2025-06-10 09:00:00", SENDER, chosen)
    node = json.loads(body)["input"]["stmtinfo"]
    assert (node["clr_optins"], node["cash_payamt"]) == ("530300", "0.00")
    assert not node.keys() & {"setl_optins", "acct_pay"}
    assert digest_objection(body) == ""


@pytest.mark.parametrize(
    ("region", "text", "meant"),
    [
        ("plain", "0", "equal"), ("plain", "000000", "equal"), ("plain", "1", "centre_more"),
        ("plain", "000102", "institution_more"), ("plain", "3", "different"), ("plain", "", None),
        ("plain", "7", None), ("api", "0", "equal"), ("api", "1", "different"), ("api", "2", None),
    ],
)  # fmt: skip
def test_a_result_is_read_as_its_region_writes_it(region: str, text: str, meant: str | None) -> None:
    known = profile(region).stmt_rslt
    assert result_of(text, known) == meant
    row = f"P1\tM1\tZ1\t\t{text}\t0\tmemo"
    if meant is None:
        with pytest.raises(ValueError, match="第 1 行"):
            read_result(row, known)
    else:
        assert read_result(row, known)[0].result == meant


class TestSchema:
    @pytest.mark.parametrize(
        ("short", "value", "words"),
        [
            ("x c3!", "", "缺少"),
            ("x c3", "abcd", "太长"),
            ("x c3", ["a"], "应为文字或数"),
            ("x c3", "a\tb", "看不见"),
            ("x n16,2", "1.234", "小数太多"),
            ("x n16,2", "1e5", "应为数"),
            ("x n16,2", "NaN", "应为数"),
            ("x n4,1", "1234", "数太大"),
            ("x d", "2025-02-30", "应为日期"),
            ("x d", "20250203", "应为日期"),
            ("x t", "2025-02-03", "日期和时间"),
            ("x t", "2025-02-03T09:00:00", "日期和时间"),
        ],
    )
    def test_what_is_wrong_is_said(self, short: str, value: Any, words: str) -> None:
        (found,) = faults({"data": short}, {"data": {"x": value}})
        assert words in found
        assert "data.x" in found

    @pytest.mark.parametrize(
        ("short", "value"),
        [("x c3", "abc"), ("x c3", 12), ("x c3", ""), ("x c3", None), ("x n16,2", "-12.30"), ("x n16,2", "1.2300"),
         ("x n16,2", 12), ("x d", "2024-02-29"), ("x t", "2025-02-03 23:59:59")],
    )  # fmt: skip
    def test_what_is_right_is_let_through(self, short: str, value: Any) -> None:
        assert list(faults({"data": short}, {"data": {"x": value}})) == []

    def test_many_may_come_as_one(self) -> None:
        assert list(faults({"[rows]": "x c3!"}, {"rows": {"x": "a"}})) == []
        assert list(faults({"[rows]": "x c3!"}, {"rows": [{"x": "a"}, {}]})) == ["rows.1.x：缺少"]
        assert list(faults({"row": "x c3!"}, {"row": [{"x": "a"}]})) == ["row：应为一个对象"]
        assert list(faults({"row": "x c3!"}, {})) == ["row：缺少"]


def test_choosing_an_institution_is_the_interfaces() -> None:
    plain = profile("plain")
    where = ("H53030200001", "曲水乡卫生院")
    taken = choice_made("P1", *where, "2025-06-10", plain)
    for infno, given in (("2505", taken), ("2506", choice_withdrawn("P1", "7", "换机构"))):
        envelope(infno, given, MSGID, "2025-06-10 09:00:00", SENDER, plain)
    wrong = choice_made("P1", *where, "6月10日", plain)
    with pytest.raises(UnfitError, match="begndate"):
        envelope("2505", wrong, MSGID, "2025-06-10 09:00:00", SENDER, plain)
