"""3201 and 3202: equal to the fen, or told what is not and by which message it can be undone."""

import base64
import io
import zipfile
from typing import Any

from gongji.payer.read_answers import Answer
from gongji.sandbox.handlers.statements import zipped
from gongji.sandbox.payer import Payer
from tests.support.clinic import PERSON
from tests.support.driving import Clinic, visit

DAY = "2025-06-10"


def totals(clinic: Clinic, count: int, total: str, fund: str, account: str = "0.00") -> str:
    data = {
        "insutype": "310",
        "clr_type": "11",
        "setl_optins": "530300",
        "stmt_begndate": DAY,
        "stmt_enddate": DAY,
        "medfee_sumamt": total,
        "fund_pay_sumamt": fund,
        "acct_pay": account,
        "fixmedins_setl_cnt": str(count),
    }
    return str(clinic.say("3201", {"data": data}).output["stmtinfo"]["stmt_rslt"])


def details(clinic: Clinic, rows: list[list[str]]) -> list[list[str]]:
    archive = zipped({"detail.txt": "".join("\t".join(row) + "\n" for row in rows)})
    sent = {"in": base64.b64encode(archive).decode(), "filename": "detail.zip", "fixmedins_code": clinic.institution}
    number = clinic.say("9101", {"fsUploadIn": sent}).output["file_qury_no"]
    data = {
        "setl_optins": "530300",
        "file_qury_no": number,
        "stmt_begndate": DAY,
        "stmt_enddate": DAY,
        "medfee_sumamt": "0",
        "fund_pay_sumamt": "0",
        "cash_payamt": "0",
        "fixmedins_setl_cnt": str(len(rows)),
    }
    answer: Answer = clinic.say("3202", {"data": data})
    asked = {**answer.output["fileinfo"], "fixmedins_code": clinic.institution}
    _, body = clinic.message("9102", {"fsDownloadIn": asked})
    content = clinic.payer.file(body)
    assert content is not None
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        return [line.split("\t") for line in found.read("result.txt").decode().splitlines()]


def test_a_day_s_sums(clinic: Clinic) -> None:
    assert totals(clinic, 0, "0.00", "0.00") == "0"
    clinic.settled(visit("A", accounts={"own": {"balance": "5.00"}}))
    clinic.settled(visit("B"))
    assert totals(clinic, 2, "200.00", "91.00", "5.00") == "0"
    assert totals(clinic, 2, "200.00", "91.01", "5.00") == "3"
    assert totals(clinic, 1, "100.00", "45.50", "5.00") == "1"
    assert totals(clinic, 3, "300.00", "136.50", "5.00") == "2"


def test_what_was_cancelled_the_same_day_is_nothing(clinic: Clinic) -> None:
    sheet, _, _, _ = clinic.settled(visit("A"))
    clinic.do("2208", sheet)
    assert totals(clinic, 0, "0.00", "0.00") == "0"


def test_what_was_undone_has_never_been(clinic: Clinic) -> None:
    sheet, msgid, _, _ = clinic.settled(visit("A"))
    clinic.reverse(sheet, msgid)
    assert totals(clinic, 0, "0.00", "0.00") == "0"
    assert details(clinic, []) == []


def test_another_institution_s_are_not_counted(clinic: Clinic, payer: Payer) -> None:
    clinic.settled(visit("A"))
    assert totals(Clinic(payer, clinic.library, "H53030200099"), 0, "0.00", "0.00") == "0"


def test_row_by_row(clinic: Clinic) -> None:
    one, _, first, _ = clinic.settled(visit("A"))
    two, _, second, _ = clinic.settled(visit("B"))
    _, surplus, _, _ = clinic.settled(visit("C"))
    gone, _, fourth, _ = clinic.settled(visit("D"))
    reversal, _ = clinic.do("2208", gone)
    psn_no = clinic.say("1101", {"data": _certificate()}).output["baseinfo"]["psn_no"]
    rows = [
        [first.setl_id, one.mdtrt_id, psn_no, "100.00", "45.50", "0.00", "0"],
        [second.setl_id, two.mdtrt_id, psn_no, "100.00", "45.51", "0.00", "0"],
        ["999", "999", psn_no, "1.00", "0.00", "0.00", "0"],
        [fourth.setl_id, gone.mdtrt_id, psn_no, "100.00", "45.50", "0.00", "0"],
    ]
    found = details(clinic, rows)
    assert [(row[2], row[4]) for row in found] == [
        (first.setl_id, "0"),
        (second.setl_id, "3"),
        ("999", "2"),
        (fourth.setl_id, "0"),
        ("null", "1"),
        ("null", "1"),
    ]
    assert {row[3] for row in found[-2:]} == {surplus, reversal}  # what 2601 would be told
    assert found[-1][5:] == ["1", "机构没有这一笔", "-100.00", "-45.50", "0.00"]


def _certificate() -> dict[str, Any]:
    return {"mdtrt_cert_type": "02", "mdtrt_cert_no": PERSON["id"]}


def test_a_file_that_is_none_is_refused(clinic: Clinic) -> None:
    for content in (
        b"no zip",
        zipped({"a.txt": "1\t2\n"}),
        zipped({"a.txt": b"\xff"}),
    ):
        sent = {"in": base64.b64encode(content).decode(), "filename": "x", "fixmedins_code": clinic.institution}
        number = clinic.say("9101", {"fsUploadIn": sent}).output["file_qury_no"]
        asked = {"setl_optins": "530300", "file_qury_no": number, "stmt_begndate": DAY, "stmt_enddate": DAY}
        sums = {"medfee_sumamt": "0", "fund_pay_sumamt": "0", "cash_payamt": "0", "fixmedins_setl_cnt": "0"}
        answer = clinic.say("3202", {"data": asked | sums})
        assert not answer.ok
        assert "对账文件" in answer.text
