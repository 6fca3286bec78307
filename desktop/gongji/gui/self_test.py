"""自检 of the window: it opens without a screen, on training data, with its font, and closes again."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtGui import QFont, QFontInfo, QFontMetrics
from PySide6.QtWidgets import QApplication

from gongji.desk.clinic.first_start.create import begin_training
from gongji.desk.clinic.open import open_counter
from gongji.desk.self_test import SelfTestError
from gongji.desk.session import Clock
from gongji.files import resource_folder
from gongji.gui.opening import make_application
from gongji.gui.shell.window import MainWindow
from gongji.gui.shell.workspace import Workspace
from gongji.pack_files.library import Library

_RARE = "共济𬱖䶮"


def try_window(clock: Clock) -> str:
    """Open the window where nobody sees it; return a sentence. Raises `SelfTestError`."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = make_application()
    _try_font(app)
    library = Library(resource_folder() / "policies")
    with TemporaryDirectory() as folder:
        path = Path(folder, "data")
        begin_training(path, None, library, clock)
        station = Workspace(open_counter(path, library, clock))
        try:
            window = MainWindow(station)
            window.show()
            app.processEvents()
            if window.grab().isNull():
                raise SelfTestError("窗口画不出来")
            window.close()
        finally:
            station.jobs.close()
            station.counter.close()
    return f"窗口：{app.platformName()}，字体 {QFontInfo(app.font()).family()}"


def _try_font(app: QApplication) -> None:
    metrics = QFontMetrics(QFont(app.font()))
    missing = [one for one in _RARE if not metrics.inFontUcs4(ord(one))]
    if missing:
        raise SelfTestError(f"窗口字体里没有这些字：{'、'.join(missing)}")
