"""票据 by keys: the roll in use and its next number, a spoilt form made void, another roll; in the day's close too."""

import pytest

from gongji.desk.papers.bills import roll_state, take_bills
from gongji.desk.settlements.find import find
from gongji.gui.closing.bills_sheet import BillsSheet
from gongji.gui.closing.screen import ClosingScreen
from tests.support.clerk import Clerk
from tests.support.working import settle_samples


@pytest.fixture
def sheet(clerk: Clerk) -> BillsSheet:
    clerk.press("4", with_ctrl=True)
    clerk.press("F8")
    found = clerk.sheet
    assert isinstance(found, BillsSheet)
    return found


def change(clerk: Clerk, sheet: BillsSheet, code: str, first: str, last: str) -> None:
    """Type the numbers of a new roll, Enter after each."""
    sheet.code.setFocus()
    for typed in (code, first, last):
        clerk.type(typed)
        clerk.press("Enter")
    clerk.settle_down()


def void(clerk: Clerk, sheet: BillsSheet, number: str, reason: str) -> None:
    sheet.number.setFocus()
    sheet.number.selectAll()
    for typed in (number, reason):
        clerk.type(typed)
        clerk.press("Enter")
    clerk.settle_down()


def test_without_a_roll_it_says_that_none_is_needed(sheet: BillsSheet) -> None:
    assert "不用套打的不必填" in sheet.stands.text()
    assert sheet.number.text() == ""


def test_a_roll_is_put_in_by_keys(clerk: Clerk, sheet: BillsSheet) -> None:
    change(clerk, sheet, "530324", "００12001", "0012100")
    assert sheet.said.text() == "已换卷：0012001 至 0012100。"
    assert sheet.stands.text() == "代码 530324　0012001 至 0012100：下一张 0012001，还剩 100 张"
    assert sheet.number.text() == "0012001"
    assert [one.text() for one in (sheet.code, sheet.first, sheet.last)] == ["", "", ""]
    assert clerk.sheet is sheet, "Enter in a field is no 返回"


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [("12a", "13", "应为数字"), ("0012100", "0012001", "止号小于起号"), ("012", "0013", "位数不同")],
)
def test_what_is_wrong_is_said_and_stays(clerk: Clerk, sheet: BillsSheet, first: str, last: str, why: str) -> None:
    change(clerk, sheet, "", first, last)
    assert why in sheet.said.text()
    assert (sheet.first.text(), sheet.last.text()) == (first, last)
    assert roll_state(clerk.counter.store.reader) is None


def test_a_spoilt_form_is_made_void_once_with_its_reason(clerk: Clerk, sheet: BillsSheet) -> None:
    change(clerk, sheet, "", "0012001", "0012100")
    void(clerk, sheet, "0012001", "")
    assert "没有写作废的原因" in sheet.said.text()
    void(clerk, sheet, "0012001", "卡纸")
    assert "票据 0012001 已作废" in sheet.said.text()
    assert "下一张 0012002，还剩 99 张" in sheet.stands.text()
    void(clerk, sheet, "0012001", "卡纸")
    assert "已经作废" in sheet.said.text()
    void(clerk, sheet, "0012050", "卡纸")
    assert "只能作废下一张" in sheet.said.text()


def test_the_days_close_tells_of_them(clerk: Clerk) -> None:
    (number, *_) = settle_samples(clerk)
    clerk.press("4", with_ctrl=True)
    clerk.press("F8")
    sheet = clerk.sheet
    assert isinstance(sheet, BillsSheet)
    change(clerk, sheet, "", "0012001", "0012002")
    serial = find(clerk.counter.store, number).serial
    clerk.station.jobs.write(lambda: take_bills(clerk.counter, serial, 1))
    void(clerk, sheet, "0012002", "污损")
    assert "已用完，请换卷" in sheet.stands.text()
    change(clerk, sheet, "", "0013001", "0013100")
    assert "下一张 0013001" in sheet.stands.text()
    clerk.press("Esc")
    screen = clerk.window.screen_shown
    assert isinstance(screen, ClosingScreen)
    screen.refresh()
    clerk.settle_down()
    told = screen.figures.text.toPlainText()
    assert "0012001" in told
    assert "0012002" in told
    assert "污损" in told
