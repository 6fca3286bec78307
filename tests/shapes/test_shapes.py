"""Each shape of rule that cities use is a pack here, and what it settles at was computed by hand."""

import json
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gongji.core.engine.amounts import in_yuan
from gongji.core.engine.facts import line_facts
from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote
from gongji.core.money import yuan
from gongji.core.packs.benefits import Benefit
from gongji.core.packs.changes import changes
from gongji.core.packs.conditions import holds, pick
from gongji.core.packs.entries import Modify, PackRow, records
from gongji.core.packs.figures import figures
from gongji.core.packs.language import Pack, WorkedCase
from gongji.core.visits import Visit, read_visit
from gongji.desk.policies.packs import failed_cases
from gongji.desk.visits.quote import quote_text
from gongji.pack_files.library import Library
from gongji.pack_files.read_pack import read_pack

FOLDER = Path(__file__).parent
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
SEVERAL = {8: ["08a", "08b"], 21: ["21", "21"], 26: ["26a", "26b", "26c"]}


@cache
def pack_of(name: str) -> Pack:
    return read_pack(FOLDER / f"{name}.toml")


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """All the packs of this folder, side by side as the extra packs of a clinic."""
    extra = tmp_path_factory.mktemp("shapes")
    for name in NAMES:
        shutil.copy(FOLDER / f"{name}.toml", extra)
    return Library(tmp_path_factory.mktemp("none"), [extra])


def as_written(case: WorkedCase) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(case.visit)
    return written


def quoted(library: Library, asked: dict[str, Any]) -> Quote:
    result = quote_text(json.dumps(asked).encode(), library).quote
    assert result is not None
    return result


def visit(area: str, on: str, **more: Any) -> dict[str, Any]:
    return {
        "visit_no": "V1",
        "area": area,
        "settled_on": on,
        "institution": {"id": "H1", "type": "hospital", "level": "3"},
        "person": {"id": "P1", "status": "employed"},
        "lines": [{"code": "D1", "category": "drug", "class": "A", "unit_price": "1000", "quantity": "1"}],
        **more,
    }


def test_every_shape_is_here() -> None:
    wanted = [number for shape in range(1, 27) for number in SEVERAL.get(shape, [f"{shape:02}"])]
    assert [name.partition("-")[0] for name in NAMES] == wanted


def test_packs_stand_side_by_side(shapes: Library) -> None:
    areas = [pack_of(name).area for name in NAMES]
    assert shapes.areas == sorted(set(areas))
    assert {area for area in areas if areas.count(area) > 1} == {"990021"}
    assert [len(shapes.editions(area)) for area in shapes.areas] == [areas.count(area) for area in shapes.areas]


@pytest.mark.parametrize("name", NAMES)
def test_pack_is_plainly_invented(name: str) -> None:
    pack = pack_of(name)
    assert pack.area.startswith("9900")
    assert "虚构" in pack.source["main"].title


@pytest.mark.parametrize("name", NAMES)
def test_worked_cases_come_out(name: str) -> None:
    pack = pack_of(name)
    assert len(pack.case) >= 2
    assert failed_cases(pack) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_case_is_refused_by_the_pack_and_not_for_its_spelling(name: str) -> None:
    for case in pack_of(name).case:
        assert isinstance(read_visit(as_written(case)), Visit)
        assert bool(case.refused) != bool(case.expect)


@pytest.mark.parametrize("name", NAMES)
def test_cases_use_every_row_and_both_sides_of_every_modifier(name: str) -> None:
    pack = pack_of(name)
    for benefit_name, benefit in pack.benefit.items():
        seen = list(_facts(pack, benefit_name))
        for path, record in records(benefit):
            if isinstance(record, Modify):
                assert {holds(record.when, facts) for facts in seen} == {True, False}, path
        for path, rows in _tables(benefit):
            used = [row for facts in seen for row in pick(rows, facts)]
            assert [row for row in rows if row not in used] == [], path


def _facts(pack: Pack, benefit: str) -> Iterator[dict[str, Any]]:
    """Yield the facts of the settled cases under a benefit, once for each line."""
    policy = Policy(pack)
    for case in pack.case:
        read = read_visit(as_written(case))
        assert isinstance(read, Visit)
        for one in read.lines if case.refused is None else ():
            if (one.benefit or read.benefit or pack.default_benefit) == benefit:
                yield {**policy.facts(read), **line_facts(one, read, pack)}


def _tables(benefit: Benefit) -> Iterator[tuple[str, tuple[PackRow, ...]]]:
    for path, record in records(benefit):
        for field in ("amount", "ratio"):
            rows = getattr(record, field, None)
            if isinstance(rows, tuple):
                yield f"{path}.{field}", rows


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_can_be_shown(name: str) -> None:
    shown = figures(pack_of(name))
    assert {figure.rule for figure in shown} <= pack_of(name).rule.keys()
    assert [figure for figure in shown if not figure.says] == []


def test_an_edition_that_starts_in_mid_year_goes_on_with_the_accumulators(shapes: Library) -> None:
    before = quoted(shapes, visit("990021", "2023-05-31"))
    assert before.policy == "990021@2023-02-01"
    assert in_yuan(before.totals)["deductible"] == "500.00"
    assert in_yuan(before.totals)["fund"] == "300.00"
    assert before.accumulators == {"general.deductible": 500_00, "general.fund": 300_00}

    carried = {name: yuan(fen) for name, fen in before.accumulators.items()}
    after = quoted(shapes, visit("990021", "2023-06-01", accumulators=carried))
    assert after.policy == "990021@2023-06-01"
    assert in_yuan(after.totals)["deductible"] == "0.00"
    assert in_yuan(after.totals)["fund"] == "600.00"
    assert after.accumulators == {"general.fund": 900_00}

    nearly = {**carried, "general.fund": "2900.00"}
    last = quoted(shapes, visit("990021", "2023-12-31", accumulators=nearly))
    assert in_yuan(last.totals)["fund"] == "100.00"


def test_the_change_in_mid_year_can_be_told() -> None:
    told = changes(pack_of("21-mid-year-a"), pack_of("21-mid-year-b"))
    assert [sentence for sentence in told if sentence.startswith("取消 普通门诊起付标准")]


def test_a_visit_before_the_first_edition_is_refused(shapes: Library) -> None:
    problems = quote_text(json.dumps(visit("990021", "2023-01-31")).encode(), shapes).problems
    assert [problem.code for problem in problems] == ["no_policy_in_force"]


@pytest.mark.parametrize(
    ("on", "year_from"),
    [("2023-06-30", "2022-07-01"), ("2023-07-01", "2023-07-01"), ("2024-01-01", "2023-07-01")],
)
def test_a_benefit_year_starts_where_the_pack_says(shapes: Library, on: str, year_from: str) -> None:
    assert quoted(shapes, visit("990020", on)).year_from.isoformat() == year_from


@pytest.mark.parametrize(("on", "codes"), [("2024-06-30", ["family_account_refused"]), ("2024-07-01", [])])
def test_a_relative_who_may_not_yet_pay_is_told(shapes: Library, on: str, codes: list[str]) -> None:
    account = {"id": "F1", "relation": "sibling", "balance": "50", "authorised": True}
    (settlement,) = quoted(shapes, visit("990025", on, accounts={"family": [account]})).settlements
    assert [notice.code for notice in settlement.notices] == codes


def test_where_a_referral_has_run_out_the_clerk_is_told(shapes: Library) -> None:
    asked = visit("990013", "2023-05-05", facts={"referred_until": "2023-05-04"})
    (settlement,) = quoted(shapes, asked).settlements
    assert [notice.code for notice in settlement.notices] == ["not_selected_institution"]
