"""Checks of a pack's worked cases for what settling them never notices: unread names, one name or outcome too many."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from gongji.core.packs.accounts import Relation
from gongji.core.packs.dimensions import Dimension
from gongji.core.packs.language import PARAMETER_YEAR, Pack, WorkedCase
from gongji.core.problems import BENEFIT_NOT_DEFINED, INVALID_INPUT, MISSING_PARAMETER, Problem, invalid
from gongji.core.strict_json import decode
from gongji.core.strict_records import did_you_mean, is_iso_date, shown

_REFUSALS = [INVALID_INPUT, BENEFIT_NOT_DEFINED, MISSING_PARAMETER]
"""What a visit in the area, on a day of the edition, can be refused with."""


def case_problems(pack: Pack, known: Mapping[str, Dimension]) -> Iterator[Problem]:
    """Yield names that two cases have, outcomes that contradict each other, and names in visits that nobody reads."""
    first: dict[str, int] = {}
    for index, case in enumerate(pack.case):
        before = first.setdefault(case.name, index)
        if before != index:
            text = f"第 {before + 1} 个例子也叫“{shown(case.name)}”；一个名称只能是一个例子，请改成别的名称"
            yield invalid(f"case.{index}.name", text)
        yield from _outcomes(f"case.{index}", case)
        visit, unreadable = decode(case.visit.encode())
        if unreadable or not isinstance(visit, dict):
            continue  # what is no visit is told when the cases are settled
        parameters = visit.get("parameters")
        for name, value in (parameters if isinstance(parameters, dict) else {}).items():
            yield from _parameter(f"case.{index}.visit", name, value, pack, known)
        yield from _relations(f"case.{index}.visit", visit.get("accounts"))


def _outcomes(path: str, case: WorkedCase) -> Iterator[Problem]:
    if case.refused is None:
        return
    if case.refused not in _REFUSALS:
        allowed = did_you_mean(case.refused, _REFUSALS) or f"，应为 {'、'.join(_REFUSALS)} 之一"
        yield invalid(f"{path}.refused", f"没有“{shown(case.refused)}”这种拒绝{allowed}，请改正")
    if case.expect or case.accumulators:
        text = "例子既写了 refused，又写了 expect 或 accumulators；被拒绝的就诊没有数额，请只留一种"
        yield invalid(f"{path}.refused", text)


def _parameter(path: str, name: str, value: Any, pack: Pack, known: Mapping[str, Dimension]) -> Iterator[Problem]:
    parameter = pack.parameter.get(name)
    if parameter is None:
        have = list(pack.parameter)
        allowed = did_you_mean(name, have) or f"，可用的有 {'、'.join(have)}"
        yield invalid(path, f"parameters.{shown(name)}：这一版没有这个参数{allowed}；请改正名称或删去")
        return
    by_day = parameter.dated and isinstance(value, dict) and all(is_iso_date(key) for key in value)
    for one in value.values() if by_day else (value,):
        yield from _groups(path, f"parameters.{name}", one, parameter.by, known)


def _groups(path: str, at: str, value: Any, by: tuple[str, ...], known: Mapping[str, Dimension]) -> Iterator[Problem]:
    """Report the groups of a parameter's figures that nobody is in, such as a level that the pack does not list."""
    if not by or not isinstance(value, dict):
        return  # a figure, or what is told when the case is settled
    fact = by[0]
    values = [] if fact == "year" else [str(one) for one in known[fact].values]
    for key, part in value.items():
        if fact == "year":
            if not PARAMETER_YEAR.fullmatch(key):
                yield invalid(path, f"{at}：“{shown(key)}”应为四位年份，请改正")
        elif key not in values:
            text = f"没有“{shown(key)}”这一{known[fact].name}，应为 {'、'.join(values)} 之一，请改正"
            yield invalid(path, f"{at}：{text}")
        else:
            yield from _groups(path, f"{at}.{key}", part, by[1:], known)


def _relations(path: str, accounts: Any) -> Iterator[Problem]:
    family = accounts.get("family") if isinstance(accounts, dict) else None
    for place, one in enumerate(family if isinstance(family, list) else ()):
        relation = one.get("relation") if isinstance(one, dict) else None
        if isinstance(relation, str) and relation not in get_args(Relation):
            allowed = f"应为 {'、'.join(get_args(Relation))} 之一"
            yield invalid(path, f"accounts.family.{place}.relation：没有“{shown(relation)}”这种关系，{allowed}，请改正")
