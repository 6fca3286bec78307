"""Fields: an input method that composes Chinese is kept out of codes and figures, and let into everything else."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodQueryEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from gongji.gui.kit.form import text


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
