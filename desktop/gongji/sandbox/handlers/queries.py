"""9001, 1101, 5201, 5203, 5204, 5206: what can be asked without changing anything."""

import datetime
from typing import Any

from gongji.core.identity import birth_date, is_identity_number, sex
from gongji.sandbox import people, records
from gongji.sandbox.handlers.settlement import settled_node, settlement_named
from gongji.sandbox.messages import Cancelling, RefusedError, SignIn, WhoIs
from gongji.sandbox.query_messages import EntitlementQuery, LinesQuery, TotalsQuery, Visits, VoucherQuery
from gongji.sandbox.request import Call, money, name_of

INSUTYPE = "310"
TOKEN = "EC"  # noqa: S105  # what one looks like
"""What the token of an e-voucher begins with."""
NO_SETTLEMENT = "[E5203-NOT-FOUND] 未找到结算"
NO_LINES = "[E5204-NOT-FOUND] 未找到就诊的明细"


def sign_in(call: Call) -> dict[str, Any]:
    """9001."""
    call.node("signIn", SignIn)
    digits = "".join(one for one in call.at if one.isdigit())
    return {"signinoutb": {"sign_time": call.at, "sign_no": f"{call.envelope.fixmedins_code}{digits}"[:30]}}


def who_is(call: Call) -> dict[str, Any]:
    """1101. Raises `RefusedError` for nobody, or an expired code."""
    asked = call.node("data", WhoIs)
    if asked.mdtrt_cert_type == "01" and not asked.mdtrt_cert_no.startswith(TOKEN):
        raise RefusedError("电子凭证令牌无效")
    person = call.person(asked.certno or asked.mdtrt_cert_no, asked.psn_name)
    facts = person.facts
    born = birth_date(person.certno) if is_identity_number(person.certno) else None
    today = datetime.date.fromisoformat(call.at[:10])
    area = facts.get("area") or call.envelope.insuplc_admdvs or call.envelope.mdtrtarea_admvs
    civil = "civil_servant" in (facts.get("supplements") or ())
    return {
        "baseinfo": {
            "psn_no": person.psn_no,
            "psn_cert_type": "01",
            "certno": person.certno,
            "psn_name": name_of(person),
            "gend": {"男": "1", "女": "2"}[sex(person.certno)] if born else "9",
            "naty": "01",
            "brdy": "" if born is None else born.isoformat(),
            "age": 0 if born is None else today.year - born.year - ((today.month, today.day) < (born.month, born.day)),
        },
        "insuinfo": [
            {
                "balc": money(people.balance(call.connection, person.certno) or 0),
                "insutype": INSUTYPE,
                "psn_type": people.psn_type(facts),
                "psn_insu_stas": "1" if facts.get("entitled", True) else "2",
                "psn_insu_date": "2020-01-01",
                "cvlserv_flag": "1" if civil else "0",
                "insuplc_admdvs": str(area),
                "emp_name": "",
            }
        ],
        "idetinfo": [],
    }


def decode_voucher(call: Call) -> dict[str, Any]:
    """1162: a code that is known becomes a token, by which 1101 and every other message knows the person.

    Raises `RefusedError` for a code that is not.
    """
    asked = call.node("data", VoucherQuery)
    certno = call.options.vouchers.get(asked.ecQrCode)
    if certno is None:
        raise RefusedError("电子凭证二维码已失效，请刷新后重新扫码")
    person = call.person(certno)
    return {
        "data": {
            "idNo": certno,
            "idType": "01",
            "userName": name_of(person),
            "ecToken": f"{TOKEN}{person.rank:024d}",
            "insuOrg": str(person.facts.get("area") or ""),
        }
    }


def entitlement(call: Call) -> dict[str, Any]:
    """2001: whether somebody is entitled, one check for the basic fund."""
    asked = call.node("data", EntitlementQuery)
    person = call.person(asked.psn_no)
    is_entitled = bool(person.facts.get("entitled", True))
    return {
        "trtinfo": [
            {
                "psn_no": asked.psn_no,
                "trt_chk_type": "01",
                "fund_pay_type": "310101",
                "trt_enjymnt_flag": "1" if is_entitled else "0",
                "begndate": call.at[:10],
                "enddate": None,
                "trt_chk_rslt": "" if is_entitled else "参保人已暂停参保，不享受待遇",
            }
        ]
    }


def totals(call: Call) -> dict[str, Any]:
    """5206: every accumulator, under our own names, by the year it began in."""
    asked = call.node("data", TotalsQuery)
    person = call.person(asked.psn_no)
    rows = []
    for scope, name, fen in people.all_figures(call.connection, person.certno):
        area, _, year_from = scope.partition("/")
        insured = area if call.options.manner is None else call.options.manner.insured_area(area)
        is_here = insured == (call.envelope.insuplc_admdvs or insured)
        if scope and is_here and year_from.startswith(asked.cum_ym[:4]):
            year = {"insutype": INSUTYPE, "year": year_from[:4], "cum_ym": ""}
            rows.append({**year, "cum_type_code": name, "cum": money(fen)})
    return {"cuminfo": rows}


def visits(call: Call) -> dict[str, Any]:
    """5201: what was registered of a person by this institution."""
    asked = call.node("data", Visits)
    person = call.person(asked.psn_no)
    first, last = asked.begntime[:10], asked.endtime[:10]
    found = [
        {
            "mdtrt_id": str(one.id),
            "psn_no": person.psn_no,
            "ipt_otp_no": one.ipt_otp_no,
            "med_type": one.med_type or asked.med_type,
            "begntime": one.registered["begntime"],
        }
        for one in records.encounters(call.connection, person.certno, call.envelope.fixmedins_code)
        if first <= one.registered["begntime"][:10] <= last
        and asked.mdtrt_id in {"", str(one.id)}
        and one.med_type in {None, asked.med_type}
        and one.state != "withdrawn"
    ]
    return {"mdtrtinfo": found}


def settlement(call: Call) -> dict[str, Any]:
    """5203: one settlement, whether or not it still counts (refd_setl_flag)."""
    asked = call.node("data", Cancelling)
    person, found = settlement_named(call, asked, NO_SETTLEMENT)
    one = settled_node(call, found, person)
    return {
        "setlinfo": {
            **one,
            "psn_pay": one["psn_part_amt"],
            "cash_payamt": one["psn_cash_pay"],
            "refd_setl_flag": "0" if found.live else "1",
        },
        "setldetail": [],
    }


def lines(call: Call) -> dict[str, Any]:
    """5204: the lines of a visit, each with the settlement it is in; nothing there while it is in none.

    Raises `RefusedError` for no such visit.
    """
    asked = call.node("data", LinesQuery)
    try:
        encounter = call.encounter(asked.mdtrt_id, asked.psn_no)
    except RefusedError as error:
        raise RefusedError(NO_LINES) from error
    live = records.settled(call.connection, "encounter = ? AND live = 1", encounter.id)
    found = {one.asked["chrg_bchno"]: str(one.id) for one in live}
    return {
        "feedetail": [
            {
                "mdtrt_id": asked.mdtrt_id,
                "setl_id": found.get(one["chrg_bchno"], ""),
                "feedetl_sn": one["feedetl_sn"],
                "chrg_bchno": one["chrg_bchno"],
            }
            for one in records.lines(call.connection, encounter.id)
            if asked.setl_id in {"", found.get(one["chrg_bchno"], "")}
        ]
    }
