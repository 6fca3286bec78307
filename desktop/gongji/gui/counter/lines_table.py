"""收费明细: the lines of the visit as a table; quantity and price are changed in place."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QApplication, QLineEdit, QWidget

from gongji.core.engine.policy import Policy
from gongji.core.ledger.draft import Draft, DraftLine
from gongji.core.problems import Problem
from gongji.desk.visits.drafts import price_fault, quantity_fault
from gongji.gui.counter import words
from gongji.gui.kit import tokens
from gongji.gui.kit.form import begin_in
from gongji.gui.kit.layout import tip
from gongji.gui.kit.models import Column, Index, RowsModel
from gongji.gui.kit.table import Cells, TableView
from gongji.gui.kit.typing_place import ENTERS, REMOVING, TYPED_OVER, digit_of

_ROLE = Qt.ItemDataRole
_FILLED = "filled"
_NARROW, _SQUEEZED, _LEAST = 780, 620, 440
_NARROWER = {2: 120, 3: 78, 4: 74, 5: 60, 6: 82, 7: 84}
_SMALLEST = {0: 34, 3: 74, 4: 70, 5: 54, 6: 78}
NAME = 1
_EMPTY = "还没有项目。选好病人后，在下面输入拼音首字母、名称或编码，或直接扫药盒上的条码。"
PRICE, QUANTITY, BENEFIT = 4, 5, 7
FIELDS = {PRICE: "unit_price", QUANTITY: "quantity"}


class LineRow(Struct, frozen=True):
    """A line, its place, the name of its benefit and whether that differs from the visit's."""

    place: int
    line: DraftLine
    benefit: str
    apart: bool


COLUMNS = (
    Column(title="", text=lambda one: str(one.place + 1), width=46, muted=True),
    Column(title="项目", text=lambda one: one.line.name),
    Column(title="规格", text=lambda one: words.specification(one.line), width=120, muted=True),
    Column(title="类", text=lambda one: words.line_class(one.line), width=82),
    Column(title="单价", text=lambda one: one.line.unit_price, width=84, right=True),
    Column(title="数量", text=lambda one: one.line.quantity, width=68, right=True),
    Column(title="金额", text=lambda one: words.line_amount(one.line), width=96, right=True),
    Column(
        title="待遇",
        text=lambda one: one.benefit,
        width=96,
        colour=lambda one: tokens.SECOND if one.apart else tokens.MUTED,
    ),
)


class LinesModel(RowsModel):
    """The lines; a cell with a problem is red and says what to do; `edited` gives a place, a field and its new text."""

    edited = Signal(int, str, str)

    def __init__(self) -> None:
        super().__init__(COLUMNS)
        self._wrong: Mapping[int, str] = {}
        self._is_squeezed = False

    def squeeze(self, *, is_squeezed: bool) -> None:
        """Show the content of left-out columns with the name."""
        if is_squeezed != self._is_squeezed:
            self._is_squeezed = is_squeezed
            if self.rows:
                self.dataChanged.emit(self.index(0, NAME), self.index(len(self.rows) - 1, NAME))

    def replace_rows(self, rows: Sequence[LineRow]) -> None:
        """Replace rows by as many others in the same places; cells that look different are drawn again.

        Each is reported by itself: for a range of cells Qt draws the whole table, at every edit.
        """
        before = self.rows
        self.rows = tuple(rows)
        for place, (one, other) in enumerate(zip(before, rows, strict=True)):
            if one == other:
                continue
            for at, column in enumerate(COLUMNS):
                if (self._is_squeezed and at == NAME) or not column.looks_same(one, other):
                    self.dataChanged.emit(self.index(place, at), self.index(place, at))

    def set_wrong(self, wrong: Mapping[int, str]) -> None:
        """Mark the lines that have a problem, by place."""
        if wrong != self._wrong:
            self._wrong = wrong
            if self.rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(COLUMNS) - 1))

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> object:
        """Return what Qt asks of a cell."""
        wrong = self._wrong.get(index.row())
        if wrong is not None and role == _ROLE.ForegroundRole and index.column() in {1, PRICE, QUANTITY}:
            return QColor(tokens.ATTENTION)
        if wrong is not None and role == _ROLE.ToolTipRole:
            return tip(wrong)
        if role == _ROLE.EditRole:
            return super().data(index, _ROLE.DisplayRole)
        if self._is_squeezed and index.column() == NAME and role in {_ROLE.DisplayRole, _ROLE.ToolTipRole}:
            one: LineRow = self.rows[index.row()]
            apart = f" · {one.benefit}" if one.apart else ""
            return f"{one.line.name}{apart}  {words.specification(one.line)}"
        return super().data(index, role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let price and quantity be changed."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() in FIELDS else flags

    def setData(self, index: Index, value: object, role: int = _ROLE.EditRole) -> bool:  # noqa: N802  # Qt's name
        """Pass on what was typed into a cell."""
        if role != _ROLE.EditRole or index.column() not in FIELDS:
            return False
        self.edited.emit(index.row(), FIELDS[index.column()], str(value).strip())
        return True


class LineCells(Cells):
    """Cells whose editor keeps what is typed into it while the table is refreshed."""

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802  # Qt's name
        """Fill an editor when it opens, and not again."""
        if not editor.property(_FILLED):
            editor.setProperty(_FILLED, True)
            super().setEditorData(editor, index)


class LinesTable(TableView):
    """The table: digits change the quantity, Delete removes a line, Down after the last goes on.

    A cell that is being changed stays open until what is typed is right, or until Esc.
    """

    edited = Signal(int, str, str)
    refused = Signal(str)
    removed = Signal(int)
    left = Signal()
    margin = 4 * tokens.GAP

    def __init__(self) -> None:
        self.lines = LinesModel()
        super().__init__(COLUMNS, _EMPTY, self.lines)
        self.lines.edited.connect(self.edited)
        self.setItemDelegate(LineCells(self))
        self.setProperty(TYPED_OVER, True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.leave_out(_SQUEEZED, 2, 7)  # their content is then shown with the name, or in its tip
        self.leave_out(_LEAST, 0, 3)
        self.narrow(_NARROW, _NARROWER)
        self.narrow(_SQUEEZED, _SMALLEST)

    @property
    def place(self) -> int:
        """The place of the chosen line; -1 where there is none."""
        return self.currentIndex().row()

    def show_rows(self, rows: Sequence[LineRow], place: int) -> None:
        """Show lines and choose one of them."""
        if len(rows) != len(self.lines.rows):
            self.lines.set_rows(rows)
        else:
            self.lines.replace_rows(rows)
        self._empty.setVisible(not rows)
        if rows:
            self.choose(min(max(place, 0), len(rows) - 1))

    def choose(self, place: int) -> None:
        """Choose a line and make it seen."""
        self.setCurrentIndex(self.lines.index(place, QUANTITY))
        self.scrollTo(self.currentIndex())

    @property
    def editor(self) -> QLineEdit | None:
        """The editor of the cell that is being changed, if one is."""
        editors = self.findChildren(QLineEdit)
        return next((one for one in editors if one.isVisible()), None)

    def finish_typing(self) -> str:
        """Commit the cell being edited; return what is wrong with it, and then it stays open."""
        editor = self.editor
        if editor is None:
            return ""
        fault = self._fault(editor)
        if fault:
            begin_in(editor)
        else:
            self.commitData(editor)
            self.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        return fault

    def commitData(self, editor: QWidget) -> None:  # noqa: N802  # Qt's name
        """Take what was typed, or say what is wrong with it."""
        fault = self._fault(editor)
        if fault:
            self.refused.emit(fault)
        else:
            super().commitData(editor)

    def closeEditor(  # noqa: N802  # Qt's name
        self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint
    ) -> None:
        """Close a cell unless its text is wrong and was not given up."""
        if hint == QAbstractItemDelegate.EndEditHint.RevertModelCache or not self._fault(editor):
            super().closeEditor(editor, hint)

    def _fault(self, editor: QWidget) -> str:
        if not isinstance(editor, QLineEdit):
            return ""
        column = self.indexAt(editor.geometry().center()).column()
        typed = editor.text().strip()
        return quantity_fault(typed) if FIELDS.get(column) == "quantity" else price_fault(typed)

    def edit_quantity(self) -> None:
        """Open the chosen line's quantity to be typed over."""
        self.edit(self.lines.index(self.place, QUANTITY))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Do what a key means on a line."""
        key, place = Qt.Key(event.key()), self.place
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)  # the editor has handled it already
        elif place < 0:
            self.left.emit()
        elif key in REMOVING:
            self.removed.emit(place)
        elif key in ENTERS:
            self.edit_quantity()
        elif key == Qt.Key.Key_Down and place == len(self.lines.rows) - 1:
            self.left.emit()
        elif digit_of(event):
            self.edit_quantity()
            editor = QApplication.focusWidget()
            if isinstance(editor, QLineEdit):
                editor.setText(digit_of(event))
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Show what is left out of the columns with the name."""
        super().resizeEvent(event)
        self.lines.squeeze(is_squeezed=self.width() < _SQUEEZED)


def rows_of(draft: Draft, policy: Policy | None) -> list[LineRow]:
    """Return the lines of a draft as the table shows them."""
    usual = draft.benefit or (policy.pack.default_benefit if policy is not None else "general")
    return [
        LineRow(
            place,
            line,
            words.benefit_short(policy, line.benefit or usual),
            (line.benefit or usual) != (policy.pack.default_benefit if policy is not None else usual),
        )
        for place, line in enumerate(draft.lines)
    ]


def wrong_by_place(problems: Iterable[Problem]) -> dict[int, str]:
    """Return what is wrong with lines, by place."""
    found: dict[int, str] = {}
    for problem in problems:
        of, _, rest = problem.field.partition(".")
        place = rest.partition(".")[0]
        if of == "lines" and place.isdecimal():
            found.setdefault(int(place), problem.message)
    return found
