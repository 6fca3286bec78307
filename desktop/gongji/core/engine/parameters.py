"""Open parameters: the figures a document refers to and leaves to the agency's notices (G16)."""

import datetime
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct

from gongji.core.engine.plan import Amount, Lookup, Ratio, change_text, computed
from gongji.core.money import E12, E12_ONE, PARSERS, Fen, percent, product_text, yuan
from gongji.core.packs.dimensions import Dimension
from gongji.core.packs.entries import changed
from gongji.core.packs.language import PARAMETER_YEAR, Parameter
from gongji.core.problems import MISSING_PARAMETER, Problem, in_path, invalid, join
from gongji.core.strict_records import did_you_mean, is_iso_date, seen, shown
from gongji.core.visits import read_amount

TYPES: dict[str, type] = {"money": Fen, "ratio": E12}
_NEVER = datetime.date.max.toordinal() + 1


class Parameters(Struct, gc=False):
    """The parameters given for a visit, and the figures that depend on them; a missing one is noted, never guessed.

    `year` is the one the benefit year began in; `sources` names the notice that a parameter was entered from. `kept`
    caches what plans come to with these figures, by the identity of the plan, which is stored with it: visits with
    the same figures share it.
    """

    declared: Mapping[str, Parameter]
    known: Mapping[str, Dimension]
    given: Mapping[str, Any]
    values: Mapping[str, int]
    year: int
    sources: Mapping[str, str] = {}
    kept: dict[int, Any] = {}
    missing: list[Problem] = []

    def afresh(self) -> "Parameters":
        """Return the same parameters for another visit, with nothing missing yet."""
        return Parameters(self.declared, self.known, self.given, self.values, self.year, self.sources, self.kept)

    def value(self, lookup: Lookup) -> int:
        """Return a parameter's value in fen or 1/10**12; 0 where it is missing, which is then noted."""
        path = lookup.path(self.year)
        if path not in self.values:
            self.missing.append(self._refusal(path, lookup))
            return 0
        return self.values[path]

    def has_come(self, name: str, on: datetime.date) -> bool:
        """Return whether the date a notice gave has come; without a notice it has not."""
        return self.values.get(name, _NEVER) <= on.toordinal()

    def fen(self, amount: Amount) -> int:
        """Return an amount's figure in fen."""
        if amount.parameter is None:
            return amount.fixed
        return max(0, computed(self.value(amount.parameter), amount.times, amount.step_fen) + amount.plus)

    def ratio(self, ratio: Ratio) -> int:
        """Return a ratio's figure in 1/10**12; modifiers never make an open parameter more than the whole."""
        if ratio.parameter is None:
            return ratio.fixed
        return min(E12_ONE, changed(self.value(ratio.parameter), ratio.changes))

    def shown(self, amount: Amount) -> str:
        """Return an amount for a sentence: for whom it is, how it was computed, and the source of its parameter."""
        if amount.text:
            return amount.text
        text = yuan(self.fen(amount))
        if amount.parameter is None:
            return f"{text}（{amount.how}）" if amount.how else text
        value = self.value(amount.parameter)
        base = f"{self._named(amount.parameter)} {yuan(value)}"
        if amount.times is not None:
            base += f" × {percent(amount.times)} = {product_text(value, amount.times)}"
        if amount.step_fen is not None:
            base += f"，取整到 {yuan(amount.step_fen)} 元的整数倍"
        if amount.plus:
            base += f"，再{'加' if amount.plus > 0 else '减'} {yuan(abs(amount.plus))}"
        how = f"{amount.how}，" if amount.how else ""
        return f"{text}（{how}{base}，{self._source(amount.parameter)}）"

    def how(self, ratio: Ratio) -> str:
        """Return for whom a ratio is and how it is made up, with the source of its parameter."""
        if ratio.parameter is None:
            return ratio.how
        parts = [ratio.how] if ratio.how else []
        parts.append(f"{self._named(ratio.parameter)} {percent(self.value(ratio.parameter))}")
        parts += [change_text(change) for change in ratio.changes]
        return "，".join([*parts, self._source(ratio.parameter)])

    def _named(self, lookup: Lookup) -> str:
        """Return a parameter's figure by name: "2021 年城镇在岗职工年平均工资", "退休、二级的住院支付比例"."""
        declared = self.declared[lookup.name]
        words = [self.known[fact].words.get(key, key) for key, fact in zip(lookup.keys, declared.by, strict=False)]
        space = " " if declared.name[:1].isdigit() else ""
        text = f"{'、'.join(words)}的{space}{declared.name}" if words else declared.name
        return text if lookup.year is None else f"{self.year + lookup.year} 年{text}"

    def _source(self, lookup: Lookup) -> str:
        """Return where a figure comes from: the document itself, a notice, or the visit's input."""
        declared = self.declared[lookup.name]
        if ".".join(lookup.keys) in declared.fixed:
            return "文件写明"
        return f"出自{self.sources[lookup.name]}" if lookup.name in self.sources else "按所填的参数"

    def _refusal(self, path: str, lookup: Lookup) -> Problem:
        declared = self.declared[lookup.name]
        words = [self.known[fact].words.get(key, key) for key, fact in zip(lookup.keys, declared.by, strict=False)]
        if lookup.year is not None:
            words.append(f"{self.year + lookup.year} 年")
        misspelt = did_you_mean(lookup.name, [other for other in self.given if other not in self.declared])
        hint = f"（给出的参数里没有 {lookup.name}{misspelt}写错了）" if misspelt else ""
        what = f"{'、'.join(words)}的“{declared.name}”" if words else f"“{declared.name}”"
        message = f"缺少{what}（{declared.unit}），请按经办机构的通知填入 parameters.{path}{hint}"
        return Problem(MISSING_PARAMETER, join("parameters", path), message)


def newest(value: Any, on: datetime.date) -> Any:
    """Return the figure in force on a day of one given by first days; None before the first.

    Anything else is returned unchanged.
    """
    if not isinstance(value, dict) or not value or not all(is_iso_date(key) for key in value):
        return value
    begun = [key for key in value if datetime.date.fromisoformat(key) <= on]
    return value[max(begun)] if begun else None


def read_parameters(
    given: Mapping[str, Any], declared: Mapping[str, Parameter], known: Mapping[str, Dimension]
) -> tuple[dict[str, int], list[Problem]]:
    """Return the declared parameters by path, and what cannot be read of those given.

    A figure fixed by a document overrides what is given.
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
    """Yield the figures of a parameter with their paths; an empty figure counts as not given."""
    if value is None:
        return
    if parameter.kind == "date":
        if is_iso_date(value):
            yield path, datetime.date.fromisoformat(value).toordinal()
        else:
            text = f"“{parameter.name}”应为存在的日期，写作 2025-01-01，现为 {seen(value)}"
            problems.append(invalid(join("parameters", path), text))
    elif not by:
        try:
            yield path, read_amount(TYPES[parameter.kind], value)
        except ValueError as error:
            problems.append(invalid(join("parameters", path), f"“{parameter.name}”{error}，现为 {seen(value)}"))
    elif not isinstance(value, dict):
        axis = "年份" if by[0] == "year" else known[by[0]].name
        problems.append(invalid(join("parameters", path), f"“{parameter.name}”应分{axis}给出"))
    else:
        for key, part in value.items():
            fault = _key_fault(key, by[0], known)
            if fault:
                problems.append(invalid(join("parameters", f"{path}.{in_path(key)}"), fault))
            else:
                yield from _flat(part, f"{path}.{key}", by[1:], parameter, known, problems)


@lru_cache
def _texts(values: tuple[Any, ...]) -> list[str]:
    return [str(value) for value in values]


def _key_fault(key: str, fact: str, known: Mapping[str, Dimension]) -> str:
    if fact == "year":
        return "" if PARAMETER_YEAR.fullmatch(key) else f"应为四位年份，现为 {seen(key)}"
    values = _texts(known[fact].values)
    if key in values:
        return ""
    hint = did_you_mean(key, values) or f"，应为 {'、'.join(values)} 之一"
    return f"没有“{shown(key)}”这一{known[fact].name}{hint}，请改正"
