"""What is proved of a pack: its tables name one row for everybody, its money is conserved, more is never less.

A claim is proved, refuted by an example, or unknown within the time limit; the assumptions are in `ASSUMED`.
One thing is an exception and no fault: where what a cap cuts off is paid at a better ratio, having used
more of the cap pays more.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import z3
from msgspec import Struct, structs
from msgspec.structs import replace

from gongji.core.columns import kernel
from gongji.core.columns.kernel import Shape, ShapeFigures
from gongji.core.columns.terms import resolve, resolve_supplements
from gongji.core.engine.benefit_rules import Conditional, benefit_rules
from gongji.core.engine.facts import LEVEL_GIVEN, RATED
from gongji.core.engine.make_plan import make_plan, make_supplements, make_terms
from gongji.core.engine.plan import Amount, Plan, Ratio, Terms
from gongji.core.money import percent, yuan
from gongji.core.packs.benefits import Benefit
from gongji.core.packs.conditions import TooManyCellsError, cells, holds, names_used, unmet
from gongji.core.packs.dimensions import Dimension, dimensions
from gongji.core.packs.entries import PackRow, records
from gongji.core.packs.language import PLACEHOLDER, Pack
from gongji.core.problems import Problem
from gongji.proofs.fact_symbols import FactSymbols, exactly_one
from gongji.proofs.symbols import OpenRatio, Symbols

PROVED, REFUTED, UNKNOWN, EXCEPTION = "proved", "refuted", "unknown", "exception"
_MILLISECONDS = 20_000

ASSUMED = (
    "单价 × 数量的取整不在证明里：只用到超限价部分不超过该行金额。",
    "证明的是按列计算的算式；它与结算引擎逐分一致由抽样测试保证，不是证明。",
    "开放参数的比例只知道在 0 和 1 之间；数额只知道不小于 0。",
)
"""What is not proved, or assumed."""


class ProofClaim(Struct, frozen=True, kw_only=True):
    """A claim about a place in a pack, whether it is proved, and an example where it is refuted."""

    place: str
    text: str
    verdict: str
    example: str = ""


def prove(pack: Pack) -> Iterator[ProofClaim]:
    """Yield every claim about a pack, as it is decided."""
    known = dimensions(pack)
    yield from _tables(pack, known)
    yield _line_claim()
    yield _cash_claim()
    for name, benefit in pack.benefit.items():
        yield from _benefit(pack, name, benefit, known)


def _decided(place: str, text: str, given: Sequence[Any], claim: Any, shown: dict[str, Any]) -> ProofClaim:
    """Return a claim with its verdict by z3: proved where its negation has no solution."""
    solver = z3.Solver()
    solver.set("timeout", _MILLISECONDS)
    solver.add(*given, z3.Not(claim))
    found = solver.check()
    if found == z3.unsat:
        return ProofClaim(place=place, text=text, verdict=PROVED)
    if found == z3.unknown:
        return ProofClaim(place=place, text=text, verdict=UNKNOWN)
    model = solver.model()
    example = "，".join(f"{word} {_value(model, one)}" for word, one in shown.items())
    return ProofClaim(place=place, text=text, verdict=REFUTED, example=example)


def _value(model: Any, one: Any) -> str:
    found = model.eval(one, model_completion=True)
    return yuan(found.as_long()) if z3.is_int_value(found) else str(found)


def _tables(pack: Pack, known: dict[str, Dimension]) -> Iterator[ProofClaim]:
    """Claim for every table that exactly one row applies to each set of facts in which the required ones are given."""
    tables: list[tuple[str, Sequence[PackRow], Any]] = []
    for name, benefit in pack.benefit.items():
        for path, record in records(benefit, f"benefit.{name}"):
            for field in ("amount", "ratio"):
                rows = getattr(record, field, None)
                if isinstance(rows, tuple):
                    tables.append((f"{path}.{field}", rows, benefit.require))
    if pack.credit is not None:
        tables.append(("credit.row", pack.credit.row, pack.credit.require))
    for path, rows, require in tables:
        facts = FactSymbols(known)
        plain = [facts.holds(row.when) for row in rows if not row.otherwise]
        others = [z3.Not(z3.Or(plain)) for row in rows if row.otherwise]
        given = [z3.Implies(facts.holds(one.when), facts.given(one.field)) for one in require]
        claim = exactly_one([*plain, *others])
        yield _decided(path, "对所有情形恰有一行适用", [*facts.domain, *given], claim, {})


def _line_claim() -> ProofClaim:
    ops = Symbols()
    amount, over, is_c = ops.number("amount"), ops.number("over"), z3.Bool("is_c")
    parts = kernel.line(ops, is_c, amount, over, OpenRatio("prepay"))
    each = [parts.self_paid, parts.over_price, parts.prepaid, parts.left]
    claim = z3.And(z3.Sum(each) == amount, *(one >= 0 for one in each))
    return _decided("lines", "每一行的各部分都不小于 0，相加等于该行金额", [*ops.facts, over <= amount], claim, {})


def _cash_claim() -> ProofClaim:
    """Claim that the patient's part, once accounts have paid, is never below zero."""
    ops = Symbols()
    names = ("total", "eligible", "fund", "account", "barred", "own", "family")
    total, eligible, fund, account, barred, own, family = (ops.number(name) for name in names)
    patient = total - fund
    due = ops.most(0, patient - barred - account)
    own_paid, family_paid = kernel.accounts(ops, due, own, family)
    cash = patient - account - own_paid - family_paid
    given = [*ops.facts, eligible <= total, fund + account <= eligible, barred <= total]
    claim = z3.And(cash >= 0, own_paid >= 0, family_paid >= 0, own_paid <= own, family_paid <= family)
    return _decided("accounts", "个人账户、共济账户、现金都不小于 0，相加等于个人负担，账户不超支", given, claim, {})


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


class _Case(Struct):
    """A benefit's terms with symbols for figures: the static shape, the figures, the constraints on them."""

    shape: Shape
    figures: ShapeFigures
    ops: Symbols

    def run(self, eligible: Any, used: Sequence[Any], own_left: Any) -> tuple[kernel.Streamed, list[Any]]:
        """Return where eligible expense goes, and the running totals afterwards."""
        after = list(used)
        return kernel.stream(self.ops, self.shape, self.figures, eligible, after, own_left), after


def _benefit(pack: Pack, name: str, benefit: Benefit, known: dict[str, Dimension]) -> Iterator[ProofClaim]:
    """Claim conservation and monotony for every plan of a benefit."""
    place = f"benefit.{name}"
    try:
        plans = list(_plans(pack, name, benefit, known))
    except TooManyCellsError as error:
        yield ProofClaim(place=place, text=f"情形太多（{error.count} 种），没有逐一证明", verdict=UNKNOWN)
        return
    account_first = pack.accounts.before_deductible is not None
    seen: set[str] = set()
    for plan in plans:
        terms = make_terms(pack, benefit, plan.facts, known)
        ratios = [one.ratio for one in terms.layers]
        case = _case(terms, account_first=account_first)
        key = repr((case.shape, case.figures))
        if key not in seen:
            seen.add(key)
            words = "、".join("待定" if one.parameter else percent(one.fixed) for one in ratios)
            yield from _stream(f"{place}（{words}）", terms, account_first=account_first)
    for plan in {repr(one.supplements): one for one in plans if one.supplements}.values():
        yield _supplements(place, plan)


def _plans(pack: Pack, name: str, benefit: Benefit, known: dict[str, Dimension]) -> Iterator[Plan]:
    """Yield a plan for every set of facts that this benefit's rules can tell apart and that settles."""
    whens = [getattr(record, "when", None) for _, record in records(benefit)]
    names = {fact for when in whens for fact in names_used(when)}
    used = {getattr(record, "parameter", None) for _, record in records(benefit)}
    names |= {fact for one in used if one for fact in pack.parameter[one].by if fact != "year"}
    names |= {fact for one in pack.accumulator for fact in PLACEHOLDER.findall(one) if fact in known}
    names |= {one.field for one in benefit.require}
    rules = structs.replace(benefit_rules(pack, name), gates=Conditional(()))
    usual = {fact: _usual(dimension) for fact, dimension in known.items()}
    for cell in cells(sorted(names), known, whens):
        facts = {**usual, **cell}
        facts |= {LEVEL_GIVEN: facts["level"], RATED: facts["institution_type"]}
        if any(unmet(benefit.require, facts)) or any(holds(one.when, facts) for one in benefit.refuse):
            continue
        supplements = make_supplements(benefit, facts, pack, known)
        plan = make_plan(pack, name, facts, supplements, {}, {}, rules)
        yield plan


def _usual(dimension: Dimension) -> Any:
    """Return a value of a fact that no rule of the benefit asks for."""
    if dimension.kind == "set":
        return ()
    if dimension.kind == "flag":
        return False
    return dimension.values[0] if dimension.kind == "choice" else None


def _case(terms: Terms, *, account_first: bool) -> _Case:
    ops = Symbols()
    resolved = resolve(terms, _AnyFigures(ops), account_first=account_first)
    assert resolved is not None  # of symbols none is missing
    shape, amounts = resolved.shape, iter(resolved.amounts)
    deductible = next(amounts) if shape.deductible is not None else 0
    has_ceiling = shape.deductible is not None and shape.deductible.ceiling_slot is not None
    ceiling = next(amounts) if has_ceiling else 0
    limits = [[next(amounts) for _ in caps] for caps in shape.layers]
    first, rest = resolved.ratios[: shape.first_pay], resolved.ratios[shape.first_pay :]
    return _Case(shape, ShapeFigures(first, deductible, ceiling, rest, limits), ops)


def _stream(place: str, terms: Terms, *, account_first: bool) -> Iterator[ProofClaim]:
    yield _conserved(place, _case(terms, account_first=account_first))
    yield _within_limits(place, _case(terms, account_first=account_first))
    yield _grows(place, _case(terms, account_first=account_first))
    shape = _case(terms, account_first=account_first).shape
    borne = () if shape.deductible is None else (shape.deductible.slot, shape.deductible.ceiling_slot)
    for slot in range(shape.slots):
        case = _case(terms, account_first=account_first)
        claim = _monotone(place, case, slot, more_pays_more=slot in borne)
        if claim.verdict == REFUTED and _pays_better_later(case, slot):
            claim = replace(claim, verdict=EXCEPTION)
        yield claim


def _pays_better_later(case: _Case, slot: int) -> bool:
    """Return whether what a running total's cap cuts off may be paid at a better ratio by a later layer."""
    ratios = case.figures.ratios
    return any(
        isinstance(later, OpenRatio) or isinstance(ratios[place], OpenRatio) or later > ratios[place]
        for place, caps in enumerate(case.shape.layers)
        if any(cap.slot == slot for cap in caps)
        for later in ratios[place + 1 :]
    )


def _conserved(place: str, case: _Case) -> ProofClaim:
    ops = case.ops
    eligible, own = ops.number("eligible"), ops.number("own")
    paid, _ = case.run(eligible, [ops.number("used") for _ in range(case.shape.slots)], own)
    each = [paid.first_paid, paid.account, paid.deductible, paid.fund, paid.over_cap]
    rest = eligible - z3.Sum(each)
    claim = z3.And(rest >= 0, paid.account <= own, *(one >= 0 for one in each))
    text = "自付、起付、统筹、超限额和个人分担各不小于 0，相加等于政策范围内费用"
    return _decided(place, text, ops.facts, claim, {"费用": eligible, "统筹": paid.fund})


def _within_limits(place: str, case: _Case) -> ProofClaim:
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
    return _decided(place, "年度累计只增不减，不超过限额", ops.facts, claim, {})


def _grows(place: str, case: _Case) -> ProofClaim:
    ops = case.ops
    less, more, own = ops.number("eligible"), ops.number("eligible"), ops.number("own")
    used = [ops.number("used") for _ in range(case.shape.slots)]
    (one, _), (other, _) = case.run(less, used, own), case.run(more, used, own)
    given = [*ops.facts, less <= more]
    shown = {"费用": less, "统筹": one.fund, "费用改为": more, "统筹改为": other.fund}
    return _decided(place, "费用越多，统筹支付不减", given, one.fund <= other.fund, shown)


def _monotone(place: str, case: _Case, slot: int, *, more_pays_more: bool) -> ProofClaim:
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
    return _decided(place, text, given, claim, shown)


def _supplements(place: str, plan: Plan) -> ProofClaim:
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
    return _decided(f"{place}.supplement", text, ops.facts, claim, {})
