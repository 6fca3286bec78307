"""Objects that only hold each other are looked for on the window's thread alone, in its quiet moments.

Python looks for them on whichever thread has just made one object too many. Widgets among them would be destroyed
there, beside the thread they live on, and the program could end. While a window is open it is not left to Python.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_PAUSE_MS = 10_000


class UnusedCycles(QObject):
    """The search for unused cycles of a window, off until it begins."""

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
