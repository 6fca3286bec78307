"""Where a text is typed, and its previous content: what arrived there can be taken back as if nothing had come."""

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
"""What makes a key type nothing."""
ENTERS = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
REMOVING = {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}


class TypingPlace:
    """A field, a text, or a table with editable cells, as it was at a moment."""

    def __init__(self, widget: QWidget, put_back: Callable[[], None]) -> None:
        """`put_back` restores its content."""
        self._widget = widget
        self._put_back = put_back

    def holds(self, focus: QWidget) -> bool:
        """Return whether a widget is the place, or the editor of one of its cells."""
        return shiboken6.isValid(self._widget) and (focus is self._widget or self._widget.isAncestorOf(focus))

    def put_back(self) -> None:
        """Restore its content; a deleted widget needs nothing."""
        if shiboken6.isValid(self._widget):
            self._put_back()


def place_of(widget: QWidget) -> TypingPlace | None:
    """Return a widget as a place to type in, with its content; None where keys do something else than type."""
    if not is_typed_into(widget):
        return None
    if isinstance(widget, QLineEdit):
        return TypingPlace(widget, _field(widget))
    if isinstance(widget, QPlainTextEdit | QTextEdit):
        return TypingPlace(widget, _text(widget))
    return TypingPlace(widget, lambda: _close_editor(widget))


def typed_through(widget: QWidget) -> QWidget:
    """Return the field that a list of offers passes its keys to; any other widget handles its keys itself."""
    behind: QWidget | None = widget.focusProxy()
    return behind if behind is not None and widget.windowType() == Qt.WindowType.Popup else widget


def is_typed_into(widget: QWidget) -> bool:
    """Return whether a widget accepts text: a field, or a table whose cells are edited by typing."""
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        return not widget.isReadOnly()
    return isinstance(widget, QAbstractItemView) and bool(widget.property(TYPED_OVER))


TYPED_OVER = "typed_over"
"""The property of a table that opens a cell itself when a digit is typed."""


def _field(field: QLineEdit) -> Callable[[], None]:
    text, cursor = field.text(), field.cursorPosition()
    selected, length = field.selectionStart(), field.selectionLength()

    def put_back() -> None:
        field.setText(text)
        if selected >= 0:
            field.setSelection(selected, length)
        else:
            field.setCursorPosition(cursor)

    return put_back


def _text(field: QPlainTextEdit | QTextEdit) -> Callable[[], None]:
    text, cursor = field.toPlainText(), field.textCursor().position()

    def put_back() -> None:
        field.setPlainText(text)
        there = field.textCursor()
        there.setPosition(cursor)
        field.setTextCursor(there)

    return put_back


def _close_editor(view: QWidget) -> None:
    """Leave a cell as it was, as Esc does."""
    editor = QApplication.focusWidget()
    if editor is not None and editor is not view and view.isAncestorOf(editor):
        escape = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.sendEvent(editor, escape)
        view.setFocus()


def digit_of(event: QKeyEvent) -> str:
    """Return the digit that a key types; empty for any other key, and for one pressed with Ctrl, Alt or Meta.

    Those are meant for something else: Alt+2 for a means of payment, Ctrl+2 for a screen.
    """
    return event.text() if event.text().isdecimal() and not event.modifiers() & COMMANDS else ""
