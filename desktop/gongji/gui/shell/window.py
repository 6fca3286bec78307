"""The window: navigation, status line, the screen that is shown, and the bar of its keys."""

from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from gongji.core.scanned_code import CodeKind, ScannedCode, read_scanned
from gongji.desk.changes import Changed
from gongji.desk.session import ClockError
from gongji.desk.upload.queue import overview_of
from gongji.errors import GongjiError
from gongji.gui.background.lazy import checking_sheet, manual
from gongji.gui.kit import dialogs
from gongji.gui.kit.layout import column, put, row, scroll_page
from gongji.gui.kit.style import TRAINING
from gongji.gui.shell.header import Header
from gongji.gui.shell.key_bar import KeyBar
from gongji.gui.shell.lock_sheet import AutoLock
from gongji.gui.shell.navigation import CHANGE_KEY, Navigation
from gongji.gui.shell.scans.scanner import Scanner
from gongji.gui.shell.screen import Screen, ScreenKey, shortcut
from gongji.gui.shell.screen_stack import SCREENS, ScreenStack
from gongji.gui.shell.workspace import Workspace

_ESCAPE = "Esc"
_KEYS = (*(f"F{number}" for number in range(1, 13)), _ESCAPE)
_LOCK = "Ctrl+Shift+L"
_CLOCK_MS = 10_000
_COPIES_MS = 300_000
_QUIET_MS = 1_000  # the window opens first
SIZE = (1366, 768)
SMALLEST = (760, 440)
"""A screen of 1366 × 768 at 150 % has no more than 910 × 512 of these; what does not fit is scrolled, never cut."""
_LOW = 500
"""Pixels: below this height a window is low."""
_NARROW = 1040
"""Below this width in pixels the navigation is narrower, and the status line leaves something out."""


class MainWindow(QMainWindow):
    """One window for everything; Ctrl+1 to Ctrl+8 choose the screen."""

    def __init__(self, station: Workspace) -> None:
        """Show the first screen; the others are made when first shown."""
        super().__init__()
        self.station = station
        station.window = self
        self._stack = ScreenStack(station)
        self._navigation = Navigation(station.counter)
        self._navigation.chosen.connect(self._choose_screen)
        self._navigation.change_wanted.connect(self.ask_to_change_operator)
        self.header = Header(station.counter.clinic)
        self._bar = KeyBar()
        self._bar.pressed.connect(self.press)
        self.setProperty(TRAINING, station.counter.clinic.training)
        self._build()
        self._make_keys()
        self.scanner = Scanner(self)
        self.scanner.scanned.connect(self._scanned)
        station.jobs.changed.connect(self._changed)
        station.sending.changed.connect(self._show_sending)
        station.leaving.connect(self._put_away)
        station.screen_wanted.connect(self.go_to)
        self._clock = QTimer(self, interval=_CLOCK_MS)
        self._clock.timeout.connect(self.tick)
        self._clock.start()
        self.tick()
        self._show_overview()
        self.go_to("counter")
        self._show_level()
        self._quiet = QTimer(self, singleShot=True)
        self._quiet.timeout.connect(station.sending.begin)
        self._quiet.start(_QUIET_MS)
        self.copies = QTimer(self)
        self.copies.timeout.connect(self._copy)
        self.copies.start(_COPIES_MS)
        self.lock = AutoLock(self, station)

    def _copy(self) -> None:
        """Make a copy in the background where one is due."""
        if self.station.counter.is_open:
            self.station.jobs.device(self.station.back_up, failed=self.station.fail, owner=self)

    @property
    def screen_shown(self) -> Screen:
        """The screen that is shown."""
        return self._stack.shown

    def screen_named(self, name: str) -> Screen:
        """Return a screen, made now where it was not shown yet."""
        return self._stack.named(name)

    def go_to(self, name: str) -> Screen:
        """Show a screen."""
        screen = self._stack.show_screen(name)
        self._navigation.mark(name)
        self._bar.show_keys((ScreenKey("F1", "帮助", self._help), *screen.keys()))
        screen.come()
        return screen

    def _help(self) -> None:
        manual().open_for_screen(self, self._stack.name_shown, self.screen_shown, self._bar.keys)

    def _build(self) -> None:
        self.setWindowTitle("共济结算台" + ("（培训）" if self.station.counter.clinic.training else ""))
        self.resize(*SIZE)
        self.setMinimumSize(*SMALLEST)
        whole = QWidget()
        right = put(column(margin=0, spacing=0), self.header, (self._stack, 1), self._bar)
        put(row(whole, spacing=0), self._navigation, (right, 1))
        self.setCentralWidget(whole)

    def _make_keys(self) -> None:
        for name in _KEYS:
            shortcut(name, self, partial(self.press, name))
        shortcut(CHANGE_KEY, self, self.ask_to_change_operator)
        shortcut(_LOCK, self, self.station.lock_wanted.emit)
        for place, entry in enumerate(SCREENS, 1):
            shortcut(f"Ctrl+{place}", self, partial(self._choose_screen, entry.name))

    def ask_to_change_operator(self) -> None:
        """换操作员: another person works here from now on; the visit being entered is not lost."""
        if self.station.counter.clinic.training or not self._may_go_on():
            return
        dialogs.ask(
            self,
            "换操作员？",
            (f"{self.station.counter.operator} 离开；正在录的一单会留着，换人登录后还在。没有交的班各人交各人的。",),
            ("换操作员", self.station.operator_leaves.emit),
        )

    def _choose_screen(self, name: str) -> None:
        if self._may_go_on():
            self.go_to(name)
        else:  # the clicked button is not the one of the shown screen
            self._navigation.mark(self._stack.name_shown)

    def press(self, name: str) -> None:
        """Act for a key on the shown screen, unless a cell being edited there is wrong."""
        key = next((one for one in self._bar.keys if one.key == name), None)
        if key is not None and (name == _ESCAPE or self._may_go_on()):
            self.station.bugs.doing = f"{self._title}：{name} {key.word}"
            try:
                key.act()
            except GongjiError as error:  # a book that cannot be read is told here as it is by work in the background
                self.station.fail(error)

    def _may_go_on(self) -> bool:
        """Commit the cell being edited; return False, and show what is wrong with it, where it cannot be."""
        wrong = self.screen_shown.finish_typing()
        if wrong:
            self.screen_shown.refuse_key(wrong)
        return not wrong

    @property
    def _title(self) -> str:
        return next(entry.title for entry in SCREENS if entry.name == self._stack.name_shown)

    def _scanned(self, text: str) -> None:
        self.station.bugs.doing = "扫码"
        code = read_scanned(text)
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        for one in QApplication.topLevelWidgets():
            if isinstance(one, dialogs.SideWindow) and one.isVisible():
                one.close()
        while (sheet := QApplication.activeModalWidget()) is not None:
            if not isinstance(sheet, dialogs.Dialog):
                QApplication.beep()  # Qt's own, for a file: there is no place in it to say anything
                return
            if sheet.takes_scan(code):
                return
            if not sheet.gives_way:
                sheet.hold_scan(text)
                return
            sheet.reject()
        if code.kind is CodeKind.PAPER:
            checking_sheet().CheckingSheet(self.station).takes_scan(code)
            return
        self._counter_scanned(code)

    def _counter_scanned(self, code: ScannedCode) -> None:
        counter: Any = self.screen_named("counter")
        if self.screen_shown is not counter:
            why = counter.arriving.unknown_code(code)
            if why:
                dialogs.tell(self, "扫到的码没有录入", why)
                return
            self.go_to("counter")
        counter.arriving.scanned(code)

    def _changed(self, changed: Changed) -> None:
        self._show_overview()
        if changed & Changed.SETTINGS:
            self.header.show_clinic(self.station.counter.clinic)
            self._show_level()
        for screen in self._stack.screens.values():
            screen.note_change(changed)

    def _show_overview(self) -> None:
        self.header.show_overview(overview_of(self.station.counter))

    def tick(self) -> None:
        """Show the time; ask about a clock that went back."""
        if self.station.counter.clinic.training:
            self.station.sending.look()
        try:
            self.header.show_moment(self.station.moment)
        except ClockError as error:
            self._clock.stop()
            advice = "请核对电脑的日期和时间。现在的时间无误，才继续；会记入日志。"
            dialogs.ask(
                self, error.title, (advice,), ("时间无误，继续", self._confirm_clock), "我去改时间"
            ).rejected.connect(self._clock.start)

    def _confirm_clock(self) -> None:
        self.station.counter.confirm_clock()
        self._clock.start()

    def _show_sending(self) -> None:
        sending = self.station.sending
        self.header.show_sending(sending.standing, sending.answered_at, sending.trouble)

    def _show_level(self) -> None:
        """Show the clinic's level as soon as its area's policy is read, which takes a slow disk a while."""
        clinic, library = self.station.counter.clinic, self.station.counter.library

        def name() -> str:
            editions = library.editions(clinic.area)
            level = clinic.institution.get("level")
            return next((one.name for one in editions[-1].pack.level if one.id == level), "") if editions else ""

        self.station.jobs.device(name, self.header.show_level, owner=self)

    def _put_away(self) -> None:
        for one in (self._clock, self._quiet):
            one.stop()
        for screen in self._stack.screens.values():
            screen.go()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Leave the screens more room where there is little."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        self._navigation.show_less(narrow=narrow, low=self.height() < _LOW)
        self.header.show_less(less=narrow)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Scroll the screen on Page Up and Page Down that nothing else uses."""
        if not scroll_page(self.screen_shown, event.key()):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        """Let the screens store what is unfinished, and record what the gateway still answers."""
        self.hide()
        for one in self.findChildren(dialogs.SideWindow):
            one.close()
        self.station.put_away()
        super().closeEvent(event)
