"""实收与找零: what stands there while nobody knows yet what is due."""

from pytestqt.qtbot import QtBot

from gongji.gui.counter.paying.tender_box import UNKNOWN, TenderBox


def test_no_change_is_named_while_nobody_knows_what_is_due(qtbot: QtBot) -> None:
    box = TenderBox()
    qtbot.addWidget(box)
    box.show_due(None)
    box.field.setText("50")
    assert (box.due.text(), box.change.text(), box.fault) == (UNKNOWN, UNKNOWN, "")
    box.field.setText("五十")
    assert "应为金额" in box.fault
    box.field.setText("50")
    box.show_due(37_20)
    assert (box.due.text(), box.change.text()) == ("37.20", "12.80")
