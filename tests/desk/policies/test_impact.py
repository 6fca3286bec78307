"""影响测算: a year settled again under another edition, held to figures worked out by hand and to the engine."""

import json
import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote, quote
from gongji.core.progress import StoppedError
from gongji.core.strict_json import decode
from gongji.core.visits import Visit, read_visit
from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.open import open_counter
from gongji.desk.policies.impact import EDGES_FEN, impact, years_settled
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from gongji.errors import GongjiError
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from gongji.pack_files.read_pack import parse_pack
from tests.reference import generated
from tests.support.bookful import Clock
from tests.support.children import children_begun

PINGLIANG = "620800"
TEXT = next((resource_folder() / "policies" / PINGLIANG).glob("*.toml")).read_text(encoding="utf-8")


def edition(*changes: tuple[str, str]) -> Policy:
    """Return the edition of 平凉 with some figures changed."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    pack = parse_pack(text.encode())
    assert not isinstance(pack, list), pack
    return Policy(pack)


CLINIC = {"id": "H1", "name": "某诊所", "type": "clinic", "level": "1"}
LOWER = (('amount = [{ yuan = "200" }]', 'amount = [{ yuan = "100" }]'),)


@pytest.fixture
def book(tmp_path: Path, library: Library) -> Iterator[tuple[Session, Clock]]:
    clock = Clock("2025-03-03 09:00:00")
    clinic = Beginning(
        counter="01", area=PINGLIANG, institution=CLINIC, operator="培训员", password=None, training=True
    )
    begin(tmp_path / "data", clinic, library, clock)
    counter = open_counter(tmp_path / "data", library, clock)
    yield counter, clock
    counter.close()


def settle(session: Session, no: str, person: str, price: str, status: str = "employed", **more: Any) -> str:
    visit = {
        "visit_no": no,
        "area": PINGLIANG,
        "settled_on": "2025-03-03",
        "institution": {"id": "H1", "type": "clinic", "level": "1"},
        "person": {"id": person, "status": status},
        "lines": [{"code": "D1", "category": "drug", "class": "A", "unit_price": price, "quantity": "1"}],
        **more,
    }
    done = settle_text(session, json.dumps(visit, ensure_ascii=False).encode())
    assert done.stored is not None, done
    return done.stored.no


def test_a_lower_deductible_by_hand(book: tuple[Session, Clock]) -> None:
    counter, _ = book
    settle(counter, "V1", "P1", "300")  # (300 − 200) × 65% = 65.00, then (300 − 100) × 65% = 130.00
    settle(counter, "V2", "P1", "100")  # 100 × 65% = 65.00 under both
    settle(counter, "V3", "P2", "150", "retired")  # 0, then (150 − 100) × 70% = 35.00
    settle(counter, "V4", "P2", "100", "retired")  # (100 − 50) × 70% = 35.00, then 100 × 70% = 70.00
    wrong = settle(counter, "V5", "P2", "900", "retired")
    void(counter, wrong, "开错了")
    settle(counter, "V6", "P3", "80", "uninsured")
    found = impact(counter, edition(*LOWER), 2025)
    assert (found.visits, found.left_out, found.by_engine, found.refused) == (4, 1, 0, ())
    assert (found.before.fund_total_fen, found.after.fund_total_fen) == (16_500, 30_000)
    assert found.before.patient_fen - found.after.patient_fen == 13_500
    by_person = {one.person_id: (one.visits, one.more_fen) for one in found.people}
    assert by_person == {"P1": (2, -6_500), "P2": (2, -7_000)}
    assert sum(found.bands) == 2
    assert found.bands[EDGES_FEN.index(0)] == 2, "both bear up to 100 yuan less"
    changed = [(one.stored.visit_no, one.more_fen) for one in found.most_changed]
    assert changed == [("V1", -6_500), ("V3", -3_500), ("V4", -3_500)]
    first = found.most_changed[0]
    assert "(300.00 − 200.00) × 65%" in "".join(step.text for step in first.stored.parts[0].trace)
    assert "(300.00 − 100.00) × 65%" in "".join(step.text for step in first.quoted.settlements[0].trace)
    assert years_settled(counter, PINGLIANG, counter.clock().date()) == [2025]


def test_the_same_edition_changes_nothing(book: tuple[Session, Clock], library: Library) -> None:
    counter, _ = book
    rng = random.Random(8)
    for number in range(40):
        status = rng.choice(["employed", "retired"])
        settle(counter, f"V{number}", f"P{status}{rng.randrange(5)}", generated.money(rng.randrange(1, 90_000)), status)
    (policy,) = library.editions(PINGLIANG)
    found = impact(counter, policy, 2025)
    assert found.before == found.after
    assert (found.visits, found.unchanged, found.most_changed) == (40, len(found.people), ())


REQUIRE = "[[benefit.general.require]]"
GRADE = f'{REQUIRE}\nfield = "grade"'


def test_what_is_not_a_row_of_columns_is_settled_by_the_engine(book: tuple[Session, Clock]) -> None:
    """Somebody of whom one visit is refused is settled one by one: the others still follow each other."""
    counter, _ = book
    settle(counter, "V1", "P1", "300")
    settle(counter, "V2", "P1", "100", institution={"id": "H2", "type": "hospital", "level": "3", "grade": "C"})
    settle(counter, "V3", "P1", "50")
    settle(counter, "V4", "P2", "300")
    assert impact(counter, edition(*LOWER), 2025).by_engine == 0
    stricter = edition(
        *LOWER,
        (GRADE, f'{REQUIRE}\nfield = "age"\nrule = "PL2"\nwhen = {{ level = "3" }}\ntext = "要填出生日期"\n\n{GRADE}'),
    )
    found = impact(counter, stricter, 2025)
    assert found.by_engine == 3
    assert found.refused == (("要填出生日期", 1),)
    assert found.visits == 3
    assert found.after.fund_total_fen == 13_000 + 3_250 + 13_000


def slowly(session: Session, policy: Policy) -> dict[str, int]:
    """Settle the year again one visit after another, from the bodies in the book alone; fund fen by visit."""
    moved: dict[tuple[str, str], int] = defaultdict(int)
    found = {}
    rows = session.store.reader.execute(
        "SELECT one.serial, one.visit_no, one.person_id, CAST(plain_text(visit.body) AS BLOB) FROM settlement AS one "
        "JOIN visit ON visit.settlement = one.serial WHERE one.kind = 'settle' "
        "AND NOT EXISTS (SELECT 1 FROM settlement AS other WHERE other.voids = one.serial) ORDER BY one.serial"
    ).fetchall()
    for serial, visit_no, person, body in rows:
        value, _ = decode(body)
        original = read_visit(value)
        assert isinstance(original, Visit)
        known: dict[str, int] = dict(original.accumulators)
        for name in ("general.deductible", "general.fund"):
            known[name] = known.get(name, 0) + moved[person, name]
        again = read_visit({**value, "accumulators": {name: generated.money(fen) for name, fen in known.items()}})
        assert isinstance(again, Visit)
        quoted = quote(again, policy, lambda _kind, _name: True)
        assert isinstance(quoted, Quote)
        found[visit_no] = quoted.totals.fund_total_fen
        for name, after in quoted.accumulators.items():
            moved[person, name] += after - known[name]
        entries = "SELECT name, amount_fen FROM entry WHERE settlement = ? AND scope <> ''"
        for name, fen in session.store.reader.execute(entries, (serial,)):
            moved[person, name] -= fen
    return found


def test_a_random_year_against_settling_it_again_one_by_one(book: tuple[Session, Clock]) -> None:
    counter, clock = book
    rng = random.Random(21)
    for number in range(120):
        clock.set(f"2025-{3 + number // 20:02d}-10 09:{number % 60:02d}:00")
        no = settle(
            counter,
            f"V{number}",
            f"P{number % 9}",
            generated.money(rng.randrange(1, 150_000)),
            ["employed", "retired"][number % 9 % 2],
            settled_on=f"2025-{3 + number // 20:02d}-10",
            accounts={"own": {"balance": generated.money(rng.randrange(20_000))}},
        )
        if rng.random() < 0.1:
            void(counter, no, "练习")
    policy = edition(*LOWER, ('amount = [{ yuan = "2500" }]', 'amount = [{ yuan = "1800" }]'))
    wanted = slowly(counter, policy)
    found = impact(counter, policy, 2025)
    assert found.after.fund_total_fen == sum(wanted.values())
    assert found.visits == len(wanted)
    assert found.before != found.after
    assert {
        one.stored.visit_no: one.quoted.totals.fund_total_fen for one in found.most_changed
    }.items() <= wanted.items()


def mixed_year(book: tuple[Session, Clock]) -> Policy:
    """Settle a few people's visits, some refused under the edition that is returned, some of people without benefit."""
    counter, _ = book
    rng = random.Random(5)
    for number in range(30):
        status = ["employed", "retired", "uninsured"][number % 7 % 3]
        place = {"id": "H2", "type": "hospital", "level": "3", "grade": "C"} if number % 11 == 0 else CLINIC
        place = {key: value for key, value in place.items() if key != "name"}
        price = generated.money(rng.randrange(1, 90_000))
        settle(counter, f"V{number}", f"P{number % 7}", price, status, institution=place)
    older = f'{REQUIRE}\nfield = "age"\nrule = "PL2"\nwhen = {{ level = "3" }}\ntext = "要填出生日期"\n\n{GRADE}'
    return edition(*LOWER, (GRADE, older))


def test_processes_find_what_one_finds(book: tuple[Session, Clock]) -> None:
    policy = mixed_year(book)
    alone = impact(book[0], policy, 2025, processes=0)
    assert alone.refused
    assert alone.by_engine
    assert alone.left_out
    assert len(alone.most_changed) > 1
    assert impact(book[0], policy, 2025, processes=2) == alone


def test_a_process_that_ends_is_done_without(book: tuple[Session, Clock], monkeypatch: pytest.MonkeyPatch) -> None:
    policy = mixed_year(book)
    alone = impact(book[0], policy, 2025, processes=0)
    begin, begun = subprocess.Popen, []

    def ending(_words: Any, **how: Any) -> object:
        begun.append(begin([sys.executable, "-c", "input()"], **how))
        return begun[-1]

    monkeypatch.setattr(subprocess, "Popen", ending)
    assert impact(book[0], policy, 2025, processes=1) == alone
    assert begun


@pytest.mark.parametrize("processes", [0, 1])
def test_it_can_be_stopped(book: tuple[Session, Clock], processes: int) -> None:
    counter, _ = book
    settle(counter, "V1", "P1", "300")
    begun, told = children_begun(), iter([True, False])
    with pytest.raises(StoppedError):
        impact(counter, edition(*LOWER), 2025, lambda _done, _of: next(told), processes)
    assert set(children_begun()) <= set(begun)


def test_a_year_without_settlements_is_said(book: tuple[Session, Clock]) -> None:
    counter, _ = book
    with pytest.raises(GongjiError, match="2024 年没有平凉市参保人的结算"):
        impact(counter, edition(*LOWER), 2024)
