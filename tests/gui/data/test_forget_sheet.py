"""按规定删除 in 资料: what goes and what stays is told, and nothing goes without a reason, nor by Enter alone."""

import pytest
from msgspec.structs import replace

from gongji.desk.imports.by_hand import ToldByHand, keep_by_hand
from gongji.gui.data.forget_sheet import ForgetSheet
from gongji.gui.data.people_page import PeoplePage
from gongji.gui.data.screen import DataScreen
from gongji.store.people.person_keys import FORGOTTEN
from tests.support.clerk import Clerk, page_of
from tests.support.tables import number, person


@pytest.fixture
def screen(clerk: Clerk) -> DataScreen:
    """The list of people, with one who has just been found in it."""
    cells = person(1, 姓名="欧阳紫薇", 电话="13800000000")
    clerk.press("7", with_ctrl=True)
    found = clerk.window.screen_shown
    assert isinstance(found, DataScreen)
    kept: list[ToldByHand] = []
    clerk.station.jobs.write(lambda: keep_by_hand(clerk.counter, "people", cells), kept.append)
    clerk.until(lambda: bool(kept))
    found.pages.turn_to(1)
    page_of(found, PeoplePage).field.setText(number(1))
    return found


def opened(clerk: Clerk, screen: DataScreen) -> ForgetSheet:
    page_of(screen, PeoplePage).forget()
    sheet = clerk.sheet
    assert isinstance(sheet, ForgetSheet)
    return sheet


def names(screen: DataScreen) -> list[str]:
    return [one.name for one in page_of(screen, PeoplePage).table.rows_model.rows]


def test_a_reason_is_asked_for_and_then_the_name_is_gone(clerk: Clerk, screen: DataScreen) -> None:
    sheet = opened(clerk, screen)
    clerk.press("Enter", "Enter")
    clerk.until(lambda: "没有写明依据" in sheet.wrong.text())
    sheet.reason.setFocus()
    clerk.type("本人要求")
    clerk.press("Enter")
    assert clerk.sheet is sheet, "Enter goes on to the button, which is pressed by itself"
    assert names(screen) == ["欧阳紫薇"]
    clerk.press("Enter")
    clerk.until(lambda: clerk.sheet is None)
    assert names(screen) == [FORGOTTEN]


def test_enter_before_the_reason_was_looked_at_forgets_nobody(clerk: Clerk, screen: DataScreen) -> None:
    sheet = opened(clerk, screen)
    sheet.setFocus()
    clerk.press("Enter")
    clerk.settle_down()
    assert clerk.sheet is None
    assert names(screen) == ["欧阳紫薇"]


def test_a_person_whom_the_book_does_not_know_any_more_is_told_of(clerk: Clerk, screen: DataScreen) -> None:
    table = page_of(screen, PeoplePage).table
    table.set_rows([replace(one, id=number(2)) for one in table.rows_model.rows])
    page_of(screen, PeoplePage).forget()
    assert clerk.sheet is not None
    assert clerk.sheet.windowTitle() == "没有这个人的资料"
