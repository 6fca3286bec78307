"""Labels, rules, cards, and layouts of them."""

from collections.abc import Sequence
from typing import Final, TypeVar

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gongji.gui.kit import tokens
from gongji.gui.kit.style import set_role

_LEAST_FIGURE = 40
_LEAST_PIXELS = 7
_Layout = TypeVar("_Layout", bound=QBoxLayout)
REST: Final = None
"""A part of a layout that takes the room the others leave."""
Part = QWidget | QLayout | tuple[QWidget | QLayout, int] | None
"""What stands in a layout: a widget or a layout within it, with its share of the room left where it has one; `REST`."""


def label(text: str = "", part: str = "", *, right: bool = False, wrap: bool = False) -> QLabel:
    """Return a label with a role in the style sheet."""
    one = WholeFigure(text) if right and not wrap else QLabel(text)
    if part:
        set_role(one, part)
    if right:
        one.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    one.setWordWrap(wrap)
    one.setTextFormat(Qt.TextFormat.PlainText)
    return one


def tip(text: str) -> str:
    """Return a text for a tool tip, escaped: markup in other people's text stays text."""
    if "<" not in text:
        return text
    from html import escape  # noqa: PLC0415  # with every character HTML has a name for; hardly a text needs it

    return f"<qt>{escape(text)}</qt>"


def rule() -> QFrame:
    """Return a hairline."""
    return set_role(QFrame(), "rule")


def card() -> QFrame:
    """Return a white card."""
    return set_role(QFrame(), "card")


def column(parent: QWidget | None = None, margin: int = tokens.EDGE, spacing: int = tokens.GAP) -> QVBoxLayout:
    """Return a layout from top to bottom."""
    return _spaced(QVBoxLayout() if parent is None else QVBoxLayout(parent), margin, spacing)


def row(parent: QWidget | None = None, margin: int = 0, spacing: int = tokens.GAP) -> QHBoxLayout:
    """Return a layout from left to right."""
    return _spaced(QHBoxLayout() if parent is None else QHBoxLayout(parent), margin, spacing)


def _spaced(one: _Layout, margin: int, spacing: int) -> _Layout:
    one.setContentsMargins(margin, margin, margin, margin)
    one.setSpacing(spacing)
    return one


def put(into: _Layout, *parts: Part) -> _Layout:
    """Put parts into a layout, one after the other, and return it."""
    for part in parts:
        one, share = part if isinstance(part, tuple) else (part, 0)
        if one is REST:
            into.addStretch(1)
        elif isinstance(one, QWidget):
            into.addWidget(one, share)
        else:
            into.addLayout(one, share)
    return into


class WholeFigure(QLabel):
    """A figure that shrinks where there is no room for it: a cut figure would be another one."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Allow to be narrower."""
        return QSize(_LEAST_FIGURE, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the text as large as there is room for."""
        room = self.contentsRect()
        needed = self.fontMetrics().horizontalAdvance(self.text())
        if needed <= room.width():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setFont(fitting(self.font(), [self.text()], room.width()))
        painter.setPen(self.palette().windowText().color())
        painter.drawText(room, int(self.alignment()), self.text())


def fitting(font: QFont, lines: Sequence[str], room: int) -> QFont:
    """Return a font reduced so that the widest of some lines is whole in the available room."""
    smaller = QFont(font)
    needed = _widest(font, lines)
    pixels = QFontInfo(font).pixelSize()
    smaller.setPixelSize(max(_LEAST_PIXELS, pixels * room // needed if needed > room else pixels))
    while smaller.pixelSize() > _LEAST_PIXELS and _widest(smaller, lines) > room:  # widths do not shrink evenly
        smaller.setPixelSize(smaller.pixelSize() - 1)
    return smaller


def _widest(font: QFont, lines: Sequence[str]) -> int:
    metrics = QFontMetrics(font)
    return max((metrics.horizontalAdvance(one) for one in lines), default=0)


class Elided(QLabel):
    """A label that ends in … where there is no room for its text, which its tip then shows whole."""

    def __init__(self, text: str = "", part: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if part:
            set_role(self, part)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Allow any width."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Offer the whole text where it is cut."""
        super().resizeEvent(event)
        self.setToolTip(tip(self.text()) if self._is_cut() else "")

    def _is_cut(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self.text()) > self.width()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw as much of the text as there is room for."""
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.rect(), int(self.alignment()), text)


class ProportionBar(QWidget):
    """A bar of one or several parts of a whole."""

    def __init__(self, height: int = 8) -> None:
        super().__init__()
        self._parts: tuple[tuple[int, str], ...] = ()
        self._whole = 0
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_parts(self, whole: int, *parts: tuple[int, str]) -> None:
        """Show parts, each with its colour, of a whole."""
        if (whole, parts) != (self._whole, self._parts):
            self._whole, self._parts = whole, parts
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the parts from the left."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = min(4.0, self.height() / 2)
        painter.setBrush(QColor(tokens.STRIPE))
        painter.drawRoundedRect(self.rect(), radius, radius)
        if self._whole <= 0:
            return
        left = 0.0
        for part, colour in self._parts:
            width = min(self.width() - left, self.width() * part / self._whole)
            if width > 0:
                painter.setBrush(QColor(colour))
                painter.drawRoundedRect(int(left), 0, max(2, int(width)), self.height(), radius, radius)
            left += width


SCROLL_BAR = 12


class Scroll(QScrollArea):
    """Scrolls its content vertically; wrapped texts keep their whole height."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self._inside = inside
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)
        inside.installEventFilter(self)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Give the content the new width."""
        super().resizeEvent(event)
        self.fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Measure again when the content has changed."""
        if watched is self._inside and event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return super().eventFilter(watched, event)

    @property
    def needed(self) -> int:
        """The height at which nothing would have to be scrolled."""
        layout = self._inside.layout()
        if layout is None:
            return 0
        if layout.hasHeightForWidth():
            return layout.totalHeightForWidth(self.width() - SCROLL_BAR)
        return layout.totalSizeHint().height()

    def fit(self) -> None:
        """Give the content the available width and the height it needs."""
        width = self.width() - SCROLL_BAR  # always kept free, or it would come and go with the height it changes
        height = max(self.needed, self.contentsRect().height())  # there is never a horizontal scroll bar
        if self._inside.width() != width or self._inside.height() != height:
            self._inside.resize(width, height)


_BESIDE = 4
"""Pixels that stay free above and below what is scrolled into sight."""


class ScrolledBothWays(QScrollArea):
    """Scrolls a widget where there is less room than its least size; the focused widget is scrolled into sight.

    Sideways no further than needed: the labels of fields are at the left.
    """

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setWidget(inside)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is None or not self.isVisible() or not self.widget().isAncestorOf(now):
            return
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        # a bar's page is the viewport's size; asking for the viewport has Qt's binding load every class it has
        seen = QRect(across.value(), down.value(), across.pageStep(), down.pageStep())
        self.ensureWidgetVisible(now)  # which is content with its cursor
        place = QRect(now.mapTo(self.widget(), QPoint(0, 0)), now.size())
        if place.width() + _BESIDE <= seen.width():
            across.setValue(max(0, place.right() + _BESIDE - seen.width()))
        elif isinstance(now, QAbstractScrollArea) and seen.intersects(place):
            across.setValue(seen.left())  # a list is in sight already
        if place.height() <= seen.height():
            self.ensureVisible(across.value(), place.bottom(), 0, _BESIDE)
            self.ensureVisible(across.value(), place.top(), 0, _BESIDE)
        elif isinstance(now, QAbstractScrollArea) and seen.intersects(place):
            down.setValue(seen.top())


_PAGES = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


def scroll_page(shown: QWidget, key: int) -> bool:
    """Scroll a widget by a page for Page Up or Page Down; return whether there was anything to scroll."""
    by = _PAGES.get(Qt.Key(key))
    if by is None:
        return False
    areas = [one for one in shown.findChildren(QAbstractScrollArea) if one.isVisible()]
    found = [one for one in areas if one.verticalScrollBar().maximum() > one.verticalScrollBar().minimum()]
    if not found:
        return False
    bar = max(found, key=lambda one: one.height() * one.width()).verticalScrollBar()
    bar.setValue(bar.value() + by * bar.pageStep())
    return True
