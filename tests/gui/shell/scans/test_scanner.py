"""A scan goes where it belongs, whatever has the focus; what is only typed fast stays where it was typed."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit

from gongji.desk.papers.receipts import receipt_for
from gongji.desk.settlements.find import find, of_day
from gongji.gui.counter.sheets.person_sheet import PersonSheet
from gongji.gui.kit.choice import Choice
from gongji.gui.kit.dialogs import Dialog
from gongji.gui.records.verify_receipt_sheet import CheckingSheet
from tests.gui.test_gui_keys import PLACES, busy
from tests.support.clerk import Clerk
from tests.support.printed import print_receipt

_ = busy
OTHER = "530399194905028607"
BARCODE = "2990000000019"


@pytest.mark.parametrize("place", PLACES)
def test_a_barcode_adds_one_and_leaves_every_field_alone(busy: Clerk, place: str) -> None:
    PLACES[place](busy).setFocus()
    busy.scan(BARCODE)
    assert busy.names == ["一般诊疗费", "阿莫西林胶囊"]
    assert busy.screen.state.draft.lines[1].quantity == "3"
    assert busy.screen.patient.field.text() == busy.screen.panel.tender.field.text() == ""
    assert busy.screen.lines.quantity.text() == "1"


@pytest.mark.parametrize("place", PLACES)
def test_an_identity_number_opens_its_patient(busy: Clerk, place: str) -> None:
    PLACES[place](busy).setFocus()
    busy.scan(OTHER)
    busy.press("3")  # the lines are this one's: asked, since another patient has them
    assert busy.screen.state.draft.person_id == OTHER
    assert busy.window.focusWidget() is busy.screen.lines.field


@pytest.mark.parametrize("key", ["F1", "F8"])  # every one that does: see test_gui_every_place.py
def test_what_only_shows_something_gives_way(busy: Clerk, key: str) -> None:
    busy.press(key)
    opened = busy.sheet
    assert isinstance(opened, QDialog)
    busy.scan(OTHER)
    asked = busy.sheet
    assert isinstance(asked, Choice)  # whose the lines are
    assert asked is not opened
    busy.press("3")
    assert not busy.sheets
    assert busy.screen.state.draft.person_id == OTHER


@pytest.mark.parametrize("key", ["Shift+F2", "Shift+F4", "Shift+F5", "F5"])
def test_what_is_being_filled_in_is_finished_first_and_nothing_lands_in_it(busy: Clerk, key: str) -> None:
    before = busy.screen.state.draft
    busy.press(key)
    sheet = busy.sheet
    assert isinstance(sheet, Dialog)
    fields = sheet.findChildren(QLineEdit)
    texts = [one.text() for one in fields]
    for field in fields:
        field.setFocus()
        busy.scan(OTHER)
        busy.scan(BARCODE)
    assert busy.sheet is sheet
    assert [one.text() for one in fields] == texts
    assert any("没有录入：请先做完或关闭这个窗口" in one.text() for one in sheet.findChildren(QLabel))
    busy.press("Esc")
    assert busy.screen.state.draft == before
    busy.scan(OTHER)
    busy.press("3")
    assert busy.screen.state.draft.person_id == OTHER


def test_from_another_screen(clerk: Clerk) -> None:
    clerk.press("4", with_ctrl=True)
    clerk.scan(OTHER)
    assert clerk.window.screen_shown is clerk.screen
    assert clerk.screen.state.draft.person_id == OTHER


def test_somebody_unknown_may_be_enrolled(clerk: Clerk) -> None:
    clerk.scan("110101199003078515")
    assert isinstance(clerk.sheet, PersonSheet)
    clerk.type("王小明")
    clerk.press("Enter")
    assert isinstance(clerk.sheet, PersonSheet)  # what status somebody has is never guessed
    clerk.press("Down", "Enter")
    assert clerk.screen.state.patient is not None
    assert clerk.screen.state.patient.name == "王小明"
    assert "没有获知本年度累计" in clerk.notes
    clerk.add_item("amxl")
    clerk.settle()
    assert clerk.screen.state.draft.is_empty
    clerk.scan("110101199003078515")
    assert clerk.screen.state.patient is not None
    assert clerk.screen.state.patient.name == "王小明"


def test_an_unknown_barcode_says_so(clerk: Clerk) -> None:
    clerk.scan("6999999999999")
    assert "目录里没有条码 6999999999999" in clerk.notes


def test_fast_digits_that_nobody_scans_are_typed(busy: Clerk) -> None:
    busy.screen.panel.tender.field.setFocus()
    busy.scan("123456")
    assert busy.screen.panel.tender.field.text() == "123456"


def test_a_burst_that_halts_was_typed_and_so_is_what_follows(clerk: Clerk) -> None:
    field = clerk.screen.patient.field
    field.setFocus()
    clerk.type(OTHER[:9])
    clerk.until(lambda: field.text() == OTHER[:9])
    clerk.type(OTHER[9:])
    clerk.press("Enter")
    assert clerk.screen.state.draft.person_id == OTHER


@pytest.fixture
def paper(busy: Clerk) -> str:
    """The square code of a receipt of this counter; its own patient is at the window again."""
    busy.settle()
    (head,) = of_day(busy.counter.store, None)
    stored = find(busy.counter.store, head.no)
    code = receipt_for(busy.counter, stored).code
    busy.station.jobs.write(lambda: print_receipt(busy.counter, stored))
    busy.settle_down()
    while busy.sheet is not None:
        busy.close_sheet()
    busy.choose_patient("ltj")
    busy.add_item("amxl", "2")
    return code


@pytest.mark.parametrize("place", PLACES)
def test_a_papers_code_is_checked_and_lands_in_no_field(busy: Clerk, paper: str, place: str) -> None:
    fields = busy.window.findChildren(QLineEdit)
    before, texts = busy.screen.state.draft, [one.text() for one in fields]
    PLACES[place](busy).setFocus()
    busy.scan(paper)
    busy.settle_down()
    sheet = busy.sheet
    assert isinstance(sheet, CheckingSheet)
    assert sheet.head.text() == "真实有效"
    assert [one.text() for one in fields] == texts
    assert busy.screen.state.draft == before
    busy.scan(f"{paper[:-1]}{'A' if paper[-2] != 'A' else 'B'}"[:40])
    busy.settle_down()
    assert sheet.head.text() == "不能确认"
    assert sheet.field.text() == ""
    busy.scan(OTHER)
    assert not busy.window.findChildren(CheckingSheet)
    busy.press("3")  # the lines are theirs
    assert busy.screen.state.draft.person_id == OTHER


@pytest.mark.parametrize("how", [str.upper, str.lower])
def test_a_papers_code_waits_for_what_is_being_filled_in(busy: Clerk, paper: str, how: Callable[[str], str]) -> None:
    busy.press("F5")
    sheet = busy.sheet
    assert sheet is not None
    fields = sheet.findChildren(QLineEdit)
    texts = [one.text() for one in fields]
    fields[0].setFocus()
    busy.scan(how(paper))
    assert busy.sheet is sheet
    assert [one.text() for one in fields] == texts
    assert any("没有录入：请先做完或关闭这个窗口" in one.text() for one in sheet.findChildren(QLabel))


def test_letters_that_nobody_scans_are_typed_as_they_are(busy: Clerk) -> None:
    field = busy.screen.patient.field
    for typed in ("gj", "QX1", "qX1*01-x", "qx1gj"):
        busy.press("F2")
        field.clear()
        busy.type(typed)
        assert field.text() == typed
