"""Candidates by digit, the most used first; F1 and page keys everywhere; what is held is counted; no forgotten row."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gongji.desk.visits.held_visits import held, unfinished
from gongji.gui.manual.viewer import ManualWindow
from gongji.gui.records.refund_sheet import RefundSheet
from gongji.gui.records.screen import RecordsScreen
from tests.support.clerk import Clerk
from tests.support.working import settle_samples

PAGES = {
    2: "150-records", 3: "190-upload", 4: "180-closing", 5: "410-statistics", 6: "420-policies", 7: "315-import",
    8: "440-settings",
}  # fmt: skip
"""What F1 opens on each screen, by its place in the navigation."""


def typed(clerk: Clerk, text: str) -> list[str]:
    clerk.press("F3")
    clerk.type(text)
    return [one.name for one in clerk.screen.lines.field.found]


class TestCandidates:
    def test_a_digit_chooses(self, clerk: Clerk) -> None:
        clerk.choose_patient("ltj")
        found = typed(clerk, "fz")
        assert len(found) > 1
        clerk.press("2")
        assert clerk.screen.lines.field.text() == found[1]
        assert clerk.screen.lines.quantity.hasFocus()

    def test_a_digit_that_is_part_of_what_is_looked_for_is_typed(self, clerk: Clerk) -> None:
        clerk.press("F2")
        clerk.type("5303")
        assert clerk.screen.patient.field.text() == "5303"

    def test_what_is_used_most_comes_first(self, clerk: Clerk) -> None:
        before = typed(clerk, "f")
        last = before[-1]
        clerk.press("Esc")
        for _ in range(2):
            clerk.choose_patient("ltj")
            clerk.add_item(last)
            clerk.settle_down()
            clerk.settle()
        assert typed(clerk, "f")[0] == last

    def test_fewer_candidates_move_nothing_above_the_list(self, clerk: Clerk) -> None:
        card = clerk.screen.lines
        many = typed(clerk, "a")
        before = card.table.geometry(), card.list.geometry()
        clerk.type("mxl")
        assert 0 < len(card.field.found) < len(many)
        assert (card.table.geometry(), card.list.geometry()) == before


class TestHelp:
    @pytest.mark.parametrize("screen", range(2, 9))
    def test_f1_on_every_screen(self, clerk: Clerk, screen: int) -> None:
        clerk.press(str(screen), with_ctrl=True)
        clerk.settle_down()
        clerk.press("F1")
        opened = clerk.sheet
        assert isinstance(opened, ManualWindow)
        assert opened.shown == PAGES[screen]
        clerk.press("Esc")
        assert clerk.sheet is None

    def test_page_down_scrolls_what_is_shown(self, clerk: Clerk) -> None:
        clerk.window.resize(1000, 460)
        clerk.press("8", with_ctrl=True)
        clerk.settle_down()
        frame = clerk.window._stack.currentWidget()  # noqa: SLF001  # what is shown
        from gongji.gui.kit.layout import scroll_page  # noqa: PLC0415  # what the key does

        QTest.keyClick(clerk.window, Qt.Key.Key_PageDown)
        assert scroll_page(frame, Qt.Key.Key_PageUp)


class TestHeld:
    def test_they_are_counted(self, clerk: Clerk) -> None:
        assert clerk.window.header.held.isHidden()
        clerk.choose_patient("ltj")
        clerk.add_item("ybzl")
        clerk.press("F6")
        clerk.until(lambda: clerk.window.header.held.text() == "挂单 1")
        clerk.press("F7", "Enter")
        clerk.settle_down()
        clerk.until(clerk.window.header.held.isHidden)

    def test_esc_on_one_that_was_restored_asks_and_clears(self, clerk: Clerk, sit_down: Callable[..., Clerk]) -> None:
        clerk.choose_patient("ltj")
        clerk.add_item("ybzl")
        clerk.screen.keeping.keep_now()
        clerk.settle_down()
        clerk.vanish()
        again = sit_down()
        again.settle_down()
        assert again.names == ["一般诊疗费"]
        again.press("Esc")
        sheet = again.sheet
        assert sheet is not None
        assert "龙天军" in sheet.windowTitle()
        again.press("Esc")
        assert again.names == ["一般诊疗费"]
        again.press("Esc", "Enter")
        again.settle_down()
        assert again.screen.state.draft.is_empty
        assert held(again.counter) == []
        assert unfinished(again.counter) is None


class TestRecords:
    @pytest.fixture
    def screen(self, clerk: Clerk) -> RecordsScreen:
        settle_samples(clerk)
        clerk.press("2", with_ctrl=True)
        found = clerk.window.screen_shown
        assert isinstance(found, RecordsScreen)
        return found

    def test_an_act_is_about_what_was_just_typed(self, clerk: Clerk, screen: RecordsScreen) -> None:
        first = screen.table.current.no
        screen.field.setText("ltj")  # and the pause before it is looked for is not over
        clerk.press("F10")
        sheet = clerk.sheet
        assert isinstance(sheet, RefundSheet)
        assert "龙天军" in sheet.windowTitle()
        assert first not in sheet.windowTitle()

    def test_a_row_chosen_before_leaving_is_forgotten(self, clerk: Clerk, screen: RecordsScreen) -> None:
        newest = screen.table.current.no
        screen.table.selectRow(2)
        clerk.press("1", with_ctrl=True)
        clerk.press("2", with_ctrl=True)
        assert screen.table.current.no == newest

    def test_questions_name_the_patient(self, clerk: Clerk, screen: RecordsScreen) -> None:
        name = screen.table.current.name
        clerk.press("F9")
        assert clerk.sheet is not None
        assert name in clerk.sheet.windowTitle()
