"""What an answer means for a leg: done, settled with figures, refused, reversed already, or unknown."""

from collections.abc import Mapping
from typing import Any

from gongji.core.outbox.payer_figures import Figures
from gongji.core.outbox.replies import (
    AlreadyReversed,
    Busy,
    Done,
    NotFound,
    NotSent,
    Refused,
    Reply,
    Settled,
    SettledAlready,
    Unknown,
)
from gongji.payer.answer_contents import AMOUNT, fen, rows_of
from gongji.payer.read_answers import Answer, says, stamp_of_answer
from gongji.payer.regions import Profile
from gongji.payer.schema import fault, is_empty, plain

_ASKS_AFTER = frozenset({"2208", "2601", "5201", "5203", "5204"})
"""Messages about something that exists already: only their refusal can mean that it does not."""
_OTHER_FUNDS = ("hifes_pay", "hifmi_pay", "maf_pay", "oth_pay", "hifdm_pay")
_AMOUNTS = (
    "medfee_sumamt", "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt", "act_pay_dedc",
    "hifp_pay", "cvlserv_pay", "hifob_pay", *_OTHER_FUNDS, "fund_pay_sumamt", "hosp_part_amt", "psn_part_amt",
    "psn_pay", "acct_pay", "acct_mulaid_pay", "psn_cash_pay", "pdn_cash_pay", "cash_payamt",
)  # fmt: skip


def interpret(answer: Answer | NotSent | Unknown | Busy, infno: str, number: str, profile: Profile) -> Reply:
    """Return what a readable answer means for a leg with its number in the institution."""
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
            return Done(at=stamp_of_answer(plain(output["setlinfo"].get("setl_time")) or "") or answer.at)
        case "2207" | "5203":
            return _settled(output.get("setlinfo") or {}, infno, answer.at, profile)
        case _:
            return Done()


def _refused(answer: Answer, infno: str, profile: Profile) -> Reply:
    text = f"{answer.code} {answer.text}"
    if infno in _ASKS_AFTER and says(text, profile.already_reversed):
        return AlreadyReversed()
    if infno in _ASKS_AFTER and says(text, profile.not_found):
        return NotFound()
    if infno == "2205" and says(text, profile.not_found):
        return Done()  # there is nothing to clear, which is what is wanted
    if infno not in _ASKS_AFTER and says(text, profile.already_settled):
        return SettledAlready(answer.text)
    return Refused(code=answer.code, text=answer.text or "平台没有说明原因")


def _settled(info: Mapping[str, Any], infno: str, answered_at: str, profile: Profile) -> Reply:
    if not info:
        return NotFound()
    if infno == "5203" and (plain(info.get("refd_setl_flag")) or "").strip("0"):
        return AlreadyReversed()
    figures = _figures(info, profile)
    told_at = plain(info.get("setl_time")) or ""
    at = stamp_of_answer(told_at) if told_at else answered_at
    if figures is None or not at:
        return Unknown("平台答复的金额或结算时间读不懂")
    return Settled(
        setl_id=plain(info["setl_id"]) or "",
        at=at,
        figures=figures,
        agency=plain(info.get("clr_optins")) or "",
        insutype=plain(info.get("insutype")) or "",
        clr_type=plain(info.get("clr_type")) or "",
    )


def _figures(info: Mapping[str, Any], profile: Profile) -> Figures | None:
    """Return the figures of a settlement; None where they do not add up to the whole."""
    if any(fault(AMOUNT, info[name]) for name in _AMOUNTS if not is_empty(info.get(name))):
        return None

    def fen_of(*names: str) -> int:
        return next((fen(info[name]) for name in names if not is_empty(info.get(name))), 0)

    account_fen, family_fen = fen_of("acct_pay"), fen_of("acct_mulaid_pay")
    if not profile.acct_pay_holds_family:
        account_fen += family_fen
    one = Figures(
        total_fen=fen_of("medfee_sumamt"),
        self_paid_fen=fen_of("fulamt_ownpay_amt"),
        over_price_fen=fen_of("overlmt_selfpay"),
        prepaid_fen=fen_of("preselfpay_amt"),
        in_scope_fen=fen_of("inscp_scp_amt"),
        deductible_fen=fen_of("act_pay_dedc"),
        fund_fen=fen_of("hifp_pay"),
        civil_servant_fen=fen_of("cvlserv_pay"),
        large_medical_fen=fen_of("hifob_pay"),
        other_funds_fen=sum(fen_of(name) for name in _OTHER_FUNDS),
        fund_total_fen=fen_of("fund_pay_sumamt"),
        hospital_fen=fen_of("hosp_part_amt"),
        patient_fen=fen_of("psn_part_amt", "psn_pay"),
        account_fen=account_fen,
        family_fen=family_fen,
        cash_fen=fen_of("psn_cash_pay", "pdn_cash_pay", "cash_payamt"),
    )
    whole = one.fund_total_fen + one.patient_fen + one.hospital_fen == one.total_fen
    return one if whole and one.account_fen + one.cash_fen == one.patient_fen else None
