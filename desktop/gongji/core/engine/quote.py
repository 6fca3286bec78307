"""What a visit would settle at: every refusal in G20's order, or one settlement for each benefit among its lines."""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple

from msgspec import Struct

from gongji.core.engine.account_payments import Purse
from gongji.core.engine.amounts import Amounts, added
from gongji.core.engine.bill import Bill, assess, line_problems
from gongji.core.engine.facts import fact_problems
from gongji.core.engine.later_claim import is_closed, settle_in_full
from gongji.core.engine.plan import Plan
from gongji.core.engine.policy import Frame, Policy
from gongji.core.engine.running_totals import RunningTotals
from gongji.core.engine.settlement import Settlement, settle
from gongji.core.engine.visit_checks import Knows, visit_problems
from gongji.core.engine.without_benefit import pays_nothing, settle_without_benefit
from gongji.core.problems import BENEFIT_NOT_DEFINED, Problem, invalid
from gongji.core.strict_records import shown
from gongji.core.visits import FeeLine, Visit


class Planned(NamedTuple):
    """A benefit's plan with its lines; `places` are their positions in the visit, None for all of its lines."""

    plan: Plan
    lines: Sequence[FeeLine]
    places: list[int] | None


class Quote(Struct, frozen=True, kw_only=True, gc=False):
    """试算: what a visit settles at under a policy, and the accumulators (fen) it would leave."""

    visit_no: str
    policy: str
    policy_revision: int
    settlements: tuple[Settlement, ...]
    totals: Amounts
    accumulators: dict[str, int]
    year_from: datetime.date


def quote(
    visit: Visit, policy: Policy, knows: Knows, sources: Mapping[str, str] = MappingProxyType({})
) -> Quote | list[Problem]:
    """Return what the visit settles at, or all its problems in G20's order. Never changes the visit."""
    if pays_nothing(policy.id):
        return _in_full(visit, policy)
    marked = visit.marked_lines()
    year_from = policy.year_from(visit.settled_on)
    parameters, unreadable = policy.parameters(visit.parameters, year_from.year, sources, visit.settled_on)
    problems = visit_problems(visit, policy, knows, marked)
    if unreadable:
        problems += unreadable
    unreadable_facts = fact_problems(visit, policy.pack, marked)
    frame = None if unreadable_facts else policy.frame(visit, parameters)
    if frame is None or not frame.level_known:  # without it the rules that hold are unknown
        refusals = [problem for _, problem in _undefined_benefits(visit, policy, problems)]
        return [*problems, *unreadable_facts, *refusals, *_plain_line_problems(visit)]
    plans = _plans(visit, policy, frame, problems, marked)
    no_account = plans[0].plan.no_account if plans else None
    state = RunningTotals(policy, visit.accumulators, parameters, Purse(visit, policy, no_account, parameters))
    in_lines: list[tuple[int, Problem]] = []
    bills = [assess(one.lines, one.plan, policy, visit, in_lines, one.places) for one in plans]
    if in_lines:
        problems += [problem for _, problem in sorted(in_lines, key=itemgetter(0))]
    unlisted = _unlisted(plans, frame, visit, policy, problems)
    settlements = []  # settled even with problems: only so is every missing parameter found
    lost = _lost(visit, policy) if visit.full_payment and is_closed(policy, visit) else None
    for one, bill in zip(plans, bills, strict=True):
        plan = one.plan
        if plan.needs or plan.refused or plan.name in unlisted:
            continue
        if visit.full_payment:
            settlements.append(settle_in_full(plan, bill, policy, visit, None if lost is None else lost(plan, bill)))
        else:
            settlements.append(settle(plan, bill, state))
    if parameters.missing:
        problems += dict.fromkeys(parameters.missing)
    if problems:
        return problems
    return Quote(
        visit_no=visit.visit_no,
        policy=policy.id,
        policy_revision=policy.pack.revision,
        settlements=tuple(settlements),
        totals=settlements[0].amounts if len(settlements) == 1 else added([one.amounts for one in settlements]),
        accumulators=state.accumulators,
        year_from=year_from,
    )


def _unlisted(plans: list[Planned], frame: Frame, visit: Visit, policy: Policy, problems: list[Problem]) -> set[str]:
    """Add missing parameters and unlisted disease names as problems; return the benefits that read such a name."""
    unlisted = set()
    for one in plans:
        plan = one.plan
        if plan.needs:
            problems += _unmet(plan, visit, policy)
        named = frame.unlisted.get(plan.name)
        if named and not plan.gates and plan.refused is None:
            found = [problem for problem in named if problem not in problems]
            problems += found
            if found:
                unlisted.add(plan.name)
    return unlisted


def _lost(visit: Visit, policy: Policy) -> Callable[[Plan, Bill], int | None]:
    """Return a function for the fen each benefit would pay if settled directly; None where a figure is missing."""
    parameters, _ = policy.parameters(visit.parameters, policy.year_from(visit.settled_on).year, on=visit.settled_on)
    state = RunningTotals(policy, visit.accumulators, parameters, Purse(visit, policy, None, parameters))

    def lost(plan: Plan, bill: Bill) -> int | None:
        directly = settle(plan, bill, state)
        return None if parameters.missing else directly.amounts.fund_total_fen

    return lost


def _in_full(visit: Visit, policy: Policy) -> Quote | list[Problem]:
    """Return a visit without an employees' benefit, settled in full; `policy` is the one that says so."""
    settled = settle_without_benefit(visit, policy)
    if isinstance(settled, list):
        return settled
    return Quote(
        visit_no=visit.visit_no,
        policy=policy.id,
        policy_revision=policy.pack.revision,
        settlements=(settled,),
        totals=settled.amounts,
        accumulators={},
        year_from=policy.year_from(visit.settled_on),
    )


def without_policy(visit: Visit, why: Problem, knows: Knows) -> list[Problem]:
    """Return the problems of a visit for which there is no policy, as far as they can be found without one."""
    return [*visit_problems(visit, None, knows, visit.marked_lines()), why, *_plain_line_problems(visit)]


def _plans(
    visit: Visit, policy: Policy, frame: Frame, problems: list[Problem], marked: list[tuple[int, FeeLine]]
) -> list[Planned]:
    """Return the plan of each benefit among the lines, in order of first lines, with its lines (G11)."""
    usual = visit.benefit or policy.pack.default_benefit
    if not marked or not any(line.benefit for _, line in marked):
        plan = frame.plans.get(usual)
        if plan is not None and plan.refused is None:
            return [Planned(plan, visit.lines, None)]
        groups = {usual: (list(range(len(visit.lines))), list(visit.lines))}
        fields = {usual: "benefit"}
    else:
        groups, fields = _by_benefit(visit, policy)
    undefined = groups.keys() - policy.pack.benefit.keys()
    refusals = dict(_undefined_benefits(visit, policy, problems)) if undefined else {}
    plans = []
    for name, (places, lines) in groups.items():
        if name in refusals:
            problems.append(refusals[name])
        elif name not in undefined:
            plan = frame.plans.get(name)
            if plan is None:
                plan = frame.plans[name] = policy.plan(name, frame.facts)
            if plan.refused is not None:
                problems.append(Problem(plan.refused.code, fields[name], plan.refused.text))
            plans.append(Planned(plan, lines, places))
    return plans


def _by_benefit(visit: Visit, policy: Policy) -> tuple[dict[str, tuple[list[int], list[FeeLine]]], dict[str, str]]:
    """Return the lines under each benefit with their places, and the field in which the first of them names it."""
    usual = visit.benefit or policy.pack.default_benefit
    groups: dict[str, tuple[list[int], list[FeeLine]]] = {}
    fields: dict[str, str] = {}
    for index, line in enumerate(visit.lines):
        name = line.benefit or usual
        fields.setdefault(name, "benefit" if line.benefit is None else f"lines.{index}.benefit")
        places, lines = groups.setdefault(name, ([], []))
        places.append(index)
        lines.append(line)
    return groups, fields


def _undefined_benefits(visit: Visit, policy: Policy, problems: list[Problem]) -> Iterator[tuple[str, Problem]]:
    """Yield each benefit the area's document does not define, with its refusal, unless its very name was refused."""
    named = {problem.field for problem in problems}
    for name, field in _by_benefit(visit, policy)[1].items():
        if name not in policy.pack.benefit and field not in named:
            undefined = policy.pack.undefined.get(name)
            text = f"{policy.pack.area_name}的文件没有规定“{shown(name)}”这种待遇，请改按其他待遇结算，或向经办机构查询"
            yield name, Problem(BENEFIT_NOT_DEFINED, field, text if undefined is None else undefined.text)


def _unmet(plan: Plan, visit: Visit, policy: Policy) -> Iterator[Problem]:
    prescribers = visit.prescriber is not None and visit.institution.type in policy.pack.prescriber_level
    rated = "prescriber" if prescribers else "institution"
    fields = {"registered": "person.registrations.chronic", "grade": f"{rated}.grade", "age": "person.birth_date"}
    for name, fact in policy.pack.fact.items():
        fields[name] = f"person.facts.{name}" if fact.of == "person" else f"facts.{name}"
    for need in plan.needs:
        yield invalid(fields.get(need.field, need.field), need.text)


def _plain_line_problems(visit: Visit) -> list[Problem]:
    return [problem for index, line in enumerate(visit.lines) for problem in line_problems(index, line, None)]
