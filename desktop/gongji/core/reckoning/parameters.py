"""Open parameters: the figures a document refers to and leaves to the agency's notices (G16)."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from gongji.core.money import PARSERS, Fen, Ppm
from gongji.core.packs.dimensions import Dimension
from gongji.core.packs.language import PARAMETER_YEAR, Parameter
from gongji.core.problems import MISSING_PARAMETER, Problem, invalid, join
from gongji.core.reckoning.plan import Lookup
from gongji.core.shape import did_you_mean, shown
from gongji.core.visits import read_amount

TYPES: dict[str, type] = {"money": Fen, "ratio": Ppm}


class Parameters(Struct, gc=False):
    """The parameters at hand for a visit. One that is asked for and missing is noted, never guessed."""

    declared: Mapping[str, Parameter]
    given: Mapping[str, Any]
    values: Mapping[str, int]
    settled_year: int
    missing: list[Problem] = []

    def value(self, lookup: Lookup) -> int:
        """Return a parameter's value in fen or ppm; 0 where it is missing, which is then noted."""
        path = lookup.path(self.settled_year)
        if path not in self.values:
            self.missing.append(self._refusal(path, lookup.name))
            return 0
        return self.values[path]

    def _refusal(self, path: str, name: str) -> Problem:
        declared = self.declared[name]
        misspelt = did_you_mean(name, [other for other in self.given if other not in self.declared])
        hint = f"（给出的参数里没有 {name}{misspelt}写错了）" if misspelt else ""
        message = f"缺少“{declared.name}”（{declared.unit}），请按经办机构的通知填入 {path}{hint}"
        return Problem(MISSING_PARAMETER, join("parameters", path), message)


def read_parameters(
    given: Mapping[str, Any], declared: Mapping[str, Parameter], known: Mapping[str, Dimension]
) -> tuple[dict[str, int], list[Problem]]:
    """Return the declared parameters at hand, by path, and what cannot be read of those given.

    A figure that a document fixes stands whatever is supplied.
    """
    values: dict[str, int] = {}
    problems: list[Problem] = []
    for name, parameter in declared.items():
        if name in given:
            values.update(_flat(given[name], name, parameter.by, parameter, known, problems))
        for key, text in parameter.fixed.items():
            values[f"{name}.{key}"] = PARSERS[TYPES[parameter.kind]](text)
    return values, problems


def _flat(
    value: Any,
    path: str,
    by: tuple[str, ...],
    parameter: Parameter,
    known: Mapping[str, Dimension],
    problems: list[Problem],
) -> Iterator[tuple[str, int]]:
    """Yield the figures of a parameter with their paths; a figure left empty counts as not supplied."""
    if value is None:
        return
    if not by:
        try:
            yield path, read_amount(TYPES[parameter.kind], value)
        except ValueError as error:
            problems.append(invalid(join("parameters", path), f"“{parameter.name}”{error}，现为 {shown(value)}"))
    elif not isinstance(value, dict):
        problems.append(invalid(join("parameters", path), f"“{parameter.name}”应分{_axis_name(by[0], known)}给出"))
    else:
        for key, part in value.items():
            fault = _key_fault(key, by[0], known)
            if fault:
                problems.append(invalid(join("parameters", f"{path}.{shown(key)}"), fault))
            else:
                yield from _flat(part, f"{path}.{key}", by[1:], parameter, known, problems)


def _axis_name(fact: str, known: Mapping[str, Dimension]) -> str:
    return "年份" if fact == "year" else known[fact].name


def _key_fault(key: str, fact: str, known: Mapping[str, Dimension]) -> str:
    if fact == "year":
        return "" if PARAMETER_YEAR.fullmatch(key) else f"应为四位年份，现为 {shown(key)}"
    values = [str(value) for value in known[fact].values]
    return "" if key in values else f"没有“{shown(key)}”这一{known[fact].name}{did_you_mean(key, values)}"
