"""A client written from public clients alone, with the standard library: the practice platform serves it to the end.

It knows nothing of this program: no extension fields, messages as those clients build them, answers read as they read
them. What passes here passes for another vendor's program as well.
"""

import base64
import io
import json
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

import pytest

from gongji.packs_on_disk import Library
from tests.support.serving import running

HOSPITAL, AREA, PERSON = "H53030200001", "530300", "530399195001010013"
DAY = "2025-06-10"


class Client:
    """Posts one transaction after another, as the clients of several provinces do."""

    def __init__(self, url: str) -> None:
        self.url, self.count, self.sign_no = url, 0, ""

    def call(self, infno: str, content: dict[str, Any], area: str = AREA) -> dict[str, Any]:
        self.count += 1
        message = {
            "infno": infno, "msgid": f"{HOSPITAL}20250610093000{self.count:04d}", "mdtrtarea_admvs": "530302",
            "insuplc_admdvs": area, "recer_sys_code": "MBS_LOCAL", "dev_no": "", "dev_safe_info": "", "cainfo": "",
            "signtype": "", "infver": "V1.0", "opter_type": "1", "opter": "001", "opter_name": "收费员",
            "inf_time": f"{DAY} 09:30:00", "fixmedins_code": HOSPITAL, "fixmedins_name": "曲水乡卫生院",
            "sign_no": self.sign_no, "input": content,
        }  # fmt: skip
        body = json.dumps(message, ensure_ascii=False).encode()
        request = urllib.request.Request(f"{self.url}/fsi/api", body, {"Content-Type": "application/json"})  # noqa: S310
        with urllib.request.urlopen(request) as response:  # noqa: S310
            raw = response.read()
        if infno == "9102":
            return {"file": raw}
        answer = json.loads(raw)
        assert str(answer["infcode"]) == "0", answer["err_msg"]
        output = answer["output"]
        return {} if output is None else json.loads(output) if isinstance(output, str) else output

    def msgid(self) -> str:
        return f"{HOSPITAL}20250610093000{self.count:04d}"


@pytest.fixture
def client(tmp_path: Path, library: Library) -> Any:
    with running(tmp_path, library) as there:
        told = {"id": PERSON, "area": AREA, "name": "张秀英", "status": "retired", "balance": "50.00"}
        there.control("people", told)
        yield Client(there.url)


def settled(client: Client, number: str) -> dict[str, Any]:
    """Take one visit from signing in to its settlement; return the settlement and what it was made from."""
    signed = client.call("9001", {"signIn": {"opter_no": "001", "mac": "00-11-22-33-44-55", "ip": "10.1.2.3"}})
    client.sign_no = signed["signinoutb"]["sign_no"]
    certificate = {"mdtrt_cert_type": "02", "mdtrt_cert_no": PERSON, "psn_cert_type": "01", "certno": PERSON}
    who = client.call("1101", {"data": {**certificate, "psn_name": "张秀英", "begntime": f"{DAY} 09:30:00"}})
    rows = who["insuinfo"] if isinstance(who["insuinfo"], list) else [who["insuinfo"]]
    insured = next(row for row in rows if row["insutype"] == "310" and str(row["psn_insu_stas"]) == "1")
    psn_no, area = who["baseinfo"]["psn_no"], insured["insuplc_admdvs"]
    base = {**certificate, "psn_no": psn_no, "psn_name": "张秀英", "psn_type": insured["psn_type"]}
    base["insutype"] = "310"
    doctor = {"atddr_no": "D530302000123", "dr_name": "王医生", "dept_code": "A03", "dept_name": "内科", "caty": "A03"}
    visit = {"begntime": f"{DAY} 09:30:00", "ipt_otp_no": number, **doctor}
    mdtrt_id = client.call("2201", {"data": {**base, **visit}}, area)["data"]["mdtrt_id"]
    known = {"psn_no": psn_no, "mdtrt_id": mdtrt_id}
    info = {**known, "med_type": "11", "begntime": f"{DAY} 09:30:00", "dise_codg": "", "dise_name": ""}
    disease = {
        "diag_type": "1", "diag_srt_no": 1, "diag_code": "J06.900", "diag_name": "上呼吸道感染", "diag_dept": "内科",
        "dise_dor_no": "D530302000123", "dise_dor_name": "王医生", "diag_time": f"{DAY} 09:30:00", "vali_flag": "1",
    }  # fmt: skip
    client.call("2203", {"mdtrtinfo": info, "diseinfo": [disease]}, area)
    lines = [
        {
            **known, "feedetl_sn": str(place), "chrg_bchno": number, "rx_circ_flag": "0", "hosp_appr_flag": "0",
            "fee_ocur_time": f"{DAY} 09:30:00", "med_list_codg": code, "medins_list_codg": code, "pric": price,
            "cnt": 2, "det_item_fee_sumamt": 2 * price, "bilg_dept_codg": "A03", "bilg_dept_name": "内科",
            "bilg_dr_codg": "D530302000123", "bilg_dr_name": "王医生",
        }
        for place, (code, price) in enumerate((("XA02BC", 30), ("XJ01CA", 25.5)), 1)
    ]  # fmt: skip
    bill = client.call("2204", {"feedetail": lines}, area)["result"]
    names = {"fulamt_ownpay_amt": "fulamt_ownpay_amt", "overlmt_selfpay": "overlmt_amt",
             "preselfpay_amt": "preselfpay_amt", "inscp_scp_amt": "inscp_scp_amt"}  # fmt: skip
    sums = {name: round(sum(float(row.get(field) or 0) for row in bill), 2) for name, field in names.items()}
    asked = {
        **base, **known, "med_type": "11", "medfee_sumamt": 111, "psn_setlway": "01", "chrg_bchno": number,
        "acct_used_flag": "1",
    }  # fmt: skip
    before = client.call("2206", {"data": asked}, area)["setlinfo"]
    after = client.call("2207", {"data": {**asked, **sums, "invono": ""}}, area)["setlinfo"]
    assert {name: after[name] for name in ("medfee_sumamt", "fund_pay_sumamt", "psn_cash_pay")} == {
        name: before[name] for name in ("medfee_sumamt", "fund_pay_sumamt", "psn_cash_pay")
    }
    assert after["medins_setl_id"] == client.msgid()
    return {**after, "psn_no": psn_no, "area": area, "msgid": client.msgid()}


def statement(client: Client, rows: list[dict[str, Any]]) -> tuple[str, list[list[str]]]:
    """Compare a day in sum, and row by row; return the result of both."""
    total, fund, account, cash = (
        round(sum(float(row[name]) for row in rows), 2)
        for name in ("medfee_sumamt", "fund_pay_sumamt", "acct_pay", "psn_cash_pay")
    )
    stated = {"setl_optins": AREA, "stmt_begndate": DAY, "stmt_enddate": DAY, "medfee_sumamt": total,
              "fund_pay_sumamt": fund, "fixmedins_setl_cnt": len(rows), "clr_type": "11"}  # fmt: skip
    asked = {**stated, "insutype": "310", "acct_pay": account}
    result = client.call("3201", {"data": asked})["stmtinfo"]["stmt_rslt"]
    names = ("setl_id", "mdtrt_id", "psn_no", "medfee_sumamt", "fund_pay_sumamt", "acct_pay")
    text = "".join("\t".join([*(str(row[name]) for name in names), "0"]) + "\n" for row in rows)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("stmt.txt", text)
    signed = [one - 256 if one > 127 else one for one in out.getvalue()]  # a Java byte[]
    up = {"in": signed, "filename": "stmt.zip", "fixmedins_code": HOSPITAL}
    number = client.call("9101", {"fsUploadIn": up})["file_qury_no"]
    told = client.call("3202", {"data": {**stated, "file_qury_no": number, "cash_payamt": cash}})["fileinfo"]
    down = {"file_qury_no": told["file_qury_no"], "filename": told["filename"], "fixmedins_code": "plc"}
    content = client.call("9102", {"fsDownloadIn": down})["file"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = archive.read(archive.namelist()[0]).decode()
    return str(result), [row.split("\t") for row in found.splitlines()]


def test_a_day_of_another_vendors_program(client: Client) -> None:
    first, second = settled(client, "MZ0001"), settled(client, "MZ0002")
    for one in (first, second):
        whole = float(one["fund_pay_sumamt"]) + float(one["psn_part_amt"]) + float(one["hosp_part_amt"])
        assert whole == float(one["medfee_sumamt"]) == 111
        assert float(one["acct_pay"]) + float(one["psn_cash_pay"]) == pytest.approx(float(one["psn_part_amt"]))
    assert statement(client, [first, second])[0].strip("0") == ""
    key = {name: first[name] for name in ("psn_no", "mdtrt_id", "setl_id")}
    assert client.call("5203", {"data": key}, first["area"])["setlinfo"]["refd_setl_flag"] in {"0", 0}
    client.call("2208", {"data": key}, first["area"])
    assert client.call("5203", {"data": key}, first["area"])["setlinfo"]["refd_setl_flag"] in {"1", 1}
    reversal = {"psn_no": second["psn_no"], "omsgid": second["msgid"], "oinfno": "2207"}
    client.call("2601", {"data": reversal}, second["area"])
    assert statement(client, [])[0].strip("0") == ""
    third = settled(client, "MZ0003")
    result, rows = statement(client, [])  # a settlement the institution has lost
    assert result.strip("0") != ""
    assert third["msgid"] in [row[3] for row in rows]


def test_base64_is_taken_as_well(client: Client) -> None:
    content = {"in": base64.b64encode(b"PK").decode(), "filename": "x", "fixmedins_code": HOSPITAL}
    assert client.call("9101", {"fsUploadIn": content})["file_qury_no"]
