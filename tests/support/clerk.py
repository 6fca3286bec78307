"""A clerk at the window: presses keys, waits until work is done, reads what is shown."""

import datetime
import gc
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget

from gongji.core.dates import CHINA
from gongji.desk.clinic.open import open_counter
from gongji.gui.counter.screen import CounterScreen
from gongji.gui.data.import_page import ImportPage
from gongji.gui.data.screen import DataScreen
from gongji.gui.kit.dialogs import Dialog, SideWindow
from gongji.gui.printing.preview import PreviewSheet
from gongji.gui.settings.screen import SettingsScreen
from gongji.gui.shell.pages import ScreenPage
from gongji.gui.shell.preload import Preloader
from gongji.gui.shell.scans.scanner import Scanner
from gongji.gui.shell.window import MainWindow
from gongji.gui.shell.workspace import Workspace
from gongji.pack_files.library import Library
from tests.support.inside import is_reading, is_thinking, let_go

Page = TypeVar("Page", bound=ScreenPage)

_PATIENCE_SECONDS = 30
_LOOK_SECONDS = 0.001
_SCANNER_MS = 4
_KEYS = {f"F{number}": getattr(Qt.Key, f"Key_F{number}") for number in range(1, 13)} | {
    "Enter": Qt.Key.Key_Return,
    "Esc": Qt.Key.Key_Escape,
    "Up": Qt.Key.Key_Up,
    "Down": Qt.Key.Key_Down,
    "Left": Qt.Key.Key_Left,
    "Right": Qt.Key.Key_Right,
    "Home": Qt.Key.Key_Home,
    "End": Qt.Key.Key_End,
    "PgUp": Qt.Key.Key_PageUp,
    "PgDn": Qt.Key.Key_PageDown,
    "Backspace": Qt.Key.Key_Backspace,
    "Delete": Qt.Key.Key_Delete,
    "Space": Qt.Key.Key_Space,
    "Tab": Qt.Key.Key_Tab,
    "P": Qt.Key.Key_P,
    "Y": Qt.Key.Key_Y,
}
_END_SIGNS: dict[str, list[tuple[Qt.Key, str]]] = {
    "Enter": [(Qt.Key.Key_Return, "\r")], "Tab": [(Qt.Key.Key_Tab, "\t")], "": [],
}  # fmt: skip
_SHIFTED = "*ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MODIFIERS = {
    "Shift": Qt.KeyboardModifier.ShiftModifier, "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
}  # fmt: skip


class Clerk:
    """Works at an open window with the keyboard."""

    def __init__(
        self,
        data: Path,
        library: Library,
        clock: Callable[[], datetime.datetime],
        operator: str | None = None,
        password: str | None = None,
    ) -> None:
        """Operator and password are for a folder that is not for training."""
        gc.disable()  # as the program does: no other thread destroys a widget
        self.counter = open_counter(data, library, clock, operator, password)
        self.station = Workspace(self.counter)
        self.window = MainWindow(self.station)
        self.window.show()
        self.longest_ms = 0.0
        self.settle_down()

    @property
    def screen(self) -> CounterScreen:
        screen = self.window.screen_named("counter")
        assert isinstance(screen, CounterScreen)
        return screen

    @property
    def sheet(self) -> QDialog | None:
        """The topmost window above the main one, if any; the manual does not count."""
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, SideWindow) and widget.isVisible():
                return widget
        above = QApplication.activeModalWidget()  # the last one opened, where there are several
        if isinstance(above, QDialog) and above.isVisible():
            return above
        for widget in reversed(QApplication.topLevelWidgets()):
            if isinstance(widget, QDialog) and widget.isVisible():
                return widget
        return None

    @property
    def sheets(self) -> list[QDialog]:
        """Every window above the main one."""
        return [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]

    @property
    def target(self) -> QWidget:
        """Where a key goes."""
        above = self.sheet or self.window
        return next((one for one in above.findChildren(QWidget) if one.hasFocus()), above)

    def press(self, *keys: str, with_alt: bool = False, with_ctrl: bool = False) -> None:
        """Press keys by name, or single characters."""
        modifier = Qt.KeyboardModifier.NoModifier
        if with_alt:
            modifier = Qt.KeyboardModifier.AltModifier
        if with_ctrl:
            modifier = Qt.KeyboardModifier.ControlModifier
        for named in keys:
            self._activate()
            self._pause_before_what_came_by_itself()
            let_go(self.window.scanner)  # no person is as fast as this: simulate a pause
            begun = time.perf_counter()
            shift, _, key = named.rpartition("+") if len(named) > 1 else ("", "", named)
            held = _MODIFIERS[shift] if shift else modifier
            if key in _KEYS:
                QTest.keyClick(self.target, _KEYS[key], held)
            else:
                sign: Any = key if held == Qt.KeyboardModifier.NoModifier else ord(key)
                QTest.keyClick(self.target, sign, held)
            self._process(begun)
            let_go(self.window.scanner)

    def type(self, text: str) -> None:
        """Type a text where the focus is, letter by letter; signs that no key has come from an input method."""
        for one in text:
            if one.isascii():
                self.press(one)
            else:
                self._activate()
                begun = time.perf_counter()
                insert = getattr(self.target, "insert", None)
                assert insert is not None, self.target
                insert(one)
                self._process(begun)

    def scan(self, text: str, end: str = "Enter", pace_ms: int = _SCANNER_MS) -> None:
        """Let a scanner type a number, a character every few milliseconds by its own clock, and what it ends with."""
        self._activate()
        begun = time.perf_counter()
        keys = [(Qt.Key(ord(one)), one) for one in text] + _END_SIGNS[end]
        for place, (key, one) in enumerate(keys):
            target = self.target
            strokes = [(key, one)] if one not in _SHIFTED else [(Qt.Key.Key_Shift, ""), (key, one)]
            for stroke, sign in strokes:
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    event = QKeyEvent(kind, stroke, Qt.KeyboardModifier.NoModifier, sign)
                    event.setTimestamp(int(begun * 1000) + place * pace_ms)
                    QApplication.sendEvent(target, event)
        if not end:
            for top in QApplication.topLevelWidgets():
                for scanner in top.findChildren(Scanner):
                    let_go(scanner)  # the silence after a scan without an end sign
        self._process(begun)

    def choose_patient(self, text: str) -> None:
        self.press("F2")
        self.type(text)
        self.press("Enter")

    def add_item(self, text: str, quantity: str = "1") -> None:
        self.press("F3")
        self.type(text)
        self.press("Enter")
        self.type(quantity)
        self.press("Enter")

    def settle(self) -> None:
        """Press F9 and wait until it is done, papers and all."""
        self.press("F9")
        self.settle_down()

    def settle_down(self) -> None:
        """Wait until nothing is under way and nothing is about to be shown."""
        self.until(lambda: self.station.jobs.is_idle)
        self.until(lambda: not is_thinking(self.screen.state) and not is_reading(self.screen.advice.of_patient))

    def until(self, holds: Callable[[], bool], patience_s: float = _PATIENCE_SECONDS) -> None:
        """Wait for a condition, processing events meanwhile."""
        deadline = time.perf_counter() + patience_s
        while not holds():
            assert time.perf_counter() < deadline, "waited in vain"
            self._process(time.perf_counter())
            time.sleep(_LOOK_SECONDS)  # as a window without events does: threads waited for need the interpreter

    def _pause_before_what_came_by_itself(self) -> None:
        """Look at a sheet that opened unasked before a key is pressed in it, as a person does."""
        above = self.sheet
        if isinstance(above, Dialog):
            self.until(lambda: not above.is_waiting)

    def _activate(self) -> None:
        above = self.sheet or self.window
        if QApplication.activeWindow() is not above:
            above.activateWindow()
            QApplication.processEvents()

    def _process(self, begun: float) -> None:
        QApplication.processEvents()
        self.longest_ms = max(self.longest_ms, (time.perf_counter() - begun) * 1000)

    @property
    def notes(self) -> str:
        return "\n".join(note.text for note in self.screen.panel.notes.shown)

    @property
    def due(self) -> str:
        return self.screen.panel.tender.due.text()

    def amount(self, name: str) -> str:
        return self.screen.panel.amounts.rows[name]._figure.text()  # noqa: SLF001  # what is written there

    def why(self, name: str) -> str:
        return self.screen.panel.amounts.rows[name]._sentences  # noqa: SLF001  # as above

    @property
    def names(self) -> list[str]:
        return [one.name for one in self.screen.state.draft.lines]

    def close_sheet(self) -> None:
        above = self.sheet
        if above is not None:
            above.reject()
            QApplication.processEvents()

    def leave(self) -> None:
        """Close the window as a clerk does at noon."""
        while self.sheet is not None:
            self.close_sheet()
        for one in self.station.findChildren(Preloader):
            one.stop()
        self.window.close()
        self.station.jobs.close()
        QApplication.processEvents()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.counter.close()

    def vanish(self) -> None:
        """Stop at once, as in a power cut: nothing is stored."""
        self.screen.keeping.stop()
        self.station.jobs.close()
        self.counter.close()
        self.window.hide()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def choose_kind(page: ImportPage, name: str) -> None:
    """Choose what is to be imported, as a click does."""
    next(one for one in page.kinds.buttons() if one.property("kind") == name).click()


def page_of(screen: DataScreen | SettingsScreen, kind: type[Page]) -> Page:
    """The page of 资料 or 设置 that is of a kind, made now where it was not shown yet."""
    pages = (screen.pages.page(place) for place in range(screen.pages.bar.count()))
    return next(one for one in pages if isinstance(one, kind))


def pages_of(sheet: PreviewSheet) -> list[QLabel]:
    """The pages that a preview shows."""
    return [one for one in sheet.findChildren(QLabel) if one.property("part") == "page"]


def at(text: str) -> Callable[[], datetime.datetime]:
    """A clock that stays where it is set."""
    moment = datetime.datetime.fromisoformat(text).replace(tzinfo=CHINA)
    return lambda: moment
