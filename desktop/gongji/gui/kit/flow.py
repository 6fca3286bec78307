"""A layout that wraps into the next line where there is no room: nothing in it is ever cut."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Lays out from left to right, then below; every line has the same height in pixels."""

    def __init__(self, parent: QWidget, spacing: int, line: int) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._line = line
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802  # Qt's name
        """Add something at the end."""
        self._items.append(item)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802  # Qt's name
        """Return one; None where there is none."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]  # noqa: N802  # the stubs leave out None
        """Take one out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802  # Qt's name
        """Take no more than is needed."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802  # Qt's name
        """Return that its height depends on its width."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802  # Qt's name
        """Return how high it is at a width."""
        return self._placed(QRect(0, 0, width, 0), moved=False)

    def setGeometry(self, area: QRect) -> None:  # noqa: N802  # Qt's name
        """Lay everything out."""
        super().setGeometry(area)
        self._placed(area, moved=True)

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Return the size of one line."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:  # noqa: N802  # Qt's name
        """Return the size at which the widest of all just fits."""
        margins = self.contentsMargins()
        widest = max((one.sizeHint().width() for one in self._items), default=0)
        return QSize(widest + margins.left() + margins.right(), self._line)

    def _placed(self, area: QRect, *, moved: bool) -> int:
        """Return the height of everything at an area's width, and where `moved`, place it there."""
        margins = self.contentsMargins()
        left, right = area.x() + margins.left(), area.right() - margins.right()
        x, y = left, area.y()
        for item in self._items:
            width = item.sizeHint().width()
            if x > left and x + width > right:
                x, y = left, y + self._line
            if moved:
                item.setGeometry(QRect(QPoint(x, y), QSize(width, self._line)))
            x += width + self.spacing()
        return y + self._line - area.y()
