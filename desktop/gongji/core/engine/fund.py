"""The fund's side of a settlement: first pay, deductible, layers within caps, supplements (G1, G4, G5).

A layer pays a ratio of the expense within its caps, and what its caps cut off goes on to the next layer. Bands of
spending, overflow into another pool and a second fund are all layers.
"""

from typing import get_args

from msgspec import Struct

from gongji.core.engine import sentences
from gongji.core.engine.bill import Bill
from gongji.core.engine.known_terms import Cited, KnownCap, KnownDeductible, KnownFirstPay, KnownLayer, KnownTerms
from gongji.core.engine.plan import Plan, PlannedSupplement, named
from gongji.core.engine.running_totals import RunningTotals
from gongji.core.engine.trace import Step
from gongji.core.money import base_fen, product_text, share_fen, yuan
from gongji.core.packs.benefits import Residual
from gongji.core.packs.dimensions import value_in_words
from gongji.core.packs.language import FREE_NAMES

_RESIDUALS = len(get_args(Residual))
"""How many parts of the expense the fund may leave; a supplement on all of them is explained by what was paid."""


class Funded(Struct, gc=False):
    """Where the eligible expense of one settlement has gone, in fen, and the steps that say so.

    `once` holds what was taken or paid under a figure that bounds the settlement as a whole.
    """

    eligible_fen: int
    steps: list[Step]
    first_paid_fen: int = 0
    account_fen: int = 0
    deductible_fen: int = 0
    fund_fen: int = 0
    over_cap_fen: int = 0
    supplements: dict[str, int] = {}
    supplements_paid: list[int] = []
    once: dict[str, int] = {}

    def unpaid_fen(self, parts: tuple[str, ...]) -> int:
        """Return what the fund left of the named parts of the eligible expense."""
        known = {"deductible": self.deductible_fen, "over_cap": self.over_cap_fen}
        known["share"] = self.eligible_fen - self.account_fen - self.fund_fen - sum(known.values())
        return sum(known[part] for part in parts)


class Stream(Struct, frozen=True, gc=False):
    """Lines that are computed separately: the code or drug that identifies them, and the words for their steps."""

    free: dict[str, str]
    label: str

    def named(self, template: str) -> str:
        """Return an accumulator's name for this stream."""
        return named(template, self.free) if self.free else template


ONE_STREAM = Stream({}, "")


def pay_fund(plan: Plan, bill: Bill, state: RunningTotals, steps: list[Step]) -> Funded:
    """Return what the fund and the supplements pay of a bill; adds steps and moves the accumulators."""
    funded = Funded(bill.eligible_fen, steps)
    policy, split_by = state.policy, plan.benefit.split_by
    if not split_by:
        _pay_stream(policy.known_terms(plan, (), state.parameters), bill.eligible_fen, ONE_STREAM, funded, state)
    for values, expense in bill.streams.items():
        facts = dict(zip(split_by, values, strict=True))
        free = {name: facts.pop(name) for name in FREE_NAMES if name in facts}
        words = [value_in_words(policy.known[name], value) for name, value in facts.items()]
        words[:0] = [f"{expense.name}（{one}）" if expense.name else one for one in free.values()]
        terms = policy.known_terms(plan, tuple(facts.values()), state.parameters)
        _pay_stream(terms, expense.fen, Stream(free, f"{'、'.join(words)}："), funded, state)
    if split_by and not bill.streams and set(split_by) <= set(FREE_NAMES):
        _ask(policy.known_terms(plan, (), state.parameters), state)
    if plan.supplements:
        known = policy.known_supplements(plan, state.parameters)
        for planned, layer in zip(plan.supplements, known, strict=True):
            _pay_supplement(planned, layer, plan, funded, state)
    return funded


def _ask(terms: KnownTerms, state: RunningTotals) -> None:
    """Request the parameters that a benefit names although there is nothing to pay (G16).

    A ceiling's too: it is requested wherever a deductible is taken, even of zero.
    """
    if terms.deductible is not None:
        state.parameters.missing += terms.deductible.missing
    state.parameters.missing += terms.layers[0].missing


def _pay_stream(terms: KnownTerms, eligible_fen: int, stream: Stream, funded: Funded, state: RunningTotals) -> None:
    """Pass one stream of eligible expense through first pay, account, deductible and layers."""
    whole_fen = eligible_fen
    if terms.first_pay:
        whole_fen -= _first_pay(terms.first_pay, whole_fen, stream, funded, state)
    rule = state.policy.account_first
    if rule is not None:  # the own account pays before the deductible
        paid_fen = state.purse.pay_own(whole_fen, rule, yuan(whole_fen), funded.steps, current=True)
        funded.account_fen += paid_fen
        whole_fen -= paid_fen
    left_fen, base_text = whole_fen, yuan(whole_fen)
    if terms.deductible is not None:
        taken_fen = _deductible(terms.deductible, left_fen, stream, funded, state)
        if taken_fen:
            left_fen -= taken_fen
            base_text = f"({base_text} − {yuan(taken_fen)})"
    last = len(terms.layers) - 1
    for position, layer in enumerate(terms.layers):
        if position and not left_fen:
            return
        paid_fen, wanted_fen, consumed_fen = _pay_layer(
            layer, left_fen, base_text, stream, funded, state, flows_on=position < last
        )
        funded.fund_fen += paid_fen
        if position == last:
            funded.over_cap_fen += wanted_fen - paid_fen + left_fen - consumed_fen
        elif consumed_fen < left_fen:
            base_text = sentences.rest_text(left_fen, consumed_fen, paid_fen, wanted_fen, layer.ratio_e12)
        left_fen -= consumed_fen


def _first_pay(
    shares: tuple[KnownFirstPay, ...], eligible_fen: int, stream: Stream, funded: Funded, state: RunningTotals
) -> int:
    """Move a share of the expense to the patient before anything else; return it in fen."""
    moved_fen = 0
    for one in shares:
        state.parameters.missing += one.missing
        if not one.ratio_e12:
            continue
        left_fen = eligible_fen - moved_fen
        share = share_fen(left_fen, one.ratio_e12)
        text = f"{stream.label}{one.head}{yuan(left_fen)}{one.times}{product_text(left_fen, one.ratio_e12)}"
        _say(funded, one.cited, text, share, "prepaid")
        moved_fen += share
    funded.eligible_fen -= moved_fen
    funded.first_paid_fen += moved_fen
    return moved_fen


def _deductible(known: KnownDeductible, expense_fen: int, stream: Stream, funded: Funded, state: RunningTotals) -> int:
    """Take the deductible out of the expense; return what was taken in fen."""
    if known.missing:
        state.parameters.missing += known.missing
    limit_fen, name = known.limit_fen, known.accumulator
    if name is None:
        used_fen = funded.once.get("deductible", 0)
    else:
        name = stream.named(name)
        used_fen = state.used(name)
    taken_fen = min(expense_fen, max(0, limit_fen - used_fen))
    what, ceiling = known.what, known.ceiling_accumulator
    if ceiling is not None:
        ceiling = stream.named(ceiling)
        if known.ceiling_fen is not None:
            ceiling_used_fen = state.used(ceiling)
            taken_fen = min(taken_fen, max(0, known.ceiling_fen - ceiling_used_fen))
            what = f"全年合计最多 {yuan(known.ceiling_fen)}（已付 {yuan(ceiling_used_fen)}），{what}"
    if name is None:
        funded.once["deductible"] = used_fen + taken_fen
    elif taken_fen:
        state.add(name, taken_fen)
    if ceiling is not None and ceiling != name:
        state.add(ceiling, taken_fen)
    funded.deductible_fen += taken_fen
    after = ""
    if name is not None and ceiling is None:
        left_fen = limit_fen - used_fen - taken_fen
        after = f"，今年还须付 {yuan(left_fen)}" if left_fen > 0 else "，今年已付满"
    text = sentences.deductible_text(
        stream.label + what, known.limit, used_fen, expense_fen, taken_fen, after, used_up=0 < limit_fen <= used_fen
    )
    _say(funded, known.cited, text, taken_fen, "deductible")
    return taken_fen


def _pay_layer(
    layer: KnownLayer,
    expense_fen: int,
    base_text: str,
    stream: Stream,
    funded: Funded,
    state: RunningTotals,
    *,
    flows_on: bool,
) -> tuple[int, int, int]:
    """Pay a layer's ratio of the expense within its caps, and say how it came about.

    Where a cap on the fund cuts it off and another layer follows, the expense consumed is what was paid ÷ ratio.
    Returns what it paid, wanted to pay by its ratio, and consumed of the expense, in fen.
    """
    if layer.missing:
        state.parameters.missing += layer.missing
    ratio_e12 = layer.ratio_e12
    rooms = [_room(cap, stream, funded, state) for cap in layer.caps]
    counted_fen, tight = expense_fen, None
    for cap, _, _, left_fen in rooms:
        if left_fen < counted_fen and cap.of_expense:
            counted_fen, tight = left_fen, cap
    wanted_fen = paid_fen = share_fen(counted_fen, ratio_e12)
    for cap, _, _, left_fen in rooms:
        if left_fen < paid_fen and not cap.of_expense:
            paid_fen, tight = left_fen, cap
    consumed_fen = base_fen(paid_fen, ratio_e12) if flows_on and paid_fen < wanted_fen else counted_fen
    caps = ""
    for cap, name, used_fen, left_fen in rooms:
        moved_fen = consumed_fen if cap.of_expense else paid_fen
        if name is None:
            funded.once[cap.place] = used_fen + moved_fen
        else:
            state.accumulators[name] += moved_fen
        if cap.of_expense:
            if cap is tight:
                base_text += sentences.expense_cap_text(cap, used_fen, counted_fen)
        elif cap is tight:
            caps += sentences.fund_cap_text(cap, used_fen, left_fen)
        else:
            caps += sentences.left_text(cap, used_fen, left_fen - paid_fen)
    product = product_text(counted_fen, ratio_e12)
    text = f"{stream.label}{layer.head}{base_text}{layer.times}{product}{caps}"
    _say(funded, layer.cited, text, paid_fen, layer.amount)
    return paid_fen, wanted_fen, consumed_fen


def _room(cap: KnownCap, stream: Stream, funded: Funded, state: RunningTotals) -> tuple[KnownCap, str | None, int, int]:
    """Return a cap, its accumulator's name for a stream, and how much of it is used and left, in fen."""
    name = cap.accumulator
    if name is None:
        used_fen = funded.once.get(cap.place, 0)
    else:
        name = stream.named(name)
        used_fen = state.used(name)
    return cap, name, used_fen, max(0, cap.limit_fen - used_fen)


def _pay_supplement(
    planned: PlannedSupplement, layer: KnownLayer, plan: Plan, funded: Funded, state: RunningTotals
) -> None:
    """Pay a supplementary insurance's share of what the fund, and supplements before it on its parts, left."""
    unpaid_fen = funded.unpaid_fen(planned.on)
    earlier = plan.supplements[: len(funded.supplements_paid)]
    paid = {
        one.layer.name: fen
        for one, fen in zip(earlier, funded.supplements_paid, strict=True)
        if set(one.on).issubset(planned.on)
    }
    base_text = sentences.minus_named(unpaid_fen, paid)
    if len(set(planned.on)) == _RESIDUALS:
        parts = {"个人账户": funded.account_fen, "统筹基金": funded.fund_fen, **paid}
        base_text = sentences.minus_named(funded.eligible_fen, parts)
    left_fen, base_text = unpaid_fen - sum(paid.values()), f"({base_text})" if " " in base_text else base_text
    paid_fen, _, _ = _pay_layer(layer, left_fen, base_text, ONE_STREAM, funded, state, flows_on=False)
    funded.supplements_paid.append(paid_fen)
    funded.supplements[planned.fund] = funded.supplements.get(planned.fund, 0) + paid_fen


def _say(funded: Funded, cited: Cited, text: str, fen: int, amount: str) -> None:
    funded.steps.append(Step(cited.rule, cited.article, text, fen, cited.reading, amount))
