"""What a visit would settle at: every refusal in G20's order, or one settlement for each benefit among its lines."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from gongji.core.amounts import Amounts, added
from gongji.core.assess import assess, line_problems
from gongji.core.facts import fact_problems, visit_facts
from gongji.core.parameters import Parameters
from gongji.core.plan import Plan
from gongji.core.policy import Policy
from gongji.core.problems import BENEFIT_NOT_DEFINED, Problem, invalid
from gongji.core.purse import Purse
from gongji.core.settle import Settlement, settle
from gongji.core.shape import shown
from gongji.core.state import Settling
from gongji.core.visits import FeeLine, Visit

Knows = Callable[[str, str], bool]
"""Tells whether any pack at hand has a "benefit", "level", "accumulator" or "parameter" of that name."""

Numbered = Iterable[tuple[int, FeeLine]]


class Quote(Struct, frozen=True, kw_only=True):
    """试算: what a visit settles at under a policy, and the accumulators (fen) it would leave."""

    visit_no: str
    policy: str
    settlements: tuple[Settlement, ...]
    totals: Amounts
    accumulators: dict[str, int]
    year_from: datetime.date


def quote(visit: Visit, policy: Policy, knows: Knows) -> Quote | list[Problem]:
    """Return what the visit settles at, or all its problems in G20's order. Never changes the visit."""
    facts = visit_facts(visit, policy.pack, policy.levels)
    values, unreadable = policy.parameters(visit.parameters) if visit.parameters else ({}, [])
    problems = [*_unknown_names(visit, policy, knows), *unreadable]
    if visit.facts or visit.person.facts or any(line.facts for line in visit.lines):
        problems += fact_problems(visit, policy.pack)
    if problems:
        return [*problems, *_plain_line_problems(visit)]
    plans = _plans(visit, policy, facts, problems)
    parameters = Parameters(policy.pack.parameter, values, visit.settled_on.year)
    no_account = next((plan.no_account for plan, _ in plans), None)
    state = Settling(policy, visit.accumulators, parameters, Purse(visit, policy, no_account))
    in_lines: list[tuple[int, Problem]] = []
    bills = [assess(lines, plan, policy, visit, in_lines) for plan, lines in plans]
    problems += [problem for _, problem in sorted(in_lines, key=lambda one: one[0])]
    problems += [problem for plan, _ in plans for problem in _unmet(plan, visit, policy)]
    ready = [(plan, bill) for (plan, _), bill in zip(plans, bills, strict=True) if not plan.needs and not plan.refused]
    settlements = tuple(settle(plan, bill, state) for plan, bill in ready)
    problems += dict.fromkeys(parameters.missing)
    if problems:
        return problems
    return Quote(
        visit_no=visit.visit_no,
        policy=policy.id,
        settlements=settlements,
        totals=added([settlement.amounts for settlement in settlements]),
        accumulators=state.accumulators,
        year_from=policy.year_from(visit.settled_on),
    )


def without_policy(visit: Visit, why: Problem, knows: Knows) -> list[Problem]:
    """Return the problems of a visit for which there is no policy, as far as they show without one."""
    return [*_unknown_names(visit, None, knows), why, *_plain_line_problems(visit)]


def _plans(
    visit: Visit, policy: Policy, facts: Mapping[str, Any], problems: list[Problem]
) -> list[tuple[Plan, Numbered]]:
    """Return the plan of each benefit among the lines, in order of first lines, with its lines (G11)."""
    usual = visit.benefit or policy.pack.default_benefit
    lines: Numbered = enumerate(visit.lines)
    groups: dict[str, Numbered] = {usual: lines}
    fields = {usual: "benefit"}
    if any(line.benefit is not None for line in visit.lines):
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
            problems.append(_undefined(name, fields[name], policy))
            continue
        plan = policy.plan(name, facts)
        if plan.refused is not None:
            problems.append(Problem(plan.refused.code, fields[name], plan.refused.text))
        plans.append((plan, numbered))
    return plans


def _undefined(name: str, field: str, policy: Policy) -> Problem:
    undefined = policy.pack.undefined.get(name)
    text = f"{policy.pack.area_name}的文件没有规定“{shown(name)}”这种待遇，请改按其他待遇结算或由患者全额垫付后到经办机构报销"
    return Problem(BENEFIT_NOT_DEFINED, field, text if undefined is None else undefined.text)


def _unmet(plan: Plan, visit: Visit, policy: Policy) -> Iterator[Problem]:
    prescribers = visit.prescriber is not None and visit.institution.type in policy.pack.prescriber_level
    rated = "prescriber" if prescribers else "institution"
    fields = {"registered": "person.registrations.chronic", "grade": f"{rated}.grade", "age": "person.birth_date"}
    for need in plan.needs:
        yield invalid(fields.get(need.field, need.field), need.text)


def _plain_line_problems(visit: Visit) -> list[Problem]:
    return [problem for index, line in enumerate(visit.lines) for problem in line_problems(index, line, None)]


def _unknown_names(visit: Visit, policy: Policy | None, knows: Knows) -> Iterator[Problem]:
    """Yield names that no pack at hand has: a misspelt one must not silently change what somebody pays."""
    benefits = {"benefit": visit.benefit}
    benefits |= {f"lines.{index}.benefit": line.benefit for index, line in enumerate(visit.lines) if line.benefit}
    for field, name in benefits.items():
        if name is not None and not (policy and name in policy.benefits) and not knows("benefit", name):
            yield invalid(field, f"没有“{shown(name)}”这种待遇，请改正")
    levels = {"institution.level": visit.institution.level}
    if visit.prescriber is not None:
        levels["prescriber.level"] = visit.prescriber.level
    for field, name in levels.items():
        if not (name in policy.levels if policy else knows("level", name)):
            yield invalid(field, f"没有“{shown(name)}”这个级别，请按协议填写，例如 1；未定级填 unrated")
    for name in visit.accumulators:
        if not (policy and policy.knows_accumulator(name)) and not knows("accumulator", name):
            yield invalid(f"accumulators.{shown(name)}", f"没有“{shown(name)}”这个年度累计，请改正名称")
    for name in visit.parameters:
        if not (policy and name in policy.pack.parameter) and not knows("parameter", name):
            yield invalid(f"parameters.{shown(name)}", f"没有“{shown(name)}”这个参数，请改正名称")
    seen: set[str] = set()
    for index, account in enumerate(visit.accounts.family):
        if account.id in seen:
            yield invalid(f"accounts.family.{index}.id", "同一个共济账户列了两次，请只留一个")
        seen.add(account.id)
