"""Asking a pack for everything that commands ask of one."""

import datetime
from collections.abc import Iterator
from itertools import product
from typing import Any, get_args

from gongji.core.engine.capitation import CapitationRequest, YearEndClearing, clear
from gongji.core.engine.credit import CreditPerson, CreditRequest, MonthlyCredit, credit
from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote, quote
from gongji.core.money import E4, E12, E12_ONE, Fen
from gongji.core.packs.changes import changes
from gongji.core.packs.figures import figures
from gongji.core.packs.language import Pack
from gongji.core.problems import Problem
from gongji.core.visits import (
    Accounts,
    Category,
    Class,
    Employment,
    FeeLine,
    Grade,
    Institution,
    InstitutionType,
    Insured,
    OwnAccount,
    Person,
    Prescriber,
    Registrations,
    Use,
    Visit,
)
from tests.core.packs.minimal import CHINESE, pack

DISEASES = (None, "恶性肿瘤", "感冒", "重性精神病")
REGISTERED = ((), ("高血压",), ("精神病", "糖尿病", "高血压"))
SUPPLEMENTS: tuple[tuple[Any, ...], ...] = ((), ("civil_servant",), ("large_medical", "civil_servant"))
GRADES: tuple[Grade | None, ...] = (None, *get_args(Grade))
CREDITED = [
    CreditPerson(status=status, employment=employment, pension_class=pension, paying_past_retirement_age=past)
    for status in get_args(Insured)
    for employment in get_args(Employment)
    for pension in ("government", "enterprise", None)
    for past in (True, False)
]
PRICES = (E4(1_000_000), E4(10_000), E4(123_456_789), E4(0))
YEARS = [str(year) for year in range(2015, 2030)]


def given_parameters(policy: Policy) -> dict[str, Any]:
    """Every open parameter, with a figure for everything it may differ by."""

    def nested(by: tuple[str, ...], figure: str) -> Any:
        if not by:
            return figure
        keys = YEARS if by[0] == "year" else [str(value) for value in policy.known[by[0]].values]
        return {key: nested(by[1:], figure) for key in keys}

    return {
        name: nested(one.by, "5000" if one.kind == "money" else "0.85") for name, one in policy.pack.parameter.items()
    }


def local_facts(policy: Policy, of: str, turn: int) -> dict[str, Any]:
    """The facts of the area's own, which every other visit gives."""
    given: dict[str, dict[str, Any]] = {
        name: {
            "flag": turn % 4 == 0,
            "choice": fact.values[turn % len(fact.values)] if fact.values else None,
            "number": turn % 100,
            "institution": f"H{turn % 3}",
            "until": "2024-02-29",
            "since": "2024-03-01",
        }
        for name, fact in policy.pack.fact.items()
        if fact.of == of
    }
    return {name: kinds[policy.pack.fact[name].kind] for name, kinds in given.items()} if turn % 2 else {}


def lines(policy: Policy, turn: int) -> tuple[FeeLine, ...]:
    """Three lines, of other kinds each time."""
    categories, classes, uses = get_args(Category), get_args(Class), get_args(Use)
    return tuple(
        FeeLine(
            code=f"D{number}",
            category=categories[(turn + number) % 3],
            class_=classes[(turn // 3 + number) % 3],
            unit_price=PRICES[(turn + number) % len(PRICES)],
            quantity=E4(10_000),
            prepay_ratio=E12(E12_ONE // 10) if classes[(turn // 3 + number) % 3] == "B" and turn % 2 else None,
            negotiated=categories[(turn + number) % 3] == "drug" and turn % 5 == 0,
            use=uses[(turn + number) % len(uses)] if turn % 4 == 0 else "treatment",
            facts=local_facts(policy, "line", turn + number),
        )
        for number in range(3)
    )


def visits(policy: Policy, start: int) -> Iterator[Visit]:
    """A visit for every status, level, type of institution and benefit; what else they say differs."""
    parameters = given_parameters(policy)
    plain = [name for name in policy.pack.accumulator if "{" not in name]
    kinds = product(get_args(Insured), policy.levels, get_args(InstitutionType), sorted(policy.benefits))
    for turn, (status, level, institution_type, benefit) in enumerate(kinds, start):
        prescriber = Prescriber(id="H2", level=level, grade=GRADES[turn % 5]) if turn % 3 else None
        yield Visit(
            visit_no="V1",
            area=policy.pack.area,
            settled_on=datetime.date(2024, 2, 29),
            benefit=benefit,
            institution=Institution(id="H1", type=institution_type, level=level, grade=GRADES[turn % 5]),
            prescriber=prescriber,
            person=Person(
                id="P1",
                status=status,
                employment="flexible" if turn % 7 == 0 else "unit",
                birth_date=datetime.date(1950 + turn % 60, 2, 28) if turn % 3 else None,
                supplements=SUPPLEMENTS[turn % 3],
                selected_institution="H1" if turn % 4 else "H2",
                facts=local_facts(policy, "person", turn),
                registrations=Registrations(chronic=REGISTERED[turn // 2 % 3]),
            ),
            disease=DISEASES[turn % 4],
            referral=turn % 6 == 0,
            lines=lines(policy, turn),
            facts=local_facts(policy, "visit", turn),
            accumulators={name: Fen(turn % 11 * 10_000) for name in plain} if turn % 2 else {},
            accounts=Accounts(own=OwnAccount(balance=Fen(3_000))) if turn % 2 else Accounts(),
            parameters=parameters if turn % 9 else {},
        )


def check_outcome(found: Quote | MonthlyCredit | YearEndClearing | list[Problem]) -> None:
    """Accept an answer, or problems that are said."""
    if isinstance(found, list):
        assert found
        assert all(CHINESE.search(one.message) for one in found)
    elif isinstance(found, Quote):
        assert not any("{" in name or "}" in name for name in found.accumulators)


def check_usable(mutated: Pack, start: int) -> None:
    """Quote under a pack, and ask it for everything else that commands do."""
    policy = Policy(mutated)
    for visit in visits(policy, start):
        check_outcome(quote(visit, policy, lambda _kind, _name: False))
    parameters = given_parameters(policy)
    for person in CREDITED:
        base = Fen(500_000)
        request = CreditRequest(area=mutated.area, month="2024-02", person=person, base=base, parameters=parameters)
        check_outcome(credit(request, policy))
    year = CapitationRequest(
        area=mutated.area,
        year=2024,
        headcount=(100,) * 12,
        used=Fen(4_000_000),
        manual_claims=Fen(100),
        direct_rate=E12(800_000),
        parameters=parameters,
    )
    check_outcome(clear(year, policy))
    assert all(one.says for one in figures(mutated))
    assert changes(mutated, mutated) == []
    changes(pack(), mutated)
