"""Opening the window: Qt's application first, a word on the screen where the rest takes long, then everything else."""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QLibraryInfo, QLocale, QObject, Qt, QTranslator
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from gongji.desk.session import Clock
from gongji.files import resource_folder
from gongji.gui.kit import style, tokens
from gongji.gui.shell.scans.sheet_keys import sheet_keys

_SLOW_SECONDS = 0.5
_DRAWN_SECONDS = 0.1
_TURN_SECONDS = 0.0005
"""How long another thread goes on in Python once the window's wants to. A key waits for it several times before what it
did is painted: ten times as long, which is usual, make a tenth of a second of it."""
_WIDTH, _HEIGHT, _ICON = 320, 96, 48


def open_window(arguments: Sequence[str], clock: Clock, begun: float) -> int:
    """Open the window and stay until it is closed; return the exit status.

    `begun` is when the program began, in the seconds of `time.monotonic`.
    """
    options = parse(arguments)
    app = make_application()
    splash = Splash(app, begun)
    from gongji.gui.app import Program  # noqa: PLC0415  # the larger part of what is loaded: a slow disk shows it

    splash.show_when_slow()
    program = Program(app, options, clock)
    program.begin()
    return app.exec()


def make_application() -> QApplication:
    """Return the application with its looks and Qt's own words in Chinese."""
    _let_chinese_in()
    sys.setswitchinterval(_TURN_SECONDS)
    app = QApplication([*sys.argv[:1], "-style", "fusion"])  # `setStyle` returns the style, and brings all of QStyle
    app.setApplicationName("gongji")
    app.setApplicationDisplayName("共济结算台")
    app.setDesktopFileName("gongji")
    app.setWindowIcon(QIcon(str(resource_folder() / "icons" / "gongji.png")))
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    words = QTranslator(app)
    if words.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(words)
    style.apply(app)
    if app.platformName() == "xcb":
        app.installNativeEventFilter(sheet_keys().keys)
    return app


def _let_chinese_in() -> None:
    """Reach fcitx through the portal of IBus, which it offers: Qt's wheel has no module for fcitx itself."""
    if sys.platform.startswith("linux") and os.environ.get("QT_IM_MODULE", "").startswith("fcitx"):
        os.environ["QT_IM_MODULE"] = "ibus"
        os.environ.setdefault("IBUS_USE_PORTAL", "1")


class Splash(QObject):
    """Says that the program is opening, only where that has taken long already; the first window ends it."""

    def __init__(self, app: QApplication, begun: float) -> None:
        """`begun` is when the program began, in the seconds of `time.monotonic`."""
        super().__init__(app)
        self._app, self._begun = app, begun
        self.shown: QLabel | None = None
        self.show_when_slow()

    def show_when_slow(self) -> None:
        """Show it where the start has taken longer than half a second; keys that come meanwhile wait for the window."""
        if self.shown is not None or time.monotonic() - self._begun < _SLOW_SECONDS:
            return
        self.shown = _word(self._app)
        self.shown.show()
        drawn_by = time.monotonic() + _DRAWN_SECONDS
        while not self.shown.windowHandle().isExposed() and time.monotonic() < drawn_by:
            self._app.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        self._app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Go as soon as a window comes."""
        comes = event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow()
        if comes and watched is not self.shown and self.shown is not None:
            self._app.removeEventFilter(self)
            self.shown.close()
            self.shown.deleteLater()
            self.shown = None
        return False


def _word(app: QApplication) -> QLabel:
    """Return the word in the middle of the screen: on X, Qt's own splash screen waits a second as it is shown."""
    word = QLabel(None, Qt.WindowType.SplashScreen | Qt.WindowType.FramelessWindowHint)
    word.setPixmap(_picture(app.windowIcon(), app.devicePixelRatio()))
    word.adjustSize()
    word.move(app.primaryScreen().availableGeometry().center() - word.rect().center())
    return word


def _picture(icon: QIcon, ratio: float) -> QPixmap:
    picture = QPixmap(round(_WIDTH * ratio), round(_HEIGHT * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(QColor(tokens.CARD))
    painter = QPainter(picture)
    aside = (_HEIGHT - _ICON) // 2
    icon.paint(painter, aside, aside, _ICON, _ICON)
    painter.setPen(QColor(tokens.INK))
    painter.setFont(style.font(tokens.HEADING))
    left = aside + _ICON + tokens.GAP
    painter.drawText(left, 0, _WIDTH - left, _HEIGHT, Qt.AlignmentFlag.AlignVCenter, "共济结算台正在打开……")
    painter.end()
    return picture


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the window's command-line options."""
    parser = argparse.ArgumentParser(prog="gongji")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--audit", action="store_true", help="only look at a copy of a book, as a reviewer")
    parser.add_argument("--practice", action="store_true", help="training data, made now where there are none")
    parser.add_argument("--policies", action="append", type=Path, default=[])
    return parser.parse_args(arguments)
