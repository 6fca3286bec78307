"""What is proved of a pack: its tables name one row for everybody, its money is conserved, more is never less.

A claim is proved, refuted by an example, or unknown within the time limit; the assumptions are in `ASSUMED`.
One thing is an exception and no fault: where what a cap cuts off is paid at a better ratio, having used
more of the cap pays more.
"""

from collections.abc import Iterator
from typing import Any

import z3
from msgspec import structs

from gongji.core.columns import kernel
from gongji.core.engine.benefit_rules import Conditional, benefit_rules
from gongji.core.engine.facts import LEVEL_GIVEN, RATED
from gongji.core.engine.make_plan import make_plan, make_supplements, make_terms
from gongji.core.engine.plan import Plan
from gongji.core.money import percent
from gongji.core.packs.benefits import Benefit
from gongji.core.packs.conditions import TooManyCellsError, cells, holds, names_used, unmet
from gongji.core.packs.dimensions import Dimension, dimensions
from gongji.core.packs.entries import records
from gongji.core.packs.language import PLACEHOLDER, Pack
from gongji.core.packs.tables import tables_of
from gongji.proofs.fact_symbols import FactSymbols
from gongji.proofs.stream_claims import stream_case, stream_claims, supplement_claim
from gongji.proofs.symbols import UNKNOWN, OpenRatio, ProofClaim, Symbols, decided

ASSUMED = (
    "单价 × 数量的取整不在证明里：只用到超限价部分不超过该行金额。",
    "证明的是按列计算的算式；它与结算引擎逐分一致由抽样测试保证，不是证明。",
    "开放参数的比例只知道在 0 和 1 之间；数额只知道不小于 0。",
)
"""What is not proved, or assumed."""


def prove(pack: Pack) -> Iterator[ProofClaim]:
    """Yield every claim about a pack, as it is decided."""
    known = dimensions(pack)
    yield from _tables(pack, known)
    yield _line_claim()
    yield _cash_claim()
    for name, benefit in pack.benefit.items():
        yield from _benefit(pack, name, benefit, known)


def _tables(pack: Pack, known: dict[str, Dimension]) -> Iterator[ProofClaim]:
    """Claim for every table that exactly one row applies to each set of facts in which the required ones are given."""
    for path, rows, _, require in tables_of(pack):
        facts = FactSymbols(known)
        plain = [facts.holds(row.when) for row in rows if not row.otherwise]
        others = [z3.Not(z3.Or(plain)) for row in rows if row.otherwise]
        given = [z3.Implies(facts.holds(one.when), facts.given(one.field)) for one in require]
        claim = z3.PbEq([(one, 1) for one in (*plain, *others)], 1)
        yield decided(path, "对所有情形恰有一行适用", [*facts.domain, *given], claim, {})


def _line_claim() -> ProofClaim:
    ops = Symbols()
    amount, over, is_c = ops.number("amount"), ops.number("over"), z3.Bool("is_c")
    parts = kernel.line(ops, is_c, amount, over, OpenRatio("prepay"))
    each = [parts.self_paid, parts.over_price, parts.prepaid, parts.left]
    claim = z3.And(z3.Sum(each) == amount, *(one >= 0 for one in each))
    return decided("lines", "每一行的各部分都不小于 0，相加等于该行金额", [*ops.facts, over <= amount], claim, {})


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
    return decided("accounts", "个人账户、共济账户、现金都不小于 0，相加等于个人负担，账户不超支", given, claim, {})


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
        case = stream_case(terms, account_first=account_first)
        key = repr((case.shape, case.figures))
        if key not in seen:
            seen.add(key)
            words = "、".join("待定" if one.parameter else percent(one.fixed) for one in ratios)
            yield from stream_claims(f"{place}（{words}）", terms, account_first=account_first)
    for plan in {repr(one.supplements): one for one in plans if one.supplements}.values():
        yield supplement_claim(place, plan)


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
        yield make_plan(pack, name, facts, supplements, {}, {}, rules)


def _usual(dimension: Dimension) -> Any:
    """Return a value of a fact that no rule of the benefit asks for."""
    if dimension.kind == "set":
        return ()
    if dimension.kind == "flag":
        return False
    return dimension.values[0] if dimension.kind == "choice" else None
