"""A person's limits for the year: deductibles and caps with their figures, and how far each is used up."""

from collections.abc import Iterator

from msgspec import Struct

from gongji.core.engine.parameters import Parameters
from gongji.core.engine.plan import Amount, Plan
from gongji.core.engine.policy import Policy
from gongji.core.packs.language import PLACEHOLDER
from gongji.core.visits import Visit

_LONG = 5
"""Benefit names of this length or more lose their 门诊 before 限额."""


class Limit(Struct, frozen=True, kw_only=True):
    """A cap or a deductible of a benefit year, in fen: its figure and what is used; `name` is its accumulator."""

    benefit: str
    benefit_name: str
    kind: str
    name: str
    title: str
    limit_fen: int
    used_fen: int


def limits(visit: Visit, policy: Policy) -> list[Limit]:
    """Return this person's limits for the year under each benefit they may have; without figures nobody entered."""
    if visit.institution.level not in policy.levels:
        return []
    parameters, _ = policy.parameters(visit.parameters, policy.year_from(visit.settled_on).year, on=visit.settled_on)
    facts = policy.facts(visit, parameters)
    by_name_and_kind: dict[tuple[str, str], Limit] = {}
    for name, benefit in policy.pack.benefit.items():
        plan = policy.plan(name, facts)
        if plan.refused is None and not plan.needs and not benefit.split_by:
            for limit in _of_plan(plan, visit, policy, parameters):
                by_name_and_kind.setdefault((limit.name, limit.kind), limit)
    return list(by_name_and_kind.values())


def _of_plan(plan: Plan, visit: Visit, policy: Policy, parameters: Parameters) -> Iterator[Limit]:
    terms = policy.terms(plan)
    if terms.deductible is not None:
        yield from _limit(plan, "deductible", terms.deductible.accumulator, terms.deductible.amount, visit, parameters)
    for layer in terms.layers:
        for cap in layer.caps:
            yield from _limit(plan, "cap", cap.accumulator, cap.amount, visit, parameters)


def _limit(
    plan: Plan, kind: str, name: str | None, amount: Amount, visit: Visit, parameters: Parameters
) -> Iterator[Limit]:
    if name is None or PLACEHOLDER.search(name):
        return
    before = len(parameters.missing)
    limit_fen = parameters.fen(amount)
    if len(parameters.missing) > before:
        return
    yield Limit(
        benefit=plan.name,
        benefit_name=plan.benefit.name,
        kind=kind,
        name=name,
        title=_title(plan, kind, name),
        limit_fen=limit_fen,
        used_fen=visit.accumulators.get(name, 0),
    )


def _title(plan: Plan, kind: str, name: str) -> str:
    """Return the title of a limit: its benefit's, or another pool's."""
    short = plan.benefit.name if len(plan.benefit.name) < _LONG else plan.benefit.name.removeprefix("门诊")
    if kind == "deductible":
        return f"{short}年度起付"
    return f"{short}限额" if name.startswith(f"{plan.name}.") else "住院限额"
