"""部分退费: the lines of a settlement with how much of each is kept, to be typed over."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QApplication, QLineEdit, QTableView

from gongji.core.money import line_fen, plain_e4, price, yuan
from gongji.core.visits import FeeLine
from gongji.gui.kit import tokens
from gongji.gui.kit.models import Column, Index, RowsModel
from gongji.gui.kit.table import size_column, style_table
from gongji.gui.kit.typing_place import ENTERS, REMOVING, TYPED_OVER, digit_of

_COLUMNS = (
    Column(title="项目", text=lambda one: one.name),
    Column(title="单价", text=lambda one: price(one.unit_price), width=84, right=True),
    Column(title="原数量", text=lambda one: plain_e4(one.quantity), width=76, right=True, muted=True),
    Column(title="原金额", text=lambda one: yuan(line_fen(one.unit_price, one.quantity)), width=90, right=True),
)
_KEPT = len(_COLUMNS)


class KeptModel(RowsModel):
    """Lines, with what is kept of each in the last column."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        last = Column(title="留下", text=lambda _: "", width=90, right=True)
        super().__init__((*_COLUMNS, last), parent)
        self.kept: list[str] = []
        self.is_partial = False

    def set_rows(self, rows: Sequence[FeeLine]) -> None:
        """Show lines; all of each is kept until changed."""
        self.kept = [plain_e4(one.quantity) for one in rows]
        super().set_rows(rows)

    def set_partial(self, *, partial: bool) -> None:
        """Switch between refunding a part, when quantities can be typed, and the whole."""
        self.is_partial = partial
        self.dataChanged.emit(self.index(0, _KEPT), self.index(self.rowCount() - 1, _KEPT))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what Qt asks of a cell."""
        if index.isValid() and index.column() == _KEPT and index.row() < len(self.kept):
            kept = self.kept[index.row()] if self.is_partial else "0"
            if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole}:
                return kept
            if role == Qt.ItemDataRole.ForegroundRole:
                whole = plain_e4(self.rows[index.row()].quantity)
                colour = tokens.INK if kept == whole else tokens.ATTENTION
                return super().data(index, role) if not self.is_partial else QColor(colour)
        return super().data(index, role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let what is kept be typed over."""
        found = super().flags(index)
        if self.is_partial and index.column() == _KEPT:
            found |= Qt.ItemFlag.ItemIsEditable
        return found

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802  # Qt's
        """Take what was typed."""
        if role != Qt.ItemDataRole.EditRole or index.column() != _KEPT:
            return False
        self.kept[index.row()] = str(value).strip() or "0"
        self.dataChanged.emit(index, index)
        self.changed.emit()
        return True


class KeptTable(QTableView):
    """Digits change how much of the chosen line is kept; Enter, or Down after the last, goes on."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.lines = KeptModel(self)
        style_table(self, self.lines)
        for place, one in enumerate(self.lines.columns):
            size_column(self, place, one)
        self.setProperty(TYPED_OVER, True)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )

    def show_lines(self, lines: Sequence[FeeLine]) -> None:
        """Show the lines of a visit, the first chosen where its quantity can be typed."""
        self.lines.set_rows(lines)
        if lines:
            self.setCurrentIndex(self.lines.index(0, _KEPT))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Do what a key means on a line, wherever in it the focus is."""
        place, key = self.currentIndex().row(), Qt.Key(event.key())
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)  # the editor has handled it already
        elif key in ENTERS or (key == Qt.Key.Key_Down and place == self.lines.rowCount() - 1):
            self.left.emit()
        elif self.lines.is_partial and (digit_of(event) or key in REMOVING):
            self.type_over("0" if key in REMOVING else digit_of(event))
        else:
            super().keyPressEvent(event)

    def type_over(self, text: str) -> None:
        """Begin to type how much of the chosen line is kept."""
        self.setCurrentIndex(self.lines.index(max(0, self.currentIndex().row()), _KEPT))
        self.edit(self.currentIndex())
        editor = QApplication.focusWidget()
        if isinstance(editor, QLineEdit):
            editor.setText(text)

    def finish_typing(self) -> None:
        """Commit the cell being edited."""
        for editor in self.findChildren(QLineEdit):
            if editor.isVisible():
                self.commitData(editor)
                self.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    @property
    def kept(self) -> dict[int, str]:
        """What is kept, by place."""
        return dict(enumerate(self.lines.kept))
