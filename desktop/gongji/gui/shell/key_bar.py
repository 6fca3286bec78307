"""The bar at the bottom: each key with its word, to press or to click."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from gongji.gui.kit import tokens
from gongji.gui.kit.flow import FlowLayout
from gongji.gui.kit.style import set_role
from gongji.gui.shell.screen import ScreenKey

_MARKUP = '<span style="color:{};font-weight:600">{}</span>&nbsp;{}'


class KeyLabel(QLabel):
    """One key and its word."""

    pressed = Signal(str)

    def __init__(self, key: ScreenKey) -> None:
        super().__init__()
        set_role(self, "label")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_key(key)

    def show_key(self, key: ScreenKey) -> None:
        """Become this key's from now on."""
        self._key = key
        self.setText(_MARKUP.format(tokens.ACCENT, key.key, key.word))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Emit that the key is pressed."""
        if self.rect().contains(event.position().toPoint()):
            self.pressed.emit(self._key.key)


class KeyBar(QWidget):
    """The keys of the screen that is shown."""

    pressed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.keys: tuple[ScreenKey, ...] = ()
        self._labels: list[KeyLabel] = []
        set_role(self, "keys")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._row = FlowLayout(self, tokens.EDGE, tokens.KEY_BAR)
        self._row.setContentsMargins(tokens.EDGE + 2, 0, tokens.EDGE, 0)

    def show_keys(self, keys: Sequence[ScreenKey]) -> None:
        """Show the keys that have a word.

        Labels stay and get other words: to style a new one takes longer than to lay it out.
        """
        self.keys = tuple(keys)
        with_words = [key for key in keys if key.word]
        for key, label in zip(with_words, self._labels, strict=False):
            label.show_key(key)
        for key in with_words[len(self._labels) :]:
            one = KeyLabel(key)
            one.pressed.connect(self.pressed.emit)
            self._labels.append(one)
            self._row.addWidget(one)
            one.show()  # a hidden one takes no room, and those in a second line would be cut
        while len(self._labels) > len(with_words):
            unused = self._labels.pop()
            self._row.removeWidget(unused)
            unused.hide()
            unused.deleteLater()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Take as many lines as the keys need."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._row.setSpacing(tokens.EDGE)
        height = self._row.heightForWidth(self.width())
        if height > tokens.KEY_BAR:  # closer together before a second line
            self._row.setSpacing(2 * tokens.STEP)
            height = self._row.heightForWidth(self.width())
        if height != self.minimumHeight():
            self.setFixedHeight(height)
