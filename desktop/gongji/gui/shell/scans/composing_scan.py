"""扫码 with an input method active, which would take a scan's first digit for the choice of a word.

So where an input method is active, keys are examined before it gets them: once a scan is recognised the rest
is kept from it, the text it was composing is written as typed, and the field is otherwise unchanged.
"""

import os

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from gongji.gui.shell.scans.burst import LATE_MS, Burst
from gongji.gui.shell.scans.watching import FocusFilter
from gongji.gui.shell.scans.x_keys import XKey, XKeys

_ANSWER_MS = 80
"""How long an input method may take to return the keys that it got before the scan was recognised."""
_NONE = {"", "none", "compose", "simple"}


class ComposingScan(QObject):
    """Takes a scan out of the keys that go to an input method."""

    scanned = Signal(str)

    def __init__(self, parent: QObject) -> None:
        """Inactive without an X server or an input method."""
        super().__init__(parent)
        self._burst = Burst()
        self._field: QLineEdit | None = None
        self._before: tuple[str, int] = ("", 0)
        self._composed = ""
        self._typed = ""
        self._code = ""
        self._is_taking = False
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._finish)
        app = QCoreApplication.instance()
        assert isinstance(app, QGuiApplication)
        self._keys = XKeys(self._pressed)
        if app.platformName() == "xcb" and os.environ.get("QT_IM_MODULE", "") not in _NONE:
            app.installNativeEventFilter(self._keys)
            FocusFilter(self).moved.connect(self._begin_anew)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Keep from the field what the input method still reports of a scan's first characters."""
        kind = event.type()
        if kind == QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            if self._is_taking:
                return True
            self._composed = event.preeditString()
        elif kind in {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride} and isinstance(event, QKeyEvent):
            return self._is_taking and event.modifiers() == Qt.KeyboardModifier.NoModifier and bool(event.text())
        _ = watched
        return False

    def _begin_anew(self) -> None:
        self._composed = ""

    def _pressed(self, key: XKey) -> bool:
        """Return whether a key is kept from the input method."""
        focus = QApplication.focusWidget()
        if key.is_end and (self._burst.is_scan and self._burst.goes_on(key.at_ms)):
            self._burst.note_end(key.at_ms)
            self._pause.start(_ANSWER_MS)
            self._burst.clear()
            return True
        if key.is_end and self._burst.is_echo(key.at_ms):
            return True
        if self._is_taking and not key.sign:
            self._finish()
            return False
        if not self._is_taking and (not key.sign or key.is_repeated or not _has_input_method(focus)):
            self._burst.clear()
            return False
        return self._sign(key, focus)

    def _sign(self, key: XKey, focus: QWidget | None) -> bool:
        if not self._burst.goes_on(key.at_ms):
            if self._is_taking:
                self._finish()
            self._burst.clear()
        if not self._burst and isinstance(focus, QLineEdit):
            self._field = focus
            self._before = (focus.text(), focus.cursorPosition())
            self._typed = "".join(one for one in self._composed if one.isalnum() and one.isascii())
        self._burst.add(key.sign, key.at_ms, typed_into=True)
        if self._burst.is_scan:
            self._is_taking = True
            self._code = self._burst.text
            self._pause.start(LATE_MS)
        return self._burst.is_scan

    def _finish(self) -> None:
        """Pass on what was scanned; the field is as before, with the composed text written out."""
        self._pause.stop()
        self._burst.clear()
        self._is_taking = False
        field, self._field, self._composed = self._field, None, ""
        if field is not None and shiboken6.isValid(field):
            QGuiApplication.inputMethod().reset()
            QCoreApplication.sendEvent(field, QInputMethodEvent())
            text, cursor = self._before
            field.setText(text[:cursor] + self._typed + text[cursor:])
            field.setCursorPosition(cursor + len(self._typed))
        self.scanned.emit(self._code)


def _has_input_method(widget: QWidget | None) -> bool:
    return isinstance(widget, QLineEdit) and widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
