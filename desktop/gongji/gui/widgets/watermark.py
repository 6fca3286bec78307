"""培训: a word over everything in a training folder, so that no screen is taken for real."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from gongji.gui import tokens
from gongji.gui.style import font

_ACROSS, _DOWN = 300, 190


class Watermark(QWidget):
    """Lies over another widget, lets every click through."""

    def __init__(self, over: QWidget, text: str) -> None:
        """Cover a widget, whatever size it takes."""
        super().__init__(over)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._text = text
        self._tile: QPixmap | None = None
        over.installEventFilter(self)
        self.setGeometry(over.rect())
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Follow the size, and stay on top."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.ChildAdded} and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
            self.raise_()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the word over and over, from one picture of it."""
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        painter.drawTiledPixmap(self.rect(), self._picture())

    def _picture(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        if self._tile is None or self._tile.devicePixelRatio() != ratio:
            tile = QPixmap(int(_ACROSS * ratio), int(_DOWN * ratio))
            tile.setDevicePixelRatio(ratio)
            tile.fill(Qt.GlobalColor.transparent)
            painter = QPainter(tile)
            ink = QColor(tokens.SECOND)
            ink.setAlpha(tokens.WATERMARK_ALPHA)
            painter.setPen(ink)
            painter.setFont(font(44, bold=True))
            painter.translate(_ACROSS / 2, _DOWN / 2)
            painter.rotate(-24)
            painter.drawText(-_ACROSS, -30, 2 * _ACROSS, 60, Qt.AlignmentFlag.AlignCenter, self._text)
            painter.end()
            self._tile = tile
        return self._tile
