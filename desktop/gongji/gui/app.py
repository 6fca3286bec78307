"""The program from start to end: the data folder or training data, and the window of the counter in it."""

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtWidgets import QApplication

from gongji.desk.clinic.clock import practice_clock
from gongji.desk.clinic.open import is_data_folder, is_training, open_counter
from gongji.desk.clinic.workplace import keep_workplace, workplace_of
from gongji.desk.papers.paper_files import keeps_files, settle_files, without_files
from gongji.desk.session import Clock, ClockError, Session
from gongji.errors import GongjiError
from gongji.files import default_data_folder, resource_folder, training_folder
from gongji.gui.background.lazy import audit_sheet
from gongji.gui.kit import dialogs
from gongji.gui.shell.preload import Preloader
from gongji.gui.shell.scans.scanner import hold_scans
from gongji.gui.shell.window import MainWindow
from gongji.gui.shell.workspace import Workspace
from gongji.pack_files.library import Library

if TYPE_CHECKING:
    from gongji.gui.shell.login import Login

_WAIT_SECONDS = 1
_PAINTED_MS = 50
"""After which a window that was shown is painted: what others do at the start begins then."""


class Program:
    """From the start to the open window, and to the orderly end."""

    def __init__(self, app: QApplication, options: argparse.Namespace, clock: Clock) -> None:
        self._app = app
        self._options = options
        self._clock = clock
        self.station: Workspace | None = None
        self.window: MainWindow | None = None
        app.aboutToQuit.connect(self.end)
        app.setQuitOnLastWindowClosed(True)

    def begin(self) -> None:
        """Open the data folder named, the usual one, or training data; where there is none yet, ask how to begin."""
        if self._options.audit:
            self._audit = audit_sheet().AuditSheet(None, self._options.data)
            self._audit.finished.connect(self._app.quit)
            hold_scans(self._audit)
            return
        try:
            self._library = Library(resource_folder() / "policies", self._options.policies)
            path: Path = self._options.data or default_data_folder()
            if self._options.practice:
                path = self._options.data or training_folder()
                _make_training(path, self._library, practice_clock(self._clock))
            if is_data_folder(path):
                self._open(path)
            else:
                self._begin_first(path)
        except GongjiError as error:
            self._give_up(error)

    def _begin_first(self, path: Path) -> None:
        """Ask on a PC with no data yet whether to practise or to make the clinic's own."""
        from gongji.gui.first_start.first_start import FirstStart  # noqa: PLC0415  # needed at the very first start alone

        self.guide = FirstStart(None, self._library, self._clock, self._begun, (path, training_folder()))
        self.guide.rejected.connect(self._app.quit)
        hold_scans(self.guide)

    def _begun(self, path: Path) -> None:
        """Open what the guide made; a password that was just chosen is not asked for again."""
        try:
            login = self._open(path)
        except GongjiError as error:
            self._give_up(error)
            return
        if login is not None:
            login.enter_as(self.guide.operator.text().strip(), self.guide.password.text())

    def _open(self, path: Path) -> "Login | None":
        """Open a data folder; return the login sheet where it has a password."""
        if is_training(path):
            self._opened(_open_training(path, self._library, practice_clock(self._clock)))
            return None
        from gongji.gui.shell.login import Login  # noqa: PLC0415  # training data have no password

        self._login = Login(path, self._library, self._clock, self._opened)
        self._login.rejected.connect(self._app.quit)
        hold_scans(self._login)
        self._login.open()
        return self._login

    def _give_up(self, error: GongjiError) -> None:
        self._said = dialogs.trouble(None, error)  # keeps the sheet alive: it has no parent window
        self._said.finished.connect(self._app.quit)
        hold_scans(self._said)

    def _opened(self, session: Session) -> None:
        try:
            session.now()
        except ClockError as error:
            self._said = question = dialogs.ask(
                None, error.title, ("请核对电脑的日期和时间。现在的时间无误，才继续；会记入日志。",),
                ("时间无误，继续", lambda: self._confirmed(session)), "退出",
            )  # fmt: skip
            question.rejected.connect(session.close)
            question.rejected.connect(self._app.quit)
            hold_scans(question)
            return
        self._show(session)

    def _confirmed(self, session: Session) -> None:
        session.confirm_clock()
        self._show(session)

    def _show(self, session: Session) -> None:
        self.station = Workspace(session)
        self.station.jobs.hold()
        session.keeps_paper_files = keeps_files(session)
        self.station.jobs.write(lambda: settle_files(session))
        later = Qt.ConnectionType.QueuedConnection  # the window that asks for it is gone then
        self.station.operator_leaves.connect(self._change_operator, later)
        self.station.starts_over.connect(self._start_over, later)
        sys.excepthook = lambda _kind, error, _trace: self._bug(error)
        self.window = MainWindow(self.station)
        self._appear(self.window)
        jobs = self.station.jobs
        jobs.device(partial(_back_up, self.station))
        jobs.device(lambda: without_files(session))  # left by a command or an older program
        self.warming = Preloader(self.station, self._app.quit)
        QTimer.singleShot(_PAINTED_MS, jobs, jobs.go_on)

    def _appear(self, window: MainWindow) -> None:
        """Show the window with its last geometry, the first time as large as the screen."""
        path = window.station.counter.folder.path
        kept = workplace_of(path).window
        screens = [one.availableGeometry() for one in self._app.screens()]
        if kept is not None and any(one.intersects(QRect(*kept)) for one in screens):
            window.setGeometry(*kept)
            window.show()
        else:
            window.showMaximized()
        window.station.leaving.connect(lambda: self._remember(window, path))

    @staticmethod
    def _remember(window: MainWindow, path: Path) -> None:
        one = None if window.isMaximized() or window.isFullScreen() else window.geometry().getRect()
        keep_workplace(path, replace(workplace_of(path), window=one))

    def _change_operator(self) -> None:
        """换操作员: close everything and show the login; the visit being entered is restored afterwards."""
        path = self._put_away()
        self._open(path)
        self._app.setQuitOnLastWindowClosed(True)

    def _start_over(self) -> None:
        """Put aside data in which nothing was settled, and show the first start again."""
        from gongji.desk.clinic.first_start.create import put_aside  # noqa: PLC0415  # hardly ever, and with it reading tables

        path = self._put_away()
        try:
            put_aside(path, self._clock())
            self._begin_first(path)
        except GongjiError as error:
            self._give_up(error)
        self._app.setQuitOnLastWindowClosed(True)

    def _put_away(self) -> Path:
        """Close the window and the data folder without ending the program; return the folder."""
        assert self.station is not None
        assert self.window is not None
        path = self.station.counter.folder.path
        self._app.setQuitOnLastWindowClosed(False)
        window, self.window = self.window, None
        window.close()
        self.end()
        window.deleteLater()
        return path

    def _bug(self, error: BaseException) -> None:
        if self.station is not None:
            self.station.fail(error)

    def end(self) -> None:
        """Finish what is under way and release the data folder."""
        if self.station is not None:
            self.warming.stop()
            if self.station.counter.is_open:
                self.station.jobs.device(partial(_back_up, self.station, leaving=True))
            self.station.jobs.close()
            self.station.counter.close()
            self.station = None


def _back_up(station: Workspace, *, leaving: bool = False) -> None:
    """Make a copy of the book where one is due; an error is only logged, since nobody is there to read it."""
    try:
        station.back_up(leaving=leaving)
    except GongjiError as error:
        station.counter.log.warning("no copy was made", exc_info=error)


def _open_training(path: Path, library: Library, clock: Clock) -> Session:
    return open_counter(path, library, clock, wait_seconds=_WAIT_SECONDS, check_later=True)


def _make_training(path: Path, library: Library, clock: Clock) -> None:
    if not is_data_folder(path):
        from gongji.desk.clinic.first_start.create import begin_training  # noqa: PLC0415  # needed at the very first start alone

        begin_training(path, None, library, clock)
