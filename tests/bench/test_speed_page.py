"""The page of figures is what the benchmark wrote, and a part's result replaces only that part's."""

import ast
from pathlib import Path

from tests.bench.parts import PARTS
from tests.bench.report import Section, at_most, for_scale
from tests.bench.speed_page import PartResult, keep, kept, written

BENCH = Path(__file__).parent
DOCS = BENCH.parents[1] / "docs"


def result(part: str, reached: float) -> PartResult:
    rows = (at_most("a quote | a line", reached, 40, "us", "50 visits"), for_scale("for scale", 2, "ms"))
    return PartResult(
        part=part, day="2026-01-02", version="1.0", machine="a PC", busy="load 0.0", seconds=7,
        sections=(Section("a. engine", rows),),
    )  # fmt: skip


def test_the_page_is_what_was_measured() -> None:
    ordered = list(kept(DOCS / "speed.json").values())
    assert (DOCS / "speed.md").read_text(encoding="utf-8") == written(ordered)


def test_a_part_replaces_its_own_figures_and_no_others(tmp_path: Path) -> None:
    keep(tmp_path, result("quote", 41))
    keep(tmp_path, result("engine", 50))
    keep(tmp_path, result("engine", 30))
    found = kept(tmp_path / "speed.json")
    assert list(found) == ["engine", "quote"]
    page = (tmp_path / "speed.md").read_text(encoding="utf-8")
    assert page.index("## engine") < page.index("## quote")
    assert "| a quote \\| a line | 30.0 us | ≤ 40 us | met | 50 visits |" in page
    assert "| a quote \\| a line | 41.0 us | ≤ 40 us | MISSED | 50 visits |" in page
    assert "50.0 us" not in page


def test_every_part_measures_what_is_there() -> None:
    for place in (one for places in PARTS.values() for one in places):
        module, function = place.split(":")
        parsed = ast.parse((BENCH / f"{module}.py").read_bytes())
        assert function in {one.name for one in parsed.body if isinstance(one, ast.FunctionDef)}, place
