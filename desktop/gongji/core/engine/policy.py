"""A pack ready to settle with: its names, and the plans made so far."""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from types import MappingProxyType
from typing import Any, TypeVar

from msgspec import Struct

from gongji.core.engine.benefit_rules import benefit_rules
from gongji.core.engine.facts import LEVEL_GIVEN, RATED, line_facts, line_kind, visit_facts
from gongji.core.engine.make_plan import make_plan, make_supplements, make_terms, make_treatment
from gongji.core.engine.parameters import Parameters, newest, read_parameters
from gongji.core.engine.plan import Plan, PlannedSupplement, Terms, Treatment, both_readings
from gongji.core.engine.trace import Notice, Step
from gongji.core.packs.benefits import Increment, Refuse, Require
from gongji.core.packs.conditions import Facts, names_used
from gongji.core.packs.dimensions import STATUSES, Dimension, dimensions
from gongji.core.packs.diseases import Diseases, read_by
from gongji.core.packs.language import FREE_NAMES, PLACEHOLDER, Disease, Pack
from gongji.core.packs.walk import records
from gongji.core.problems import Problem
from gongji.core.visits import FeeLine, Visit

_MOST_KEPT = 20_000
_Kept = TypeVar("_Kept")


class Policy:
    """One edition of one area's rules. What was worked out for a kind of visit is kept for the next like it."""

    def __init__(
        self, pack: Pack, superseded_on: datetime.date | None = None, diseases: Iterable[Disease] = ()
    ) -> None:
        """Prepare a pack that has passed its checks; it ends where the next edition starts, if not before.

        `diseases` are those of the agency's table, beside the pack's own list.
        """
        self.pack = pack
        self.last_day = pack.ends
        if superseded_on is not None:
            before = superseded_on - datetime.timedelta(days=1)
            self.last_day = before if pack.ends is None else min(pack.ends, before)
        self.id = f"{pack.area}@{pack.starts.isoformat()}"
        self.levels = {level.id: level.same_as or level.id for level in pack.level}
        self.benefits = pack.benefit.keys() | pack.undefined.keys()
        self.known = dimensions(pack)
        self.diseases = Diseases((*pack.disease, *diseases))
        self._reads = {name: read_by(pack, name) if self.diseases else frozenset() for name in pack.benefit}
        self._stepped = {name for name, one in pack.parameter.items() if one.dated}
        self._dated = [name for name, one in pack.parameter.items() if one.kind == "date"]
        self._parameters: dict[str, tuple[dict[str, int], list[Problem]]] = {}
        self._month_day = tuple(map(int, pack.year_starts.split("-")))
        self._accumulators = [_name_pattern(name, self.known) for name in pack.accumulator]
        self._known_accumulators: dict[str, bool] = {}
        self._facts_of_lines = tuple((name, fact) for name, fact in pack.fact.items() if fact.of == "line")
        self.asks_more_of_lines = bool(pack.lines.notice or self._facts_of_lines)
        self._rules = {name: benefit_rules(pack, name) for name in pack.benefit}
        self._deciding = {name: DecidingFacts(pack, name, self.known) for name in pack.benefit}
        self._plans: dict[Any, Plan] = {}
        self._treatments: dict[Any, dict[Any, Treatment]] = {}
        self._terms: dict[Any, dict[Any, Terms]] = {}
        self._supplements: dict[Any, tuple[PlannedSupplement, ...]] = {}
        self._citations: dict[str, tuple[str, str | None]] = {}

    def is_for(self, status: str) -> bool:
        """Tell whether people of this status are insured under this policy's scheme."""
        return status in STATUSES[self.pack.scheme].words

    def in_force(self, on: datetime.date) -> bool:
        """Tell whether this edition holds on a date."""
        return self.pack.starts <= on and (self.last_day is None or on <= self.last_day)

    def year_from(self, on: datetime.date) -> datetime.date:
        """Return the first day of the benefit year a date belongs to."""
        month, day = self._month_day
        return datetime.date(on.year - ((on.month, on.day) < (month, day)), month, day)

    def knows_accumulator(self, name: str) -> bool:
        """Tell whether this pack has an accumulator of that name."""
        known = self._known_accumulators.get(name)
        if known is None:
            known = any(pattern.fullmatch(name) for pattern in self._accumulators)
            _keep(self._known_accumulators, name, known)
        return known

    def accumulator_title(self, name: str) -> str:
        """Return what an accumulator is called, with the name it has here where it stands for several."""
        for pattern, (template, accumulator) in zip(self._accumulators, self.pack.accumulator.items(), strict=True):
            if pattern.fullmatch(name):
                return accumulator.name if template == name else f"{accumulator.name}（{name}）"
        return name

    def parameters(
        self,
        given: dict[str, Any],
        year: int,
        sources: Mapping[str, str] = MappingProxyType({}),
        on: datetime.date | None = None,
    ) -> tuple[Parameters, list[Problem]]:
        """Return the open parameters at hand for a benefit year, and what cannot be read of those given.

        A clinic hands in the same ones with every visit, so what was read once is kept under what was written.
        """
        if self._stepped and on is not None:
            given = {name: newest(value, on) if name in self._stepped else value for name, value in given.items()}
        key = repr(given) if given else ""
        found = self._parameters.get(key)
        if found is None:
            found = _keep(self._parameters, key, read_parameters(given, self.pack.parameter, self.known))
        return Parameters(self.pack.parameter, self.known, given, found[0], year, sources), found[1]

    def parameters_of(
        self, visit: Visit, sources: Mapping[str, str] = MappingProxyType({})
    ) -> tuple[Parameters, list[Problem]]:
        """Return the open parameters at hand for a visit, and what cannot be read of those it gives."""
        on = visit.settled_on
        return self.parameters(visit.parameters, self.year_from(on).year, sources, on)

    def facts(self, visit: Visit, parameters: Parameters | None = None) -> dict[str, Any]:
        """Return every fact of a visit but those of its lines; `parameters` are the open ones at hand for it."""
        opened = {}
        if self._dated:
            known = (
                parameters
                or self.parameters(visit.parameters, self.year_from(visit.settled_on).year, on=visit.settled_on)[0]
            )
            opened = {name: known.has_come(name, visit.settled_on) for name in self._dated}
        return visit_facts(visit, self.pack, self.levels, self.diseases, opened)

    def reads(self, benefit: str) -> frozenset[str]:
        """Return which facts about diseases a benefit's rules read."""
        return self._reads[benefit]

    def plan(self, benefit: str, facts: Facts) -> Plan:
        """Return a benefit's plan for a visit's facts.

        What it says of lines and what it pays is shared with the plans of all facts that make no difference to them.
        """
        deciding = self._deciding[benefit]
        key = (benefit, deciding.all(facts))
        plan = self._plans.get(key)
        if plan is not None:
            return plan
        treatments = self._treatments.setdefault((benefit, deciding.of_lines(facts)), {})
        paid_key = (benefit, deciding.of_terms(facts))
        terms = self._terms.setdefault(paid_key, {})
        supplements = self._supplements.get(paid_key)
        if supplements is None:
            supplements = make_supplements(self.pack.benefit[benefit], facts, self.pack, self.known)
            self._supplements[paid_key] = supplements
        made = make_plan(self.pack, benefit, facts, supplements, terms, treatments, self._rules[benefit])
        if len(self._plans) >= _MOST_KEPT:
            for kept in (self._plans, self._treatments, self._terms, self._supplements):
                kept.clear()
        self._plans[key] = made
        return made

    def terms(self, plan: Plan, stream: tuple[Any, ...] = ()) -> Terms:
        """Return what a benefit pays for the lines that have these values of the facts the benefit splits by."""
        terms = plan.terms.get(stream)
        if terms is not None:
            return terms
        names = [name for name in plan.benefit.split_by if name not in FREE_NAMES]
        facts = {**plan.facts, **dict(zip(names, stream, strict=True))}
        return _keep(plan.terms, stream, make_terms(self.pack, plan.benefit, facts, self.known))

    def line_facts(self, line: FeeLine, visit: Visit) -> dict[str, Any]:
        """Return every fact of a line."""
        return line_facts(line, visit, self.pack)

    def line_kind(self, line: FeeLine, visit: Visit) -> tuple[Any, ...]:
        """Return what tells the kinds of lines apart about which this pack says different things."""
        if not self.asks_more_of_lines:
            return (line.category, line.class_, line.use, line.negotiated)
        return line_kind(line, visit, self._facts_of_lines)

    def treatment(self, plan: Plan, kind: Any, line: FeeLine, visit: Visit) -> Treatment:
        """Return what the pack says about a kind of line under a plan's benefit."""
        facts = {**plan.facts, **self.line_facts(line, visit)}
        return _keep(plan.treatments, kind, make_treatment(self._rules[plan.name], facts))

    def step(self, rules: str, text: str, amount_fen: int, amount: str, reading: str | None = None) -> Step:
        """Return a step of these rules (joined by 、); `amount` is the key of what it explains."""
        article, our_reading = self._citations.get(rules) or self._cited(rules)
        told = our_reading if reading is None else both_readings(reading, our_reading)
        return Step(rules, article, text, amount_fen, told, amount)

    def _cited(self, rules: str) -> tuple[str, str | None]:
        """Return the articles of these rules, and the words of the reading where one of them is ours."""
        cited = [self.pack.rule[rule] for rule in rules.split("、")]
        articles = dict.fromkeys(article for rule in cited for article in rule.article.split("、"))
        reading = None
        for rule in cited:
            reading = both_readings(reading, rule.reading)
        return _keep(self._citations, rules, ("、".join(articles), reading))

    def notice(self, code: str, rule: str, text: str) -> Notice:
        """Return a notice under the articles of these rules (joined by 、)."""
        return Notice(code, (self._citations.get(rule) or self._cited(rule))[0], text)


class DecidingFacts:
    """Which facts of a visit decide a benefit's plan: all of them, those about lines, those about what is paid."""

    def __init__(self, pack: Pack, benefit: str, known: Mapping[str, Dimension]) -> None:
        """Find the facts that rules for a benefit ask about."""
        lines, paid, others = set[str](), set[str](), set[str]()
        for path, record in records(pack):
            asked = names_used(getattr(record, "when", None))
            if isinstance(record, Require):
                asked.add(record.field)
            if path.startswith(("lines.", "accounts.bar.")):
                lines |= asked
            elif path.startswith(f"benefit.{benefit}.") and not isinstance(record, Require | Refuse):
                paid |= asked | _names_in(record, pack)
            elif not path.startswith(("benefit.", "credit.", "capitation.")) or path.startswith(f"benefit.{benefit}."):
                others |= asked
        level = {"level", LEVEL_GIVEN, RATED}

        def values(names: set[str]) -> Callable[[Facts], Any]:
            of_visits = {name for name in names if name in known and known[name].scope == "visit"}
            asked = sorted(of_visits | (level if {"level", "grade"} & of_visits else set()))
            return itemgetter(*asked) if asked else _nothing

        self.of_lines, self.of_terms, self.all = values(lines), values(paid), values(lines | paid | others)


def _nothing(_: Facts) -> None:
    """Return what nothing decides."""


def _names_in(record: Struct, pack: Pack) -> set[str]:
    """Return the facts that a record's figures depend on besides its condition."""
    names = set[str]()
    if isinstance(record, Increment):
        names.add(record.of)
    parameter = getattr(record, "parameter", None)
    if isinstance(parameter, str):
        names |= set(pack.parameter[parameter].by)
    accumulator = getattr(record, "accumulator", None)
    if isinstance(accumulator, str):
        names |= set(PLACEHOLDER.findall(accumulator))
    return names


def _name_pattern(template: str, known: Mapping[str, Dimension]) -> re.Pattern[str]:
    """Return what an accumulator's name may be: a line's code may be anything, a fact only one of its values."""
    parts = [re.escape(part) for part in PLACEHOLDER.split(template)]
    for index, fact in enumerate(PLACEHOLDER.findall(template)):
        values = [".+"] if fact in {*FREE_NAMES, "disease"} else [re.escape(str(value)) for value in known[fact].values]
        parts[2 * index + 1] = f"(?:{'|'.join(values)})"
    return re.compile("".join(parts), re.DOTALL)


def _keep(kept: dict[Any, _Kept], key: Any, value: _Kept) -> _Kept:
    """Keep a value, starting afresh rather than growing without end."""
    if len(kept) >= _MOST_KEPT:
        kept.clear()
    kept[key] = value
    return value
