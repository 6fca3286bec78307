"""Two parts beside each other where there is room, one below the other where there is not: no screen moves sideways."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLayout, QWidget

from gongji.gui.kit import tokens
from gongji.gui.kit.layout import put

_ACROSS, _DOWN = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
_UP = QBoxLayout.Direction.BottomToTop


class Beside(QWidget):
    """Lays out two parts from left to right as long as both have the width they need at least."""

    def __init__(
        self,
        left: QWidget | QLayout,
        right: QWidget | QLayout,
        *,
        stretch: tuple[int, int],
        spacing: int = tokens.GAP,
        heights: tuple[int, int] = (0, 0),
        right_first: bool = False,
    ) -> None:
        """Stacked, each part has at least its `heights` (pixels), and they share the rest in that proportion.

        `right_first` puts the right part on top.
        """
        super().__init__()
        self._stacked = _UP if right_first else _DOWN
        self._heights, self._stretch = heights, stretch
        self._box = QBoxLayout(_ACROSS, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(spacing)
        put(self._box, (left, stretch[0]), (right, stretch[1]))

    @property
    def is_stacked(self) -> bool:
        """Return whether one part is below the other."""
        return self._box.direction() != _ACROSS

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Return the width of the wider part, and the height of the present layout."""
        sizes = self._least()
        height = max(one.height() for one in sizes)
        if self.is_stacked:
            both = (max(one.height(), least) for one, least in zip(sizes, self._heights, strict=True))
            height = sum(both) + self._box.spacing()
        return QSize(max(one.width() for one in sizes), height)

    def _least(self) -> list[QSize]:
        return [self._box.itemAt(place).minimumSize() for place in range(2)]

    def _turn(self) -> None:
        needed = sum(one.width() for one in self._least()) + self._box.spacing()
        direction = _ACROSS if needed <= self.width() else self._stacked
        if direction != self._box.direction():
            self._box.setDirection(direction)
            for place, (least, share) in enumerate(zip(self._heights, self._stretch, strict=True)):
                self._box.setStretch(place, max(1, least) if self.is_stacked else share)
            self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Lay the parts out for the new width."""
        super().resizeEvent(event)
        self._turn()

    def event(self, event: QEvent) -> bool:
        """Lay the parts out again when one of them needs another width."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._turn()
        return super().event(event)
