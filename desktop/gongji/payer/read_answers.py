"""The strict reader of everything the platform answers: what is not wholly valid and ours is an unknown outcome.

At most 1 MB, at most 32 deep, no key twice, no NUL, money through no float. Success is infcode 0 beside no words, or
words of success; a refusal is a code below zero (or one the region's profile lists). Platforms were seen to say 0
beside an error, to refuse what they had done, and to refuse because something behind them was slow: all of that is
unknown. Only what a decision uses has to be there; the answer itself is kept as it came, and `output_of` reads it
again.
"""

import datetime
import re
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
    SettledAlready,
    Unknown,
)
from gongji.core.strict_json import decode
from gongji.payer.envelope import deciphered
from gongji.payer.interface import OUTPUTS
from gongji.payer.regions import Profile
from gongji.payer.schema import InterfaceField, fault, faults, plain

_LARGEST = 1 << 20
_DEEPEST = 32
_WORDS = 200
_ASKS_AFTER = frozenset({"2208", "2601", "5201", "5203", "5204"})
"""Messages about what is there already: only to these a refusal may say that it is not."""
_MOMENT = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[ T]?(\d\d):?(\d\d):?(\d\d)(?:\.?\d*)?)?\Z", re.ASCII)


class Answer(Struct, frozen=True, kw_only=True):
    """An answer that can be relied on: accepted or not, its words, its output, and when (a stamp, or nothing)."""

    ok: bool
    code: str
    text: str
    output: dict[str, Any]
    at: str


def output_of(body: bytes, profile: Profile | None = None) -> dict[str, Any] | None:
    """Return the output of an answer, as it came or as it is kept; None where it cannot be read.

    It comes as an object, as a JSON text of one, as an array (then it is the node without a name, `""`), as null or not
    at all.
    """
    value, problems = decode(body)
    if problems or not isinstance(value, dict) or not _sound(value, _DEEPEST):
        return None
    return _output(_unwrapped(value, profile), profile)


def _unwrapped(value: dict[str, Any], profile: Profile | None) -> dict[str, Any]:
    """Return the answer itself where a gateway puts it into a node."""
    inside = value.get(profile.answer_in) if profile is not None and profile.answer_in else None
    return inside if isinstance(inside, dict) and "infcode" not in value else value


def _output(value: Mapping[str, Any], profile: Profile | None) -> dict[str, Any] | None:
    output = value.get("output")
    if isinstance(output, str) and output.strip():
        text = output.encode()
        if profile is not None and profile.cipher:
            plain_text = deciphered(output, profile)
            if plain_text is None:
                return None
            text = plain_text
        output, problems = decode(text)
        if problems or not _sound(output, _DEEPEST):
            return None
    if isinstance(output, list):
        return {"": output}
    if output is None or output == "":
        return {}
    return output if isinstance(output, dict) else None


def read_answer(exchange: Exchange, infno: str, msgid: str, profile: Profile) -> Answer | NotSent | Unknown | Busy:
    """Return what was answered to a message of ours, held to the interface; `Unknown` for whatever is not sound."""
    if not isinstance(exchange, Answered):
        return exchange
    if len(exchange.body) > _LARGEST:
        return Unknown("平台的答复太大")
    value, problems = decode(exchange.body)
    if problems or not isinstance(value, dict) or not _sound(value, _DEEPEST):
        return Unknown("平台的答复读不懂")
    value = _unwrapped(value, profile)
    if "infcode" not in value:
        return _of_gateway(value, profile)
    if profile.echo and (value.get("infno"), value.get("msgid")) != (profile.number(infno), msgid):
        return Unknown("平台答的不是这条报文")
    return _held(value, infno, msgid, profile)


def _of_gateway(value: dict[str, Any], profile: Profile) -> Busy | Unknown:
    """Return what a gateway's own answer means: one that says it turned the message away has done nothing with it."""
    if plain(value.get("code")) not in profile.busy:
        return Unknown("平台的答复不是医保报文")
    words = (plain(value.get("message")) or "").strip()[:_WORDS]
    return Busy(None, f"网关没有放行：{words}" if words.isprintable() and words else "网关没有放行")


def _held(value: dict[str, Any], infno: str, msgid: str, profile: Profile) -> Answer | Unknown | Busy:
    code, text = plain(value["infcode"]) or "", (plain(value.get("err_msg")) or "").strip()
    at = moment_told(plain(value.get("respond_time")) or "")
    output = _output(value, profile)
    if code != "0":
        return _declined(code, text, output, at, profile)
    if text.lower() not in profile.success_words:
        return Unknown(f"平台一边说成功一边报错：{text[:_WORDS]}")
    if output is None:
        return Unknown("平台的答复读不懂")
    wrong = next(faults(OUTPUTS.get(infno, {}), output), None)
    if wrong is not None:
        return Unknown(f"平台的答复不合规范（{wrong}）")
    echoed = plain(output["setlinfo"].get("medins_setl_id")) if infno == "2207" else None
    if echoed and echoed != msgid:
        return Unknown("平台答的不是这条报文")
    return Answer(ok=True, code=code, text=text, output=output, at=at)


def _declined(code: str, text: str, output: Any, at: str, profile: Profile) -> Answer | Unknown | Busy:
    """Return what an answer that is no success is: a refusal, a wish to be signed in to again, or nobody knows what."""
    words = text[:_WORDS]
    if not (_is_below_zero(code) or code in profile.refusals):
        return Unknown(f"平台答了 {code[:8]}，不知是成是败：{words}")
    if _says(text, profile.sign_in_again):
        return Busy(None, f"平台要求重新签到：{words}")
    if _has_settlement(output):
        return Unknown(f"平台一边拒绝一边给了结算号：{words}")
    if _says(text, profile.ambiguous):
        return Unknown(f"平台没有说清办了没有：{words}")
    return Answer(ok=False, code=code, text=words, output={}, at=at)


def _is_below_zero(code: str) -> bool:
    return code.startswith("-") and code[1:].isascii() and code[1:].isdigit() and bool(code[1:].strip("0"))


def _says(text: str, words: tuple[str, ...]) -> bool:
    """Tell whether a text has one of some words in it; the cause stands anywhere in it, the code often at its end."""
    plain_text = text.lower()
    return any(word.lower() in plain_text for word in words)


def _has_settlement(output: Any) -> bool:
    if isinstance(output, Mapping):
        return bool(plain(output.get("setl_id"))) or any(_has_settlement(part) for part in output.values())
    return isinstance(output, list) and any(_has_settlement(part) for part in output)


def _sound(value: Any, deep: int) -> bool:
    """Tell whether a value is not nested too deep and holds no NUL."""
    if isinstance(value, str):
        return "\x00" not in value
    if isinstance(value, dict):
        return deep > 0 and all("\x00" not in key and _sound(part, deep - 1) for key, part in value.items())
    if isinstance(value, list):
        return deep > 0 and all(_sound(part, deep - 1) for part in value)
    return True


def moment_told(text: str) -> str:
    """Return a time of the platform's as a stamp, however it is written; nothing where it is none.

    Seen: `2025-06-10 09:00:00`, with a fraction, with a T, fourteen digits and more, a date alone (its midnight).
    """
    match = _MOMENT.match(text.strip())
    if match is None:
        return ""
    year, month, day, hour, minute, second = (part or "00" for part in match.groups())
    found = f"{year}-{month}-{day} {hour}:{minute}:{second}"
    try:
        datetime.datetime.fromisoformat(found)
    except ValueError:
        return ""
    return found


def reply(exchange: Exchange, infno: str, msgid: str, number: str, profile: Profile) -> Reply:
    """Return what became of a message of a leg whose number in the institution is given."""
    return interpret(read_answer(exchange, infno, msgid, profile), infno, number, profile)


def interpret(answer: Answer | NotSent | Unknown | Busy, infno: str, number: str, profile: Profile) -> Reply:
    """Return what an answer that was read means for a leg whose number in the institution is given."""
    if not isinstance(answer, Answer):
        return answer
    if not answer.ok:
        return _refused(answer, infno, profile)
    output = answer.output
    match infno:
        case "2201":
            data = output["data"]
            same = plain(data["ipt_otp_no"]) == number
            return Done(mdtrt_id=plain(data["mdtrt_id"]) or "") if same else Unknown("平台答的不是这次就诊")
        case "5201":
            found = [row for row in rows_of(output, "mdtrtinfo") if plain(row.get("ipt_otp_no")) == number]
            visits = tuple(one for one in (plain(row.get("mdtrt_id")) for row in found) if one)
            return Done(mdtrt_id=visits[-1], visits=visits) if visits else NotFound()
        case "5204":
            numbers = [one for one in (plain(row.get("setl_id")) for row in rows_of(output, "feedetail")) if one]
            return Done(setl_id=numbers[-1]) if numbers else NotFound()
        case "2208":
            return Done(at=moment_told(plain(output["setlinfo"].get("setl_time")) or "") or answer.at)
        case "2207" | "5203":
            return _settled(output.get("setlinfo") or {}, infno, answer.at, profile)
        case _:
            return Done()


def _refused(answer: Answer, infno: str, profile: Profile) -> Reply:
    text = f"{answer.code} {answer.text}"
    if infno in _ASKS_AFTER and _says(text, profile.already_reversed):
        return AlreadyReversed()
    if infno in _ASKS_AFTER and _says(text, profile.not_found):
        return NotFound()
    if infno == "2205" and _says(text, profile.not_found):
        return Done()  # there is nothing to clear, which is what is wanted
    if infno not in _ASKS_AFTER and _says(text, profile.already_settled):
        return SettledAlready(answer.text)
    return Refused(code=answer.code, text=answer.text or "平台没有说明原因")


def _settled(info: Mapping[str, Any], infno: str, answered_at: str, profile: Profile) -> Reply:
    if not info:
        return NotFound()
    if infno == "5203" and (plain(info.get("refd_setl_flag")) or "").strip("0"):
        return AlreadyReversed()
    figures = _figures(info, profile)
    told_at = plain(info.get("setl_time")) or ""
    at = moment_told(told_at) if told_at else answered_at
    if figures is None or not at:
        return Unknown("平台答复的金额或结算时间读不懂")
    agency = plain(info.get("clr_optins")) or ""
    return Settled(
        setl_id=plain(info["setl_id"]) or "",
        at=at,
        figures=figures,
        agency=agency,
        insutype=plain(info.get("insutype")) or "",
        clr_type=plain(info.get("clr_type")) or "",
    )


_OTHER_FUNDS = ("hifes_pay", "hifmi_pay", "maf_pay", "oth_pay", "hifdm_pay")
_AMOUNTS = (
    "medfee_sumamt", "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt", "act_pay_dedc",
    "hifp_pay", "cvlserv_pay", "hifob_pay", *_OTHER_FUNDS, "fund_pay_sumamt", "hosp_part_amt", "psn_part_amt",
    "psn_pay", "acct_pay", "acct_mulaid_pay", "psn_cash_pay", "pdn_cash_pay", "cash_payamt",
)  # fmt: skip
_AMOUNT = InterfaceField(name="", kind="n", length=16, decimals=2, required=False)


def _figures(info: Mapping[str, Any], profile: Profile) -> Figures | None:
    """Return the figures of a settlement; None where they do not say who bears the whole of it."""
    if any(fault(_AMOUNT, info[name]) for name in _AMOUNTS if info.get(name) not in {None, ""}):
        return None

    def fen_of(*names: str) -> int:
        return next((fen(info[name]) for name in names if info.get(name) not in {None, ""}), 0)

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
    one = Figures(**found)
    whole = one.fund_total_fen + one.patient_fen + one.hospital_fen == one.total_fen
    return one if whole and one.account_fen + one.cash_fen == one.patient_fen else None


def fen(value: Any) -> int:
    """Return a number of a message that the interface has let through as fen; what is finer than fen has no place."""
    text = plain(value) or "0"
    whole, _, decimals = text.lstrip("-").partition(".")
    amount = int(whole) * 100 + int((decimals + "00")[:2])
    return -amount if text.startswith("-") else amount


def rows_of(output: Mapping[str, Any], node: str) -> list[Mapping[str, Any]]:
    """Return the rows of a node: an array by rule, a single object in some answers, the whole output in others.

    Nothing where it is null, empty or missing.
    """
    value = output.get(node, output.get(""))
    found = value if isinstance(value, list) else [value]
    return [row for row in found if isinstance(row, Mapping)]


def bill_sums(output: Mapping[str, Any]) -> dict[str, str]:
    """Return the four sums over the platform's answer to a bill, in yuan, by the fields of a settlement.

    Nothing where a line does not say how it falls apart: then our own sums are told.
    """
    names = {
        "fulamt_ownpay_amt": "fulamt_ownpay_amt",
        "overlmt_selfpay": "overlmt_amt",
        "preselfpay_amt": "preselfpay_amt",
        "inscp_scp_amt": "inscp_scp_amt",
    }
    found = rows_of(output, "result")
    if not found or all(row.get(field) in {None, ""} for row in found for field in names.values()):
        return {}
    return {name: yuan(sum(fen(row.get(field) or "0") for row in found)) for name, field in names.items()}


def accumulators(output: Mapping[str, Any], year_from: str, profile: Profile) -> list[tuple[str, int]]:
    """Return what accumulators of a benefit year stand at by the platform, under our names, in fen."""
    found = []
    for row in rows_of(output, "cuminfo"):
        code = plain(row.get("cum_type_code")) or ""
        name = code if profile.own_accumulator_names else profile.accumulator.get(code)
        ours = plain(row.get("insutype")) == profile.insutype and plain(row.get("year")) == year_from[:4]
        amount = row.get("cum")
        readable = amount not in {None, ""} and fault(_AMOUNT, amount) is None
        if name and ours and readable and not plain(row.get("cum_ym")):
            found.append((name, fen(amount)))
    return found


def entitled(output: Mapping[str, Any]) -> tuple[bool, str] | None:
    """Return whether 2001 says that somebody is entitled, and why not; None where it says nothing of it.

    One check that says yes is enough: a platform checks each fund, and a person has not all of them.
    """
    rows = rows_of(output, "trtinfo")
    said = [plain(row.get("trt_enjymnt_flag")) for row in rows]
    if "1" in said:
        return True, ""
    if "0" not in said:
        return None
    words = (plain(row.get("trt_chk_rslt")) or "" for row in rows)
    return False, "；".join(dict.fromkeys(one.strip() for one in words if one.strip()))[:_WORDS]


class PersonTold(Struct, frozen=True, kw_only=True):
    """Somebody as the platform knows them by 1101: their number, and of the insurance in force its area and kind.

    `balance_fen` is what the own account holds; None where no row in force says it.
    """

    psn_no: str
    cert_type: str = ""
    psn_type: str = ""
    area: str = ""
    balance_fen: int | None = None

    def __repr__(self) -> str:
        """Return no number."""
        return f"PersonTold({self.area})"


IN_FORCE = "1"


def insured(output: Mapping[str, Any], profile: Profile) -> PersonTold:
    """Return whom 1101 told of. Of several rows of one insurance (somebody has moved) only one in force counts."""
    base = rows_of(output, "baseinfo")[0]
    mine = [row for row in rows_of(output, "insuinfo") if plain(row.get("insutype")) == profile.insutype]
    told = [row for row in mine if plain(row.get("psn_insu_stas")) not in {None, ""}]
    live = [row for row in told if plain(row.get("psn_insu_stas")) == IN_FORCE] if told else mine
    row: Mapping[str, Any] = live[0] if live else {}
    balance = row.get("balc")
    readable = balance not in {None, ""} and fault(_AMOUNT, balance) is None
    return PersonTold(
        psn_no=plain(base["psn_no"]) or "",
        cert_type=plain(base.get("psn_cert_type")) or "",
        psn_type=plain(row.get("psn_type")) or "",
        area=plain(row.get("insuplc_admdvs")) or "",
        balance_fen=fen(balance) if readable else None,
    )
