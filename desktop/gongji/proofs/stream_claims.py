"""Claims on a benefit's terms: every fen goes somewhere, running totals keep their limits, more is never less."""

from collections.abc import Iterator, Sequence
from typing import Any

import z3
from msgspec import Struct
from msgspec.structs import replace

from gongji.core.columns import kernel
from gongji.core.columns.kernel import Shape, ShapeFigures
from gongji.core.columns.terms import resolve, resolve_supplements
from gongji.core.engine.plan import Amount, Plan, Ratio, Terms
from gongji.core.problems import Problem
from gongji.proofs.symbols import EXCEPTION, REFUTED, OpenRatio, ProofClaim, Symbols, decided


class _AnyFigures:
    """The pack's figures; those of open parameters, and those that depend on the number of diseases, are unknown."""

    def __init__(self, ops: Symbols) -> None:
        self.missing: list[Problem] = []
        self._ops = ops
        self._open: dict[str, OpenRatio] = {}

    def fen(self, amount: Amount) -> Any:
        return amount.fixed if amount.parameter is None and not amount.how else self._ops.number("limit")

    def ratio(self, ratio: Ratio) -> Any:
        if ratio.parameter is None:
            return ratio.fixed
        name = repr((ratio.parameter, ratio.changes))
        return self._open.setdefault(name, OpenRatio(name))


class StreamCase(Struct):
    """A benefit's terms with symbols for figures: the static shape, the figures, the constraints on them."""

    shape: Shape
    figures: ShapeFigures
    ops: Symbols

    def run(self, eligible: Any, used: Sequence[Any], own_left: Any) -> tuple[kernel.Streamed, list[Any]]:
        """Return where eligible expense goes, and the running totals afterwards."""
        after = list(used)
        return kernel.stream(self.ops, self.shape, self.figures, eligible, after, own_left), after


def stream_case(terms: Terms, *, account_first: bool) -> StreamCase:
    """Return the terms with a new symbol for every figure that is open."""
    ops = Symbols()
    resolved = resolve(terms, _AnyFigures(ops), account_first=account_first)
    assert resolved is not None  # of symbols none is missing
    return StreamCase(resolved.shape, kernel.figures_of(resolved.shape, resolved.ratios, resolved.amounts), ops)


def stream_claims(place: str, terms: Terms, *, account_first: bool) -> Iterator[ProofClaim]:
    """Yield the claims on what the fund pays of the expense under these terms."""
    yield _conserved(place, stream_case(terms, account_first=account_first))
    yield _within_limits(place, stream_case(terms, account_first=account_first))
    yield _grows(place, stream_case(terms, account_first=account_first))
    shape = stream_case(terms, account_first=account_first).shape
    borne = () if shape.deductible is None else (shape.deductible.slot, shape.deductible.ceiling_slot)
    for slot in range(shape.slots):
        case = stream_case(terms, account_first=account_first)
        claim = _monotone(place, case, slot, more_pays_more=slot in borne)
        if claim.verdict == REFUTED and _pays_better_later(case, slot):
            claim = replace(claim, verdict=EXCEPTION)
        yield claim


def _pays_better_later(case: StreamCase, slot: int) -> bool:
    """Return whether what a running total's cap cuts off may be paid at a better ratio by a later layer."""
    ratios = case.figures.ratios
    return any(
        isinstance(later, OpenRatio) or isinstance(ratios[place], OpenRatio) or later > ratios[place]
        for place, caps in enumerate(case.shape.layers)
        if any(cap.slot == slot for cap in caps)
        for later in ratios[place + 1 :]
    )


def _conserved(place: str, case: StreamCase) -> ProofClaim:
    ops = case.ops
    eligible, own = ops.number("eligible"), ops.number("own")
    paid, _ = case.run(eligible, [ops.number("used") for _ in range(case.shape.slots)], own)
    each = [paid.first_paid, paid.account, paid.deductible, paid.fund, paid.over_cap]
    rest = eligible - z3.Sum(each)
    claim = z3.And(rest >= 0, paid.account <= own, *(one >= 0 for one in each))
    text = "自付、起付、统筹、超限额和个人分担各不小于 0，相加等于政策范围内费用"
    return decided(place, text, ops.facts, claim, {"费用": eligible, "统筹": paid.fund})


def _within_limits(place: str, case: StreamCase) -> ProofClaim:
    """Claim that no running total goes down, or beyond the largest limit that bounds it."""
    ops, shape = case.ops, case.shape
    used = [ops.number("used") for _ in range(shape.slots)]
    _, after = case.run(ops.number("eligible"), used, ops.number("own"))
    most = list(used)
    for caps, limits in zip(shape.layers, case.figures.limits, strict=True):
        for cap, limit in zip(caps, limits, strict=True):
            most[cap.slot] = ops.most(most[cap.slot], limit)
    if shape.deductible is not None:
        slot, ceiling = shape.deductible.slot, shape.deductible.ceiling_slot
        most[slot] = ops.most(most[slot], case.figures.deductible)
        if ceiling is not None and ceiling != slot:
            most[ceiling] = ops.most(most[ceiling], case.figures.ceiling)
    claim = z3.And([z3.And(then >= now, then <= up_to) for now, then, up_to in zip(used, after, most, strict=True)])
    return decided(place, "年度累计只增不减，不超过限额", ops.facts, claim, {})


def _grows(place: str, case: StreamCase) -> ProofClaim:
    ops = case.ops
    less, more, own = ops.number("eligible"), ops.number("eligible"), ops.number("own")
    used = [ops.number("used") for _ in range(case.shape.slots)]
    (one, _), (other, _) = case.run(less, used, own), case.run(more, used, own)
    given = [*ops.facts, less <= more]
    shown = {"费用": less, "统筹": one.fund, "费用改为": more, "统筹改为": other.fund}
    return decided(place, "费用越多，统筹支付不减", given, one.fund <= other.fund, shown)


def _monotone(place: str, case: StreamCase, slot: int, *, more_pays_more: bool) -> ProofClaim:
    """Claim that the fund pays no less the more of a deductible was borne, no more the more of a cap was used."""
    ops, shape = case.ops, case.shape
    eligible, own = ops.number("eligible"), ops.number("own")
    used = [ops.number("used") for _ in range(shape.slots)]
    further = [*used[:slot], ops.number("used"), *used[slot + 1 :]]
    (one, _), (other, _) = case.run(eligible, used, own), case.run(eligible, further, own)
    given = [*ops.facts, used[slot] <= further[slot]]
    text = "已付起付标准越多，统筹支付不减" if more_pays_more else "已用限额越多，统筹支付不增"
    claim = one.fund <= other.fund if more_pays_more else other.fund <= one.fund
    if not more_pays_more and len(shape.layers) > 1:  # each layer is rounded by itself
        claim = other.fund <= one.fund + len(shape.layers) - 1
        text += f"（{len(shape.layers)} 段各自四舍五入，至多差 0.0{len(shape.layers) - 1}）"
    shown = {"费用": eligible, "已用": used[slot], "统筹": one.fund, "已用改为": further[slot], "统筹改为": other.fund}
    return decided(place, text, given, claim, shown)


def supplement_claim(place: str, plan: Plan) -> ProofClaim:
    """Return the claim that a plan's supplements pay no more than the fund left."""
    ops = Symbols()
    resolved = resolve_supplements(plan, _AnyFigures(ops))
    assert resolved is not None  # of symbols none is missing
    amounts = iter(resolved.amounts)
    figures = [
        (ratio, [next(amounts) for _ in shape.caps])
        for ratio, shape in zip(resolved.ratios, resolved.shapes, strict=True)
    ]
    residuals = {part: ops.number(part) for part in ("deductible", "share", "over_cap")}
    used = [ops.number("used") for _ in resolved.names]
    paid = kernel.supplements(ops, resolved.shapes, figures, residuals, used)
    claim = z3.And(z3.Sum(paid) <= z3.Sum(list(residuals.values())), *(one >= 0 for one in paid))
    text = "补充保险各不小于 0，合计不超过统筹没有付的部分"
    return decided(f"{place}.supplement", text, ops.facts, claim, {})
