"""Columns against the engine: every amount and running total of thousands of visits, pack by pack, to the fen."""

import copy
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongji.core.columns.settle_batch import settle
from gongji.core.columns.visit_batch import Batch
from gongji.core.engine.amounts import AMOUNT_KEYS
from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote, quote
from gongji.core.money import parse_fen
from gongji.core.strict_json import decode
from gongji.core.visits import Visit, read_visit
from gongji.pack_files.library import Library
from gongji.pack_files.read_pack import read_pack
from tests.core.engine.strategies import visits as settling_visits
from tests.reference import generated

SHAPES = sorted(Path(__file__).parents[2].joinpath("shapes").glob("*.toml"))


def everything(_kind: str, _name: str) -> bool:
    return True


def as_visit(value: dict[str, Any]) -> Visit | None:
    decoded, problems = decode(json.dumps(value).encode())
    visit = None if problems else read_visit(decoded)
    return visit if isinstance(visit, Visit) else None


def by_columns(visits: list[Visit], policy: Policy) -> Iterator[tuple[Visit, list[dict[str, int]], dict[str, int]]]:
    """Yield what columns took: each visit with its settlements' amounts and its running totals afterwards, in fen."""
    batch = Batch(policy, everything)
    taken = [visit for visit in visits if batch.take(visit)]
    settled = settle(batch)
    after: list[dict[str, int]] = [{} for _ in taken]
    for whose, numbers in batch.totals.items():
        assert isinstance(whose, tuple), whose
        for name, total in numbers.items():
            after[whose[1]][name] = taken[whose[1]].accumulators.get(name, 0) + int(settled.moved[total])
    found: list[list[dict[str, int]]] = [[] for _ in taken]
    for row, number in enumerate(settled.visit.tolist()):
        found[number].append({name: int(settled.amounts[name][row]) for name in AMOUNT_KEYS})
    for number, visit in enumerate(taken):
        if not settled.refused[number]:
            yield visit, found[number], after[number]


def assert_same(visit: Visit, amounts: list[dict[str, int]], after: dict[str, int], policy: Policy) -> None:
    wanted = quote(visit, policy, everything)
    assert isinstance(wanted, Quote), (visit.visit_no, wanted)
    expected = [{name: getattr(one.amounts, f"{name}_fen") for name in AMOUNT_KEYS} for one in wanted.settlements]
    assert amounts == expected, visit
    assert {name: fen for name, fen in after.items() if name in wanted.accumulators} == wanted.accumulators, visit


@pytest.mark.parametrize("area", generated.AREAS)
def test_generated_visits_of_every_area(library: Library, area: str) -> None:
    found = [as_visit(one) for one in generated.visits(11, 6_000) if one.get("area") == area]
    visits = [one for one in found if one is not None]
    taken = 0
    for policy in library.editions(area):
        mine = [visit for visit in visits if policy.in_force(visit.settled_on)]
        for visit, amounts, after in by_columns(mine, policy):
            assert_same(visit, amounts, after, policy)
            taken += 1
        settles = sum(isinstance(quote(visit, policy, everything), Quote) for visit in mine)
        assert taken == settles, "columns say everything that these packs say"


@given(st.lists(settling_visits(), min_size=1, max_size=6))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_hypothesis_visits(library: Library, values: list[dict[str, Any]]) -> None:
    for value in values:
        visit = as_visit(value)
        assert visit is not None
        (policy,) = [one for one in library.editions(visit.area) if one.in_force(visit.settled_on)]
        taken = list(by_columns([visit], policy))
        assert taken
        assert_same(*taken[0], policy)


def varied(policy: Policy, rng: random.Random) -> Iterator[Visit]:
    """Yield the worked cases of a pack with other amounts, lines, levels, people, accounts and running totals."""
    cases = [json.loads(case.visit) for case in policy.pack.case]
    for one in cases:
        for _ in range(40):
            value = copy.deepcopy(one)
            value["lines"] = [
                {
                    **rng.choice(one["lines"]),
                    "unit_price": generated.unit_price(rng),
                    "quantity": rng.choice(["1", "2", "0.5", "0.3333"]),
                }
                for _ in range(rng.randint(1, 4))
            ]
            for line in value["lines"]:
                line.pop("amount", None)
            value["institution"]["level"] = rng.choice([level.id for level in policy.pack.level])
            value["person"]["status"] = rng.choice(["employed", "retired"])
            value["accounts"] = {"own": {"balance": generated.money(rng.randrange(100_000))}}
            for name in [name for name in policy.pack.accumulator if "{" not in name]:
                value.setdefault("accumulators", {})[name] = generated.money(rng.choice([0, rng.randrange(800_000)]))
            visit = as_visit(value)
            if visit is not None:
                yield visit


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.stem)
def test_every_shape(path: Path) -> None:
    policy = Policy(read_pack(path))
    visits = list(varied(policy, random.Random(5)))
    settles = [visit for visit in visits if isinstance(quote(visit, policy, everything), Quote)]
    taken = list(by_columns(visits, policy))
    assert len(taken) == len(settles) > 0
    for visit, amounts, after in taken:
        assert_same(visit, amounts, after, policy)


def test_a_person_s_visits_follow_each_other(library: Library) -> None:
    """What one visit moves, the next finds moved; what it moved before, and is in what the next knows, is taken out."""
    (policy,) = library.editions("620800")
    rng = random.Random(3)
    batch = Batch(policy, everything)
    people: dict[str, dict[str, int]] = defaultdict(dict)
    moves: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    expected = []
    for number in range(600):
        person = f"P{rng.randrange(40)}"
        before = {"general.deductible": rng.randrange(3_000), "general.fund": rng.randrange(9_000)}
        known = people[person]
        value: dict[str, Any] = {
            "visit_no": f"V{number}",
            "area": "620800",
            "settled_on": "2024-03-01",
            "institution": {"id": "H1", "type": "clinic", "level": "1"},
            "person": {"id": person, "status": rng.choice(["employed", "retired"])},
            "lines": [
                {
                    "code": "D1",
                    "category": "drug",
                    "class": "A",
                    "unit_price": generated.money(rng.randrange(60_000)),
                    "quantity": "1",
                }
            ],
            "accumulators": {name: generated.money(fen) for name, fen in known.items()},
        }
        visit = as_visit(value)
        assert visit is not None
        assert batch.take(visit, person, before)
        value["accumulators"] = {
            name: generated.money(max(0, known.get(name, 0) + moves[person][name])) for name in before
        }
        again = as_visit(value)
        assert again is not None
        wanted = quote(again, policy, everything)
        assert isinstance(wanted, Quote)
        expected.append(wanted.totals.fund_fen)
        for name, fen in before.items():
            moved = wanted.accumulators[name] - parse_fen(value["accumulators"][name])
            moves[person][name] += moved - fen
            known[name] = known.get(name, 0) + fen
    settled = settle(batch)
    by_visit = dict(zip(settled.visit.tolist(), settled.amounts["fund"].tolist(), strict=True))
    assert [by_visit[number] for number in range(600)] == expected
    assert sum(expected) > 0
