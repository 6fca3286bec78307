"""The bar at the bottom: each key with its word, to press or to click."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel, QWidget

from gongji.gui.kit import tokens
from gongji.gui.kit.layout import row
from gongji.gui.kit.style import set_role
from gongji.gui.shell.screen import ScreenKey

_MARKUP = '<span style="color:{};font-weight:600">{}</span>&nbsp;{}'


class KeyLabel(QLabel):
    """One key and its word."""

    pressed = Signal(str)

    def __init__(self, key: ScreenKey) -> None:
        """Show a key."""
        super().__init__(_MARKUP.format(tokens.ACCENT, key.key, key.word))
        self._key = key
        set_role(self, "label")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Tell that the key is pressed."""
        if self.rect().contains(event.position().toPoint()):
            self.pressed.emit(self._key.key)


class KeyBar(QWidget):
    """The keys of the screen that is shown."""

    pressed = Signal(str)

    def __init__(self) -> None:
        """Begin with no keys."""
        super().__init__()
        self.keys: tuple[ScreenKey, ...] = ()
        set_role(self, "keys")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(tokens.KEY_BAR)
        self._row = row(self, spacing=tokens.EDGE + 2)
        self._row.setContentsMargins(tokens.EDGE + 2, 0, tokens.EDGE, 0)
        self._row.addStretch(1)

    def show_keys(self, keys: Sequence[ScreenKey]) -> None:
        """Show the keys that have a word."""
        while self._row.count() > 1:
            widget = self._row.takeAt(0).widget()
            if widget is not None:
                widget.deleteLater()
        self.keys = tuple(keys)
        for place, key in enumerate(one for one in keys if one.word):
            one = KeyLabel(key)
            one.pressed.connect(self.pressed.emit)
            self._row.insertWidget(place, one)
