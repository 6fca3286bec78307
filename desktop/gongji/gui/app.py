"""Opening the window: the application, the data folder or training data, and the counter in it."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from gongji.desk.counter import Clock, ClockError, Counter
from gongji.desk.opening import is_training, open_counter
from gongji.errors import GongjiError
from gongji.files import default_data_folder, resource_folder
from gongji.gui import messages, style
from gongji.gui.login import Login
from gongji.gui.station import Station
from gongji.gui.window import MainWindow
from gongji.policies import Library

_WAIT_SECONDS = 1


def open_window(arguments: Sequence[str], clock: Clock) -> int:
    """Open the window and stay until it is closed; return the exit status."""
    options = parse(arguments)
    app = make_application()
    program = Program(app, options, clock)
    program.begin()
    return app.exec()


def make_application() -> QApplication:
    """Return the application with its looks and Qt's own words in Chinese."""
    _let_chinese_in()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("gongji")
    app.setApplicationDisplayName("共济结算台")
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    words = QTranslator(app)
    if words.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(words)
    style.apply(app)
    return app


def _let_chinese_in() -> None:
    """Reach fcitx through the portal of IBus, which it offers: Qt's wheel has no module for fcitx itself."""
    if sys.platform.startswith("linux") and os.environ.get("QT_IM_MODULE", "").startswith("fcitx"):
        os.environ["QT_IM_MODULE"] = "ibus"
        os.environ.setdefault("IBUS_USE_PORTAL", "1")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="gongji")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--policies", action="append", type=Path, default=[])
    return parser.parse_args(arguments)


class Program:
    """From the start to the open window, and to everything put away."""

    def __init__(self, app: QApplication, options: argparse.Namespace, clock: Clock) -> None:
        """Take what was asked for on the command line."""
        self._app = app
        self._options = options
        self._clock = clock
        self.station: Station | None = None
        self.window: MainWindow | None = None
        app.aboutToQuit.connect(self.end)
        app.setQuitOnLastWindowClosed(True)

    def begin(self) -> None:
        """Open the data folder named, the usual one, or training data where there is none."""
        try:
            self._library = Library(resource_folder() / "policies", self._options.policies)
            path = self._options.data or _usual_folder()
            if path is None:
                path = training_folder()
                if not (path / "folder.json").exists():
                    _begin_training(path, self._library, self._clock)
            if is_training(path):
                self._opened(open_counter(path, self._library, self._clock, wait_seconds=_WAIT_SECONDS))
            else:
                self._login = Login(path, self._library, self._clock, self._opened)
                self._login.open()
        except GongjiError as error:
            messages.trouble(None, error).finished.connect(self._app.quit)

    def _opened(self, counter: Counter) -> None:
        try:
            counter.now()
        except ClockError as error:
            question = messages.ask(
                None, error.title, ("请核对电脑的日期和时间。现在的时间无误，才继续；会记入日志。",),
                ("时间无误，继续", lambda: self._confirmed(counter)), "退出",
            )  # fmt: skip
            question.rejected.connect(counter.close)
            question.rejected.connect(self._app.quit)
            return
        self._show(counter)

    def _confirmed(self, counter: Counter) -> None:
        counter.confirm_clock()
        self._show(counter)

    def _show(self, counter: Counter) -> None:
        self.station = Station(counter)
        sys.excepthook = lambda _kind, error, _trace: self._bug(error)
        self.window = MainWindow(self.station)
        self.window.show()

    def _bug(self, error: BaseException) -> None:
        if self.station is not None:
            self.station.fail(error)

    def end(self) -> None:
        """Finish what was begun and let the data folder go."""
        if self.station is not None:
            self.station.jobs.close()
            self.station.counter.close()
            self.station = None


def _begin_training(path: Path, library: Library, clock: Clock) -> None:
    from gongji.desk.training import begin_training  # noqa: PLC0415  # needed at the very first start alone

    begin_training(path, None, library, clock)


def _usual_folder() -> Path | None:
    path = default_data_folder()
    return path if (path / "folder.json").exists() else None


def training_folder() -> Path:
    """Return where training data lies where nobody said otherwise: beside the usual folder, never in it."""
    usual = default_data_folder()
    return usual.with_name(f"{usual.name}-training")
