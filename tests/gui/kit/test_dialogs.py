"""Sheets: where typing begins, also where the screen is too low for all of them."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea, QWidget

from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Dialog, button
from tests.support.clerk import Clerk


def test_a_sheet_higher_than_the_screen_is_scrolled_and_typing_begins_where_it_would(clerk: Clerk) -> None:
    sheet = Dialog(clerk.window, "很高的窗口")
    first, second = QLineEdit(), QLineEdit()
    high = QWidget()
    high.setFixedHeight(sheet.screen().availableGeometry().height())
    for one in (first, high, second):
        sheet.body.addWidget(one)
    done = button("确定", sheet.accept, "main")
    sheet.buttons(done)
    second.setFocus()
    sheet.open()
    QApplication.processEvents()
    (area,) = sheet.findChildren(QScrollArea)
    assert done.y() - area.geometry().bottom() - 1 == tokens.STEP + 2  # every pixel more is taken from what is scrolled
    assert sheet.height() <= sheet.screen().availableGeometry().height()
    clerk.type("李红")
    assert (first.text(), second.text()) == ("", "李红")
    assert not second.visibleRegion().isEmpty()
    sheet.reject()


def test_tab_and_space_answer_nothing_before_anybody_has_paused(clerk: Clerk) -> None:
    pressed: list[str] = []
    sheet = Dialog(clerk.window, "自己来的窗口")
    sheet.buttons(button("重打", lambda: pressed.append("again"), "main"), button("以后再打", sheet.reject))
    sheet.open_by_itself()
    for _ in range(3):
        for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Space):
            QTest.keyClick(sheet.focusWidget(), key)
            assert sheet.focusWidget() is sheet
    clerk.press("Space")  # which waits for the pause
    assert pressed == ["again"]
    focused = sheet.focusWidget()
    clerk.press("Tab")
    assert sheet.focusWidget() is not focused
    sheet.reject()
