"""What the preloader does once the window is open leaves nothing to do at the first key."""

import gc
import subprocess
import sys

from gongji.gui.shell.preload import Preloader
from tests.support.clerk import Clerk

_FIRST_KEY = """
import sys
from PySide6 import QtCore, QtGui, QtWidgets
from gongji.gui.shell import preload

class Filter(QtCore.QObject):
    def eventFilter(self, watched, event):
        return False

def made():
    return sum(len(vars(one)) for one in (QtCore, QtGui, QtWidgets))

app = QtWidgets.QApplication([])
at_start = made()
if sys.argv[1:]:
    preload._load_classes_of_qt()
loaded = made()
watching = Filter()
app.installEventFilter(watching)
label = QtWidgets.QLabel("<b>x</b>")  # among what it is made of are objects of classes without a name
label.show()
app.processEvents()
print(at_start, loaded, made())
"""


def _classes(*arguments: str) -> list[int]:
    """Return how many names Qt's modules have at the start, before and after a filter has met a nameless object."""
    found = subprocess.run([sys.executable, "-c", _FIRST_KEY, *arguments], capture_output=True, text=True, check=True)
    return [int(one) for one in found.stdout.split()]


def test_classes_of_qt_are_there_before_the_first_key() -> None:
    at_start, loaded, after = _classes("loaded")
    assert at_start < loaded
    assert loaded == after


def test_without_them_the_first_key_would_make_them() -> None:
    _, before, after = _classes()
    assert before < after


def test_unused_cycles_wait_until_all_is_loaded_and_what_is_there_then_is_not_looked_through(clerk: Clerk) -> None:
    loading = Preloader(clerk.station, lambda: None)
    assert not gc.get_freeze_count()
    clerk.until(lambda: gc.get_freeze_count() > 0)
    assert not loading._steps  # noqa: SLF001  # nothing is left to load
    assert gc.get_freeze_count() > len(gc.get_objects())
    assert not gc.isenabled()


def test_what_a_closed_window_was_made_of_can_be_found(clerk: Clerk) -> None:
    Preloader(clerk.station, lambda: None)
    clerk.until(lambda: gc.get_freeze_count() > 0)
    clerk.leave()
    assert gc.get_freeze_count() == 0
