"""Names that a visit uses and no pack at hand has: a misspelt one must not silently change what somebody pays."""

from collections.abc import Callable, Iterable

from gongji.core.problems import Problem, invalid
from gongji.core.reckoning.policy import Policy
from gongji.core.shape import shown
from gongji.core.visits import FeeLine, Visit

Knows = Callable[[str, str], bool]
"""Tells whether any pack at hand has a "benefit", a "level" or an "accumulator" of that name."""


def unknown_names(
    visit: Visit, policy: Policy | None, knows: Knows, marked: Iterable[tuple[int, FeeLine]]
) -> list[Problem]:
    """Return a problem for each unknown name.

    A level must be one of the area's own; a benefit or an accumulator may be another area's, which is refused later, or
    means nothing here. Open parameters are asked for by name where they are needed, so what else is supplied with them
    changes nothing.
    """
    problems = []
    if visit.benefit is not None and not (policy and visit.benefit in policy.benefits):
        problems += _unless_known("benefit", "benefit", visit.benefit, knows)
    for index, line in marked:
        if line.benefit and not (policy and line.benefit in policy.benefits):
            problems += _unless_known(f"lines.{index}.benefit", "benefit", line.benefit, knows)
    for who, rated in (("institution", visit.institution), ("prescriber", visit.prescriber)):
        if rated is not None and not (rated.level in policy.levels if policy else knows("level", rated.level)):
            text = f"没有“{shown(rated.level)}”这个级别，请按协议填写，例如 1；未定级填 unrated"
            problems.append(invalid(f"{who}.level", text))
    for name in visit.accumulators:
        if not (policy and policy.knows_accumulator(name)):
            problems += _unless_known(f"accumulators.{shown(name)}", "accumulator", name, knows)
    ids = [account.id for account in visit.accounts.family]
    for index, account in enumerate(ids):
        if account in ids[:index]:
            problems.append(invalid(f"accounts.family.{index}.id", "同一个共济账户列了两次，请只留一个"))
    return problems


_KINDS = {"benefit": "种待遇", "accumulator": "个年度累计"}


def _unless_known(field: str, kind: str, name: str, knows: Knows) -> list[Problem]:
    return [] if knows(kind, name) else [invalid(field, f"没有“{shown(name)}”这{_KINDS[kind]}，请改正名称")]
