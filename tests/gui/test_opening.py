"""What stands on the screen until the window does: nothing where the start is quick, and never beside a window."""

import time

from PySide6.QtWidgets import QApplication, QWidget

from gongji.gui.opening import Splash

SLOW_SECONDS = 10


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
