"""Labels and fields in rows, and the fields themselves."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QPushButton, QTextBrowser, QWidget

from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.layout import label, put, row

Named = Sequence[tuple[str, QWidget]]
Fault = tuple[str, QWidget]
"""What is wrong, in a sentence, and in which field."""


def fields(named: Named, columns: int = 1) -> QGridLayout:
    """Return fields with their labels before them, in a number of columns."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(tokens.GAP)
    grid.setVerticalSpacing(2 * tokens.STEP)
    for place, (word, field) in enumerate(named):
        down, across = divmod(place, columns)
        one = label(word, "label")
        one.setBuddy(field)
        grid.addWidget(one, down, 2 * across)
        grid.addWidget(field, down, 2 * across + 1)
        grid.setColumnStretch(2 * across + 1, 1)
    return grid


def across(*widgets: QWidget) -> QWidget:
    """Return widgets beside each other; a field takes what room is left, boxes stand together at the left."""
    whole = QWidget()
    parts = put(row(whole), *((one, int(isinstance(one, QLineEdit))) for one in widgets))
    if isinstance(widgets[-1], QCheckBox):
        parts.addStretch(1)
    return whole


class FormSheet(Dialog):
    """A sheet of fields: its button keeps what was entered, or says what is wrong with it and goes to that field."""

    def finish(self, first: QWidget, word: str = "确定", *others: QPushButton) -> None:
        """Add the place for what is wrong and the buttons, and open at the field where one begins."""
        self.wrong = self.say("", "wrong")
        self.buttons(button(word, self.take, "main"), *others, button("取消", self.reject))
        first.setFocus()
        self.open()

    def fault(self) -> Fault | None:
        """Return what is wrong with what was entered; None where all is right."""

    def keep(self) -> None:
        """Keep what was entered; what may open another sheet waits for `accepted`."""

    def take(self) -> None:
        """Keep what was entered and close, if nothing is wrong with it."""
        fault = self.fault()
        if fault is None:
            self.keep()
            self.accept()
        else:
            self.wrong.setText(fault[0])
            fault[1].setFocus()


class ChoiceField(QComboBox):
    """A combo box. The wheel scrolls the page around it, so that no choice is changed unnoticed."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  # Qt's name
        """Leave the wheel to the surrounding page."""
        event.ignore()


def choice(options: Mapping[str, str], chosen: str = "") -> QComboBox:
    """Return a field to choose from words; the data of each is its name."""
    one = ChoiceField()
    one.setMaxVisibleItems(16)
    fill(one, options, chosen)
    return one


def fill(one: QComboBox, options: Mapping[str, str], chosen: str = "") -> None:
    """Replace the options of a combo box without a change signal."""
    before = one.blockSignals(True)
    one.clear()
    for name, word in options.items():
        one.addItem(word, name)
    one.setCurrentIndex(max(0, one.findData(chosen)))
    one.blockSignals(before)


class CodeField(QLineEdit):
    """A field without Chinese in it: input methods are disabled.

    One would turn a code's first letter into a character (H becomes 后) and choose among its offers by the digits that
    follow. On Windows Qt's attribute for this does it; on Linux Qt asks the field itself.
    """

    def __init__(self, value: str = "") -> None:
        super().__init__(value)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> Any:  # type: ignore[override]  # noqa: N802  # Qt's name
        """Report that input methods are disabled."""
        return False if query == Qt.InputMethodQuery.ImEnabled else super().inputMethodQuery(query)


def text(value: str = "", hint: str = "", *, right: bool = False, width: int = 0, is_code: bool = False) -> QLineEdit:
    """Return a line edit: right-aligned for a figure, for a code, or for any text."""
    one = CodeField(value) if right or is_code else QLineEdit(value)
    one.setPlaceholderText(hint)
    if right:
        one.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    if width:
        one.setFixedWidth(width)
    return one


def begin_in(field: QLineEdit) -> None:
    """Go to a field with all that is in it selected, to be typed over."""
    field.setFocus()
    field.selectAll()


def enter_leads_on(fields: Sequence[QLineEdit], last: Callable[[], object]) -> None:
    """Let Enter go from each field to the next one, and do `last` in the last."""
    for field, after in pairwise(fields):
        field.returnPressed.connect(after.setFocus)
    fields[-1].returnPressed.connect(last)


def password(hint: str = "") -> QLineEdit:
    """Return a line edit that hides what is typed."""
    return QLineEdit(placeholderText=hint, echoMode=QLineEdit.EchoMode.Password)


def browser(html: str = "") -> QTextBrowser:
    """Return a text to read."""
    one = QTextBrowser()
    one.setFrameShape(QTextBrowser.Shape.NoFrame)
    one.setOpenLinks(False)
    one.document().setDocumentMargin(0)
    one.setHtml(html)
    return one


HTML_STYLE = f"""<style>
h2 {{ font-size: {tokens.HEADING}px; margin: 0 0 6px 0; }}
h3 {{ font-size: {tokens.BODY}px; margin: 14px 0 4px 0; }}
p {{ margin: 4px 0; }}
td {{ padding: 3px 12px 3px 0; vertical-align: top; }}
.muted {{ color: {tokens.MUTED}; font-size: {tokens.LABEL}px; }}
.accent {{ color: {tokens.ACCENT}; }}
.second {{ color: {tokens.SECOND}; }}
.attention {{ color: {tokens.ATTENTION}; }}
</style>"""
"""The style of texts to read."""
