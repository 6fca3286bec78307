"""全额垫付: a visit paid in full by the patient, with what to bring where and until when to have it reimbursed."""

import datetime
import re
from collections.abc import Iterator

from msgspec import Struct

from gongji.core.engine import sentences as words
from gongji.core.engine.amounts import check_sums, only
from gongji.core.engine.bill import Bill
from gongji.core.engine.plan import Plan
from gongji.core.engine.policy import Policy
from gongji.core.engine.settlement import Settlement
from gongji.core.engine.trace import Notice
from gongji.core.money import yuan
from gongji.core.packs.language import Pack
from gongji.core.visits import Visit

FULL_PAYMENT = "full_payment"
NO_LATER_CLAIM = "no_later_claim"

_NATIONAL = re.compile(r"[HP]([0-9]{4})[0-9]{2}", re.ASCII)
"""An institution's national number begins with the code of the area it is in."""


class ClaimAdvice(Struct, frozen=True):
    """What a patient who paid in full does next: sentences, the papers to bring; `closed` where nothing is claimed."""

    sentences: tuple[str, ...]
    papers: tuple[str, ...]
    closed: bool = False


def is_local(pack: Pack, institution: str) -> bool | None:
    """Return whether an institution is in the pack's area; None where its number does not say."""
    national = _NATIONAL.match(institution)
    return None if national is None else national[1] == pack.area[:4]


def how_to_claim(pack: Pack, settled_on: datetime.date, institution: str) -> ClaimAdvice:
    """Return how a visit of a day to an institution is claimed where the patient is insured.

    The deadline is in the year after the visit.
    """
    claim = pack.claim
    if claim is None:
        text = f"{pack.area_name}的文件没有写手工报销的办法，请先向参保地的医保经办机构问明能否报销"
        return ClaimAdvice((text,), ())
    local = is_local(pack, institution)
    if claim.local is not None and local:
        return ClaimAdvice((claim.local,), () if claim.local_closed else claim.papers, claim.local_closed)
    sentences = [claim.text] if claim.local is None or local is False else [claim.local, claim.text]
    if claim.deadline is None:
        sentences.append("文件没有写截止日期，请尽早办理")
    else:
        too_late = "，逾期不再受理" if claim.final else ""
        least = "原则上最迟" if claim.in_principle else "最迟"
        sentences.append(f"{least} {settled_on.year + 1}-{claim.deadline} 前办理{too_late}")
    return ClaimAdvice(tuple(sentences), claim.papers)


def claim_text(policy: Policy, settled_on: datetime.date, institution: str) -> str:
    """Return how a visit of a day to an institution is claimed, in one sentence."""
    advice = how_to_claim(policy.pack, settled_on, institution)
    papers = [f"须带：{'、'.join(advice.papers)}"] if advice.papers else []
    return "；".join([*advice.sentences, *papers])


def is_closed(policy: Policy, visit: Visit) -> bool:
    """Return whether what is paid in full for this visit cannot be claimed later."""
    return how_to_claim(policy.pack, visit.settled_on, visit.institution.id).closed


def settle_in_full(plan: Plan, bill: Bill, policy: Policy, visit: Visit, lost_fen: int | None) -> Settlement:
    """Return a settlement in which neither fund nor accounts pay anything now; accumulators do not move.

    `lost_fen` is what the funds would pay if it were settled directly, where that cannot be claimed later and is known.
    """
    amounts = only(
        total_fen=bill.total_fen,
        self_paid_fen=bill.self_paid_fen,
        over_price_fen=bill.over_price_fen,
        prepaid_fen=bill.prepaid_fen,
        excluded_fen=bill.excluded_fen,
        eligible_fen=bill.eligible_fen,
        patient_fen=bill.total_fen,
        cash_fen=bill.total_fen,
    )
    check_sums(amounts)
    rule = policy.pack.lines.rule if policy.pack.claim is None else policy.pack.claim.rule
    steps = [*words.bill_steps(bill, policy, plan), policy.step(rule, "统筹基金不支付：本次由患者全额垫付", 0, "fund")]
    return Settlement(
        benefit=plan.name,
        amounts=amounts,
        family_payments=(),
        trace=tuple(steps),
        notices=tuple(_notices(plan, bill, policy, visit, rule, lost_fen)),
    )


def _notices(plan: Plan, bill: Bill, policy: Policy, visit: Visit, rule: str, lost_fen: int | None) -> Iterator[Notice]:
    """Yield the visit's other notices, then how to claim, or what is lost, if anything."""
    for gate in plan.gates:
        yield policy.notice(gate.notice, gate.rule, words.gate_text(gate))
    yield from (policy.notice(notice.notice, notice.rule, notice.text) for notice in plan.notices)
    yield from words.line_notices(bill, policy)
    yield from words.replaced_notices(bill, policy)
    text = claim_text(policy, visit.settled_on, visit.institution.id)
    if plan.gates:
        text = f"{text}；有上面所说统筹不支付的情形，能否报销以经办机构认定为准"
    yield policy.notice(FULL_PAYMENT, rule, f"本次由患者全额垫付。{text}")
    if lost_fen:
        lost = f"当场直接结算医保可付 {yuan(lost_fen)} 元；全额垫付就不能再报销，这 {yuan(lost_fen)} 元由患者自己负担"
        yield policy.notice(NO_LATER_CLAIM, rule, lost)
