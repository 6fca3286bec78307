"""What a visit would settle at: every refusal in G20's order, or one settlement for each benefit among its lines."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from msgspec import Struct

from gongji.core.problems import BENEFIT_NOT_DEFINED, Problem, invalid
from gongji.core.reckoning.amounts import Amounts, added
from gongji.core.reckoning.assess import assess, line_problems
from gongji.core.reckoning.facts import fact_problems, visit_facts
from gongji.core.reckoning.names import Knows, unknown_names
from gongji.core.reckoning.parameters import Parameters
from gongji.core.reckoning.plan import Plan
from gongji.core.reckoning.policy import Policy
from gongji.core.reckoning.purse import Purse
from gongji.core.reckoning.settle import Settlement, settle
from gongji.core.reckoning.state import Settling
from gongji.core.shape import shown
from gongji.core.visits import FeeLine, Visit

Numbered = Iterable[tuple[int, FeeLine]]


class Quote(Struct, frozen=True, kw_only=True, gc=False):
    """试算: what a visit settles at under a policy, and the accumulators (fen) it would leave."""

    visit_no: str
    policy: str
    settlements: tuple[Settlement, ...]
    totals: Amounts
    accumulators: dict[str, int]
    year_from: datetime.date


def quote(visit: Visit, policy: Policy, knows: Knows) -> Quote | list[Problem]:
    """Return what the visit settles at, or all its problems in G20's order. Never changes the visit."""
    marked = visit.marked_lines()
    values, unreadable = policy.parameters(visit.parameters)
    problems = [*unknown_names(visit, policy, knows, marked), *unreadable]
    unreadable_facts = fact_problems(visit, policy.pack, marked)
    facts = None if unreadable_facts else visit_facts(visit, policy.pack, policy.levels)
    if facts is None or facts["level"] is None:  # then it cannot be told which rules hold
        return [*problems, *unreadable_facts, *_plain_line_problems(visit)]
    plans = _plans(visit, policy, facts, problems, marked)
    parameters = Parameters(policy.pack.parameter, visit.parameters, values, policy.year_from(visit.settled_on).year)
    no_account = plans[0][0].no_account if plans else None
    state = Settling(policy, visit.accumulators, parameters, Purse(visit, policy, no_account))
    in_lines: list[tuple[int, Problem]] = []
    bills = [assess(lines, plan, policy, visit, in_lines) for plan, lines in plans]
    if in_lines:
        problems += [problem for _, problem in sorted(in_lines, key=itemgetter(0))]
    for plan, _ in plans:
        problems += _unmet(plan, visit, policy) if plan.needs else ()
    settlements = []
    for (plan, _), bill in zip(plans, bills, strict=True):
        if not plan.needs and not plan.refused:
            settlements.append(settle(plan, bill, state))
    problems += dict.fromkeys(parameters.missing)
    if problems:
        return problems
    return Quote(
        visit_no=visit.visit_no,
        policy=policy.id,
        settlements=tuple(settlements),
        totals=added([settlement.amounts for settlement in settlements]),
        accumulators=state.accumulators,
        year_from=policy.year_from(visit.settled_on),
    )


def without_policy(visit: Visit, why: Problem, knows: Knows) -> list[Problem]:
    """Return the problems of a visit for which there is no policy, as far as they show without one."""
    return [*unknown_names(visit, None, knows, visit.marked_lines()), why, *_plain_line_problems(visit)]


def _plans(
    visit: Visit, policy: Policy, facts: Mapping[str, Any], problems: list[Problem], marked: Numbered
) -> list[tuple[Plan, Numbered]]:
    """Return the plan of each benefit among the lines, in order of first lines, with its lines (G11)."""
    usual = visit.benefit or policy.pack.default_benefit
    lines: Numbered = enumerate(visit.lines)
    groups: dict[str, Numbered] = {usual: lines}
    fields = {usual: "benefit"}
    if any(line.benefit for _, line in marked):
        split: dict[str, list[tuple[int, FeeLine]]] = {}
        fields = {}
        for index, line in lines:
            name = line.benefit or usual
            fields.setdefault(name, "benefit" if line.benefit is None else f"lines.{index}.benefit")
            split.setdefault(name, []).append((index, line))
        groups = dict(split)
    plans = []
    for name, numbered in groups.items():
        if name not in policy.pack.benefit:
            if all(problem.field != fields[name] for problem in problems):
                problems.append(_undefined(name, fields[name], policy))
            continue
        plan = policy.plan(name, facts)
        if plan.refused is not None:
            problems.append(Problem(plan.refused.code, fields[name], plan.refused.text))
        plans.append((plan, numbered))
    return plans


def _undefined(name: str, field: str, policy: Policy) -> Problem:
    undefined = policy.pack.undefined.get(name)
    if undefined is not None:
        return Problem(BENEFIT_NOT_DEFINED, field, undefined.text)
    text = f"{policy.pack.area_name}的文件没有规定“{shown(name)}”这种待遇，请改按其他待遇结算，或向经办机构查询"
    return Problem(BENEFIT_NOT_DEFINED, field, text)


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
