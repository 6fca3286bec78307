"""What is known of each person's year and of each account, as the payer would have told it two days before."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import NamedTuple

from gongji.core.money import yuan
from gongji.core.packs.conditions import holds
from tests.training.limits import POSITIONS, UNKNOWN, Ground, limits
from tests.training.people import Link, Someone
from tests.training.tables import BALANCE, Row

Year = dict[str, int]
ELSEWHERE = (15_000, 700_000)
LITTLE = (0, 1, 850, 2315, 4000)
BALANCES = (0, 1, 4000, 31240, 50000, 128_605, 263_318, 542_777)


class Known(NamedTuple):
    """Accumulators by person, balances by account, all in fen."""

    years: Mapping[str, Year]
    balances: Mapping[str, int]


def known(random: Random, grounds: Mapping[str, Ground], people: Iterable[Someone], links: Sequence[Link]) -> Known:
    """Make up what is known. `grounds` holds those areas where a policy is in force."""
    everybody = list(people)
    years = {one.id: _year(random, grounds[one.area], one) for one in everybody if one.area in grounds}
    here = {one.id for one in everybody}
    helped = {link.person: link.account not in here or random.random() < 0.5 for link in links}
    balances = {
        one.id: random.choice(LITTLE) if helped.get(one.id) else _balance(random)
        for one in everybody
        if random.random() < (0.9 if _has_account(grounds.get(one.area), one) else 0.2)
    }
    for link in links:
        if link.account not in here:
            balances[link.account] = random.randrange(*ELSEWHERE)
        balances.setdefault(link.account, _balance(random))
    return Known({person: year for person, year in years.items() if year}, balances)


def _has_account(ground: Ground | None, one: Someone) -> bool:
    """Tell whether the area gives such a person an account; that of somebody who lost it may linger on."""
    facts = {"status": one.status, "employment": one.employment}
    rules = () if ground is None else ground.policy.pack.accounts.no_account
    return not any(holds(rule.when, facts) for rule in rules)


def _balance(random: Random) -> int:
    return random.choice(BALANCES) if random.random() < 0.25 else random.randrange(500, 480_000)


def _year(random: Random, ground: Ground, one: Someone) -> Year:
    """Return somebody's accumulators in fen; none where nothing is known."""
    if one.position == UNKNOWN or (one.near is None and random.random() < 0.35):
        return {}
    if one.near is not None:
        own = next(limit for limit in limits(ground, one.insured) if limit.key == one.near.key)
        return {**dict(own.full), own.accumulator: own.fen + POSITIONS[one.position]}
    year: Year = {}
    for limit in limits(ground, one.insured):
        if all(year.get(name, 0) >= fen for name, fen in limit.full) and random.random() < _use(limit.accumulator):
            met = limit.counts == "deductible" and random.random() < 0.6
            year[limit.accumulator] = limit.fen if met else int(limit.fen * random.random() ** 1.5)
    return year


def _use(accumulator: str) -> float:
    """Return how likely somebody has used what an accumulator counts."""
    benefit = accumulator.partition(".")[0]
    return {"general": 0.95, "chronic": 0.85, "negotiated": 0.01, "inpatient": 0.05, "special": 0.05}.get(benefit, 0.4)


def figure_rows(
    known: Known, people: Iterable[Someone], grounds: Mapping[str, Ground], as_of: datetime.date
) -> list[Row]:
    """Return all of it as a table."""
    told = f"{as_of} 18:03:00"
    rows = []
    for one in people:
        for name, fen in known.years.get(one.id, {}).items():
            ground = grounds[one.area]
            year = ground.policy.year_from(ground.on).isoformat()
            rows.append(_row(one.id, one.area, year, name, fen, told))
    return rows + [_row(account, "", "", BALANCE, fen, told) for account, fen in known.balances.items()]


def _row(owner: str, area: str, year: str, name: str, fen: int, told: str) -> Row:
    return {
        "身份证号": owner,
        "参保地": area,
        "待遇年度起始": year,
        "项目": name,
        "金额": yuan(fen),
        "截至": told,
    }
