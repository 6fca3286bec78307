"""扫码: what a scanner or card reader types goes where it belongs, whatever has the focus.

They type digits, or the square code of one of our papers, faster than anybody and end with Enter. In a field, what
comes from the fifth sign of such a burst on is held back and what came is taken out again; elsewhere, where a sign may
choose or change something at once, the very first is. On Enter what may be scanned is handed on; anything else, or a
burst that just stops, is typed after all.
"""

import re
import time

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

SCANNED = re.compile(r"\d{17}[\dX]|\d{8}|\d{12,14}|\d{20}|GJ1\*[0-9A-Z*-]+", re.ASCII)
"""An identity number, an EAN-8, an EAN-13 or its like, a drug's traceability code, the square code of a paper."""
_PAPER = "GJ1*"
_BEGUN = re.compile(r"\d+X?|G(J(1(\*[0-9A-Z*-]*)?)?)?", re.ASCII)
_SHIFTS = (Qt.Key.Key_Shift, Qt.Key.Key_CapsLock)
_NO_TEXT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_MOST_APART_MS = 35
_TYPED_MS = 250  # a digit so soon after another key, yet not at a scanner's pace, is being typed
_HELD_FROM = 5
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def is_paper(scanned: str) -> bool:
    """Tell whether something scanned is the square code of a paper."""
    return scanned.startswith(_PAPER)


class Scanner(QObject):
    """Watches every key of the application for bursts of what is scanned."""

    scanned = Signal(str)

    def __init__(self, window: QWidget) -> None:
        """Watch the keys of a window."""
        super().__init__(window)
        self._window = window
        self._burst = ""
        self._last_ms = 0.0
        self._is_typing = False
        self._target: QWidget | None = None
        self._field: QLineEdit | None = None
        self._before: tuple[str, int] = ("", 0)
        self._replaying = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(3 * _MOST_APART_MS)
        self._patience.timeout.connect(self._give_back)
        app = QCoreApplication.instance()
        assert app is not None
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Hold back what a scanner types; pass on everything else."""
        if event.type() != QEvent.Type.KeyPress or self._replaying or not isinstance(event, QKeyEvent):
            return False
        if not isinstance(watched, QWidget) or watched is not QApplication.focusWidget():
            return False  # the same key on its way through windows and parents
        return self._is_ours(watched) and self._take(event)

    def _is_ours(self, widget: QWidget | None) -> bool:
        """Tell whether a widget is in the window, or in a sheet above it."""
        while widget is not None and widget is not self._window:
            widget = widget.parentWidget()
        return widget is not None

    def _take(self, event: QKeyEvent) -> bool:
        now_ms = event.timestamp() or time.perf_counter() * 1000
        gap_ms = now_ms - self._last_ms
        if event.key() in _SHIFTS:  # how a scanner types a capital
            self._last_ms = now_ms if gap_ms <= _MOST_APART_MS else self._last_ms
            return False
        self._last_ms = now_ms
        text = "" if event.modifiers() & _NO_TEXT else event.text()
        if event.key() in _ENDS and self._is_held:
            return self._end()
        before = self._burst if gap_ms <= _MOST_APART_MS else ""
        if not text or not _BEGUN.fullmatch((before + text).upper()):
            self._give_back()
            self._burst, self._is_typing = "", bool(text) and text.isprintable()
            return False
        if self._burst and QApplication.focusWidget() is not self._target:  # no scanner moves on to another field
            self._give_back()
            self._burst = ""
        if not self._burst or gap_ms > _MOST_APART_MS:
            self._give_back()
            if (self._burst or self._is_typing) and gap_ms <= _TYPED_MS:
                self._burst, self._is_typing = "", True
                return False
            self._begin()
        self._burst += text
        if self._field is not None and len(self._burst) == _HELD_FROM:
            self._take_out(self._field)
        if self._is_held:
            self._patience.start()
        return self._is_held

    @property
    def _is_held(self) -> bool:
        return len(self._burst) >= (1 if self._field is None else _HELD_FROM)

    @property
    def is_waiting(self) -> bool:
        """Tell whether keys are held back that may yet turn out to be typed."""
        return self._patience.isActive()

    def _begin(self) -> None:
        widget = QApplication.focusWidget()
        self._burst, self._is_typing = "", False
        self._target = widget
        self._field = widget if isinstance(widget, QLineEdit) else None
        if self._field is not None:
            self._before = (self._field.text(), self._field.cursorPosition())
            if self._field.hasSelectedText():
                start = self._field.selectionStart()
                self._before = (self._field.text(), -1 - start)

    def _take_out(self, field: QLineEdit) -> None:
        """Put a field back to how it was before the burst."""
        text, cursor = self._before
        field.setText(text)
        if cursor < 0:
            field.selectAll()
        else:
            field.setCursorPosition(cursor)

    def _end(self) -> bool:
        """Hand on what was scanned; what nobody scans was typed."""
        text, self._burst = self._burst, ""
        self._patience.stop()
        if SCANNED.fullmatch(text.upper()):
            self.scanned.emit(text.upper())
            return True
        self._type(text)
        return False

    def _give_back(self) -> None:
        """Type what was held back, for it was no scanner."""
        self._patience.stop()
        if self._is_held:
            text, self._burst, self._is_typing = self._burst, "", True
            self._type(text)

    def _type(self, text: str) -> None:
        target = self._target  # where it was begun, whatever has the focus by now
        if target is None or not shiboken6.isValid(target):
            return
        self._replaying = True
        try:
            for one in text:
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    key = Qt.Key(ord(one.upper()))
                    QCoreApplication.sendEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, one))
        finally:
            self._replaying = False
