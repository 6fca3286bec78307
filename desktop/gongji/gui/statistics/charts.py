"""Charts drawn with QPainter: stacked bars over days or months, and bars of items beside their names."""

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from gongji.core.money import grouped
from gongji.gui.kit import tokens
from gongji.gui.kit.models import LEFT, RIGHT
from gongji.gui.kit.style import font

_AXIS, _FOOT, _HEAD = 64, 22, 8
_STEPS = (1, 2, 3, 4, 5, 6, 8)
_LINES = 4
_WIDEST = 44.0
_LABEL_ROOM = 34


class Stack(Struct, frozen=True):
    """A bar: its short label, its full name, and its parts in fen."""

    label: str
    name: str
    parts: tuple[int, ...]

    @property
    def height(self) -> int:
        """Its height, in fen; negative parts are not drawn."""
        return sum(max(0, part) for part in self.parts)


class StackedBars(QWidget):
    """A bar for each day or month, with coloured parts; its tip shows the figures."""

    def __init__(self, series: Sequence[tuple[str, str]]) -> None:
        """Each part has a word and a colour."""
        super().__init__()
        self._series = tuple(series)
        self._stacks: tuple[Stack, ...] = ()
        self.setMinimumHeight(150)
        self.setMouseTracking(True)

    def show_stacks(self, stacks: Sequence[Stack]) -> None:
        """Show these bars."""
        self._stacks = tuple(stacks)
        self.setAccessibleDescription("；".join(self._told(one) for one in stacks))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw lines, then bars, then labels."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(tokens.NOTE))
        top = nice_top(max((one.height for one in self._stacks), default=0))
        self._draw_lines(painter, top)
        if not any(one.height for one in self._stacks):
            painter.setPen(QColor(tokens.MUTED))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "这一期还没有结算")
            return
        every = max(1, round(_LABEL_ROOM / self._step + 0.49))
        for place, one in enumerate(self._stacks):
            self._draw_bar(painter, place, one, top)
            if place % every == 0:
                self._draw_label(painter, place, one.label)

    @property
    def _step(self) -> float:
        return (self.width() - _AXIS) / max(1, len(self._stacks))

    @property
    def _room(self) -> float:
        return self.height() - _FOOT - _HEAD

    def _draw_lines(self, painter: QPainter, top: int) -> None:
        for line in range(_LINES + 1):
            y = _HEAD + self._room * (_LINES - line) / _LINES
            painter.setPen(QColor(tokens.HAIRLINE))
            painter.drawLine(_AXIS, int(y), self.width(), int(y))
            painter.setPen(QColor(tokens.MUTED))
            painter.drawText(QRectF(0, y - 9, _AXIS - 8, 18), RIGHT, short(top * line // _LINES))

    def _draw_bar(self, painter: QPainter, place: int, one: Stack, top: int) -> None:
        width = min(_WIDEST, self._step * 0.66)
        left = _AXIS + self._step * place + (self._step - width) / 2
        base = _HEAD + self._room
        painter.setPen(Qt.PenStyle.NoPen)
        for part, (_, colour) in zip(one.parts, self._series, strict=True):
            high = self._room * max(0, part) / top
            painter.setBrush(QColor(colour))
            painter.drawRect(QRectF(left, base - high, width, high))
            base -= high

    def _draw_label(self, painter: QPainter, place: int, text: str) -> None:
        painter.setPen(QColor(tokens.MUTED))
        middle = _AXIS + self._step * (place + 0.5)
        painter.drawText(QRectF(middle - 30, self.height() - _FOOT + 3, 60, 18), Qt.AlignmentFlag.AlignCenter, text)

    def _told(self, one: Stack) -> str:
        parts = "，".join(f"{word} {grouped(part)}" for part, (word, _) in zip(one.parts, self._series, strict=True))
        return f"{one.name}：{parts}"

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Show the figures of the bar under the pointer."""
        place = int((event.position().x() - _AXIS) // self._step) if event.position().x() >= _AXIS else -1
        if 0 <= place < len(self._stacks):
            QToolTip.showText(event.globalPosition().toPoint() + QPoint(12, 12), self._told(self._stacks[place]), self)


class Ranking(QWidget):
    """Names with bars and amounts, the largest first."""

    def __init__(self, empty: str) -> None:
        """Begin with nothing; `empty` says so."""
        super().__init__()
        self._empty = empty
        self._rows: tuple[tuple[str, int], ...] = ()

    def show_rows(self, rows: Sequence[tuple[str, int]]) -> None:
        """Show names with their amounts in fen."""
        self._rows = tuple(rows)
        self.setAccessibleDescription("；".join(f"{name} {grouped(fen)}" for name, fen in rows))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw a line for each."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(tokens.LABEL))
        if not self._rows:
            painter.setPen(QColor(tokens.MUTED))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._empty)
            return
        pitch = min(40.0, self.height() / len(self._rows))
        most = max(fen for _, fen in self._rows)
        for place, (name, fen) in enumerate(self._rows):
            self._draw(painter, QRectF(0, place * pitch, self.width(), pitch - 8), (name, fen, most))

    def _draw(self, painter: QPainter, words: QRectF, row: tuple[str, int, int]) -> None:
        name, fen, most = row
        amount = grouped(fen)
        room = self.width() - painter.fontMetrics().horizontalAdvance(amount) - 12
        painter.setPen(QColor(tokens.INK))
        shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(words, LEFT, shown)
        painter.drawText(words, RIGHT, amount)
        painter.setPen(Qt.PenStyle.NoPen)
        for colour, width in ((tokens.STRIPE, self.width()), (tokens.ACCENT, self.width() * fen / max(1, most))):
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(QRectF(0, words.bottom(), max(4, width), 5), 2.5, 2.5)


def nice_top(fen: int) -> int:
    """Return a round figure not below another, that four lines divide."""
    size = _LINES * 100
    while True:
        for step in _STEPS:
            if size * step >= fen:
                return size * step
        size *= 10


def short(fen: int) -> str:
    """Return an amount for an axis: 1,200 or 1.5 万."""
    yuan = fen // 100
    if yuan < 10_000:  # noqa: PLR2004  # 一万
        return f"{yuan:,}"
    tenths = yuan // 1000
    return f"{tenths // 10}.{tenths % 10} 万" if tenths % 10 else f"{tenths // 10} 万"
