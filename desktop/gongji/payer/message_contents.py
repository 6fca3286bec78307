"""The contents of each message about one part of a settlement."""

from collections.abc import Callable
from typing import Any

from msgspec import json
from msgspec.structs import replace

from gongji.core.money import line_fen, parse_e4, plain_e4, yuan
from gongji.payer.regions import Profile
from gongji.payer.schema import UnfitError
from gongji.payer.wire_leg import E_VOUCHER, LegData, line_alone, psn_type, without_lines

_CATY = 10
"""The longest code of the national list of departments (caty); a clinic's own code may be longer."""
EVERYTHING = "0000"
"""The batch that 2205 clears: every line of the visit that is not settled."""


def _known(sheet: LegData) -> dict[str, Any]:
    return {"psn_no": sheet.psn_no, "mdtrt_id": sheet.mdtrt_id}


def medical_type(sheet: LegData, profile: Profile) -> str:
    """Return the code of the part's benefit and disease. Raises `UnfitError` where the region's profile has none."""
    code, name, _ = _diseases(sheet, profile)
    for key in (f"{sheet.benefit}/{code}", f"{sheet.benefit}/{name}", sheet.benefit):
        if key in profile.med_type:
            return profile.med_type[key]
    raise UnfitError(f"地区配置里没有待遇 {sheet.benefit} 的医疗类别（med_type）")


def _time(sheet: LegData) -> str:
    """Return when the visit began: its day, and the time at which it was settled."""
    return f"{sheet.record['settled_on']} {sheet.record['at'][11:]}"


def _certificate(sheet: LegData, profile: Profile) -> dict[str, Any]:
    shown = _shown(sheet, profile) or {"type": profile.mdtrt_cert_type, "number": sheet.record["person_id"]}
    return {
        "mdtrt_cert_type": shown["type"],
        "mdtrt_cert_no": shown["number"],
        **({"card_sn": shown["card_sn"]} if shown.get("card_sn") else {}),
        "psn_cert_type": sheet.cert_type or profile.psn_cert_type,
        "certno": sheet.record["person_id"],
    }


def _shown(sheet: LegData, profile: Profile) -> dict[str, Any] | None:
    """Return the certificate that the patient showed, as the platform takes it; an unreadable e-voucher is left out."""
    shown: dict[str, Any] | None = sheet.care.get("certificate")
    if shown is not None and shown["type"] != E_VOUCHER:
        return shown
    scanned = sheet.voucher
    token = {"decoded": sheet.token, "as_scanned": scanned, "identity": ""}[profile.voucher]
    return {"type": E_VOUCHER, "number": token} if scanned and token else None


def _person(sheet: LegData, profile: Profile) -> dict[str, Any]:
    person = sheet.visit["person"]
    return {
        **_certificate(sheet, profile),
        "psn_type": sheet.psn_type or psn_type(person, profile),
        "psn_name": (person.get("name") or "")[:50],
    }


def _doctor(sheet: LegData, profile: Profile, own: dict[str, str] | None = None) -> dict[str, str]:
    """Return the doctor: the line's, else the visit's, else the clinic's only one, else the operator by name."""
    mine = {
        "code": profile.doctor_no,
        "name": sheet.record["operator"][:50],
        "department_code": profile.department_no,
        "department": profile.department,
    }
    said = own or sheet.care.get("doctor") or {}
    return mine | {name: value for name, value in said.items() if value}


def _registration(sheet: LegData, profile: Profile) -> dict[str, Any]:
    doctor = _doctor(sheet, profile)
    return {
        "psn_no": sheet.psn_no,
        "insutype": profile.insutype,
        "begntime": _time(sheet),
        **_person(sheet, profile),
        "ipt_otp_no": sheet.number,
        "atddr_no": doctor["code"],
        "dr_name": doctor["name"],
        "dept_code": doctor["department_code"],
        "dept_name": doctor["department"],
        "caty": code if len(code := doctor["department_code"]) <= _CATY else profile.department_no,
    }


def _diseases(sheet: LegData, profile: Profile) -> tuple[str, str, list[dict[str, Any]]]:
    """Return the disease's code and name, and the diagnoses, of which there may be none."""
    name = sheet.visit.get("disease") or ""
    diagnoses: list[dict[str, Any]] = list(sheet.care.get("diagnoses") or ())
    code = sheet.care.get("disease_code") or profile.disease_codes.get(name, "")
    if not code and profile.disease_required and diagnoses:
        code, name = diagnoses[0]["code"], name or diagnoses[0]["name"]
    return code, name, diagnoses


def _diagnosis(sheet: LegData, profile: Profile) -> dict[str, Any]:
    code, name, diagnoses = _diseases(sheet, profile)
    if profile.diagnosis_required and not diagnoses:
        raise UnfitError("这个地区要求每次就诊都有诊断（ICD-10），这一单没有录；请冲销后补录诊断再结算")
    info = {
        **_known(sheet),
        "med_type": medical_type(sheet, profile),
        "begntime": _time(sheet),
        "dise_codg": code,
        "dise_name": name,
    }
    if profile.extension:
        info["expContent"] = json.encode(without_lines(sheet.record, sheet.part)).decode()
    rows = []
    for place, one in enumerate(diagnoses, 1):
        doctor = _doctor(sheet, profile, one.get("doctor"))
        rows.append({
            "diag_type": profile.diag_type,
            "diag_srt_no": str(place),
            "diag_code": one["code"],
            "diag_name": one["name"][:100],
            "diag_dept": doctor["department"],
            "dise_dor_no": doctor["code"],
            "dise_dor_name": doctor["name"],
            "diag_time": _time(sheet),
            "vali_flag": "1",
        })  # fmt: skip
    return {"mdtrtinfo": info, "diseinfo": rows} if rows else {"mdtrtinfo": info}


_APPROVED = {None: "0", True: "1", False: "2"}
"""hosp_appr_flag: no approval needed, approved, refused (then the limited drug is the patient's own)."""


def _directions(line: dict[str, Any]) -> dict[str, str]:
    given = line.get("directions") or {}
    names = {"dose": "sin_dos_dscr", "frequency": "used_frqu_dscr", "way": "medc_way_dscr", "days": "prd_days"}
    return {field: str(given[name]) for name, field in names.items() if given.get(name)}


def _traces(sheet: LegData) -> list[dict[str, str]]:
    """Return the trace codes of a part's drugs, each with its line."""
    return [
        {"feedetl_sn": sheet.line_number(place), "drug_trac_codg": code, "trdn_flag": "0", "min_prcunt_type": "1"}
        for place, line in enumerate(sheet.visit["lines"])
        if sheet.benefits[place] == sheet.benefit
        for code in line.get("trace_codes") or ()
    ]


def _bill(sheet: LegData, profile: Profile) -> list[dict[str, Any]]:
    rows = []
    for place, line in enumerate(sheet.visit["lines"]):
        if sheet.benefits[place] != sheet.benefit:
            continue
        doctor = _doctor(sheet, profile, line.get("doctor"))
        price_e4, quantity_e4 = int(parse_e4(str(line["unit_price"]))), int(parse_e4(str(line["quantity"])))
        row = {
            "feedetl_sn": sheet.line_number(place),
            **_known(sheet),
            "chrg_bchno": sheet.number,
            "rx_circ_flag": "0",
            "fee_ocur_time": _time(sheet),
            "med_list_codg": sheet.national.get(line["code"], line["code"]),
            "medins_list_codg": line["code"],
            "det_item_fee_sumamt": yuan(line_fen(price_e4, quantity_e4)),
            "cnt": plain_e4(quantity_e4),
            "pric": plain_e4(price_e4),
            "bilg_dept_codg": doctor["department_code"],
            "bilg_dept_name": doctor["department"],
            "bilg_dr_codg": doctor["code"],
            "bilg_dr_name": doctor["name"],
            "hosp_appr_flag": _APPROVED[line.get("approved")],
            **_directions(line),
        }
        if profile.extension:
            row["expContent"] = json.encode(line_alone(line)).decode()
        rows.append(row)
    return rows


def _settling(sheet: LegData, profile: Profile) -> dict[str, Any]:
    accounts_fen = sheet.amounts["account_own_fen"] + sheet.amounts["account_family_fen"]
    offered = (sheet.visit.get("accounts") or {}).get("own") is not None
    return {
        **_known(sheet),
        **_person(sheet, profile),
        "med_type": medical_type(sheet, profile),
        "medfee_sumamt": yuan(sheet.amounts["total_fen"]),
        "psn_setlway": profile.psn_setlway,
        "chrg_bchno": sheet.number,
        "insutype": profile.insutype,
        "acct_used_flag": "1" if accounts_fen or offered else "0",
    }


def _split(sheet: LegData, profile: Profile) -> dict[str, str]:
    """Return the four sums of the bill: the platform's own where its answer had them, else ours."""
    if sheet.split:
        return sheet.split
    amounts = sheet.amounts
    excluded_fen = amounts["excluded_fen"]
    own_fen, scope_fen = amounts["self_paid_fen"], amounts["eligible_fen"]
    if profile.excluded_is_self_paid:
        own_fen += excluded_fen
    else:
        scope_fen += excluded_fen
    return {
        "fulamt_ownpay_amt": yuan(own_fen),
        "overlmt_selfpay": yuan(amounts["over_price_fen"]),
        "preselfpay_amt": yuan(amounts["prepaid_fen"]),
        "inscp_scp_amt": yuan(scope_fen),
    }


def _person_asked(sheet: LegData, profile: Profile) -> dict[str, Any]:
    fresh = replace(sheet, cert_type="")
    return {"data": _certificate(fresh, profile) | {"psn_name": (sheet.visit["person"].get("name") or "")[:50]}}


def _settled(sheet: LegData, profile: Profile) -> dict[str, Any]:
    invoice = {"invono": str(sheet.record["receipt_no"])[:20]}
    found: dict[str, Any] = {"data": _settling(sheet, profile) | _split(sheet, profile) | invoice}
    traces = _traces(sheet) if profile.trace_codes else []
    return {**found, "drug_trac_info": traces} if traces else found


def _entitlement_asked(sheet: LegData, profile: Profile) -> dict[str, Any]:
    code, name, _ = _diseases(sheet, profile)
    asked = {
        "psn_no": sheet.psn_no,
        "insutype": profile.insutype,
        "fixmedins_code": str(sheet.visit["institution"]["id"]),
        "med_type": medical_type(sheet, profile),
        "begntime": _time(sheet),
    }
    return {"data": asked | ({"dise_codg": code, "dise_name": name} if code else {})}


def _looked_for(sheet: LegData, profile: Profile) -> dict[str, Any]:
    day, med_type = sheet.record["settled_on"], medical_type(sheet, profile)
    times = {"begntime": f"{day} 00:00:00", "endtime": f"{day} 23:59:59"}
    return {"data": {"psn_no": sheet.psn_no, **times, "med_type": med_type}}


_CONTENT: dict[str, Callable[[LegData, Profile], dict[str, Any]]] = {
    "1101": _person_asked,
    "2001": _entitlement_asked,
    "2201": lambda sheet, profile: {"data": _registration(sheet, profile)},
    "2202": lambda sheet, _: {"data": _known(sheet) | {"ipt_otp_no": sheet.number}},
    "2203": _diagnosis,
    "2204": lambda sheet, profile: {"feedetail": _bill(sheet, profile)},
    "2205": lambda sheet, _: {"data": _known(sheet) | {"chrg_bchno": EVERYTHING}},
    "2206": lambda sheet, profile: {"data": _settling(sheet, profile)},
    "2207": _settled,
    "2208": lambda sheet, _: {"data": _known(sheet) | {"setl_id": sheet.setl_id}},
    "5201": _looked_for,
    "5203": lambda sheet, _: {"data": _known(sheet) | {"setl_id": sheet.setl_id}},
    "5204": lambda sheet, _: {"data": _known(sheet)},
    "5206": lambda sheet, _: {"data": {"psn_no": sheet.psn_no}},
}


def content(infno: str, sheet: LegData, profile: Profile) -> dict[str, Any]:
    """Return the input of the message that does a step or asks after one."""
    return _CONTENT[infno](sheet, profile)
