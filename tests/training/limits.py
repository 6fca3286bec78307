"""The thresholds of a pack that somebody's year can stand near, worked out by the engine from the pack itself."""

import datetime
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple, get_args

from gongji.core import visits
from gongji.core.engine.parameters import Parameters
from gongji.core.engine.plan import Plan, PlannedCap
from gongji.core.engine.policy import Policy
from gongji.core.money import E4
from gongji.core.packs.conditions import OTHER, names_used
from gongji.core.packs.language import DRUG, Pack
from gongji.core.visits import FeeLine, Institution, Person, Registrations, Supplement, Visit

POSITIONS = {"below": -1, "at": 0, "above": 1}
UNKNOWN = "unknown"
NAMED_DISEASE = "精神病"
DISEASES = ("高血压", "糖尿病", "冠心病", "慢性阻塞性肺疾病", "支气管哮喘")
_LINE = FeeLine(code="D", category="drug", class_="A", unit_price=E4(0), quantity=E4(0))


class Insured(NamedTuple):
    """What of a person a threshold may depend on."""

    status: visits.Insured
    supplements: tuple[Supplement, ...] = ()
    diseases: tuple[str, ...] = ()


class Limit(NamedTuple):
    """A deductible or cap: its accumulator, its amount, and, where it depends on them, the registered diseases.

    `full` holds what must be full before it matters.
    """

    accumulator: str
    fen: int
    registered: str
    full: tuple[tuple[str, int], ...]
    counts: str

    @property
    def key(self) -> tuple[str, int, str]:
        """What tells it apart."""
        return self.accumulator, self.fen, self.registered


class Ground(NamedTuple):
    """Where and when, under which policy."""

    policy: Policy
    institution: Institution
    on: datetime.date
    parameters: dict[str, Any]
    codes: Sequence[str]

    @property
    def figures(self) -> Parameters:
        """The open parameters at hand."""
        return self.policy.parameters(self.parameters, self.policy.year_from(self.on).year)[0]


def kinds() -> list[Insured]:
    """Return a person of every kind that packs tell apart."""
    diseases = [DISEASES[:count] for count in range(len(DISEASES) + 1)]
    diseases += [(NAMED_DISEASE, *DISEASES[:count]) for count in range(len(DISEASES))]
    supplements: list[tuple[Supplement, ...]] = [(), *((one,) for one in get_args(Supplement)), get_args(Supplement)]
    return [Insured(*one) for one in product(get_args(visits.Insured), supplements, diseases)]


def limits(ground: Ground, insured: Insured) -> list[Limit]:
    """Return each threshold that matters to such a person, once."""
    found: dict[tuple[str, int, str], Limit] = {}
    for name in ground.policy.pack.benefit:
        for disease in (None, OTHER):
            plan = ground.policy.plan(name, _facts(ground, insured, disease))
            if not plan.refused and not plan.needs and not plan.gates:
                for limit in _of_plan(ground, plan, _registered(ground.policy.pack, name, insured)):
                    found.setdefault(limit.key, limit)
    return list(found.values())


def _facts(ground: Ground, insured: Insured, disease: str | None) -> dict[str, Any]:
    person = Person(
        id="P",
        status=insured.status,
        supplements=insured.supplements,
        selected_institution=ground.institution.id,
        registrations=Registrations(chronic=insured.diseases),
    )
    area = ground.policy.pack.area
    visit = Visit(
        visit_no="V",
        area=area,
        settled_on=ground.on,
        institution=ground.institution,
        person=person,
        disease=disease,
        lines=(_LINE,),
    )
    return ground.policy.facts(visit)


def _registered(pack: Pack, benefit: str, insured: Insured) -> str:
    """Return which diseases are registered, as far as the benefit's caps depend on them."""
    caps = [cap for layer in pack.benefit[benefit].pay for cap in layer.cap]
    asked = any(
        cap.increment or "registered" in names_used([row.when for row in cap.amount if row.when]) for cap in caps
    )
    named = f"，含{NAMED_DISEASE}" if NAMED_DISEASE in insured.diseases else ""
    return f"{len(insured.diseases)} 种{named}" if asked else ""


def _of_plan(ground: Ground, plan: Plan, registered: str) -> Iterator[Limit]:
    figures, declared = ground.figures, ground.policy.pack.accumulator
    terms = ground.policy.terms(plan)
    full: tuple[tuple[str, int], ...] = ()

    def limit(name: str, fen: int) -> Limit:
        return Limit(name, fen, registered, full, declared[name].counts)

    deductible = terms.deductible
    if deductible is not None and deductible.accumulator is not None:
        taken = limit(deductible.accumulator, figures.fen(deductible.amount))
        yield from _each_code(taken, ground.codes)
        full = () if DRUG in deductible.accumulator else ((taken.accumulator, taken.fen),)
    after_deductible = full
    for layer in terms.layers:
        for name, fen in _caps(layer.caps, figures):
            yield limit(name, fen)
            full = (*full, (name, fen))
    full = after_deductible
    for supplement in plan.supplements:
        for name, fen in _caps(supplement.layer.caps, figures):
            yield limit(name, fen)


def _caps(caps: Sequence[PlannedCap], figures: Parameters) -> Iterator[tuple[str, int]]:
    return ((cap.accumulator, figures.fen(cap.amount)) for cap in caps if cap.accumulator is not None)


def _each_code(limit: Limit, codes: Sequence[str]) -> Iterator[Limit]:
    """Yield a limit that is kept for each drug by itself once for each of them."""
    place = f"{{{DRUG}}}"
    names = [limit.accumulator.replace(place, code) for code in codes] if place in limit.accumulator else []
    return (limit._replace(accumulator=name) for name in names or [limit.accumulator])


def all_limits(ground: Ground) -> dict[tuple[str, int, str], tuple[Limit, list[Insured]]]:
    """Return every threshold of the policy with the kinds of people it is for."""
    found: dict[tuple[str, int, str], tuple[Limit, list[Insured]]] = {}
    for insured in kinds():
        for limit in limits(ground, insured):
            found.setdefault(limit.key, (limit, []))[1].append(insured)
    return found
