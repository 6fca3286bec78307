"""One benefit's settlement: every fen of its bill assigned to one amount, with the step that says why.

The order is G1's: bill → first pay → (account) → deductible → layers within caps → supplements → accounts → cash. Each
operation takes a part out of what is left and the patient's part is what remains, so the sum is right by construction;
`check_sums` checks every settlement all the same.
"""

from msgspec import Struct

from gongji.core.engine import sentences
from gongji.core.engine.account_payments import FamilyPayment
from gongji.core.engine.amounts import Amounts, check_sums
from gongji.core.engine.bill import Bill
from gongji.core.engine.fund import Funded, pay_fund
from gongji.core.engine.plan import Plan
from gongji.core.engine.running_totals import RunningTotals
from gongji.core.engine.trace import Notice, Step
from gongji.core.money import yuan


class Settlement(Struct, frozen=True, kw_only=True, gc=False):
    """结算: the result for a visit's lines under one benefit."""

    benefit: str
    amounts: Amounts
    family_payments: tuple[FamilyPayment, ...]
    trace: tuple[Step, ...]
    notices: tuple[Notice, ...]


def settle(plan: Plan, bill: Bill, state: RunningTotals) -> Settlement:
    """Return the settlement of one benefit's bill; updates accumulators and accounts."""
    policy = state.policy
    steps = sentences.bill_steps(bill, policy, plan)
    if plan.gates:
        funded = Funded(bill.eligible_fen, steps)
        for gate in plan.gates:
            steps.append(policy.step(gate.rule, f"统筹基金不支付：{gate.text}", 0, "fund", gate.reading))
    else:
        funded = pay_fund(plan, bill, state, steps)
    supplements_fen = sum(funded.supplements.values()) if funded.supplements else 0
    patient_fen = bill.total_fen - funded.fund_fen - supplements_fen
    paid_fen = 0
    family: tuple[FamilyPayment, ...] = ()
    if plan.accounts_open:
        if bill.barred and state.purse.offered:
            steps.append(sentences.barred_step(bill, policy))
        due_fen = max(0, patient_fen - bill.barred_fen - funded.account_fen)
        funds_fen = funded.fund_fen + supplements_fen
        due = yuan(due_fen)
        if funds_fen or bill.barred_fen or funded.account_fen:
            due = f"{sentences.minus(bill.total_fen, funds_fen, bill.barred_fen, funded.account_fen)} = {due}"
        paid_fen, family = state.purse.pay(due_fen, due, steps)
    own_fen, family_fen = paid_fen + funded.account_fen, sum([one.amount_fen for one in family]) if family else 0
    amounts = Amounts(
        total_fen=bill.total_fen,
        self_paid_fen=bill.self_paid_fen,
        over_price_fen=bill.over_price_fen,
        prepaid_fen=bill.prepaid_fen + funded.first_paid_fen,
        excluded_fen=bill.excluded_fen,
        eligible_fen=funded.eligible_fen,
        deductible_fen=funded.deductible_fen,
        fund_fen=funded.fund_fen,
        civil_servant_fen=funded.supplements.get("civil_servant", 0),
        large_medical_fen=funded.supplements.get("large_medical", 0),
        fund_total_fen=funded.fund_fen + supplements_fen,
        patient_fen=patient_fen,
        account_own_fen=own_fen,
        account_family_fen=family_fen,
        cash_fen=patient_fen - own_fen - family_fen,
    )
    check_sums(amounts)
    return Settlement(
        benefit=plan.name,
        amounts=amounts,
        family_payments=family,
        trace=tuple(steps),
        notices=_notices(plan, bill, state),
    )


def _notices(plan: Plan, bill: Bill, state: RunningTotals) -> tuple[Notice, ...]:
    policy = state.policy
    notices: list[Notice] = []
    if plan.gates:
        accounts = "可用个人账户" if plan.accounts_open else "个人账户也不能支付"
        if policy.pack.accounts.none:
            accounts = ""
        notices += [policy.notice(one.notice, one.rule, sentences.gate_text(one, accounts)) for one in plan.gates]
    if plan.notices:
        notices += [policy.notice(one.notice, one.rule, one.text) for one in plan.notices]
    if state.purse.offered:
        notices += state.purse.notices()
    if bill.noticed:
        notices += sentences.line_notices(bill, policy)
    if bill.replaced:
        notices += sentences.replaced_notices(bill, policy)
    return tuple(notices)
