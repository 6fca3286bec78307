"""The bar of keys: every key is in sight, on a narrow window in a second line, whichever screen was shown before."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gongji.gui.shell.key_bar import KeyBar, KeyLabel
from gongji.gui.shell.screen import ScreenKey
from tests.support.clerk import Clerk


def test_every_key_is_in_sight_after_another_screen(clerk: Clerk) -> None:
    clerk.window.resize(800, 700)
    for number in "31":
        clerk.press(number, with_ctrl=True)
        clerk.settle_down()
    QApplication.processEvents()
    (bar,) = clerk.window.findChildren(KeyBar)
    shown = [one for one in bar.findChildren(KeyLabel) if not one.isHidden()]
    assert len(shown) == len([one for one in bar.keys if one.word])
    for one in shown:
        assert bar.rect().contains(one.geometry()), one.text()


@pytest.mark.usefixtures("qapp")
def test_labels_that_stay_say_and_press_the_new_keys() -> None:
    bar = KeyBar()
    pressed: list[str] = []
    bar.pressed.connect(pressed.append)
    bar.resize(900, 40)
    bar.show()
    words = ("病人", "添加一项收费", "结算", "退费")
    for count in (4, 1, 3, 2, 4):
        keys = [ScreenKey(f"F{count + place}", words[(count + place) % 4], lambda: None) for place in range(count)]
        bar.show_keys([*keys, ScreenKey("Esc", "", lambda: None)])
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
        shown = sorted(bar.findChildren(KeyLabel), key=KeyLabel.x)
        assert [one.text().rpartition("&nbsp;")[2] for one in shown] == [key.word for key in keys]
        assert all(one.width() >= one.sizeHint().width() for one in shown)
        assert all(one.geometry().right() < other.x() for one, other in pairwise(shown))
        for one in shown:
            QTest.mouseClick(one, Qt.MouseButton.LeftButton)
        assert pressed == [key.key for key in keys]
        pressed.clear()
    bar.close()
