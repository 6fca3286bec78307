"""What a clerk types is read as she means it: full-width digits, units, a number with a wrong check digit."""

from PySide6.QtWidgets import QLineEdit

from gongji.core.ledger.audit import Act
from gongji.desk.settlements.find import of_day
from gongji.gui.counter.screen import CounterScreen
from gongji.gui.counter.sheets.line_sheet import LineSheet
from gongji.gui.counter.sheets.person_sheet import PersonSheet
from tests.support.clerk import Clerk
from tests.support.in_the_book import entries_of
from tests.support.tables import number


def screen(clerk: Clerk) -> CounterScreen:
    clerk.press("1", with_ctrl=True)
    found = clerk.window.screen_shown
    assert isinstance(found, CounterScreen)
    return found


def test_a_quantity_in_full_width_digits(clerk: Clerk) -> None:
    counter = screen(clerk)
    clerk.choose_patient("ltj")
    clerk.type("amxljn")
    clerk.press("Enter")
    counter.lines.quantity.setText("３")
    clerk.press("Enter")
    clerk.settle_down()
    assert [one.quantity for one in counter.state.draft.lines] == ["3"]
    assert counter.state.edit_line(0, "quantity", "²").startswith("数量")
    assert counter.state.edit_line(0, "unit_price", "1,280元") == ""
    assert counter.state.draft.lines[0].unit_price == "1280"
    counter.panel.tender.field.setText("￥２，０００")
    assert counter.panel.tender.tender.typed_fen == 200_000


def test_a_wrong_check_digit_is_called_that_and_taken_after_a_look(clerk: Clerk) -> None:
    right = number(7, area="530399")
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    counter = screen(clerk)
    clerk.press("F2")
    clerk.type(wrong)
    clerk.press("Enter")
    clerk.settle_down()
    sheet = clerk.sheet
    assert isinstance(sheet, PersonSheet)
    assert sheet.checked.isVisible()
    sheet.name.setText("校验不对")
    sheet.status.setCurrentIndex(sheet.status.findData("retired"))
    sheet.take()
    assert "校验码" in sheet.wrong.text()
    assert wrong not in sheet.wrong.text()
    assert wrong[:4] in sheet.wrong.text()
    sheet.checked.setChecked(True)
    sheet.born.setText("19500101")
    sheet.take()
    clerk.settle_down()
    assert counter.state.draft.person_id == wrong
    (entry,) = entries_of(counter.station.counter.store.reader, Act.BY_HAND)
    assert "已看过证件" in entry.detail
    assert wrong not in entry.subject
    assert isinstance(sheet.person_id, QLineEdit)


def test_what_was_received_and_cannot_be_read_is_said_until_it_is_changed(clerk: Clerk) -> None:
    counter = screen(clerk)
    clerk.choose_patient("ltj")
    clerk.add_item("ybzl")
    clerk.press("F5", "Space", "Enter", "Enter")
    received = counter.panel.tender.field
    for typed, said in (("五十", "实收应为金额"), ("1e5", "实收应为金额"), ("1", "还差")):
        for act in ("Enter", "F9", "Alt+2"):
            received.setText(typed)
            received.setFocus()
            if act == "Alt+2":
                clerk.press("2", with_alt=True)
            else:
                clerk.press(act)
            if (typed, act) != ("1", "Alt+2"):  # one yuan is what WeChat pays, then
                assert said in clerk.notes, (typed, act)
                assert received.hasFocus()
            received.setText("50元")
            assert said not in clerk.notes, (typed, act)
            clerk.press("1", with_alt=True)
    assert of_nobody(clerk)


def of_nobody(clerk: Clerk) -> bool:
    """Tell whether nothing was settled."""
    return not list(of_day(clerk.counter.store, None))


def test_directions_are_one_line_that_can_be_seen(clerk: Clerk) -> None:
    counter = screen(clerk)
    clerk.choose_patient("ltj")
    clerk.add_item("amxljn")
    counter.asking.line(0)
    sheet = clerk.sheet
    assert isinstance(sheet, LineSheet)
    for field, what in ((sheet.dose, "单次剂量"), (sheet.frequency, "频次"), (sheet.way, "途径")):
        for typed, said in (("\u202e12", "看不见"), ("字" * 400, "太长")):
            field.setText(typed)
            clerk.press("Enter")
            assert clerk.sheet is sheet
            assert sheet.wrong.text().startswith(what)
            assert said in sheet.wrong.text()
            assert field.hasFocus()
        field.setText("每次 1 片\n饭后")
    clerk.press("Enter")
    assert clerk.sheet is None
    directions = counter.state.draft.lines[0].directions
    assert directions is not None
    assert directions.dose == directions.frequency == directions.way == "每次 1 片 饭后"
