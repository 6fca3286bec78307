"""The values, in a visit, of the facts that rules depend on."""

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gongji.core.packs.diseases import Diseases
from gongji.core.packs.language import Fact, Pack
from gongji.core.problems import Problem, in_path, invalid, join
from gongji.core.strict_records import did_you_mean, is_iso_date, seen, shown
from gongji.core.visits import FeeLine, Visit

LEVEL_GIVEN = "_level"
"""The institution's level as given, not the level whose rules it follows."""
RATED = "_rated"
"""The type of the institution whose prescriber's level counts instead; empty where its own counts."""


def full_years(birth_date: datetime.date, on: datetime.date) -> int:
    """Return the age in completed years on a date."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


class FactsKey(NamedTuple):
    """Everything in a visit that determines its facts: equal keys have the same facts, and what is one has its name.

    `prescriber` holds level and grade, `opened` which dates of notices have come, `of_person` and `of_visit` the values
    of the pack's own facts. Names and numbers are left out: it matters only whether the provider is the `selected` one.
    """

    institution_type: str
    level: str
    grade: str | None
    designated: bool
    pooled: bool
    prescriber: tuple[str, str | None] | None
    selected: bool
    status: str
    employment: str
    entitled: bool
    age: int | None
    supplements: tuple[str, ...]
    chronic: tuple[str, ...]
    disease: str | None
    cause: str
    referral: bool
    rescue: bool
    inpatient: bool
    opened: tuple[bool, ...]
    of_person: tuple[Any, ...]
    of_visit: tuple[Any, ...]


def provider_of(visit: Visit, pack: Pack) -> str:
    """Return the number compared with the selected institution: for the types the pack names the prescriber's."""
    prescriber, institution = visit.prescriber, visit.institution
    if institution.type in pack.prescriber_selected:
        return prescriber.id if prescriber is not None else ""
    return institution.id


def visit_facts(
    key: FactsKey, pack: Pack, levels: dict[str, str], diseases: Diseases, names: Sequence[Iterable[str]]
) -> dict[str, Any]:
    """Return every fact of a visit but those of its lines; `levels` maps each level to the one whose rules it follows.

    Diseases are under the names of the lists; `names` are those of the opened dates and of the pack's own facts.
    For the types of institution the pack names, level and grade are the prescriber's.
    """
    by_prescriber = key.prescriber is not None and key.institution_type in pack.prescriber_level
    level, grade = key.prescriber if key.prescriber is not None and by_prescriber else (key.level, key.grade)
    return {
        **key._asdict(),
        "registered": registered(key.chronic, diseases),
        "level": levels.get(level),
        "grade": grade,
        "prescribed": key.prescriber is not None,
        "disease": None if key.disease is None else listed("disease", key.disease, diseases) or None,
        LEVEL_GIVEN: level,
        RATED: key.institution_type if by_prescriber else "",
        **dict(zip(names[0], key.opened, strict=True)),
        **dict(zip(names[1], key.of_person, strict=True)),
        **dict(zip(names[2], key.of_visit, strict=True)),
    }


def listed(fact: str, name: str, diseases: Diseases) -> str:
    """Return a disease's name as the lists have it; an unlisted one stripped of white space."""
    disease = diseases.find(fact, name) if diseases else None
    return name.strip() if disease is None else disease.name


def registered(names: tuple[str, ...], diseases: Diseases) -> tuple[str, ...]:
    """Return registered diseases, each once under whichever name."""
    under_listed_names = dict.fromkeys(listed("registered", name, diseases) for name in names)
    return tuple(name for name in under_listed_names if name)


def disease_problems(visit: Visit, reads: Collection[str], diseases: Diseases) -> Iterator[Problem]:
    """Yield the diseases given for a visit, where a rule reads them, that are on no list."""
    if not diseases:
        return
    if "disease" in reads and visit.disease is not None:
        name = visit.disease.strip()
        if name and diseases.find("disease", name) is None:
            yield invalid("disease", diseases.unknown("disease", name))
    if "registered" in reads:
        for name in visit.person.registrations.chronic:
            if name.strip() and diseases.find("registered", name) is None:
                yield invalid("person.registrations.chronic", diseases.unknown("registered", name.strip()))


def line_facts(line: FeeLine, visit: Visit, pack: Pack) -> dict[str, Any]:
    """Return every fact of a line."""
    facts = {"category": line.category, "class": line.class_, "use": line.use, "negotiated": line.negotiated}
    facts["uncoded"] = line.uncoded
    facts["above_ceiling"] = line.price_ceiling is not None and line.price_ceiling < line.unit_price
    for name, fact in pack.fact.items():
        if fact.of == "line":
            facts[name] = _value(fact, line.facts.get(name), visit.institution.id, visit.settled_on)
    return facts


def declared_facts(
    given: Mapping[str, Any], provider: str, on: datetime.date, declared: Iterable[tuple[str, Fact]]
) -> tuple[Any, ...]:
    """Return the values that the pack's own facts have, for those declared for one kind of thing."""
    return tuple([_value(fact, given.get(name), provider, on) for name, fact in declared])


def _value(fact: Fact, given: Any, provider: str, on: datetime.date) -> Any:
    match fact.kind:
        case "flag":
            return given is True
        case "choice":
            return given if isinstance(given, str) else fact.default
        case "number":
            return given if type(given) is int else None
        case "institution":
            return given is not None and given == provider
        case "until":
            return given is not None and on <= datetime.date.fromisoformat(given)
        case "within":
            if given is None or fact.days is None:
                return False
            return 0 <= (on - datetime.date.fromisoformat(given)).days < fact.days
        case "since":
            return given is not None and on >= datetime.date.fromisoformat(given)


def fact_problems(visit: Visit, pack: Pack, marked: Collection[tuple[int, FeeLine]]) -> list[Problem]:
    """Return what is wrong with the facts given for a visit: undeclared ones and values of the wrong kind."""
    if not (marked or visit.facts or visit.person.facts):
        return []
    places = [(f"lines.{index}.facts", "line", line.facts) for index, line in marked if line.facts]
    return [
        problem
        for path, of, given in [
            ("person.facts", "person", visit.person.facts),
            ("facts", "visit", visit.facts),
            *places,
        ]
        for name, value in given.items()
        for problem in _fact_problems(join(path, in_path(name)), of, name, value, pack)
    ]


def _fact_problems(path: str, of: str, name: str, value: Any, pack: Pack) -> list[Problem]:
    declared = {name for name, fact in pack.fact.items() if fact.of == of}
    if name not in declared:
        hint = did_you_mean(name, sorted(declared))
        return [invalid(path, f"{pack.area_name}的政策没有“{shown(name)}”这一项{hint}，请核对名称或删去")]
    fault = fact_fault(pack.fact[name], value)
    return [invalid(path, f"{fault}，现为 {seen(value)}")] if fault else []


def fact_fault(fact: Fact, value: Any) -> str:
    """Return what a declared fact should be where the given value is not that."""
    match fact.kind:
        case "flag":
            return "" if isinstance(value, bool) else "应为 true 或 false"
        case "choice":
            return "" if value in fact.values else f"应为 {'、'.join(fact.values)} 之一"
        case "number":
            return "" if type(value) is int and value >= 0 else "应为不小于 0 的整数"
        case "institution":
            return "" if isinstance(value, str) and value else "应为机构编码"
        case "until" | "since" | "within":
            return "" if is_iso_date(value) else "应为存在的日期，写作 2023-05-04"
