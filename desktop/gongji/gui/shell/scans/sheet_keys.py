"""Keys pressed while a sheet is opening go to the sheet.

A window manager takes a moment to give a new window the focus, and a slow program reads several keys at once. Keys
typed meanwhile come to the window beneath, or to the one under the pointer, which Qt ignores, and so would be lost. On
an X server such a key is pressed in the sheet instead. The key event itself names its window: Qt's idea of the focus
may lag behind.
"""

import time
from functools import cache

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from gongji.gui.kit.typing_place import typed_through
from gongji.gui.shell.scans.x_keys import XKey, XKeys

_NAMED = {
    9: Qt.Key.Key_Escape, 22: Qt.Key.Key_Backspace, 23: Qt.Key.Key_Tab, 36: Qt.Key.Key_Return, 104: Qt.Key.Key_Enter,
    110: Qt.Key.Key_Home, 111: Qt.Key.Key_Up, 112: Qt.Key.Key_PageUp, 113: Qt.Key.Key_Left, 114: Qt.Key.Key_Right,
    115: Qt.Key.Key_End, 116: Qt.Key.Key_Down, 117: Qt.Key.Key_PageDown, 119: Qt.Key.Key_Delete,
}  # fmt: skip
_TEXTS = {Qt.Key.Key_Return: "\r", Qt.Key.Key_Enter: "\r", Qt.Key.Key_Tab: "\t", Qt.Key.Key_Backspace: "\b"}


_OURS_S = 1.0
"""How long an input method may hold a key; one that it has not returned by then, it has consumed."""
_DELIVERIES = {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride}


class SheetKeys(QObject):
    """Keys that were read and have not arrived anywhere yet."""

    def __init__(self) -> None:
        """Start without keys; the application passes its keys to `keys`."""
        super().__init__()
        self.keys = XKeys(self._read)
        self._waiting: list[tuple[XKey, float]] = []
        self._in_sheet: set[tuple[int, int]] = set()
        self._followed: set[int] = set()
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.focusWindowChanged.connect(self._settle)

    def _read(self, key: XKey) -> bool:
        """Press a key in the topmost sheet where it came to another window; return whether that was so."""
        self._settle()
        sheet = _sheet_without(key)
        if sheet is not None:
            _press(sheet, key)
            return True
        self._follow(key.window)
        self._waiting.append((key, time.monotonic()))
        QTimer.singleShot(0, self._settle)
        return False

    def _follow(self, window: int) -> None:
        """Process keys that arrive at a window."""
        if window not in self._followed:
            found = next((one for one in QGuiApplication.allWindows() if one.winId() == window), None)
            if found is not None:
                self._followed.add(window)
                found.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Remove what arrives, and whatever was read before it; withhold what a sheet has had already."""
        _ = watched
        if event.type() in _DELIVERIES and isinstance(event, QKeyEvent):
            arrived = (event.nativeScanCode(), event.timestamp())
            if arrived in self._in_sheet:
                return True
            for place, (key, _) in enumerate(self._waiting):
                if (key.code, key.at_ms) == arrived:
                    del self._waiting[: place + 1]
                    break
        return False

    def _settle(self, *_: object) -> None:
        """Press in the topmost sheet what was read for a window beneath it, before it was open."""
        oldest = time.monotonic() - _OURS_S
        self._waiting = [one for one in self._waiting if one[1] >= oldest]
        while self._waiting:
            key = self._waiting[0][0]
            sheet = _sheet_without(key)
            if sheet is None:
                return
            del self._waiting[0]
            self._in_sheet.add((key.code, key.at_ms))
            _press(sheet, key)


def _sheet_without(key: XKey) -> QWidget | None:
    """Return the topmost sheet where a key came to another window, None where it came to the right one."""
    sheet = QApplication.activeModalWidget()
    if sheet is None or not sheet.isVisible() or QApplication.activePopupWidget() is not None:
        return None
    return None if key.window == sheet.winId() or _is_handed_on(key.window) else sheet


def _is_handed_on(window: int) -> bool:
    """Return whether a window is a list of offers, open or just closed, which passes its keys to its field."""
    for one in QApplication.topLevelWidgets():
        if one.windowType() == Qt.WindowType.Popup and one.internalWinId() == window:
            return typed_through(one) is not one
    return False


def _press(sheet: QWidget, key: XKey) -> None:
    """Press a key in a sheet; a shortcut of the window beneath does not apply."""
    named = _NAMED.get(key.code)
    if named is None and not key.sign:
        return
    text = key.sign if named is None else _TEXTS.get(named, "")
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        focus: QWidget | None = sheet.focusWidget()
        code = named or Qt.Key(ord(key.sign.upper()))
        again = QKeyEvent(kind, code, Qt.KeyboardModifier.NoModifier, text)
        again.setTimestamp(key.at_ms)  # by which a scanner is distinguished from a person
        QCoreApplication.sendEvent(focus or sheet, again)


@cache
def sheet_keys() -> SheetKeys:
    """Return what sees to it; an application does not keep it."""
    return SheetKeys()
