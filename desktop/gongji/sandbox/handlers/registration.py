"""2201 to 2205, 2505, 2506, 5302: a visit registered, described and charged, an institution chosen; no money moves."""

from typing import Any

from msgspec import to_builtins

from gongji.core.money import line_fen, plain_e4
from gongji.sandbox import people, records
from gongji.sandbox.adjudicate import by_own_catalogue, splits
from gongji.sandbox.describe import as_kept, extension, person_in_messages, visit_in_messages
from gongji.sandbox.messages import Charged, ClearLines, Described, Diagnosis, Encountered, RefusedError, Registering
from gongji.sandbox.query_messages import ChoiceQuery, Choosing, Unchoosing
from gongji.sandbox.request import Call, money

_NO_CEILING = "999999.000000"
_SPLIT = ("fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt")


def register(call: Call) -> dict[str, Any]:
    """2201. Raises `RefusedError`."""
    asked = call.node("data", Registering)
    person = call.person(asked.psn_no)
    if call.options.dedupe and records.is_settled(call.connection, call.envelope.fixmedins_code, asked.ipt_otp_no):
        raise RefusedError(f"门诊号 {asked.ipt_otp_no} 已有结算，一个门诊号只能结算一次")
    insuplc = call.envelope.insuplc_admdvs or call.envelope.mdtrtarea_admvs
    number = records.register(
        call.connection, person.certno, call.envelope.fixmedins_code, insuplc, call.at, to_builtins(asked)
    )
    return {"data": {"mdtrt_id": str(number), "psn_no": asked.psn_no, "ipt_otp_no": asked.ipt_otp_no}}


def withdraw(call: Call) -> dict[str, Any]:
    """2202. Raises `RefusedError`."""
    asked = call.node("data", Encountered)
    _open(call, asked.mdtrt_id, asked.psn_no)
    records.clear_lines(call.connection, int(asked.mdtrt_id), "0000")
    records.set_state(call.connection, int(asked.mdtrt_id), "withdrawn")
    return {}


def describe(call: Call) -> dict[str, Any]:
    """2203. Raises `RefusedError`."""
    asked = call.node("mdtrtinfo", Described)
    if call.envelope.input.get("diseinfo"):
        call.nodes("diseinfo", Diagnosis)
    encounter = _open(call, asked.mdtrt_id, asked.psn_no)
    person = call.person(asked.psn_no)
    facts = person_in_messages(asked.extension)
    if facts and not (person.own or call.options.strict):
        people.keep(call.connection, person.certno, facts, own=False)
    records.describe(call.connection, encounter.id, to_builtins(asked), asked.med_type)
    return {}


def charge(call: Call) -> dict[str, Any]:
    """2204: all lines or none. Raises `RefusedError`."""
    raw = call.envelope.input.get("feedetail")
    rows = raw if isinstance(raw, list) else [raw]
    asked: list[Charged] = call.nodes("feedetail", Charged)
    for one, row in zip(asked, rows, strict=True):
        encounter = _open(call, one.mdtrt_id, one.psn_no)
        if line_fen(one.pric, one.cnt) != one.det_item_fee_sumamt:
            raise RefusedError(f"明细 {one.feedetl_sn} 的金额不等于数量乘单价")
        if not records.add_line(call.connection, encounter.id, one.feedetl_sn, one.chrg_bchno, as_kept(row)):
            raise RefusedError(f"费用明细流水号 {one.feedetl_sn} 重复")
    visit = _told(call, asked, rows)
    apart = None if visit is None else splits(call.library, by_own_catalogue(visit, call.options.prepay))
    return {"result": [_result(one, None if apart is None else apart[place]) for place, one in enumerate(asked)]}


def _told(call: Call, asked: list[Charged], rows: list[Any]) -> dict[str, Any] | None:
    encounter = call.encounter(asked[0].mdtrt_id, asked[0].psn_no)
    if encounter.described is None:
        return None
    return visit_in_messages(encounter, call.person(asked[0].psn_no), rows, accounts=False, options=call.options)


def _result(one: Charged, split: tuple[int, int, int, int] | None) -> dict[str, Any]:
    facts = extension(one.extension, "feedetail")
    found: dict[str, Any] = {
        "feedetl_sn": one.feedetl_sn,
        "det_item_fee_sumamt": money(one.det_item_fee_sumamt),
        "cnt": plain_e4(one.cnt),
        "pric": plain_e4(one.pric),
        "pric_uplmt_amt": str(facts.get("price_ceiling") or _NO_CEILING),
        "chrgitm_lv": {"A": "01", "B": "02"}.get(str(facts.get("class")), "03"),
        "med_chrgitm_type": "09" if facts.get("category") == "drug" else "14",
        "lmt_used_flag": "0",
    }
    if split is not None:
        found |= dict(zip(_SPLIT, map(money, split), strict=True))
    return found


def clear(call: Call) -> dict[str, Any]:
    """2205. Raises `RefusedError`."""
    asked = call.node("data", ClearLines)
    encounter = _open(call, asked.mdtrt_id, asked.psn_no)
    records.clear_lines(call.connection, encounter.id, asked.chrg_bchno)
    return {}


def _open(call: Call, mdtrt_id: str, psn_no: str) -> records.Encounter:
    found = call.encounter(mdtrt_id, psn_no)
    if found.state != "open":
        raise RefusedError("该就诊已结算或已撤销")
    return found


_CHOSEN = "selected_institution"


def choose(call: Call) -> dict[str, Any]:
    """2505."""
    asked = call.node("data", Choosing)
    person = call.person(asked.psn_no)
    facts = {_CHOSEN: asked.fixmedins_code}
    people.keep(call.connection, person.certno, facts, own=person.own)
    return {"result": {"trt_dcla_detl_sn": f"X{person.rank:020d}"}}


def unchoose(call: Call) -> dict[str, Any]:
    """2506. Raises `RefusedError`."""
    asked = call.node("data", Unchoosing)
    person = call.person(asked.psn_no)
    if asked.trt_dcla_detl_sn != f"X{person.rank:020d}" or not person.facts.get(_CHOSEN):
        raise RefusedError("未找到选点备案")
    people.keep(call.connection, person.certno, {_CHOSEN: ""}, own=person.own)
    return {}


def chosen(call: Call) -> dict[str, Any]:
    """5302."""
    asked = call.node("data", ChoiceQuery)
    person = call.person(asked.psn_no)
    code = person.facts.get(_CHOSEN)
    if not code:
        return {"psnfixmedin": []}
    row = {"psn_no": asked.psn_no, "insutype": "310", "fix_srt_no": "1", "fixmedins_code": code}
    return {"psnfixmedin": [{**row, "fixmedins_name": "", "begndate": call.at[:10], "enddate": "", "memo": ""}]}
