"""Tables: rows that `desk` returned, and columns that say how one is shown."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from gongji.gui.kit import tokens
from gongji.gui.kit.layout import tip

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ROLE = Qt.ItemDataRole
_SHOWN, _ALIGNED, _COLOURED, _TIP = (
    int(one) for one in (_ROLE.DisplayRole, _ROLE.TextAlignmentRole, _ROLE.ForegroundRole, _ROLE.ToolTipRole)
)
"""As Qt asks, in numbers: every cell is asked seven times whenever it is drawn."""
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_ANSWERED = {_SHOWN, _ALIGNED, _COLOURED, _TIP}


class Column(Struct, frozen=True, kw_only=True):
    """A column: its title, what it shows of a row, and how."""

    title: str
    text: Callable[[Any], str]
    width: int = 0
    right: bool = False
    muted: bool = False
    colour: Callable[[Any], str | None] | None = None
    tip: Callable[[Any], str] | None = None

    def looks_same(self, row: Any, other: Any) -> bool:
        """Return whether two rows look the same in this column."""
        return all(of is None or of(row) == of(other) for of in (self.text, self.colour, self.tip))


_DIGITS = 9
"""How many rows have a digit by which they can be chosen."""


class RowsModel(QAbstractTableModel):
    """Rows of any kind, shown by columns."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: tuple[Any, ...] = ()
        self.is_numbered = False

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802  # Qt's name
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802  # Qt's name
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        """Return what Qt asks of a cell."""
        if role not in _ANSWERED or not index.isValid() or index.row() >= len(self.rows):
            return None
        row, column = self.rows[index.row()], self.columns[index.column()]
        if role == _SHOWN:
            return column.text(row)
        if role == _ALIGNED:
            return RIGHT if column.right else LEFT
        if role == _COLOURED:
            colour = column.colour(row) if column.colour is not None else None
            return QColor(colour or (tokens.MUTED if column.muted else tokens.INK))
        return tip(column.tip(row) if column.tip is not None else column.text(row))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:  # noqa: N802
        """Return what Qt asks of a column's heading."""
        if orientation != Qt.Orientation.Horizontal:
            has_digit = self.is_numbered and role == _ROLE.DisplayRole and section < _DIGITS
            return str(section + 1) if has_digit else None
        if role == _ROLE.DisplayRole:
            return self.columns[section].title
        if role == _ROLE.TextAlignmentRole:
            return RIGHT if self.columns[section].right else LEFT
        return None
