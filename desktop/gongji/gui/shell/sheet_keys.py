"""Keys pressed while a sheet is opening go to the sheet.

A window manager takes a moment to give a new window the focus. What is typed meanwhile comes to the window beneath,
which Qt keeps from having it, and so would be lost. On an X server such a key is pressed in the sheet instead.
"""

from functools import cache

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget

from gongji.gui.shell.x_keys import XKey, XKeys

_NAMED = {
    9: Qt.Key.Key_Escape, 22: Qt.Key.Key_Backspace, 23: Qt.Key.Key_Tab, 36: Qt.Key.Key_Return, 104: Qt.Key.Key_Enter,
    110: Qt.Key.Key_Home, 111: Qt.Key.Key_Up, 112: Qt.Key.Key_PageUp, 113: Qt.Key.Key_Left, 114: Qt.Key.Key_Right,
    115: Qt.Key.Key_End, 116: Qt.Key.Key_Down, 117: Qt.Key.Key_PageDown, 119: Qt.Key.Key_Delete,
}  # fmt: skip
_TEXTS = {Qt.Key.Key_Return: "\r", Qt.Key.Key_Enter: "\r", Qt.Key.Key_Tab: "\t", Qt.Key.Key_Backspace: "\b"}


def _pressed(key: XKey) -> bool:
    """Press a key in the sheet on top where it does not have the focus yet; tell whether that was so."""
    sheet = QApplication.activeModalWidget()
    if sheet is None or not sheet.isVisible() or QApplication.activePopupWidget() is not None:
        return False
    handle = sheet.windowHandle()
    focused: QWindow | None = QGuiApplication.focusWindow()
    if focused is None or focused is handle or handle.isAncestorOf(focused):
        return False
    named = _NAMED.get(key.code)
    if named is None and not key.sign:
        return True  # a shortcut of the window beneath has nothing to do with the sheet
    _press(sheet, named or Qt.Key(ord(key.sign.upper())), key.sign if named is None else _TEXTS.get(named, ""))
    return True


def _press(sheet: QWidget, key: Qt.Key, text: str) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        focus: QWidget | None = sheet.focusWidget()
        target = sheet if focus is None else focus
        QCoreApplication.sendEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))


@cache
def sheet_keys() -> XKeys:
    """Return what sees to it; an application does not keep it."""
    return XKeys(_pressed)
