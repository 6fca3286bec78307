"""Fields: an input method that composes Chinese is kept out of codes and figures, and let into everything else."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QInputMethodQueryEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from gongji.gui.kit.form import FormSheet, choice, text
from gongji.gui.shell.pages import Pages, ScreenPage
from tests.support.clerk import Clerk


@pytest.mark.parametrize(
    ("field", "composes"),
    [
        (lambda: text("", "例如 H53030200001", is_code=True), False),
        (lambda: text("0.00", right=True), False),
        (lambda: text("", "例如：曲水乡卫生院"), True),
    ],
)
@pytest.mark.usefixtures("qapp")
def test_chinese_is_composed_where_chinese_belongs(field: Callable[[], QLineEdit], composes: bool) -> None:
    one = field()
    assert one.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled) is composes
    asked = QInputMethodQueryEvent(Qt.InputMethodQuery.ImEnabled)  # what Qt does before it hands a key on
    QApplication.sendEvent(one, asked)
    assert asked.value(Qt.InputMethodQuery.ImEnabled) is composes


def _turn_wheel(over: QWidget) -> bool:
    """Turn the wheel down by one notch over a widget; return whether the widget did something with it."""
    at = QPointF(over.rect().center())
    event = QWheelEvent(
        at, at, QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(over, event)
    return event.isAccepted()


@pytest.mark.usefixtures("qapp")
def test_the_wheel_chooses_nothing() -> None:
    one = choice({"a": "甲", "b": "乙", "c": "丙"})
    one.show()
    one.setFocus()
    assert not _turn_wheel(one)
    assert one.currentData() == "a"
    pages = Pages((("一", ScreenPage()), ("二", ScreenPage())))
    pages.show()
    assert not _turn_wheel(pages.bar)
    assert pages.bar.currentIndex() == 0


class Unkept(FormSheet):
    """A sheet that cannot keep what was typed."""

    def keep(self) -> None:
        raise BlockingIOError


def test_a_sheet_that_cannot_keep_what_was_typed_stays_with_it(clerk: Clerk) -> None:
    sheet = Unkept(clerk.window, "录入")
    typed = text()
    sheet.body.addWidget(typed)
    sheet.finish(typed)
    clerk.type("李红")
    with pytest.raises(BlockingIOError):
        sheet.take()
    assert sheet.isVisible()
    assert typed.text() == "李红"
    sheet.reject()
