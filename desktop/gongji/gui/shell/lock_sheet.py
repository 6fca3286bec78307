"""锁定: covers the window until its operator is back; sending and copies continue behind it."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QWidget

from gongji.core.scanned_code import ScannedCode
from gongji.desk.clinic.locks import lock_minutes, unlock
from gongji.gui.background.lazy import system_lock
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.form import begin_in, password
from gongji.gui.kit.layout import label, put
from gongji.gui.kit.style import set_role
from gongji.gui.shell.scans.scanner import hold_scans
from gongji.gui.shell.scans.watching import FocusFilter, WindowFilter
from gongji.gui.shell.workspace import Workspace

_LOOK_MS = 5_000
_SOON_MS = 2_000
_A_MINUTE_MS = 60_000
_TOUCHES = {
    QEvent.Type.KeyPress,
    QEvent.Type.ShortcutOverride,  # a shortcut does not arrive as a key press
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
}


class LockSheet(Dialog):
    """Asks for the operator's password; nothing else can be done, and Esc does nothing."""

    unlocked = Signal()

    def __init__(self, station: Workspace) -> None:
        super().__init__(None, "已锁定", 380)
        self._station = station
        self._is_open = False
        self.say(f"{station.counter.operator} 离开了。正在录的一单还在；上传照常进行。", "muted")
        self.password = password()
        put(self.body, label(f"{station.counter.operator} 的口令", "label"), self.password)
        self.wrong = self.say("", "wrong")
        self._enter = button("解锁", self._try, "main")
        self.buttons(self._enter, button("换操作员", self._leave))
        self.password.returnPressed.connect(self._try)
        self.password.setFocus()

    def _try(self) -> None:
        if not self._enter.isEnabled():
            return
        counter, typed = self._station.counter, self.password.text()
        self._enter.setEnabled(False)
        set_role(self.wrong, "small").setText("请稍候……")
        self._station.jobs.write(lambda: unlock(counter, typed), self._done, self._failed, owner=self)

    def _done(self, _: object) -> None:
        self.let_go()
        self.unlocked.emit()

    def _leave(self) -> None:
        self._done(None)
        self._station.operator_leaves.emit()

    def let_go(self) -> None:
        """Close: the only way it does."""
        self._is_open = True
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self._enter.setEnabled(True)
        self._station.tell_or_fail(error, self._say)

    def _say(self, text: str) -> None:
        set_role(self.wrong, "wrong").setText(text)
        begin_in(self.password)

    def takes_scan(self, code: ScannedCode) -> bool:  # noqa: ARG002  # whatever it is
        """Discard what is scanned."""
        return True

    def reject(self) -> None:
        """Stay."""

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        """Stay, whoever closes it."""
        if self._is_open:
            super().closeEvent(event)
        else:
            event.ignore()


class AutoLock(QObject):
    """Locks the window when nobody has used it for the set time, and when the system locks."""

    def __init__(self, window: QWidget, station: Workspace) -> None:
        """Begin watching; practice, which has no passwords, is never locked."""
        super().__init__(window)
        self._window, self._station = window, station
        self._hidden: list[QWidget] = []
        self.sheet: LockSheet | None = None
        self.untouched_ms = 0
        self._looking = QTimer(self)
        self._looking.timeout.connect(self._look)
        if station.counter.clinic.training:
            return
        self._keys, self._mouse = FocusFilter(self), WindowFilter(self)
        self._looking.start(_LOOK_MS)
        QTimer.singleShot(_SOON_MS, self, self._listen)
        station.lock_wanted.connect(self.lock)
        station.leaving.connect(self.end)

    def _listen(self) -> None:
        """Listen to the system, once the window is there: connecting to its buses takes a moment."""
        self.system = system_lock().SystemLock(self._window)
        self.system.locked.connect(self.lock)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Record activity."""
        if event.type() in _TOUCHES:
            self.untouched_ms = 0
        _ = watched
        return False

    def _look(self) -> None:
        self.untouched_ms += _LOOK_MS
        minutes = lock_minutes(self._station.counter)
        if minutes and self.untouched_ms >= minutes * _A_MINUTE_MS:
            self.lock()

    def lock(self) -> None:
        """Hide everything and ask for the password."""
        if self.sheet is not None or self._station.counter.clinic.training or not self._station.counter.is_open:
            return
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        self._hidden = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
        self.sheet = LockSheet(self._station)
        self.sheet.unlocked.connect(self._unlocked)
        hold_scans(self.sheet)
        self.sheet.show()
        for one in self._hidden:
            one.hide()
        self.sheet.activateWindow()

    def _unlocked(self) -> None:
        self.untouched_ms = 0
        self.sheet = None
        hidden, self._hidden = self._hidden, []
        for one in sorted(hidden, key=lambda each: each is not self._window):
            one.show()

    def end(self) -> None:
        """Watch no more: the window goes."""
        self._looking.stop()
        if self.sheet is not None:
            self.sheet.let_go()
            self.sheet = None
