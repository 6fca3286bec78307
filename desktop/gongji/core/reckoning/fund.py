"""The fund's side of a settlement: first pay, deductible, layers within caps, supplements (G1, G4, G5).

A layer pays a ratio of the expense within its caps, and what its caps cut off goes on to the next layer. Bands of
spending, overflow into another pool and a second fund are all layers.
"""

from typing import get_args

from msgspec import Struct

from gongji.core.money import base_fen, percent, share_fen, yuan
from gongji.core.packs.benefits import Residual
from gongji.core.packs.language import CODE
from gongji.core.reckoning import sentences
from gongji.core.reckoning.assess import Bill
from gongji.core.reckoning.plan import Figures, Plan, PlannedCap, PlannedDeductible, PlannedLayer, PlannedSupplement
from gongji.core.reckoning.state import Settling
from gongji.core.reckoning.trace import Step


class Funded(Struct, gc=False):
    """Where the eligible expense of one settlement has gone, in fen, and the steps that say so."""

    eligible_fen: int
    first_paid_fen: int = 0
    account_fen: int = 0
    deductible_fen: int = 0
    fund_fen: int = 0
    over_cap_fen: int = 0
    supplements: dict[str, int] = {}
    steps: list[Step] = []

    def unpaid_fen(self, parts: tuple[str, ...]) -> int:
        """Return what the fund left of the named parts of the eligible expense."""
        known = {"deductible": self.deductible_fen, "over_cap": self.over_cap_fen}
        known["share"] = self.eligible_fen - self.account_fen - self.fund_fen - sum(known.values())
        return sum(known[part] for part in parts)


class _Paid(Struct, frozen=True, gc=False):
    """What a layer did, in fen: paid, wanted to pay by its ratio, and consumed of the expense."""

    paid: int
    wanted: int
    consumed: int


def pay_fund(plan: Plan, bill: Bill, state: Settling) -> Funded:
    """Return what the fund and the supplements pay of a bill; moves the accumulators on."""
    funded = Funded(bill.eligible_fen)
    split_by = plan.benefit.split_by
    if not split_by:
        _pay_stream(state.policy.figures(plan), bill.eligible_fen, state, funded, "")
    for stream, eligible_fen in bill.streams.items():
        values = dict(zip(split_by, stream, strict=True))
        code = values.pop(CODE, "")
        _pay_stream(state.policy.figures(plan, tuple(values.values())), eligible_fen, state, funded, code)
    if split_by == (CODE,) and not bill.streams:
        _ask_parameters(state.policy.figures(plan), state)
    for supplement in plan.supplements:
        _pay_supplement(supplement, state, funded)
    return funded


def _ask_parameters(figures: Figures, state: Settling) -> None:
    """Ask for what the benefit names although there is nothing to pay (G16)."""
    if figures.deductible is not None:
        state.fen(figures.deductible.amount)
    state.ppm(figures.layers[0].ratio)
    for cap in figures.layers[0].caps:
        state.fen(cap.amount)


def _pay_stream(figures: Figures, eligible_fen: int, state: Settling, funded: Funded, code: str) -> None:
    """Take one stream of eligible expense through the benefit."""
    label = f"{code}：" if code else ""
    whole_fen = eligible_fen
    if figures.first_pay:
        whole_fen -= _first_pay(figures, whole_fen, state, funded, label)
    account_first = state.policy.pack.accounts.before_deductible
    if account_first is not None:
        whole_fen -= _account_first(whole_fen, state, funded, account_first)
    left_fen, taken_fen = whole_fen, 0
    if figures.deductible is not None:
        taken_fen = _take_deductible(figures.deductible, left_fen, state, funded, code)
        left_fen -= taken_fen
    base_text = sentences.bracketed(sentences.minus(whole_fen, taken_fen))
    last = len(figures.layers) - 1
    for position, layer in enumerate(figures.layers):
        if position and not left_fen:
            return
        done = _pay_layer(layer, left_fen, state, funded, f"{label}统筹基金：{base_text}", flows_on=position < last)
        funded.fund_fen += done.paid
        if position == last:
            funded.over_cap_fen += done.wanted - done.paid + left_fen - done.consumed
        elif done.consumed < left_fen:
            base_text = sentences.rest_text(left_fen, done.consumed, done.paid, done.wanted)
        left_fen -= done.consumed


def _first_pay(figures: Figures, eligible_fen: int, state: Settling, funded: Funded, label: str) -> int:
    """Move a share of the expense to the patient before anything else; return it in fen."""
    moved_fen = 0
    for ratio in figures.first_pay:
        ppm = state.ppm(ratio)
        if not ppm:
            continue
        share = share_fen(eligible_fen - moved_fen, ppm)
        text = f"{label}先由个人自付：{yuan(eligible_fen - moved_fen)} × {percent(ppm)} = {yuan(share)}"
        funded.steps.append(state.policy.step(ratio.rule, text, share))
        moved_fen += share
    funded.eligible_fen -= moved_fen
    funded.first_paid_fen += moved_fen
    return moved_fen


def _account_first(due_fen: int, state: Settling, funded: Funded, rule: str) -> int:
    """Let the own account pay before the deductible; return what it paid in fen."""
    paid = state.purse.pay_own(due_fen, rule)
    funded.account_fen += paid.own_fen
    funded.steps += paid.steps
    return paid.own_fen


def _take_deductible(planned: PlannedDeductible, expense_fen: int, state: Settling, funded: Funded, code: str) -> int:
    """Take the deductible out of the expense; return what was taken in fen."""
    name = None if planned.accumulator is None else planned.accumulator.replace("{code}", code)
    limit_fen, used_fen = state.fen(planned.amount), state.used(name)
    taken_fen = min(expense_fen, max(0, limit_fen - used_fen))
    what = "起付标准（每次）" if name is None else "年度起付标准"
    if planned.ceiling is not None:
        ceiling_fen, ceiling_used_fen = state.fen(planned.ceiling), state.used(planned.ceiling_accumulator)
        taken_fen = min(taken_fen, max(0, ceiling_fen - ceiling_used_fen))
        what = f"全年合计最多 {yuan(ceiling_fen)}（已付 {yuan(ceiling_used_fen)}），{what}"
        if planned.ceiling_accumulator != name:
            state.add(planned.ceiling_accumulator, taken_fen)
    state.add(name, taken_fen)
    funded.deductible_fen += taken_fen
    what = f"{code}：{what}" if code else what
    figures = (limit_fen, used_fen, expense_fen, taken_fen)
    funded.steps.append(sentences.deductible_step(state.policy, planned, what, figures))
    return taken_fen


def _pay_layer(
    layer: PlannedLayer, expense_fen: int, state: Settling, funded: Funded, base_text: str, *, flows_on: bool
) -> _Paid:
    """Pay a layer's ratio of the expense within its caps.

    Where a cap on the fund cuts it off and another layer follows, the expense consumed is what was paid ÷ ratio.
    """
    ratio_ppm = state.ppm(layer.ratio)
    caps = [(cap, state.fen(cap.amount), state.used(cap.accumulator)) for cap in layer.caps]
    counted_fen = expense_fen
    tight: tuple[PlannedCap, int, int] | None = None
    for one in caps:
        cap, limit_fen, used_fen = one
        if cap.of_expense and max(0, limit_fen - used_fen) < counted_fen:
            counted_fen, tight = max(0, limit_fen - used_fen), one
    wanted_fen = paid_fen = share_fen(counted_fen, ratio_ppm)
    for one in caps:
        cap, limit_fen, used_fen = one
        if not cap.of_expense and max(0, limit_fen - used_fen) < paid_fen:
            paid_fen, tight = max(0, limit_fen - used_fen), one
    consumed_fen = base_fen(paid_fen, ratio_ppm) if flows_on and paid_fen < wanted_fen else counted_fen
    for cap, _, _ in caps:
        state.add(cap.accumulator, consumed_fen if cap.of_expense else paid_fen)
    policy = state.policy
    counted = f"，其中计入 {yuan(counted_fen)}" if counted_fen < expense_fen else ""
    text = f"{base_text}{counted} × {percent(ratio_ppm)} = {yuan(wanted_fen)}"
    funded.steps.append(policy.step(layer.ratio.rule, text, wanted_fen, layer.reading))
    if tight is not None:
        funded.steps.append(sentences.cap_step(policy, tight[0], tight[1:], wanted_fen, paid_fen))
    return _Paid(paid_fen, wanted_fen, consumed_fen)


def _pay_supplement(supplement: PlannedSupplement, state: Settling, funded: Funded) -> None:
    """Pay a supplementary insurance's share of what the fund and the supplements before it left."""
    earlier_fen = sum(funded.supplements.values())
    unpaid_fen = funded.unpaid_fen(supplement.on)
    if len(set(supplement.on)) == len(get_args(Residual)):
        base_text = sentences.minus(funded.eligible_fen, funded.account_fen, funded.fund_fen, earlier_fen)
    else:
        base_text = sentences.minus(unpaid_fen, earlier_fen)
    label = f"{state.policy.known['supplements'].words[supplement.fund]}：{sentences.bracketed(base_text)}"
    done = _pay_layer(supplement.layer, max(0, unpaid_fen - earlier_fen), state, funded, label, flows_on=False)
    funded.supplements[supplement.fund] = done.paid
