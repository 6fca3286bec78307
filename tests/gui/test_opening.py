"""What stands on the screen until the window does: nothing where the start is quick, and never beside a window."""

import time
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from gongji.gui.opening import Splash

SLOW_SECONDS = 10
ENTRY = Path(__file__).parents[2] / "installers" / "linux" / "gongji.desktop"


def test_a_desktop_finds_the_windows_of_its_entry(qapp: QApplication) -> None:
    """By X11's class of a window, which Qt takes from the application's name, and by Wayland's name of the entry."""
    told = ENTRY.read_text(encoding="utf-8").splitlines()
    assert f"StartupWMClass={qapp.applicationName()}" in told
    assert qapp.desktopFileName() == ENTRY.stem


def test_a_quick_start_shows_nothing_but_the_window(qapp: QApplication) -> None:
    assert Splash(qapp, time.monotonic() + SLOW_SECONDS).shown is None


def test_a_slow_start_says_that_it_goes_on_until_the_first_window(qapp: QApplication) -> None:
    splash = Splash(qapp, time.monotonic() - SLOW_SECONDS)
    said = splash.shown
    assert said is not None
    assert said.windowHandle().isExposed()  # it is on the screen: nothing draws while the rest is loaded
    splash.show_when_slow()
    assert splash.shown is said
    window = QWidget()
    window.show()
    assert not said.isVisible()
    window.close()
