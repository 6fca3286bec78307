"""A pack ready to settle with: its names, and the plans made so far."""

import datetime
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from msgspec import Struct

from gongji.core.engine.accumulator_names import AccumulatorNames
from gongji.core.engine.benefit_rules import benefit_rules
from gongji.core.engine.deciding_facts import DecidingFacts
from gongji.core.engine.facts import (
    FactsKey,
    declared_facts,
    disease_problems,
    full_years,
    line_facts,
    provider_of,
    visit_facts,
)
from gongji.core.engine.known_terms import KnownLayer, KnownTerms, known_supplements, known_terms
from gongji.core.engine.make_plan import make_plan, make_supplements, make_terms, make_treatment
from gongji.core.engine.parameters import Parameters, newest, read_parameters
from gongji.core.engine.plan import Plan, PlannedSupplement, Terms, Treatment, both_readings
from gongji.core.engine.trace import Notice, Step
from gongji.core.packs.conditions import Facts
from gongji.core.packs.dimensions import STATUSES, dimensions
from gongji.core.packs.diseases import Diseases, read_by
from gongji.core.packs.language import FREE_NAMES, Disease, Pack
from gongji.core.problems import Problem
from gongji.core.visits import FeeLine, Visit

_MOST_KEPT = 20_000
_FACTS_OF = ("line", "person", "visit")
_Kept = TypeVar("_Kept")


class Frame(Struct, frozen=True, gc=False):
    """What is the same for all visits with the same facts: the facts, and for each benefit its plan and problems.

    `facts` and what depends on them are shared between visits and never changed; `level_known` says whether the area
    has the level of the institution and of the prescriber.
    """

    facts: dict[str, Any]
    level_known: bool
    plans: dict[str, Plan] = {}
    unlisted: dict[str, list[Problem]] = {}


class Policy:
    """One edition of one area's rules. What was worked out for a kind of visit is cached for the next of that kind."""

    def __init__(
        self, pack: Pack, superseded_on: datetime.date | None = None, diseases: Iterable[Disease] = ()
    ) -> None:
        """Prepare a checked pack; it ends where the next edition starts, if not before.

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
        self._parameters: dict[Any, tuple[Parameters, list[Problem]]] = {}
        self._month_day = tuple(map(int, pack.year_starts.split("-")))
        self.accumulators = AccumulatorNames(pack.accumulator, self.known)
        self.account_first = pack.accounts.before_deductible
        self._facts_of = {of: [(name, one) for name, one in pack.fact.items() if one.of == of] for of in _FACTS_OF}
        self.declares_line_facts = bool(self._facts_of["line"])
        self._frames: dict[Any, Frame] = {}
        self._rules = {name: benefit_rules(pack, name) for name in pack.benefit}
        self._deciding = {name: DecidingFacts(pack, name, self.known) for name in pack.benefit}
        self._plans: dict[Any, Plan] = {}
        self._treatments: dict[Any, dict[Any, Treatment]] = {}
        self._terms: dict[Any, dict[Any, Terms]] = {}
        self._supplements: dict[Any, tuple[PlannedSupplement, ...]] = {}
        self._citations: dict[str, tuple[str, str | None]] = {}

    def is_for(self, status: str) -> bool:
        """Return whether people of this status are insured under this policy's scheme."""
        return status in STATUSES[self.pack.scheme].words

    def in_force(self, on: datetime.date) -> bool:
        """Return whether this edition holds on a date."""
        return self.pack.starts <= on and (self.last_day is None or on <= self.last_day)

    def year_from(self, on: datetime.date) -> datetime.date:
        """Return the first day of the benefit year a date belongs to."""
        month, day = self._month_day
        return datetime.date(on.year - ((on.month, on.day) < (month, day)), month, day)

    def parameters(
        self,
        given: dict[str, Any],
        year: int,
        sources: Mapping[str, str] = MappingProxyType({}),
        on: datetime.date | None = None,
    ) -> tuple[Parameters, list[Problem]]:
        """Return the open parameters for a benefit year, and what cannot be read of those given.

        A clinic gives the same ones with every visit, so the result is cached by the input.
        """
        if given and self._stepped and on is not None:
            given = {name: newest(value, on) if name in self._stepped else value for name, value in given.items()}
        key = (repr(given) if given else "", year, tuple(sources.items()) if sources else ())
        found = self._parameters.get(key)
        if found is None:
            values, problems = read_parameters(given, self.pack.parameter, self.known)
            read = Parameters(self.pack.parameter, self.known, given, values, year, dict(sources))
            found = _keep(self._parameters, key, (read, problems))
        return found[0].afresh(), found[1]

    def parameters_of(
        self, visit: Visit, sources: Mapping[str, str] = MappingProxyType({})
    ) -> tuple[Parameters, list[Problem]]:
        """Return the open parameters for a visit, and what cannot be read of those it gives."""
        on = visit.settled_on
        return self.parameters(visit.parameters, self.year_from(on).year, sources, on)

    def facts(self, visit: Visit, parameters: Parameters | None = None) -> dict[str, Any]:
        """Return every fact of a visit but those of its lines; `parameters` are the open ones for it."""
        return self.frame(visit, parameters).facts

    def frame(self, visit: Visit, parameters: Parameters | None = None) -> Frame:
        """Return what is the same for all visits with the facts of this one."""
        institution, prescriber, person, on = visit.institution, visit.prescriber, visit.person, visit.settled_on
        opened: tuple[bool, ...] = ()
        if self._dated:
            known = parameters or self.parameters_of(visit)[0]
            opened = tuple([known.has_come(name, on) for name in self._dated])
        provider = provider_of(visit, self.pack)
        key = (
            institution.type,
            institution.level,
            institution.grade,
            institution.designated,
            institution.pooled,
            None if prescriber is None else (prescriber.level, prescriber.grade),
            bool(provider) and provider == person.selected_institution,
            person.status,
            person.employment,
            person.entitled,
            None if person.birth_date is None else full_years(person.birth_date, on),
            person.supplements,
            person.registrations.chronic,
            visit.disease,
            visit.cause,
            visit.referral,
            visit.rescue,
            visit.inpatient,
            opened,
            declared_facts(person.facts, provider, on, of_person) if (of_person := self._facts_of["person"]) else (),
            declared_facts(visit.facts, provider, on, of_visit) if (of_visit := self._facts_of["visit"]) else (),
        )
        return self._frames.get(key) or _keep(self._frames, key, self._frame(FactsKey(*key), visit))

    def _frame(self, key: FactsKey, visit: Visit) -> Frame:
        names = [self._dated, *([name for name, _ in self._facts_of[of]] for of in ("person", "visit"))]
        facts = visit_facts(key, self.pack, self.levels, self.diseases, names)
        level_known = key.level in self.levels and (key.prescriber is None or key.prescriber[0] in self.levels)
        frame = Frame(facts, level_known)
        for name, reads in self._reads.items():
            if reads:
                frame.unlisted[name] = list(disease_problems(visit, reads, self.diseases))
        return frame

    def plan(self, benefit: str, facts: Facts) -> Plan:
        """Return a benefit's plan for a visit's facts.

        Its rules for lines and its terms are shared with the plans of all facts that make no difference to them.
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

    def known_terms(self, plan: Plan, stream: tuple[Any, ...], parameters: Parameters) -> KnownTerms:
        """Return what a benefit pays for the lines of a stream, with the open parameters at hand."""
        terms = plan.terms.get(stream) or self.terms(plan, stream)
        found: tuple[Terms, KnownTerms] | None = parameters.kept.get(id(terms))
        if found is None:
            found = _keep(parameters.kept, id(terms), (terms, known_terms(terms, parameters, self.cited)))
        return found[1]

    def known_supplements(self, plan: Plan, parameters: Parameters) -> tuple[KnownLayer, ...]:
        """Return the layers of a plan's supplements, with the open parameters at hand."""
        planned = plan.supplements
        found: tuple[object, tuple[KnownLayer, ...]] | None = parameters.kept.get(id(planned))
        if found is None:
            made = known_supplements(planned, parameters, self.cited)
            found = _keep(parameters.kept, id(planned), (planned, made))
        return found[1]

    def declared_facts(self, line: FeeLine, visit: Visit) -> tuple[Any, ...]:
        """Return the values of the pack's own facts of a line."""
        return declared_facts(line.facts, visit.institution.id, visit.settled_on, self._facts_of["line"])

    def treatment(self, plan: Plan, kind: Any, line: FeeLine, visit: Visit) -> Treatment:
        """Return what the pack says about a kind of line under a plan's benefit."""
        facts = {**plan.facts, **line_facts(line, visit, self.pack)}
        has_ratio, has_drug = line.prepay_ratio is not None, line.drug is not None
        made = make_treatment(self._rules[plan.name], facts, has_ratio=has_ratio, has_drug=has_drug)
        return _keep(plan.treatments, kind, made)

    def step(self, rules: str, text: str, amount_fen: int, amount: str, reading: str | None = None) -> Step:
        """Return a step of these rules (joined by 、); `amount` is the key of what it explains."""
        article, our_reading = self._citations.get(rules) or self._cited(rules)
        combined = our_reading if reading is None else both_readings(reading, our_reading)
        return Step(rules, article, text, amount_fen, combined, amount)

    def cited(self, rules: str) -> tuple[str, str | None]:
        """Return the articles of these rules, and the words of the reading where one of them is ours."""
        return self._citations.get(rules) or self._cited(rules)

    def _cited(self, rules: str) -> tuple[str, str | None]:
        cited = [self.pack.rule[rule] for rule in rules.split("、")]
        articles = dict.fromkeys(article for rule in cited for article in rule.article.split("、"))
        reading = None
        for rule in cited:
            reading = both_readings(reading, rule.reading)
        return _keep(self._citations, rules, ("、".join(articles), reading))

    def notice(self, code: str, rule: str, text: str) -> Notice:
        """Return a notice under the articles of these rules (joined by 、)."""
        return Notice(code, self.cited(rule)[0], text)


def _keep(kept: dict[Any, _Kept], key: Any, value: _Kept) -> _Kept:
    """Add a value to a cache, which is emptied when it grows too large."""
    if len(kept) >= _MOST_KEPT:
        kept.clear()
    kept[key] = value
    return value
