"""The bar of keys: every key is in sight, on a narrow window in a second line, whichever screen was shown before."""

from PySide6.QtWidgets import QApplication

from gongji.gui.shell.key_bar import KeyBar, KeyLabel
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
