"""Somebody else's words are shown as they are: what looks like markup in a name draws nothing and fetches nothing."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

import gongji.gui
from gongji.gui.kit.dialogs import Dialog, ask
from gongji.gui.kit.layout import Elided, label, tip

NAME = '<img src="file:///etc/hostname" width="999999999" height="999999999"><b>张三</b>'


def test_no_label_of_a_sheet_reads_markup(qapp: QApplication) -> None:
    sheet = ask(None, NAME, (f"{NAME} 的资料", NAME), ("删除", lambda: None))
    assert isinstance(sheet, Dialog)
    shown = [*sheet.findChildren(QLabel), label(NAME), Elided(NAME)]
    assert len(shown) >= 5
    assert {one.textFormat() for one in shown} == {Qt.TextFormat.PlainText}
    sheet.close()
    assert qapp is not None


def test_a_tip_shows_markup_as_it_was_written() -> None:
    assert "<img" not in tip(NAME)
    assert "&lt;img" in tip(NAME)
    assert tip("张三、李四") == "张三、李四"


@pytest.mark.parametrize("path", sorted(Path(gongji.gui.__file__).parent.rglob("*.py")), ids=lambda one: one.name)
def test_every_tip_of_what_is_not_ours_goes_that_way(path: Path) -> None:
    given = re.findall(r"setToolTip\(([^\n]*)", path.read_text(encoding="utf-8"))
    ours = ('"', 'f"', "tip(", "_CHANGE", "")
    assert [one for one in given if not one.startswith(ours[:4]) and one] == []
