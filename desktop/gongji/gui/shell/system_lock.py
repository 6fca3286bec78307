"""The system's lock and sleep, from logind and the desktop over D-Bus on Linux, from session messages on Windows.

Without either nothing is reported, and the idle minutes still lock the window.
"""

import sys

from PySide6.QtCore import SLOT, QAbstractNativeEventFilter, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection
from PySide6.QtWidgets import QApplication, QWidget

_LOGIN = "org.freedesktop.login1"
_SCREENS = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.mate.ScreenSaver", "org.ukui.ScreenSaver")
_WM_SESSION, _SESSION_LOCK = 0x02B1, 0x7
_WM_POWER, _SUSPEND = 0x0218, 0x4


class SystemLock(QObject):
    """Emits when the system locks its screen or is about to sleep."""

    locked = Signal()

    def __init__(self, window: QWidget | None) -> None:
        super().__init__(window)
        self._filter: QAbstractNativeEventFilter | None = None
        if sys.platform == "win32" and window is not None:
            self._listen_to_windows(window)
        elif sys.platform.startswith("linux"):
            self.listen_on(QDBusConnection.systemBus(), QDBusConnection.sessionBus())

    def listen_on(self, system: QDBusConnection, session: QDBusConnection) -> None:
        """Listen to logind on the system bus and to the desktop's lock on the session bus, where these exist."""
        tell, tell_if = SLOT("tell()"), SLOT("tell_if(bool)")
        wanted = [
            (system, f"{_LOGIN}.Session", "Lock", tell),
            (system, f"{_LOGIN}.Manager", "PrepareForSleep", tell_if),
        ]
        wanted += [(session, name, "ActiveChanged", tell_if) for name in _SCREENS]
        for bus, interface, signal, slot in wanted:  # by interface: the path differs between desktops
            if bus.isConnected():
                bus.connect("", "", interface, signal, self, slot)  # type: ignore[call-overload]  # it takes what SLOT returns

    @Slot()
    def tell(self) -> None:
        """Emit."""
        self.locked.emit()

    @Slot(bool)
    def tell_if(self, active: bool) -> None:  # noqa: FBT001  # as the signal has it
        """Emit at the beginning, not at the end."""
        if active:
            self.locked.emit()

    def _listen_to_windows(self, window: QWidget) -> None:
        import ctypes  # noqa: PLC0415  # only there

        handle = int(window.winId())
        ctypes.windll.wtsapi32.WTSRegisterSessionNotification(handle, 0)  # type: ignore[attr-defined,unused-ignore]
        self._filter = _Messages(self)
        app = QApplication.instance()
        assert app is not None
        app.installNativeEventFilter(self._filter)


class _Messages(QAbstractNativeEventFilter):
    """Reads Windows' messages of locking and sleeping."""

    def __init__(self, told: SystemLock) -> None:
        super().__init__()
        self._told = told

    def nativeEventFilter(self, kind: object, message: int) -> tuple[bool, int]:  # noqa: N802  # Qt's
        """Examine a message and pass it on."""
        from ctypes import wintypes  # noqa: PLC0415  # only there

        if kind == b"windows_generic_MSG":
            one = wintypes.MSG.from_address(int(message))
            if (one.message, one.wParam) in {(_WM_SESSION, _SESSION_LOCK), (_WM_POWER, _SUSPEND)}:
                self._told.tell()
        return False, 0
