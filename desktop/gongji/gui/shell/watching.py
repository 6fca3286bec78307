"""Watching what is done without being asked about every event there is.

A filter on the application is called for each event of each widget, some thousands while a window is built, and has Qt
make every widget known that nobody has named. Keys go where the focus is: a filter that stays there sees them all.
"""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication, QWidget

_ELSEWHERE = {
    QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.InputMethod, QEvent.Type.Close,
    QEvent.Type.Wheel,
}  # fmt: skip


def place_of_keys() -> QWidget | None:
    """Return where a key goes: a list or menu over everything, the widget with the focus, else the window."""
    popup: QWidget | None = QApplication.activePopupWidget()
    if popup is not None:
        inside: QWidget | None = popup.focusWidget()
        return popup if inside is None else inside
    found: QWidget | None = QApplication.focusWidget()
    return found if found is not None else QApplication.activeWindow()


class FocusFilter(QObject):
    """Puts an event filter on whatever has the focus; `moved` tells that the focus has changed.

    What once had the focus keeps the filter, and nothing here remembers it: a widget that Qt made may be gone without
    Python being told, and another stand at its address. A filter asks `place_of_keys` where that makes a difference.
    """

    moved = Signal()

    def __init__(self, watcher: QObject) -> None:
        """Have `watcher.eventFilter` called for what happens where the focus is, from now on."""
        super().__init__(watcher)
        self._watcher = watcher
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow)
        app.focusWindowChanged.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        """Take no arguments: one of them may be a widget in the middle of being taken apart."""
        place = place_of_keys()
        if place is not None:
            place.installEventFilter(self)
            place.installEventFilter(self._watcher)  # which is there once, however often it is put there
        self.moved.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Follow to a list that opens over the field: it has the keys from then on, and nothing tells of the focus."""
        if (
            event.type() == QEvent.Type.FocusOut
            and isinstance(event, QFocusEvent)
            and event.reason() == Qt.FocusReason.PopupFocusReason
        ):
            self._follow()
        return False


class WindowFilter(QObject):
    """Keeps an event filter on every window that has ever had the focus: the mouse comes through them."""

    def __init__(self, watcher: QObject) -> None:
        """Have `watcher.eventFilter` called for what comes to windows from now on."""
        super().__init__(watcher)
        self._watcher = watcher
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.focusWindowChanged.connect(self._follow)
        self._follow(QGuiApplication.focusWindow())

    def _follow(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self._watcher)  # which is there once, however often it is put there


class ActsElsewhere(QObject):
    """Tells, as long as it is on, that a person has done something else than press a key."""

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
        """Tell of what is no key."""
        if event.type() in _ELSEWHERE:
            self.acted.emit()
        return False
