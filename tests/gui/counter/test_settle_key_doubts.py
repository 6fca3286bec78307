"""Figures that are hardly ever so are asked about once, and a second Enter goes back to them."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLabel

from gongji.desk.settlements.find import of_day
from gongji.desk.visits.plausibility import UsualFigures, set_usual
from gongji.gui.counter.settle_key import DoubtsSheet
from tests.support.clerk import Clerk


def settled(clerk: Clerk) -> int:
    return len(list(of_day(clerk.counter.store, None)))


def a_large_quantity(clerk: Clerk) -> None:
    clerk.add_item("amxl", "301")


def a_price_ten_times_the_catalogues(clerk: Clerk) -> None:
    clerk.add_item("amxl")
    clerk.screen.state.edit_line(0, "unit_price", "48.60")


def a_price_far_below_it(clerk: Clerk) -> None:
    clerk.add_item("amxl")
    clerk.screen.state.edit_line(0, "unit_price", "0.48")


def a_banknote_nobody_has(clerk: Clerk) -> None:
    clerk.add_item("amxl")
    clerk.press("F5", "Space", "Enter", "F3", "Enter")
    clerk.type("999999")


WAYS: dict[str, tuple[Callable[[Clerk], None], str]] = {
    "quantity": (a_large_quantity, "数量是 301盒"),
    "price": (a_price_ten_times_the_catalogues, "目录里是 4.86 元"),
    "low price": (a_price_far_below_it, "目录里是 4.86 元"),
    "received": (a_banknote_nobody_has, "要找零 99"),
}


@pytest.mark.parametrize("way", WAYS)
def test_it_is_asked_about_and_enter_goes_back(clerk: Clerk, way: str) -> None:
    act, sentence = WAYS[way]
    clerk.choose_patient("ltj")
    act(clerk)
    clerk.settle()
    sheet = clerk.sheet
    assert isinstance(sheet, DoubtsSheet)
    assert any(sentence in one.text() for one in sheet.findChildren(QLabel))
    assert len(clerk.sheets) == 1
    clerk.press("Enter")
    clerk.settle_down()
    assert not clerk.sheets
    assert settled(clerk) == 0
    clerk.settle()
    assert isinstance(clerk.sheet, DoubtsSheet)
    clerk.press("Y", with_alt=True)
    clerk.settle_down()
    assert settled(clerk) == 1


def test_what_is_usual_is_not_asked_about(clerk: Clerk) -> None:
    clerk.choose_patient("ltj")
    clerk.add_item("amxl", "300")
    clerk.settle()
    assert clerk.sheet is None
    assert settled(clerk) == 1


def test_the_limits_are_set_in_the_settings(clerk: Clerk) -> None:
    clerk.station.jobs.write(lambda: set_usual(clerk.counter, UsualFigures(quantity=1)))
    clerk.settle_down()
    clerk.choose_patient("ltj")
    clerk.add_item("amxl", "2")
    clerk.settle()
    assert isinstance(clerk.sheet, DoubtsSheet)
