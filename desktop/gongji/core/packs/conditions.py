"""`when`: for which facts a row or an operation of a pack holds.

A table of fact = test, all of which must pass, or a list of such tables, one of which must. A test is a value, a list
of values (any of them), or one of ``{not = …}``, ``{has = …}`` and ``{lacks = …}`` (for sets), ``{from = …, to = …}``
(for whole numbers, both ends included) and ``{absent = true}``. There is no expression language.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations, product
from math import prod
from typing import Any, TypeVar

from gongji.core.packs.benefits import Require
from gongji.core.packs.dimensions import Dimension
from gongji.core.packs.entries import PackRow
from gongji.core.problems import Problem, invalid, join
from gongji.core.strict_records import did_you_mean, seen, shown

Facts = Mapping[str, Any]
AnyRow = TypeVar("AnyRow", bound=PackRow)
OTHER = "（其他）"
"""Represents every value that no rule names, when all kinds of facts are tried."""

MOST_CELLS = 50_000
_TESTS = {"choice": {"not"}, "flag": set(), "text": {"not"}, "set": {"has", "lacks"}, "number": {"from", "to"}}


class TooManyCellsError(ValueError):
    """Conditions distinguish more kinds of facts than can be tried one by one."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


def alternatives(when: Any) -> Sequence[Mapping[str, Any]]:
    """Return the tables of a condition, one of which must hold; no condition always holds."""
    if when is None:
        return ({},)
    return when if isinstance(when, list | tuple) else (when,)


def holds(when: Any, facts: Facts) -> bool:
    """Return whether a condition holds."""
    for table in alternatives(when):
        for name, test in table.items():
            if not _passes(test, facts[name]):
                break
        else:
            return True
    return False


def compiled(when: Any) -> Callable[[Facts], bool]:
    """Return a condition as a function of facts, equal to `holds`, for conditions that are evaluated often."""
    tables = [_compiled_table(table) for table in alternatives(when)]
    if len(tables) == 1:
        return tables[0]
    return lambda facts: any(table(facts) for table in tables)


def _compiled_table(table: Mapping[str, Any]) -> Callable[[Facts], bool]:
    """Return a function that says whether all tests of a table pass; the simplest tests are compared at once."""
    same = [(name, test) for name, test in table.items() if isinstance(test, str | bool)]
    tests = [(name, _compiled_test(test)) for name, test in table.items() if not isinstance(test, str | bool)]

    def all_pass(facts: Facts) -> bool:
        for name, wanted in same:
            value = facts[name]
            if value != wanted or type(value) is not type(wanted):
                return False
        return all(test(facts[name]) for name, test in tests) if tests else True

    return all_pass


def _compiled_test(test: Any) -> Callable[[Any], bool]:
    """Return a function that says whether one fact's value passes a test."""
    if isinstance(test, list) and all(isinstance(one, str) for one in test):
        wanted = frozenset(test)
        return lambda value: isinstance(value, str) and value in wanted
    return partial(_passes, test)


def _passes(test: Any, value: Any) -> bool:
    if type(test) is str or type(test) is bool:
        return type(test) is type(value) and bool(test == value)
    if isinstance(test, list):
        return any(_passes(one, value) for one in test)
    if not isinstance(test, dict):
        return type(test) is type(value) and bool(test == value)
    if "absent" in test:
        return (value is None) is bool(test["absent"])
    if "not" in test:
        return not _passes(test["not"], value)
    if "has" in test:
        return bool(test["has"] in value)
    if "lacks" in test:
        return bool(test["lacks"] not in value)
    return value is not None and bool(test.get("from", value) <= value <= test.get("to", value))


def names_used(when: Any) -> set[str]:
    """Return the names of the facts a condition looks at; none where it is not even a condition."""
    return {name for table in alternatives(when) if isinstance(table, dict) for name in table}


def pick(rows: Sequence[AnyRow], facts: Facts) -> list[AnyRow]:
    """Return the rows that hold for these facts: exactly one where the pack is right."""
    found = [row for row in rows if not row.otherwise and holds(row.when, facts)]
    return found or [row for row in rows if row.otherwise]


def unmet(required: Sequence[Require], facts: Facts) -> Iterator[Require]:
    """Yield what is required for these facts and was left out."""
    return (one for one in required if facts[one.field] in {None, ()} and holds(one.when, facts))


def check(when: Any, path: str, allowed: Mapping[str, Dimension]) -> Iterator[Problem]:
    """Report unknown facts, values and tests of a condition that may ask for these facts."""
    if not alternatives(when) or not all(isinstance(table, dict) for table in alternatives(when)):
        yield invalid(path, "条件应写作 { 事实 = 值 }，或若干个这样的条件组成的列表（任一成立即可）")
        return
    for index, table in enumerate(alternatives(when)):
        at = join(path, index) if isinstance(when, list) else path
        for name, test in table.items():
            if name not in allowed:
                hint = did_you_mean(name, list(allowed)) or f"，可用的有 {'、'.join(allowed)}"
                yield invalid(join(at, name), f"此处没有“{shown(name)}”这个事实{hint}；本地专用的须先在 [fact] 中声明")
            else:
                yield from _check_test(test, join(at, name), allowed[name])


def _check_test(test: Any, path: str, dimension: Dimension) -> Iterator[Problem]:
    if isinstance(test, list):
        if not test:
            yield invalid(path, "列表是空的，条件永远不成立")
        for index, one in enumerate(test):
            yield from _check_test(one, join(path, index), dimension)
    elif isinstance(test, dict):
        yield from _check_table(test, path, dimension)
    elif dimension.kind == "flag":
        if not isinstance(test, bool):
            yield invalid(path, f"应为 true 或 false，现为 {seen(test)}")
    elif dimension.kind == "choice":
        if type(test) is int and str(test) in dimension.values:
            yield invalid(path, f'“{dimension.name}”要写成带引号的文字："{test}"')
        elif test not in dimension.values:
            yield invalid(path, f"应为 {'、'.join(dimension.values)} 之一，现为 {seen(test)}")
    elif dimension.kind != "text" or not isinstance(test, str):
        yield invalid(path, f"“{dimension.name}”不能这样比较：{shown(test)}")


def _check_table(test: dict[str, Any], path: str, dimension: Dimension) -> Iterator[Problem]:
    keys = set(test)
    if keys == {"absent"} and isinstance(test["absent"], bool) and dimension.optional:
        return
    if not keys or not keys <= _TESTS[dimension.kind]:
        yield invalid(path, f"“{dimension.name}”不能用这样的条件：{shown(test)}")
    elif "not" in test:
        yield from _check_test(test["not"], join(path, "not"), dimension)
    elif dimension.kind == "number":
        if not all(type(one) is int for one in test.values()):
            yield invalid(path, "from 与 to 应为整数")
        elif test.get("from", 0) > test.get("to", test.get("from", 0)):
            yield invalid(path, "from 大于 to，条件永远不成立")
    elif len(keys) != 1 or not all(isinstance(one, str) for one in test.values()):
        yield invalid(path, "has 与 lacks 只能写一个，值为文字")
    elif dimension.words and (other := [one for one in test.values() if one not in dimension.values]):
        yield invalid(path, f"应为 {'、'.join(dimension.values)} 之一，现为 {seen(other[0])}")


def cells(names: Iterable[str], known: Mapping[str, Dimension], whens: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Yield a set of facts for each case that these conditions distinguish, over the named facts.

    Raises `TooManyCellsError` for more than `MOST_CELLS`.
    """
    used = list(whens)
    axes = {name: _axis(name, known[name], used) for name in names}
    count = prod(len(axis) for axis in axes.values())
    if count > MOST_CELLS:
        raise TooManyCellsError(count)
    for values in product(*axes.values()):
        yield dict(zip(axes, values, strict=True))


def _axis(name: str, dimension: Dimension, whens: list[Any]) -> list[Any]:
    """Return values of one fact that together represent all of them."""
    tests = [one for when in whens for table in alternatives(when) if name in table for one in _flat(table[name])]
    absent = [None] if dimension.optional else []
    match dimension.kind:
        case "flag" | "choice":
            return [*dimension.values, *absent]
        case "text":
            return [*dict.fromkeys(test for test in tests if isinstance(test, str)), OTHER, *absent]
        case "set":
            named = list(dict.fromkeys(value for test in tests for value in test.values()))
            if 2 ** (len(named) + 1) > MOST_CELLS:
                raise TooManyCellsError(2 ** (len(named) + 1))
            sizes = range(len(named) + 1)
            return [one for size in sizes for chosen in combinations(named, size) for one in (chosen, (*chosen, OTHER))]
        case "number":
            edges = {test[key] + step for test in tests for key in ("from", "to") if key in test for step in (-1, 0, 1)}
            return [*sorted(edge for edge in {0, *edges} if edge >= 0), *absent]


def _flat(test: Any) -> list[Any]:
    """Return the single tests a test is made of."""
    if isinstance(test, dict) and "not" in test:
        return _flat(test["not"])
    return [one for part in test for one in _flat(part)] if isinstance(test, list) else [test]
