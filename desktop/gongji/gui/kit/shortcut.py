"""A key that does something, once however long it is held down."""

from collections.abc import Callable

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def shortcut(keys: str | QKeySequence.StandardKey, where: QWidget, act: Callable[[], object]) -> QShortcut:
    """Bind a key in a window or a sheet; its automatic repeats are ignored."""
    one = QShortcut(QKeySequence(keys), where)
    one.setAutoRepeat(False)
    one.activated.connect(act)
    return one
