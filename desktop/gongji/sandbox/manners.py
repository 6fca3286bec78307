"""地区口气: how regions were seen to speak, played by the practice platform (`gongji sandbox --region NAME`).

What a region wants of a message (numbers, nodes, line numbers, codes) and how it words what it says: nulls, arrays,
texts for objects, long numbers, the cause of a refusal in the middle of its words. Made from public clients, recorded
messages and provincial documents; `made_from` says from which, `unproven` what nobody could see.
"""

import re
from collections.abc import Callable
from typing import Any, Literal

from msgspec import Struct, json

from gongji.sandbox.auth import RegionGate
from gongji.sandbox.messages import Envelope, RefusedError

_NOT_ABOUT_SOMEBODY = ("3301", "9001", "9101", "9102", "1101", "3201", "3202", "13")
_OURS = re.compile(r"^\[E[\w-]+\] ?")
_WORDS = {
    "[E2601-NOT-FOUND]": "未查询到原交易信息",
    "[E2601-REVERSED]": "调用业务基础子系统冲正失败:冲正的结算信息退费结算标志不为未退费，不能办理冲正交易",
    "[E2208-REVERSED]": "该结算退费结算标志不为未退费",
    "[E5203-NOT-FOUND]": "未查询到结算信息",
    "[E5204-NOT-FOUND]": "未查询到费用明细",
}
"""What the regions say for what this platform would say."""


class Manner(Struct, frozen=True, kw_only=True):
    """How one region speaks; the defaults are as the national document has it.

    `numbers` are its own for transactions, `nodes` its own for nodes of an input (`"2201.mdtrtinfo"` for `data`).
    `by_agency` states the settlements of one clearing agency alone, which is the insured area's.
    `around` is what stands about any refusal. `area` turns an insured area into the one that 1101 tells and every
    message about somebody has to carry.
    """

    title: str
    made_from: str
    unproven: str
    numbers: dict[str, str] = {}
    nodes: dict[str, str] = {}
    around: str = "{text}"
    success: str | None = None
    infcode: Literal["number", "text"] = "number"
    amounts: Literal["number", "text"] = "number"
    output: Literal["object", "text"] = "object"
    area: str = ""
    lines_as_array: bool = True
    lines_need_settlement: bool = False
    digits_for_lines: bool = False
    needs_disease: bool = False
    needs_diagnosis: bool = True
    loose_person: bool = False
    nothing_is_null: bool = True
    reversal: Literal["plain", "negative", "nulls"] = "plain"
    file_number: str = ""
    by_agency: bool = False
    gate: RegionGate = RegionGate()

    def number(self, infno: str) -> str:
        """Return the national number of a transaction that came under the region's own; as it is where it is none."""
        own = {theirs: national for national, theirs in self.numbers.items()}
        return own.get(infno, infno)

    def insured_area(self, area: str) -> str:
        """Return the area code that 1101 reports for an insured area."""
        return f"{area[:4]}{self.area}" if self.area else area


def objection(manner: Manner, envelope: Envelope) -> str:
    """Return why a region refuses a message that the national document would let through; empty where it does not."""
    infno = envelope.infno
    if infno in manner.numbers:
        return f"交易编号 {infno} 不存在"
    if not infno.startswith(_NOT_ABOUT_SOMEBODY) and not envelope.insuplc_admdvs.endswith(manner.area):
        return "参保地医保区划与人员参保信息不符"
    national = manner.number(infno)
    if manner.digits_for_lines and national == "2204":
        rows = envelope.input.get("feedetail")
        numbers = [str(row.get("feedetl_sn")) for row in (rows if isinstance(rows, list) else [rows]) if row]
        if any(not one.isdigit() or len(one) > 15 or not one.strip("0") for one in numbers):  # noqa: PLR2004
            return "费用明细流水号只能为不超过 15 位的数字"
    if manner.needs_disease and national == "2203":
        node = envelope.input.get("mdtrtinfo")
        if not isinstance(node, dict) or not node.get("dise_codg"):
            return "病种编码不能为空"
    if fault := manner.gate.file_objection(national, envelope.input):
        return fault
    if manner.needs_diagnosis and national == "2203" and not envelope.input.get("diseinfo"):
        return "诊断信息不能为空"
    if manner.lines_need_settlement and national == "5204":
        asked = envelope.input.get("data")
        if not isinstance(asked, dict) or not asked.get("setl_id"):
            return "结算ID不能为空"
    return ""


def understood(manner: Manner, envelope: Envelope) -> dict[str, Any]:
    """Return an input under the national names of its nodes."""
    national = manner.number(envelope.infno)
    return {manner.nodes.get(f"{national}.{name}", name): value for name, value in envelope.input.items()}


def refusal(manner: Manner, text: str) -> str:
    """Return how a region words a refusal."""
    plain = next((theirs for ours, theirs in _WORDS.items() if ours in text), _OURS.sub("", text))
    return manner.around.format(text=plain)


def as_the_region_answers(manner: Manner, infno: str, answer: bytes) -> bytes:
    """Return an answer of the national kind as a region gives it."""
    value = json.decode(answer)
    for name in ("infno", "msgid"):
        value.pop(name, None)
    accepted = str(value["infcode"]) == "0"
    value["infcode"] = str(value["infcode"]) if manner.infcode == "text" else value["infcode"]
    value["err_msg"] = manner.success if accepted else refusal(manner, value["err_msg"])
    value["output"] = _output(manner, infno, value["output"]) if accepted else None
    if manner.loose_person:
        value["respond_time"] = f"{value['respond_time']}456"
    return json.encode(value)


def _output(manner: Manner, infno: str, output: dict[str, Any]) -> Any:
    for change in _CHANGES.get(manner.number(infno), ()):
        output = change(manner, output)
    found: Any = output or None
    if manner.number(infno) == "5204" and manner.lines_as_array:
        found = output.get("feedetail")
    if manner.amounts == "text":
        found = _as_text(found)
    return json.encode(found).decode() if manner.output == "text" and found is not None else found


def _as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_text(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_as_text(part) for part in value]
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _person(manner: Manner, output: dict[str, Any]) -> dict[str, Any]:
    rows = [{**row, "insuplc_admdvs": manner.insured_area(row["insuplc_admdvs"])} for row in output["insuinfo"]]
    base = output["baseinfo"]
    if manner.loose_person:
        elsewhere = {**rows[0], "psn_insu_stas": "4", "balc": 9999, "insuplc_admdvs": "999999"}
        rows = [*rows, elsewhere, {"insutype": "390", "psn_type": None, "balc": None}]
        base = {**base, "psn_cert_type": "", "naty": None, "brdy": f"{base.get('brdy')} 00:00:00", "exp_content": None}
    return {**output, "baseinfo": base, "insuinfo": rows, "idetinfo": None}


def _reversed(manner: Manner, output: dict[str, Any]) -> dict[str, Any]:
    info = output["setlinfo"]
    if manner.reversal == "nulls":
        info = {**info, **dict.fromkeys(("psn_part_amt", "hosp_part_amt", "acct_mulaid_pay", "psn_cash_pay"))}
    elif manner.reversal == "negative":
        info = {name: -value if isinstance(value, int | float) else value for name, value in info.items()}
    return {**output, "setlinfo": info}


def _nothing(node: str) -> "Change":
    def change(manner: Manner, output: dict[str, Any]) -> dict[str, Any]:
        return {**output, node: output.get(node) or (None if manner.nothing_is_null else [])}

    return change


def _file(manner: Manner, output: dict[str, Any]) -> dict[str, Any]:
    if not manner.file_number:
        return output
    where = output.get("fileinfo", output)
    longer = {**where, "file_qury_no": manner.file_number.format(where["file_qury_no"])}
    return {**output, "fileinfo": longer} if "fileinfo" in output else longer


Change = Callable[[Manner, dict[str, Any]], dict[str, Any]]
_CHANGES: dict[str, tuple[Change, ...]] = {
    "1101": (_person,),
    "2208": (_reversed,),
    "5201": (_nothing("mdtrtinfo"),),
    "5206": (_nothing("cuminfo"),),
    "9101": (_file,),
    "3202": (_file,),
    **dict.fromkeys(("1301", "1302", "1305", "1306", "1390"), (_file,)),
}


def file_number(text: str) -> str:
    """Return this platform's own number of a file that came back under a region's long one."""
    found = re.findall(r"\d+", text)
    return found[-1] if found else text


_HIGHS = "FSI-{text}[outpatientSettleBO_40](1f2e3d@10.1.2.3)"
_GATEWAYS = "网关和证书；错误码；2207 重复时的说法；时限"
_NODES_OF_GUANGDONG = {f"{infno}.mdtrtinfo": "data" for infno in ("2201", "2202", "2206", "2207", "2208")} | {
    "3301.catalogcompin": "data"
}

MANNERS = {
    "hebei": Manner(
        title="河北样",
        made_from="openhis 内蒙古分支的客户端及其中录下的 1101、2201–2208 答复",
        unproven=_GATEWAYS,
        numbers={"2207": "2207A"},
        gate=RegionGate(scheme="x-tif", paths="service"),
        around=_HIGHS,
        area="99",
        reversal="nulls",
        loose_person=True,
        file_number="fsi/plc/a1b2c3d4e5f60718293a4b5c6d7e8f/{}",
    ),
    "zhejiang": Manner(
        title="浙江样",
        made_from="xdl 测试程序里录下的 1101–2208、2601 答复",
        unproven=_GATEWAYS,
        numbers={"2203": "2203A", "2206": "2206A", "2207": "2207A"},
        gate=RegionGate(scheme="x-ca", paths="service"),
        around=_HIGHS,
        success="success",
        area="99",
        reversal="negative",
        file_number="M00/00/00/CqABC2ZxYzSAQw1bAAAAAAAAAAA/{}",
    ),
    "hunan": Manner(
        title="湖南样",
        made_from="湖南省接口规范 V1.3 及其客户端、hsa-his 的注释",
        unproven=_GATEWAYS,
        gate=RegionGate(scheme="_api_", paths="root"),
        around="FSI-{text}[fileBO_156]",
        infcode="text",
        lines_need_settlement=True,
        digits_for_lines=True,
        needs_disease=True,
    ),
    "jiangxi": Manner(
        title="江西样",
        made_from="江西省接口规范（XJ-K01-2020）及芦溪中医院的客户端",
        unproven=_GATEWAYS,
        gate=RegionGate(scheme="_api_", paths="root"),
        amounts="text",
        lines_need_settlement=True,
    ),
    "guangdong": Manner(
        title="广东样",
        made_from="IBORN_HIS_ALL 的广州、佛山客户端",
        unproven=f"{_GATEWAYS}；基金支付是否含个人账户（珠海有含的说法）",
        nodes=_NODES_OF_GUANGDONG,
        gate=RegionGate(scheme="x-tif", paths="number", signed_bytes=True),
        around=_HIGHS,
        area="99",
        loose_person=True,
        by_agency=True,
    ),
    "jiangsu": Manner(
        title="江苏样",
        made_from="南京与江苏 CSB 客户端（五处 _api_name 为常量）、YB 模拟平台的文本 output",
        unproven=f"{_GATEWAYS}；output 为文本出自同族客户端，不是录下的答复",
        around="[{text}]",
        success="成功",
        infcode="text",
        output="text",
        lines_as_array=False,
        gate=RegionGate(scheme="_api_", paths="root", api_name="hssServives"),
    ),
}
"""Every region that can be played, by its name."""


def manner_named(name: str) -> Manner:
    """Return a region's manner; `RefusedError` where it is not known."""
    if name not in MANNERS:
        raise RefusedError(f"没有地区 {name}，现有 {'、'.join(MANNERS)}")
    return MANNERS[name]
