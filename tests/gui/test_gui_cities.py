"""The whole main job for each of the five cities, by keys: what is shown and kept is what `quote` says of the visit."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gongji.core.money import grouped
from gongji.desk.settlements.find import find, of_day
from gongji.desk.visits.quote import quote_text
from gongji.files import resource_folder
from gongji.gui.counter.sheets.visit_sheet import VisitSheet
from gongji.gui.counter.words import USE, benefits_of
from gongji.pack_files.library import Library
from tests.support.clerk import Clerk

_FIRST = 3
"""How many of a city's visits are entered by default, besides the one that is refused."""
AREAS = ("530300", "445300", "511900", "520300", "620800")


def visits(area: str) -> list[dict[str, Any]]:
    path = resource_folder() / "training" / area / "visits.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def choose(clerk: Clerk, option: int) -> None:
    """Choose an option of a list by going down to it."""
    if option + 1 in range(1, 10):
        clerk.press(str(option + 1))
        return
    clerk.press(*["Down"] * (option + 1), "Enter")


def say_of_visit(clerk: Clerk, visit: dict[str, Any]) -> None:
    """Fill the sheet of the visit as a whole."""
    said = {name: visit.get(name) for name in ("disease", "cause", "referral", "rescue", "inpatient")}
    benefit = visit.get("benefit")
    policy = clerk.screen.state.policy
    if policy is None:
        return
    if not any(said.values()) and benefit in {None, policy.pack.default_benefit}:
        return
    clerk.press("F4")
    choose(clerk, len(benefits_of(policy)) + 1)
    sheet = clerk.sheet
    assert isinstance(sheet, VisitSheet)
    sheet.benefit.setCurrentIndex(max(0, sheet.benefit.findData(benefit)))
    sheet.cause.setCurrentIndex(max(0, sheet.cause.findData(said["cause"] or "illness")))
    for name in ("referral", "rescue", "inpatient"):
        getattr(sheet, name).setChecked(bool(said[name]))
    sheet.disease.setFocus()
    clerk.type(said["disease"] or "")
    clerk.press("Enter")


def enter(clerk: Clerk, visit: dict[str, Any]) -> None:
    """Enter a visit of the training data with the keyboard."""
    clerk.scan(visit["person"]["id"])
    for place, line in enumerate(visit["lines"]):
        clerk.add_item(line["code"], line["quantity"])
        policy = clerk.screen.state.policy
        if policy is None:
            continue
        names = [name for name, _, _ in benefits_of(policy)]
        if line.get("benefit"):
            clerk.press("F4")
            choose(clerk, names.index(line["benefit"]))
        if line.get("use", "treatment") != "treatment":
            clerk.press("F4")
            choose(clerk, len(names))
            choose(clerk, list(USE).index(line["use"]))
        assert clerk.screen.lines.table.place == place
    say_of_visit(clerk, visit)
    clerk.settle_down()


@pytest.mark.parametrize("area", AREAS)
def test_each_visit_of_a_city_comes_out_as_quoted(area: str, sit_down: Callable[..., Clerk], library: Library) -> None:
    clerk = sit_down(area)
    every = visits(area)
    for visit in every if "GONGJI_ALL_VISITS" in os.environ else [*every[:_FIRST], every[-1]]:
        quoted = quote_text(json.dumps(visit, ensure_ascii=False).encode(), library)
        enter(clerk, visit)
        assert [one.code for one in clerk.screen.state.draft.lines] == [one["code"] for one in visit["lines"]]
        if quoted.quote is None:
            assert quoted.problems[0].message in clerk.notes, visit["visit_no"]
            clerk.press("F9")
            clerk.press("F6")
            continue
        totals = quoted.quote.totals
        assert clerk.due == grouped(totals.cash_fen), (visit["visit_no"], clerk.notes)
        assert clerk.amount("fund") == grouped(totals.fund_fen), visit["visit_no"]
        before = len(list(of_day(clerk.counter.store, None)))
        clerk.settle()
        heads = list(of_day(clerk.counter.store, None))
        assert len(heads) == before + 1, clerk.notes
        stored = find(clerk.counter.store, heads[-1].no)
        assert stored.totals == totals
        assert [part.amounts for part in stored.parts] == [part.amounts for part in quoted.quote.settlements]
        assert Path(clerk.counter.folder.receipts, stored.at[:4], stored.at[5:7], f"{stored.no}.pdf").is_file()
