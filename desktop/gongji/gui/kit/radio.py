"""One of a few ways: the focus is on the chosen one, arrows choose, Enter goes on."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QRadioButton

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}
_ENTERS = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class Radio(QRadioButton):
    """A way; Enter chooses it and goes on."""

    went_on = Signal()
    typed = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Go on with Enter, which would press the sheet's first button; tell of a digit, which means what follows."""
        if event.key() in _ENTERS:
            self.setChecked(True)
            self.went_on.emit()
        elif (step := _STEPS.get(Qt.Key(event.key()))) is not None:
            self._step(step)
        elif event.text().isdecimal():
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        """Choose the next or the one before, however they lie: Qt looks only in an arrow's own direction."""
        ways = self.window().findChildren(Radio)
        place = ways.index(self) + by
        if 0 <= place < len(ways):
            ways[place].setChecked(True)
            ways[place].setFocus()
