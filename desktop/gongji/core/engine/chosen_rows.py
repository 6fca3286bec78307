"""Which rows of a pack hold for one set of facts, the figures they give, and in words for whom they are."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from gongji.core.engine.facts import LEVEL_GIVEN, RATED
from gongji.core.engine.plan import Amount, Lookup, PlannedCap, PlannedDeductible, Ratio, change_text, joined
from gongji.core.money import percent, yuan
from gongji.core.packs.benefits import Cap, Deductible, Increment
from gongji.core.packs.conditions import AnyRow, Facts, alternatives, holds, names_used, pick
from gongji.core.packs.dimensions import CONTRACT, Dimension, value_in_words
from gongji.core.packs.entries import AmountRow, Modify, RatioRow, changed
from gongji.core.packs.language import FREE_NAMES, Pack

_OPEN_NAMES = {name: f"{{{name}}}" for name in FREE_NAMES}
_WHOSE = {"": "", "internet_hospital": "按依托机构的"}
"""Whose level counts, by the type of the institution it counts for; a prescriber's by default."""


class _Chosen(NamedTuple):
    """For whom a row is, the rules by which another's level counts, and the reading of the level."""

    words: str
    rules: tuple[str, ...]
    reading: str | None


_NO_CHOICE = _Chosen("", (), None)


class ChosenRows(NamedTuple):
    """Chooses rows and resolves figures for one set of facts."""

    pack: Pack
    facts: Facts
    known: Mapping[str, Dimension]

    def row(self, rows: Sequence[AnyRow]) -> AnyRow:
        """Return the one row that holds; the pack's checks guarantee that there is one."""
        (row,) = pick(rows, self.facts)
        return row

    def lookup(self, name: str | None, year: int | None = None, key: str | None = None) -> Lookup | None:
        """Return how a parameter is looked up with these facts; None for no name."""
        if name is None:
            return None
        own = (str(self.facts[fact]) for fact in self.pack.parameter[name].by if fact != "year")
        return Lookup(name, tuple(own) if key is None else (key,), year)

    def amount(
        self, rule: str, rows: Sequence[AmountRow], modify: Sequence[Modify] = (), increment: Increment | None = None
    ) -> Amount | None:
        """Return an amount in fen, or how its parameter is looked up; None where the row that holds gives none."""
        row = self.row(rows)
        if row.none:
            return None
        changes = [change for change in modify if holds(change.when, self.facts)]
        chosen = self.chosen(rows, row)
        cited = [row.rule or rule, *(change.rule for change in changes), *chosen.rules]
        plus = sum(change.yuan or 0 for change in changes)
        parameter = self.lookup(row.parameter, row.year, row.key)
        if parameter is not None:
            cited += self.fixed_rule(parameter)
            words = chosen.words
            return Amount(joined(cited), 0, words, parameter, row.times, row.round_to, plus, chosen.reading)
        own_fen = int(row.yuan or 0)
        more_fen = self.increment(increment, own_fen)
        parts = [yuan(own_fen), *_increment_text(increment, len(self.facts.get("registered", ())), more_fen)]
        parts += [f"{'+' if one.yuan > 0 else '−'} {yuan(abs(one.yuan))}" for one in changes if one.yuan]
        people = "、".join(self.words(change.when) for change in changes)
        made = f"{people} {' '.join(parts)}".strip() if len(parts) > 1 else ""
        how = "，".join(text for text in (chosen.words, made) if text)
        fixed_fen = max(0, own_fen + more_fen + plus)
        text = f"{yuan(fixed_fen)}（{how}）" if how else yuan(fixed_fen)
        return Amount(joined(cited), fixed_fen, how, reading=chosen.reading, text=text)

    def increment(self, increment: Increment | None, fen: int) -> int:
        """Return what registered diseases beyond so many add to an amount, both in fen."""
        if increment is None:
            return 0
        more = increment.each * max(0, len(self.facts[increment.of]) - increment.beyond)
        return more if increment.at_most is None else max(0, min(more, increment.at_most - fen))

    def fixed_rule(self, parameter: Lookup) -> list[str]:
        """Return the rule that gives this figure of a parameter outright, where one does."""
        declared = self.pack.parameter[parameter.name]
        given = ".".join(parameter.keys) in declared.fixed
        return [declared.fixed_rule or declared.rule] if given else []

    def ratio(self, rule: str, rows: Sequence[RatioRow], modify: Sequence[Modify] = ()) -> Ratio:
        """Return the ratio that the row which holds gives, in 1/10**12, with what changes it."""
        row = self.row(rows)
        changes = tuple(change for change in modify if holds(change.when, self.facts))
        chosen = self.chosen(rows, row)
        cited = [row.rule or rule, *(change.rule for change in changes), *chosen.rules]
        parameter = self.lookup(row.parameter)
        if parameter is not None:
            rules = joined([*cited, *self.fixed_rule(parameter)])
            return Ratio(rules, 0, parameter, changes, chosen.words, chosen.reading)
        own = int(row.ratio or 0)
        made = ""
        if changes:
            people = "、".join(self.words(change.when) for change in changes)
            made = f"{people} {' '.join([percent(own), *map(change_text, changes)])}"
        how = "，".join(text for text in (chosen.words, made) if text)
        return Ratio(joined(cited), changed(own, changes), None, (), how, chosen.reading)

    def chosen(self, rows: Sequence[AnyRow], row: AnyRow) -> "_Chosen":
        """Return for whom a row is, in words, where its table distinguishes people or places."""
        if len(rows) == 1 and row.when is None:
            return _NO_CHOICE
        asked = {name for other in rows for name in names_used(other.when)}
        holding = [case for case in alternatives(row.when) if holds(case, self.facts)] if row.when is not None else []
        named = dict.fromkeys(holding[0]) if holding else {}
        words = [self.fact_words(name) for name in named if name not in {"level", "grade"}]
        if not {"level", "grade"} & (named.keys() or asked):
            return _Chosen("、".join(words), (), None)
        only = alternatives(row.when)[0].get("level") if row.when is not None else None
        words.append(self.level_words(with_grade="grade" in named, like=only if isinstance(only, str) else None))
        kind = self.facts[RATED]
        rules = (self.pack.prescriber_level[kind],) if kind in self.pack.prescriber_level else ()
        given = next((level for level in self.pack.level if level.id == self.facts[LEVEL_GIVEN]), None)
        return _Chosen("、".join(words), rules, None if given is None else given.reading)

    def level_words(self, *, with_grade: bool, like: str | None) -> str:
        """Return which level counts: "二级", "未定级按一级", "按开方机构的三级乙等，按二级"."""
        names = {level.id: level.name for level in self.pack.level}
        given, counts = self.facts[LEVEL_GIVEN], self.facts["level"]
        whose = _WHOSE.get(self.facts[RATED], "按开方机构的")
        grade = CONTRACT["grade"].words.get(self.facts["grade"], "") if with_grade else ""
        text = f"{whose}{names.get(given, given)}{grade}"
        if given != counts:
            text += f"按{names[counts]}"
        elif like is not None and like != counts:
            text += f"按{names.get(like, like)}"
        return text

    def fact_words(self, name: str) -> str:
        """Return the value of a fact in words."""
        return value_in_words(self.known[name], self.facts[name])

    def words(self, when: Any) -> str:
        """Return in words the facts that a condition which holds asks about."""
        named = next((case for case in alternatives(when) if holds(case, self.facts)), {})
        return "、".join(self.fact_words(name) for name in named)

    def name(self, template: str) -> str:
        """Return an accumulator's name; a line's code stays a placeholder."""
        return template.format_map({**self.facts, **_OPEN_NAMES}) if "{" in template else template

    def caps(self, caps: Sequence[Cap], place: str) -> tuple[PlannedCap, ...]:
        """Return the caps that hold; `place` is their place in the pack, which distinguishes them."""
        planned = []
        for index, cap in enumerate(caps):
            amount = self.amount(cap.rule, cap.amount, cap.modify, cap.increment)
            if amount is not None:
                name = cap.accumulator
                title = "每次结算" if name is None else self.pack.accumulator[name].name
                name = None if name is None else self.name(name)
                planned.append(PlannedCap(f"{place}.{index}", title, amount, cap.of == "eligible", name, cap.reading))
        return tuple(planned)

    def deductible(self, deductible: Deductible | None) -> PlannedDeductible | None:
        """Return the deductible that holds; None where there is none."""
        amount = None if deductible is None else self.amount(deductible.rule, deductible.amount, deductible.modify)
        if deductible is None or amount is None:
            return None
        accumulator = None if deductible.accumulator is None else self.name(deductible.accumulator)
        if deductible.ceiling is None:
            return PlannedDeductible(amount, accumulator, None, None, deductible.reading)
        ceiling = self.amount(deductible.ceiling.rule, deductible.ceiling.amount)
        return PlannedDeductible(
            amount, accumulator, ceiling, self.name(deductible.ceiling.accumulator), deductible.reading
        )


def _increment_text(increment: Increment | None, registered: int, more_fen: int) -> list[str]:
    """Return "+ 2 × 1000.00", with the most where that is what bounds it."""
    count = 0 if increment is None else max(0, registered - increment.beyond)
    if increment is None or not count:
        return []
    most = (
        "" if more_fen == count * increment.each or increment.at_most is None else f"，最高 {yuan(increment.at_most)}"
    )
    return [f"+ {count} × {yuan(increment.each)}{most}"]
