"""How many people would bear how much more or less: a bar for each band, those who bear less at the left."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gongji.gui.kit import tokens
from gongji.gui.kit.style import font

_FOOT, _HEAD, _GAP = 20, 38, 6


class SpreadChart(QWidget):
    """Bars with their counts above and their words below."""

    def __init__(self) -> None:
        super().__init__()
        self._bars: tuple[tuple[str, int], ...] = ()
        self.setMinimumHeight(130)

    def show_bars(self, bars: Sequence[tuple[str, int]]) -> None:
        """Show bands in words with how many people are in each."""
        self._bars = tuple(bars)
        self.setAccessibleDescription("；".join(f"{word} {count} 人" for word, count in bars))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw them."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.CARD))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(tokens.NOTE))
        if not self._bars:
            painter.setPen(QColor(tokens.MUTED))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "个人负担变化的人数分布")
            return
        step = self.width() / len(self._bars)
        most = max(1, *(count for _, count in self._bars))
        room = self.height() - _FOOT - _HEAD
        for place, (word, count) in enumerate(self._bars):
            left = place * step + _GAP / 2
            high = room * count / most
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(_colour(word)))
            painter.drawRect(QRectF(left, _HEAD + room - high, step - _GAP, max(high, 1.0)))
            painter.setPen(QColor(tokens.INK))
            top = QRectF(left, _HEAD + room - high - 18, step - _GAP, 16)
            painter.drawText(top, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, f"{count:,}")
            painter.setPen(QColor(tokens.MUTED))
            foot = QRectF(left - _GAP / 2, _HEAD + room + 3, step, _FOOT)
            painter.drawText(foot, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, _short(word))
        painter.drawText(QRectF(0, 0, self.width(), 16), Qt.AlignmentFlag.AlignLeft, "← 全年少付（元）")
        painter.drawText(QRectF(0, 0, self.width(), 16), Qt.AlignmentFlag.AlignRight, "全年多付（元） →")


def _colour(word: str) -> str:
    return tokens.ACCENT if word.startswith("少") else tokens.ATTENTION if word.startswith("多") else tokens.MUTED


def _short(word: str) -> str:
    """Return a band's words for under its bar: 少付 500–1,000 as 500–, more than the last as >1,000."""
    size = word[2:].strip()
    if size.startswith("不到"):
        return f"<{size.removeprefix('不到').strip()}"
    return f">{size.removesuffix(' 以上')}" if size.endswith("以上") else f"{size.partition('–')[0]}–" if size else word
