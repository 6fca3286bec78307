"""Every key and click does what the key bar says, also while an input has the focus."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gongji.core.money import yuan
from gongji.desk.settlements.find import of_day
from gongji.desk.visits.held_visits import held
from gongji.gui.counter.put_aside import HeldSheet
from gongji.gui.counter.sheets.accounts_sheet import AccountsSheet, YearFiguresSheet
from gongji.gui.counter.sheets.compare_sheet import TryingSheet
from gongji.gui.counter.sheets.person_sheet import PersonSheet
from gongji.gui.counter.sheets.refund_picker import RefundList
from gongji.gui.counter.sheets.visit_sheet import VisitSheet
from gongji.gui.kit.choice import Choice
from gongji.gui.manual.viewer import ManualWindow
from gongji.gui.records.reckoning_sheet import ReckoningSheet
from gongji.gui.shell.key_bar import KeyLabel
from gongji.gui.shell.screen_stack import SCREENS
from tests.support.clerk import Clerk

PLACES: dict[str, Callable[[Clerk], QWidget]] = {
    "patient": lambda clerk: clerk.screen.patient.field,
    "item": lambda clerk: clerk.screen.lines.field,
    "quantity": lambda clerk: clerk.screen.lines.quantity,
    "table": lambda clerk: clerk.screen.lines.table,
    "received": lambda clerk: clerk.screen.panel.tender.field,
    "button": lambda clerk: clerk.screen.panel.button,
}
SHEETS = {
    "F1": ManualWindow,
    "F4": Choice,
    "F5": AccountsSheet,
    "F7": HeldSheet,
    "F8": ReckoningSheet,
    "F10": RefundList,
    "F12": TryingSheet,
}


@pytest.fixture
def busy(clerk: Clerk) -> Clerk:
    """A visit of two lines, ready to settle."""
    clerk.choose_patient("ltj")
    clerk.add_item("ybzl")
    clerk.add_item("amxl", "2")
    clerk.settle_down()
    return clerk


@pytest.mark.parametrize("place", PLACES)
class TestWhereverTheFocusIs:
    @pytest.mark.parametrize("key", SHEETS)
    def test_a_key_opens_its_sheet(self, busy: Clerk, key: str, place: str) -> None:
        PLACES[place](busy).setFocus()
        busy.press(key)
        assert isinstance(busy.sheet, SHEETS[key])
        busy.press("Esc")
        assert busy.sheet is None

    def test_f2_f3_and_f11(self, busy: Clerk, place: str) -> None:
        PLACES[place](busy).setFocus()
        busy.press("F2")
        assert busy.screen.patient.field.hasFocus()
        PLACES[place](busy).setFocus()
        busy.press("F3")
        assert busy.screen.lines.field.hasFocus()
        PLACES[place](busy).setFocus()
        busy.press("F11")
        assert busy.screen.state.draft.full_payment

    def test_f6_puts_aside(self, busy: Clerk, place: str) -> None:
        PLACES[place](busy).setFocus()
        busy.press("F6")
        busy.settle_down()
        assert busy.screen.state.draft.is_empty
        assert [one.label for one in held(busy.counter)] == ["龙天军"]

    def test_f9_settles(self, busy: Clerk, place: str) -> None:
        PLACES[place](busy).setFocus()
        busy.settle()
        assert len(list(of_day(busy.counter.store, None))) == 1

    def test_esc_takes_a_line_back(self, busy: Clerk, place: str) -> None:
        PLACES[place](busy).setFocus()
        busy.press("Esc")
        assert busy.names == ["一般诊疗费"]


class TestInsideASheet:
    """That no key of the counter acts behind a sheet is walked in test_gui_every_place.py."""

    @pytest.mark.parametrize("place", PLACES)
    def test_the_keys_with_shift_open_their_sheets_from_everywhere(self, busy: Clerk, place: str) -> None:
        for key, kind in (("Shift+F2", PersonSheet), ("Shift+F4", VisitSheet), ("Shift+F5", YearFiguresSheet)):
            PLACES[place](busy).setFocus()
            busy.press(key)
            assert isinstance(busy.sheet, kind)
            busy.press("Esc")


class TestTheKeyBar:
    def test_each_key_is_written_on_the_screen(self, clerk: Clerk) -> None:
        shown = [one.text() for one in clerk.window.findChildren(KeyLabel)]
        keys = clerk.screen.keys()
        assert len(keys) == 12
        assert any(">F1<" in text and text.endswith("帮助") for text in shown)
        for key in keys:
            assert any(f">{key.key}<" in text and text.endswith(key.word) for text in shown), key.key

    def test_a_click_does_what_the_key_does(self, busy: Clerk) -> None:
        for name, kind in SHEETS.items():
            (one,) = [one for one in busy.window.findChildren(KeyLabel) if f">{name}<" in one.text()]
            QTest.mouseClick(one, Qt.MouseButton.LeftButton)
            assert isinstance(busy.sheet, kind), name
            busy.close_sheet()

    def test_ctrl_and_a_digit_choose_the_screen(self, clerk: Clerk) -> None:
        for place, entry in enumerate(SCREENS, 1):
            clerk.press(str(place), with_ctrl=True)
            assert clerk.window.screen_shown is clerk.window.screen_named(entry.name)


class TestTheLines:
    def test_digits_change_the_quantity(self, busy: Clerk) -> None:
        busy.press("Up", "7", "Enter")
        assert busy.screen.state.draft.lines[1].quantity == "7"

    def test_delete_takes_a_line_out(self, busy: Clerk) -> None:
        busy.press("Up", "Up", "Delete")
        assert busy.names == ["阿莫西林胶囊"]

    def test_down_after_the_last_goes_on(self, busy: Clerk) -> None:
        busy.press("Up", "Down")
        assert busy.screen.lines.field.hasFocus()

    def test_a_quantity_of_nothing_is_refused_beside_the_field(self, busy: Clerk) -> None:
        busy.press("F3")
        busy.type("gml")
        busy.press("Enter", "0", "Enter")
        assert busy.screen.lines.quantity.hasFocus()
        assert len(busy.names) == 2

    def test_an_amount_opens_with_space_and_a_click(self, busy: Clerk) -> None:
        row = busy.screen.panel.amounts.rows["account_own"]
        row.setFocus()
        busy.press("Space")
        assert row.is_open
        QTest.mouseClick(row, Qt.MouseButton.LeftButton)
        assert not row.is_open


class TestPaying:
    @pytest.fixture
    def due(self, busy: Clerk) -> Clerk:
        """Nothing from the account: there is something to pay."""
        busy.press("F5", "Space", "Enter")
        assert busy.due == "19.72"
        return busy

    def test_change_is_live(self, due: Clerk) -> None:
        due.press("Enter")
        due.type("50")
        assert due.screen.panel.tender.change.text() == "30.28"

    def test_what_is_compared_tells_the_accounts_it_would_use(self, due: Clerk) -> None:
        due.press("F12")
        assert isinstance(due.sheet, TryingSheet)
        table = due.sheet.table
        here = [one for one in table.rows_model.rows if (one.level, one.status) == (table.current.level, "retired")]
        found = {one.with_account: (one.is_this, one.totals.account_own_fen, one.totals.cash_fen) for one in here}
        assert found == {True: (False, 1972, 0), False: (True, 0, 1972)}

    def test_too_little_is_not_taken(self, due: Clerk) -> None:
        due.press("Enter")
        due.type("10")
        due.settle()
        assert "还差 9.72" in due.notes
        assert not list(of_day(due.counter.store, None))

    def test_mixed_means_come_to_what_is_due(self, due: Clerk) -> None:
        due.press("Enter")
        due.type("10")
        due.press("2", with_alt=True)
        due.type("20")
        assert due.screen.panel.tender.change.text() == yuan(2000 - 972)
        due.settle()
        rows = due.counter.store.reader.execute("SELECT means, amount_fen FROM payment ORDER BY position").fetchall()
        assert rows == [("wechat", 1000), ("cash", 972)]
        assert "找零 10.28" in due.notes

    def test_all_by_one_other_means(self, due: Clerk) -> None:
        due.press("3", with_alt=True)
        due.settle()
        assert due.counter.store.reader.execute("SELECT means, amount_fen FROM payment").fetchall() == [
            ("alipay", 1972)
        ]
