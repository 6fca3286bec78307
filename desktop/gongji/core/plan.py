"""A benefit's rules resolved for one set of facts: every table's row chosen, every fixed figure at hand.

Which rows hold depends on a visit's facts and never on its amounts, so a plan is made once for each set of facts and
kept. What is left for a visit is arithmetic.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from msgspec import Struct

from gongji.core import pack as written
from gongji.core.conditions import AnyRow, Facts, holds, pick
from gongji.core.money import Ppm, parse_fen, share_fen


class Lookup(Struct, frozen=True):
    """Where an open parameter's value stands; `year` is counted from the settlement's, None where it has no year."""

    name: str
    keys: tuple[str, ...]
    year: int | None

    def path(self, settled_year: int) -> str:
        """Return the parameter's path, like "average_wage.2021"."""
        keys = self.keys if self.year is None else (*self.keys, str(settled_year + self.year))
        return ".".join((self.name, *keys))


class Amount(Struct, frozen=True):
    """An amount in fen: fixed, or `times` a parameter; `plus` is what modifiers add to it."""

    rule: str
    fixed: int
    parameter: Lookup | None
    times: Ppm | None
    plus: int


class Ratio(Struct, frozen=True):
    """A ratio in ppm: fixed, or a parameter's with the changes of modifiers."""

    rule: str
    fixed: int
    parameter: Lookup | None
    changes: tuple[written.Modify, ...]


class PlannedDeductible(Struct, frozen=True):
    """A deductible; without an accumulator it is taken each time. The ceiling bounds what is taken over a year."""

    amount: Amount
    accumulator: str | None
    ceiling: Amount | None
    ceiling_accumulator: str
    reading: str | None


class PlannedCap(Struct, frozen=True):
    """A limit on the fund's part or on the expense; `accumulator` is None where it bounds one settlement."""

    title: str
    amount: Amount
    of_expense: bool
    accumulator: str | None
    reading: str | None


class PlannedLayer(Struct, frozen=True):
    """A ratio within caps."""

    ratio: Ratio
    caps: tuple[PlannedCap, ...]
    reading: str | None


class PlannedSupplement(Struct, frozen=True):
    """A supplementary insurance that this person has."""

    fund: written.Supplement
    on: tuple[str, ...]
    layer: PlannedLayer


class Treatment(Struct, frozen=True):
    """What the pack says about lines of one kind under a benefit.

    `wants_ratio` tells whether a line must have a prepay ratio of its own (True), must not (False), or may (None).
    """

    settles: bool
    wants_ratio: bool | None
    prepay: written.Prepay | None
    excluded: written.LineExclude | None
    barred: written.Bar | None
    refused: written.LineRefuse | None


class Figures(Struct, frozen=True):
    """What a benefit pays, for one set of facts: in the order of the reckoning."""

    first_pay: tuple[Ratio, ...]
    deductible: PlannedDeductible | None
    layers: tuple[PlannedLayer, ...]


class Plan(Struct, frozen=True):
    """A benefit for one set of facts. `figures` and `treatments` are filled as kinds of lines come up."""

    name: str
    benefit: written.Benefit
    facts: dict[str, Any]
    gates: tuple[written.Gate, ...]
    accounts_open: bool
    no_account: written.NoAccount | None
    refused: written.Refuse | None
    needs: tuple[written.Require, ...]
    supplements: tuple[PlannedSupplement, ...]
    figures: dict[tuple[Any, ...], Figures]
    treatments: dict[tuple[Any, ...], Treatment]


class _Rows(NamedTuple):
    """Chooses rows and resolves figures for one set of facts."""

    pack: written.Pack
    facts: Facts

    def row(self, rows: Sequence[AnyRow]) -> AnyRow:
        """Return the one row that holds; the checks on reading a pack saw to it that there is one."""
        (row,) = pick(rows, self.facts)
        return row

    def lookup(self, name: str | None, year: int | None = None, key: str | None = None) -> Lookup | None:
        if name is None:
            return None
        own = (str(self.facts[fact]) for fact in self.pack.parameter[name].by if fact != "year")
        return Lookup(name, tuple(own) if key is None else (key,), year)

    def amount(
        self,
        rule: str,
        rows: Sequence[written.AmountRow],
        modify: Sequence[written.Modify] = (),
        increment: written.Increment | None = None,
    ) -> Amount | None:
        row = self.row(rows)
        if row.none:
            return None
        plus = sum(change.yuan or 0 for change in modify if holds(change.when, self.facts))
        parameter = self.lookup(row.parameter, row.year, row.key)
        fixed, rules = int(row.yuan or 0), [row.rule or rule]
        if parameter is not None:
            declared = self.pack.parameter[parameter.name]
            given = declared.fixed.get(".".join(parameter.keys))
            if given is not None:
                parameter, fixed = None, parse_fen(given)
                rules += [declared.fixed_rule or declared.rule]
        if parameter is None and row.times is not None:
            fixed = share_fen(fixed, row.times)
        if increment is not None:
            fixed += increment.each * max(0, len(self.facts[increment.of]) - increment.beyond)
            fixed = fixed if increment.at_most is None else min(fixed, increment.at_most)
        if parameter is None:
            fixed, plus = max(0, fixed + plus), 0
        return Amount("、".join(dict.fromkeys(rules)), fixed, parameter, row.times, plus)

    def ratio(self, rule: str, rows: Sequence[written.RatioRow], modify: Sequence[written.Modify] = ()) -> Ratio:
        row = self.row(rows)
        changes = tuple(change for change in modify if holds(change.when, self.facts))
        rules = list(dict.fromkeys([row.rule or rule, *(change.rule for change in changes)]))
        parameter = self.lookup(row.parameter)
        fixed = int(row.ratio or 0)
        if parameter is None:
            fixed, changes = changed(fixed, changes), ()
        return Ratio("、".join(rules), fixed, parameter, changes)

    def name(self, template: str) -> str:
        """Return an accumulator's name; a line's code stays open until the line is at hand."""
        return template.format_map({**self.facts, "code": "{code}"}) if "{" in template else template

    def caps(self, caps: Sequence[written.Cap]) -> tuple[PlannedCap, ...]:
        planned = []
        for cap in caps:
            amount = self.amount(cap.rule, cap.amount, cap.modify, cap.increment)
            if amount is not None:
                name = cap.accumulator
                title = "每次结算" if name is None else self.pack.accumulator[name].name
                name = None if name is None else self.name(name)
                planned.append(PlannedCap(title, amount, cap.of == "eligible", name, cap.reading))
        return tuple(planned)

    def deductible(self, one: written.Deductible | None) -> PlannedDeductible | None:
        amount = None if one is None else self.amount(one.rule, one.amount, one.modify)
        if one is None or amount is None:
            return None
        accumulator = None if one.accumulator is None else self.name(one.accumulator)
        if one.ceiling is None:
            return PlannedDeductible(amount, accumulator, None, "", one.reading)
        ceiling = self.amount(one.ceiling.rule, one.ceiling.amount)
        return PlannedDeductible(amount, accumulator, ceiling, self.name(one.ceiling.accumulator), one.reading)


def changed(ratio_ppm: int, changes: Sequence[written.Modify]) -> int:
    """Return a ratio after its modifiers, in their order; never below zero."""
    for change in changes:
        ratio_ppm += change.points or 0
        ratio_ppm = max(0, ratio_ppm if change.times is None else share_fen(ratio_ppm, change.times))
    return ratio_ppm


def make_plan(pack: written.Pack, name: str, facts: Facts) -> Plan:
    """Return a benefit of this pack for these facts."""
    benefit = pack.benefit[name]
    gates = tuple(one for one in pack.gate if _applies(one.benefits, name) and holds(one.when, facts))
    refused = next((one for one in benefit.refuse if holds(one.when, facts)), None)
    needs = () if gates else tuple(unmet(benefit.require, facts))
    supplements = () if gates or refused or needs else _supplements(benefit, _Rows(pack, facts))
    return Plan(
        name=name,
        benefit=benefit,
        facts=dict(facts),
        gates=gates,
        accounts_open=all(gate.accounts for gate in gates),
        no_account=next((one for one in pack.accounts.no_account if holds(one.when, facts)), None),
        refused=refused,
        needs=needs,
        supplements=supplements,
        figures={},
        treatments={},
    )


def make_figures(pack: written.Pack, benefit: written.Benefit, facts: Facts) -> Figures:
    """Return a benefit's figures for these facts, those of the lines that it splits by among them."""
    rows = _Rows(pack, facts)
    return Figures(
        first_pay=tuple(rows.ratio(one.rule, one.ratio) for one in benefit.first_pay),
        deductible=rows.deductible(benefit.deductible),
        layers=tuple(
            PlannedLayer(rows.ratio(one.rule, one.ratio, one.modify), rows.caps(one.cap), one.reading)
            for one in benefit.pay
        ),
    )


def _supplements(benefit: written.Benefit, rows: _Rows) -> tuple[PlannedSupplement, ...]:
    return tuple(
        PlannedSupplement(one.fund, one.on, PlannedLayer(rows.ratio(one.rule, one.ratio), rows.caps(one.cap), one.reading))
        for one in benefit.supplement
        if holds(one.when, rows.facts)
    )


def unmet(required: Sequence[written.Require], facts: Facts) -> Iterator[written.Require]:
    """Yield what is required for these facts and was left out."""
    return (one for one in required if facts[one.field] in {None, ()} and holds(one.when, facts))


def make_treatment(pack: written.Pack, name: str, facts: Facts) -> Treatment:
    """Return what this pack says about lines with these facts (the visit's and the line's) under a benefit."""
    class_b = facts["class"] == "B"
    prepay = next((one for one in pack.lines.prepay if holds(one.when, facts)), None) if class_b else None
    excluded = (one for one in pack.lines.exclude if _applies(one.benefits, name) and holds(one.when, facts))
    refused = next((one for one in pack.lines.refuse if holds(one.when, facts)), None)
    return Treatment(
        settles=refused is None and not (facts["negotiated"] and facts["category"] != "drug"),
        wants_ratio=class_b if prepay is None else None,
        prepay=prepay,
        excluded=next(excluded, None),
        barred=next((one for one in pack.accounts.bar if holds(one.when, facts)), None),
        refused=refused,
    )


def _applies(benefits: tuple[str, ...], name: str) -> bool:
    return not benefits or name in benefits

