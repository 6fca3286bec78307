"""Watching events without filtering every event of the application.

A filter on the application is called for each event of each widget, some thousands while a window is built, and makes
Qt create a Python object for every widget. Keys go to the focused widget: a filter that follows it sees them all.
"""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication, QWidget

_ELSEWHERE = {
    QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.InputMethod, QEvent.Type.Close,
    QEvent.Type.Wheel,
}  # fmt: skip


def place_of_keys() -> QWidget | None:
    """Return where a key goes: a popup list or menu, the widget with the focus, else the window."""
    popup: QWidget | None = QApplication.activePopupWidget()
    if popup is not None:
        inside: QWidget | None = popup.focusWidget()
        return popup if inside is None else inside
    found: QWidget | None = QApplication.focusWidget()
    return found if found is not None else QApplication.activeWindow()


class FocusFilter(QObject):
    """Puts an event filter on whatever has the focus; `moved` reports that the focus has changed.

    A widget that once had the focus keeps the filter, and no list of them is kept: a widget that Qt made may be deleted
    without Python being told, and another be at its address. A filter asks `place_of_keys` where that matters.
    """

    moved = Signal()

    def __init__(self, watcher: QObject) -> None:
        """Call `watcher.eventFilter` for events of the focused widget, from now on."""
        super().__init__(watcher)
        self._watcher = watcher
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow)
        app.focusWindowChanged.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        """Take no arguments: one of them may be a widget that is being destroyed."""
        place = place_of_keys()
        if place is not None:
            place.installEventFilter(self)
            place.installEventFilter(self._watcher)  # it is installed once, however often this is called
        self.moved.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Follow to a list that opens over the field: it gets the keys, without a change of focus."""
        if (
            event.type() == QEvent.Type.FocusOut
            and isinstance(event, QFocusEvent)
            and event.reason() == Qt.FocusReason.PopupFocusReason
        ):
            self._follow()
        return False


class WindowFilter(QObject):
    """Keeps an event filter on every window that ever had the focus: mouse events pass through them."""

    def __init__(self, watcher: QObject) -> None:
        """Call `watcher.eventFilter` for events of windows from now on."""
        super().__init__(watcher)
        self._watcher = watcher
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.focusWindowChanged.connect(self._follow)
        self._follow(QGuiApplication.focusWindow())

    def _follow(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self._watcher)  # it is installed once, however often this is called


class ActsElsewhere(QObject):
    """Reports, while it is on, that a person has done something other than press a key."""

    acted = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._is_on = False

    def begin(self) -> None:
        """Watch every event of the application."""
        app = QCoreApplication.instance()
        if not self._is_on and app is not None:
            self._is_on = True
            app.installEventFilter(self)

    def end(self) -> None:
        """Watch no more."""
        app = QCoreApplication.instance()
        if self._is_on and app is not None:
            self._is_on = False
            app.removeEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Report any event that is no key."""
        if event.type() in _ELSEWHERE:
            self.acted.emit()
        return False
