"""全额垫付: a visit paid in full by the patient, with what to bring where and until when to have it reimbursed."""

import datetime

from gongji.core.engine import sentences as words
from gongji.core.engine.amounts import Amounts, check_sums
from gongji.core.engine.bill import Bill
from gongji.core.engine.plan import Plan
from gongji.core.engine.policy import Policy
from gongji.core.engine.settlement import Settlement
from gongji.core.packs.language import Pack

FULL_PAYMENT = "full_payment"


def how_to_claim(pack: Pack, settled_on: datetime.date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return how a visit of a day is claimed where the patient is insured: sentences, and the papers to bring.

    The deadline lies in the year after the visit.
    """
    claim = pack.claim
    if claim is None:
        return (f"{pack.area_name}的文件没有写手工报销的办法，请先向参保地的医保经办机构问明能否报销",), ()
    if claim.deadline is None:
        return (claim.text, "文件没有写截止日期，请尽早办理"), claim.papers
    too_late = "，逾期不再受理" if claim.final else ""
    return (claim.text, f"最迟 {settled_on.year + 1}-{claim.deadline} 前办理{too_late}"), claim.papers


def claim_text(policy: Policy, settled_on: datetime.date) -> str:
    """Return how a visit of a day is claimed, in one sentence."""
    sentences, papers = how_to_claim(policy.pack, settled_on)
    return "；".join([*sentences, *([f"须带：{'、'.join(papers)}"] if papers else [])])


def settle_in_full(plan: Plan, bill: Bill, policy: Policy, settled_on: datetime.date) -> Settlement:
    """Return a settlement in which neither fund nor accounts pay anything now; accumulators do not move."""
    total_fen = bill.total_fen
    amounts = Amounts(
        total_fen=total_fen,
        self_paid_fen=bill.self_paid_fen,
        over_price_fen=bill.over_price_fen,
        prepaid_fen=bill.prepaid_fen,
        excluded_fen=bill.excluded_fen,
        eligible_fen=bill.eligible_fen,
        deductible_fen=0,
        fund_fen=0,
        civil_servant_fen=0,
        large_medical_fen=0,
        fund_total_fen=0,
        patient_fen=total_fen,
        account_own_fen=0,
        account_family_fen=0,
        cash_fen=total_fen,
    )
    check_sums(amounts)
    rule = policy.pack.lines.rule if policy.pack.claim is None else policy.pack.claim.rule
    text = claim_text(policy, settled_on)
    steps = [*words.bill_steps(bill, policy), policy.step(rule, "统筹基金不支付：本次由患者全额垫付", 0, "fund")]
    notice = policy.notice(FULL_PAYMENT, rule, f"本次由患者全额垫付。{text}")
    return Settlement(benefit=plan.name, amounts=amounts, family_payments=(), trace=tuple(steps), notices=(notice,))
