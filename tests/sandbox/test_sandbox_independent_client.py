"""A client written from public clients alone, with the standard library: the practice platform serves it to the end.

It knows nothing of this program: no extension fields, messages as those clients build them, answers read as they read
them. What passes here passes for another vendor's program as well.
"""

import base64
import hashlib
import hmac
import io
import json
import urllib.request
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gongji.pack_files.library import Library
from gongji.sandbox.auth import CallerRules, Gatekeeper
from tests.support.driving import NOW
from tests.support.serving import running

HOSPITAL, AREA, PERSON = "H53030200001", "530300", "530399195001010013"
DAY = "2025-06-10"


class Ways(NamedTuple):
    """What a region wants said differently, as its own public clients do it."""

    scheme: str = ""
    api_name: str = ""
    paths: str = "root"
    numbers: dict[str, str] = {}
    node: str = ""
    needs_disease: bool = False
    is_stated_by_insured_area: bool = False


REGIONS = {
    "": Ways(),
    "hebei": Ways("x-tif", paths="service", numbers={"2207": "2207A"}),
    "zhejiang": Ways("x-ca", paths="service", numbers={"2203": "2203A", "2206": "2206A", "2207": "2207A"}),
    "hunan": Ways("_api_", needs_disease=True),
    "jiangxi": Ways("_api_"),
    "guangdong": Ways("x-tif", paths="number", node="mdtrtinfo", is_stated_by_insured_area=True),
    "jiangsu": Ways("_api_", api_name="hssServives"),
}
SERVICES = {
    "9001": "signInSignOutService/signIn", "1101": "fsiPsnInfoService/queryPsnInfo",
    "2201": "outpatientDocInfoService/outpatientRregistration",
    "2203": "outpatientDocInfoService/outpatientMdtrtinfoUp",
    "2203A": "outpatientDocInfoService/outpatientMdtrtinfoUpA",
    "2204": "outpatientDocInfoService/outpatientFeeListUp", "2206": "outpatientSettleService/preSettletment",
    "2206A": "outpatientSettleService/preSettletmentA", "2207A": "outpatientSettleService/saveSettletment",
    "2208": "outpatientSettleService/cancleSettletment", "2601": "reverseService/revsMethod",
    "3201": "ybSettlementStmtService/stmtTotal", "3202": "ybSettlementStmtService/stmtDetail",
    "5203": "fsiIntegratedQueryService/querySetlInfo", "9101": "fileupload/upload", "9102": "fileupload/download",
}  # fmt: skip
RENAMED_NODES = {"2201", "2202", "2206", "2207", "2208"}
CALLER, SECRET = "hospital-0001", "s3cret"


def signature(scheme: str, api_name: str, infno: str, body: bytes, count: int) -> dict[str, str]:
    """Return the headers by which a gateway knows who calls, with the standard library's own digests."""
    seconds = int(NOW.timestamp())
    if scheme == "x-tif":
        nonce = f"nonce-{count}"
        sealed = hashlib.sha256(f"{seconds}{SECRET}{nonce}{seconds}".encode()).hexdigest()
        return {
            "x-tif-paasid": CALLER, "x-tif-timestamp": str(seconds), "x-tif-nonce": nonce, "x-tif-signature": sealed,
        }  # fmt: skip
    if scheme == "x-ca":
        at = str(seconds * 1000)
        sealed = hmac.new(SECRET.encode(), at.encode() + b"\n" + body, "sm3").hexdigest().upper()
        return {"x-ca-key": CALLER, "x-ca-signature": f"{at}:{sealed}"}
    if scheme == "_api_":
        named = {
            "_api_access_key": CALLER, "_api_name": api_name or infno, "_api_timestamp": str(seconds * 1000),
            "_api_version": "1.0.0",
        }  # fmt: skip
        text = "&".join(f"{name}={value}" for name, value in sorted(named.items()))
        mac = hmac.new(SECRET.encode(), text.encode(), "sha1").digest()
        return {**named, "_api_signature": base64.b64encode(mac).decode()}
    return {}


class Client:
    """Posts one transaction after another, as the clients of several provinces do."""

    def __init__(self, url: str, ways: Ways) -> None:
        self.url, self.ways, self.count, self.sign_no = url, ways, 0, ""

    def path(self, infno: str) -> str:
        match self.ways.paths:
            case "service":
                return f"/fsi/api/{SERVICES[infno]}"
            case "number":
                return f"/fsi/api/{infno}"
            case _:
                return "/fsi/api"

    def call(self, national: str, content: dict[str, Any], area: str = AREA) -> dict[str, Any]:
        self.count += 1
        infno = self.ways.numbers.get(national, national)
        if self.ways.node and national in RENAMED_NODES:
            content = {self.ways.node: content["data"]}
        message = {
            "infno": infno, "msgid": f"{HOSPITAL}20250610093000{self.count:04d}", "mdtrtarea_admvs": "530302",
            "insuplc_admdvs": area, "recer_sys_code": "MBS_LOCAL", "dev_no": "", "dev_safe_info": "", "cainfo": "",
            "signtype": "", "infver": "V1.0", "opter_type": "1", "opter": "001", "opter_name": "收费员",
            "inf_time": f"{DAY} 09:30:00", "fixmedins_code": HOSPITAL, "fixmedins_name": "曲水乡卫生院",
            "sign_no": self.sign_no, "input": content,
        }  # fmt: skip
        body = json.dumps(message, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        headers |= signature(self.ways.scheme, self.ways.api_name, infno, body, self.count)
        request = urllib.request.Request(f"{self.url}{self.path(infno)}", body, headers)  # noqa: S310
        with urllib.request.urlopen(request) as response:  # noqa: S310
            raw = response.read()
        if national == "9102":
            return {"file": raw}
        answer = json.loads(raw)
        assert str(answer.get("infcode")) == "0", answer
        output = answer["output"]
        return {} if output is None else json.loads(output) if isinstance(output, str) else output

    def msgid(self) -> str:
        return f"{HOSPITAL}20250610093000{self.count:04d}"


@pytest.fixture(params=REGIONS)
def client(request: pytest.FixtureRequest, tmp_path: Path, library: Library) -> Any:
    name = str(request.param)
    ways, keeper = REGIONS[name], None
    if ways.scheme:
        rules = CallerRules(scheme=ways.scheme, identity=CALLER, secret=SECRET, api_name=ways.api_name)  # type: ignore[arg-type]  # one of them
        keeper = Gatekeeper(rules, lambda: NOW)
    with running(tmp_path, library, gatekeeper=keeper, region=name) as there:
        told = {"id": PERSON, "area": AREA, "name": "张秀英", "status": "retired", "balance": "50.00"}
        there.control("people", told)
        yield Client(there.url, ways)


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
    if client.ways.needs_disease:
        info |= {"dise_codg": "J06.900", "dise_name": "上呼吸道感染"}
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


def statement(client: Client, rows: list[dict[str, Any]], area: str = AREA) -> tuple[str, list[list[str]]]:
    """Compare a day in sum, and row by row; return the result of both."""
    total, fund, account, cash = (
        round(sum(float(row[name]) for row in rows), 2)
        for name in ("medfee_sumamt", "fund_pay_sumamt", "acct_pay", "psn_cash_pay")
    )
    agency = (rows[0]["area"] if rows else area) if client.ways.is_stated_by_insured_area else AREA
    stated = {"setl_optins": agency, "stmt_begndate": DAY, "stmt_enddate": DAY, "medfee_sumamt": total,
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
    settling = client.ways.numbers.get("2207", "2207")
    reversal = {"psn_no": second["psn_no"], "omsgid": second["msgid"], "oinfno": settling}
    client.call("2601", {"data": reversal}, second["area"])
    assert statement(client, [])[0].strip("0") == ""
    third = settled(client, "MZ0003")
    result, rows = statement(client, [], third["area"])  # a settlement the institution has lost
    assert result.strip("0") != ""
    assert third["msgid"] in [row[3] for row in rows]


@pytest.mark.parametrize("client", [""], indirect=True)
def test_base64_is_taken_as_well(client: Client) -> None:
    content = {"in": base64.b64encode(b"PK").decode(), "filename": "x", "fixmedins_code": HOSPITAL}
    assert client.call("9101", {"fsUploadIn": content})["file_qury_no"]
