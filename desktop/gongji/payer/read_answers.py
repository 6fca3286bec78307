"""The strict reader of everything the platform answers: what is not wholly valid and ours is an unknown outcome.

At most 1 MB, at most 32 deep, no key twice, no NUL, money through no float. Success is infcode 0 and nothing else.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from gongji.core.money import yuan
from gongji.core.outbox.payer_figures import Figures
from gongji.core.outbox.replies import (
    AlreadyReversed,
    Answered,
    Busy,
    Done,
    Exchange,
    NotFound,
    NotSent,
    Refused,
    Reply,
    Settled,
    Unknown,
)
from gongji.core.strict_json import decode
from gongji.payer.interface import OUTPUTS, RESPONSE
from gongji.payer.regions import Profile
from gongji.payer.schema import faults, plain

_LARGEST = 1 << 20
_DEEPEST = 32
_STAMP_DIGITS = 14
_WORDS = 200


class Answer(Struct, frozen=True, kw_only=True):
    """An answer that can be relied on: accepted or not, its words, its output, and when (a stamp, or nothing)."""

    ok: bool
    code: str
    text: str
    output: dict[str, Any]
    at: str


def read_answer(exchange: Exchange, infno: str, msgid: str, profile: Profile) -> Answer | NotSent | Unknown | Busy:
    """Return what was answered to a message of ours, held to the interface; `Unknown` for whatever is not sound."""
    if not isinstance(exchange, Answered):
        return exchange
    if len(exchange.body) > _LARGEST:
        return Unknown("平台的答复太大")
    value, problems = decode(exchange.body)
    if problems or not isinstance(value, dict) or not _sound(value, _DEEPEST):
        return Unknown("平台的答复读不懂")
    if "infcode" not in value:
        return _of_gateway(value, profile)
    if next(faults({"": RESPONSE}, value), None) is not None:
        return Unknown("平台的答复不合规范")
    if profile.echo and (value.get("infno"), value.get("msgid")) != (infno, msgid):
        return Unknown("平台答的不是这条报文")
    return _held(value, infno, msgid, profile)


def _of_gateway(value: dict[str, Any], profile: Profile) -> Busy | Unknown:
    """Return what a gateway's own answer means: one that says it turned the message away has done nothing with it."""
    if plain(value.get("code")) not in profile.busy:
        return Unknown("平台的答复不是医保报文")
    words = (plain(value.get("message")) or "").strip()[:_WORDS]
    return Busy(None, f"网关没有放行：{words}" if words.isprintable() and words else "网关没有放行")


def _held(value: dict[str, Any], infno: str, msgid: str, profile: Profile) -> Answer | Unknown | Busy:
    code, text = plain(value["infcode"]) or "", plain(value.get("err_msg")) or ""
    at = _stamp(plain(value.get("respond_time")) or "")
    if code != "0":
        if text.startswith(profile.sign_in_again):
            return Busy(None)
        return Answer(ok=False, code=code, text=text[:_WORDS], output={}, at=at)
    output = value.get("output")
    if isinstance(output, str) and output:  # some platforms send it as a text
        output, problems = decode(output.encode())
        if problems or not _sound(output, _DEEPEST):
            return Unknown("平台的答复读不懂")
    output = output or {}
    wrong = next(faults(OUTPUTS.get(infno, {}), output), None)
    if wrong is not None:
        return Unknown(f"平台的答复不合规范（{wrong}）")
    echoed = output.get("setlinfo", {}).get("medins_setl_id") if infno == "2207" else None
    if echoed and echoed != msgid:
        return Unknown("平台答的不是这条报文")
    return Answer(ok=True, code=code, text=text, output=output, at=at)


def _sound(value: Any, deep: int) -> bool:
    """Tell whether a value is not nested too deep and holds no NUL."""
    if isinstance(value, str):
        return "\x00" not in value
    if isinstance(value, dict):
        return deep > 0 and all("\x00" not in key and _sound(part, deep - 1) for key, part in value.items())
    if isinstance(value, list):
        return deep > 0 and all(_sound(part, deep - 1) for part in value)
    return True


def _stamp(digits: str) -> str:
    """Return the platform's time (yyyyMMddHHmmss…) as a stamp; nothing where it is none."""
    if len(digits) < _STAMP_DIGITS or not digits.isascii() or not digits.isdigit():
        return ""
    one = digits
    return f"{one[:4]}-{one[4:6]}-{one[6:8]} {one[8:10]}:{one[10:12]}:{one[12:14]}"


def reply(exchange: Exchange, infno: str, msgid: str, number: str, profile: Profile) -> Reply:
    """Return what became of a message of a leg whose number in the institution is given."""
    return interpret(read_answer(exchange, infno, msgid, profile), infno, number, profile)


def interpret(answer: Answer | NotSent | Unknown | Busy, infno: str, number: str, profile: Profile) -> Reply:
    """Return what an answer that was read means for a leg whose number in the institution is given."""
    if not isinstance(answer, Answer):
        return answer
    if not answer.ok:
        return _refused(answer, profile)
    output = answer.output
    match infno:
        case "2201":
            data = output["data"]
            same = plain(data["ipt_otp_no"]) == number
            return Done(mdtrt_id=plain(data["mdtrt_id"]) or "") if same else Unknown("平台答的不是这次就诊")
        case "5201":
            found = [row for row in rows(output["mdtrtinfo"]) if plain(row["ipt_otp_no"]) == number]
            return Done(mdtrt_id=plain(found[-1]["mdtrt_id"]) or "") if found else NotFound()
        case "5204":
            numbers = [plain(row.get("setl_id")) for row in rows(output["feedetail"])]
            settled = [one for one in numbers if one]
            return Done(setl_id=settled[-1]) if settled else NotFound()
        case "2207" | "2208" | "5203":
            return _settled(output["setlinfo"], infno, profile)
        case _:
            return Done()


def _refused(answer: Answer, profile: Profile) -> Reply:
    for prefixes, found in ((profile.not_found, NotFound()), (profile.already_reversed, AlreadyReversed())):
        if prefixes and (answer.code in prefixes or answer.text.startswith(prefixes)):
            return found
    return Refused(code=answer.code, text=answer.text or "平台没有说明原因")


def _settled(info: Mapping[str, Any], infno: str, profile: Profile) -> Reply:
    figures = _figures(info, infno, profile)
    if figures is None:
        return Unknown("平台答复的金额读不懂")
    if infno == "5203" and (plain(info.get("refd_setl_flag")) or "").strip("0"):
        return AlreadyReversed()
    return Settled(setl_id=plain(info["setl_id"]) or "", at=plain(info["setl_time"]) or "", figures=figures)


_OTHER_FUNDS = ("hifes_pay", "hifmi_pay", "maf_pay", "oth_pay", "hifdm_pay")


def _figures(info: Mapping[str, Any], infno: str, profile: Profile) -> Figures | None:
    """Return the figures of a settlement; None where they do not say who bears the whole of it."""

    def fen_of(*names: str) -> int:
        return next((fen(info[name]) for name in names if info.get(name) not in {None, ""}), 0)

    sign = -1 if infno == "2208" and fen_of("medfee_sumamt") < 0 else 1
    account_fen, family_fen = fen_of("acct_pay"), fen_of("acct_mulaid_pay")
    if not profile.acct_pay_holds_family:
        account_fen += family_fen
    cash_fen = fen_of("psn_cash_pay", "pdn_cash_pay", "cash_payamt")
    found = {
        "total_fen": fen_of("medfee_sumamt"),
        "self_paid_fen": fen_of("fulamt_ownpay_amt"),
        "over_price_fen": fen_of("overlmt_selfpay"),
        "prepaid_fen": fen_of("preselfpay_amt"),
        "in_scope_fen": fen_of("inscp_scp_amt"),
        "deductible_fen": fen_of("act_pay_dedc"),
        "fund_fen": fen_of("hifp_pay"),
        "civil_servant_fen": fen_of("cvlserv_pay"),
        "large_medical_fen": fen_of("hifob_pay"),
        "other_funds_fen": sum(fen_of(name) for name in _OTHER_FUNDS),
        "fund_total_fen": fen_of("fund_pay_sumamt"),
        "hospital_fen": fen_of("hosp_part_amt"),
        "patient_fen": fen_of("psn_part_amt", "psn_pay"),
        "account_fen": account_fen,
        "family_fen": family_fen,
        "cash_fen": cash_fen,
    }
    one = Figures(**{name: sign * value for name, value in found.items()})
    whole = one.fund_total_fen + one.patient_fen + one.hospital_fen == one.total_fen
    return one if whole and one.account_fen + one.cash_fen == one.patient_fen else None


def fen(value: Any) -> int:
    """Return a number of a message that the interface has let through as fen; what is finer than fen has no place."""
    text = plain(value) or "0"
    whole, _, decimals = text.lstrip("-").partition(".")
    amount = int(whole) * 100 + int((decimals + "00")[:2])
    return -amount if text.startswith("-") else amount


def rows(value: Any) -> list[Mapping[str, Any]]:
    """Return the rows of a node: an array by rule, a single object in some answers."""
    return list(value) if isinstance(value, list) else [value]


def bill_sums(output: Mapping[str, Any]) -> dict[str, str]:
    """Return the four sums over the platform's answer to a bill, in yuan, by the fields of a settlement."""
    names = {
        "fulamt_ownpay_amt": "fulamt_ownpay_amt",
        "overlmt_selfpay": "overlmt_amt",
        "preselfpay_amt": "preselfpay_amt",
        "inscp_scp_amt": "inscp_scp_amt",
    }
    found = rows(output["result"])
    return {name: yuan(sum(fen(row.get(field) or "0") for row in found)) for name, field in names.items()}


def accumulators(output: Mapping[str, Any], year_from: str, profile: Profile) -> list[tuple[str, int]]:
    """Return what accumulators of a benefit year stand at by the platform, under our names, in fen."""
    found = []
    for row in rows(output["cuminfo"]):
        code = plain(row["cum_type_code"]) or ""
        name = code if profile.own_accumulator_names else profile.accumulator.get(code)
        ours = plain(row["insutype"]) == profile.insutype and plain(row["year"]) == year_from[:4]
        if name is not None and ours and not plain(row.get("cum_ym")):
            found.append((name, fen(row["cum"])))
    return found
