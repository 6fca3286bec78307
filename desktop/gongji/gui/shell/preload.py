"""After the window is open: the book is checked once, and modules that take long to import are imported.

The check comes first on the writing thread, so that nothing is written before the book was found sound.
"""

import gc
from collections.abc import Callable
from functools import partial
from importlib import import_module

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QObject, QTimer

from gongji.desk.clinic.upgrade import check_pages
from gongji.desk.visits.search import load_pinyin
from gongji.errors import GongjiError
from gongji.gui.background.lazy import paperwork, preview, printing, refund_list, settling, sheets
from gongji.gui.kit import dialogs
from gongji.gui.shell.screen_stack import SCREENS
from gongji.gui.shell.workspace import Workspace

_AFTER_MS = 300
_PAUSE_MS = 10_000
_SCREENS = tuple(f"gongji.gui.{one.name}.screen" for one in SCREENS)


def _load_classes_of_qt() -> None:
    """Make the Python classes of Qt's modules, which PySide makes when they are first named.

    It makes them all at once where an event filter meets an object of a class that has no name in Python, as on the
    first key: on the window's thread, for a tenth of a second or more.
    """
    for module in (QtCore, QtGui, QtWidgets):
        for name in dir(module):
            getattr(module, name)


class UnusedCycles(QObject):
    """The search for objects of a window that only hold each other, on its thread alone, off until it begins.

    Python looks for them on whichever thread has just made one object too many. Widgets among them would be destroyed
    there, beside the thread they live on, and the program could end. While a window is open it is not left to Python.
    """

    def __init__(self, parent: QObject, pause_ms: int = _PAUSE_MS) -> None:
        """Keep Python from looking by itself; once begun there is a search in every so many milliseconds."""
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=pause_ms)
        self._timer.timeout.connect(gc.collect)

    def begin(self) -> None:
        """Look from now on, but not among the objects that are there now.

        Nearly all of them stay. Looking through these takes a tenth of a second, during which no thread works.
        """
        gc.freeze()
        self._timer.start()

    def end(self) -> None:
        """Look no more: the window is being closed. What it was made of can be found by the next one's search."""
        self._timer.stop()
        gc.unfreeze()


class Preloader(QObject):
    """Imports what the window started without; once it is done unused cycles are looked for."""

    def __init__(self, station: Workspace, leave: Callable[[], None]) -> None:
        """Start the check now and importing a little later; `leave` ends the program where the book is damaged."""
        super().__init__(station)
        self._cycles = UnusedCycles(self)
        self._station = station
        self._leave = leave
        self._steps: list[Callable[[], object]] = [
            _load_classes_of_qt,
            sheets,
            settling,
            load_pinyin,
            paperwork,
            self._policies,
        ]
        self._steps += [printing, preview, refund_list, *(partial(import_module, one) for one in _SCREENS)]
        store = station.counter.store
        station.jobs.write(lambda: check_pages(store), None, self._damaged, owner=self)
        QTimer.singleShot(_AFTER_MS, self, self._next)

    def stop(self) -> None:
        """Import nothing more: the window is being closed."""
        self._steps.clear()
        self._cycles.end()

    def _next(self) -> None:
        """Import the next thing, one at a time, so that papers and printers come in between."""
        if self._steps:
            self._station.jobs.device(self._steps.pop(0), lambda _: self._next(), self._failed, owner=self)
        else:
            self._cycles.begin()

    def _policies(self) -> None:
        library = self._station.counter.library
        for area in library.areas:
            library.editions(area)

    def _failed(self, error: BaseException) -> None:
        """Go on: an import error is shown when the module is needed."""
        if isinstance(error, GongjiError):
            self._next()
        else:
            self._station.fail(error)

    def _damaged(self, error: BaseException) -> None:
        if isinstance(error, GongjiError):
            dialogs.trouble(self._station.window, error).finished.connect(self._leave)
        else:
            self._station.fail(error)
