"""A table of rows with a text for when there are none."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any

from PySide6 import QtWidgets
from PySide6.QtCore import QAbstractTableModel, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QStyledItemDelegate, QTableView

from gongji.gui.kit import tokens
from gongji.gui.kit.layout import fitting
from gongji.gui.kit.models import Column, Index, RowsModel
from gongji.gui.kit.style import set_role
from gongji.gui.kit.typing_place import ENTERS

_LINE_END = "\u2028"
"""What Qt puts between the lines of a cell."""
_CELL_MARGIN = 2 * tokens.STEP + 3
"""What the style leaves free on each side of a cell's text."""


class Empty(QLabel):
    """The text of an empty table, where its rows would be."""

    def __init__(self, text: str, table: QTableView) -> None:
        super().__init__(text, table)
        set_role(self, "muted")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


class TableView(QTableView):
    """Rows in columns; Enter or a double click opens one."""

    opened = Signal(object)
    chosen = Signal(object)
    margin = tokens.EDGE
    """Pixels beside the text for no rows."""

    def __init__(self, columns: Sequence[Column], empty: str, model: RowsModel | None = None) -> None:
        """`model` is one of these columns where it does more than show rows."""
        super().__init__()
        self.rows_model = RowsModel(columns, self) if model is None else model
        self._empty = Empty(empty, self)
        style_table(self, self.rows_model)
        for index, one in enumerate(columns):
            size_column(self, index, one)
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        self.selectionModel().currentRowChanged.connect(lambda index, _: self.chosen.emit(self.row_at(index.row())))
        self._left_out: dict[int, tuple[int, ...]] = {}
        self._narrower: dict[int, Mapping[int, int]] = {}
        self._wraps = False
        self._wrapping = QTimer(self, singleShot=True, interval=0)  # once all columns have their widths
        self._wrapping.timeout.connect(self._wrap_again)
        self.horizontalHeader().sectionResized.connect(lambda *_: self._wraps and self._wrapping.start())
        self.set_rows(())

    def leave_out(self, below: int, *columns: int) -> None:
        """Hide some columns while the table is narrower than so many pixels."""
        self._left_out[below] = columns

    def narrow(self, below: int, widths: Mapping[int, int]) -> None:
        """Give columns other widths in pixels, by their places, while the table is narrower than so many.

        Where it is narrower than several, the least counts.
        """
        self._narrower[below] = widths

    def set_rows(self, rows: Sequence[Any], key: Callable[[Any], Any] | None = None) -> None:
        """Show these rows and choose the first; with a `key` the chosen row stays chosen while it exists."""
        self._wraps = False
        before, seen = self.current, self.verticalScrollBar().value()
        self.rows_model.set_rows(rows)
        self._empty.setVisible(not rows)
        if not rows:
            return
        if key is None or before is None:
            self.selectRow(0)
            return
        same = key(before)
        self.selectRow(next((place for place, one in enumerate(rows) if key(one) == same), 0))
        self.verticalScrollBar().setValue(seen)

    def wrap_rows(self) -> None:
        """Make each of the rows shown now as high as its texts need, at this width and at every later one."""
        self._wraps = True
        self.resizeRowsToContents()

    def _wrap_again(self) -> None:
        if self._wraps:
            self.resizeRowsToContents()

    def say_empty(self, text: str) -> None:
        """Change the words for no rows."""
        self._empty.setText(text)

    def row_at(self, place: int) -> Any:
        """Return the row at a place; None where there is none."""
        return self.rows_model.rows[place] if 0 <= place < len(self.rows_model.rows) else None

    @property
    def current(self) -> Any:
        """The chosen row; None where there is none."""
        return self.row_at(self.currentIndex().row())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Open the chosen row on Enter."""
        if event.key() in ENTERS:
            self._open(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Centre the text for no rows."""
        super().resizeEvent(event)
        for below, left_out in self._left_out.items():
            for index in left_out:
                self.setColumnHidden(index, self.width() < below)
        least = min((below for below in self._narrower if self.width() < below), default=None)
        widths = {} if least is None else self._narrower[least]
        for index in set(chain.from_iterable(self._narrower.values())):
            self.horizontalHeader().resizeSection(index, widths.get(index, self.rows_model.columns[index].width))
        self._empty.setGeometry(place_of_rows(self, event).adjusted(self.margin, 0, -self.margin, 0))

    def _open(self, place: int) -> None:
        row = self.row_at(place)
        if row is not None:
            self.opened.emit(row)


class Cells(QStyledItemDelegate):
    """Draws a chosen row's cells in their own colours.

    The window starts without QStyle and its six hundred names in Python: they are for when a cell is drawn.
    """

    def initStyleOption(self, option: "QtWidgets.QStyleOptionViewItem", index: Index) -> None:  # noqa: N802  # Qt's name
        """Keep a cell's colour where it is chosen."""
        super().initStyleOption(option, index)
        view: Any = option  # the stubs leave out what it holds
        if view.state & QtWidgets.QStyle.StateFlag.State_Selected:
            palette = view.palette
            palette.setColor(palette.ColorRole.HighlightedText, palette.color(palette.ColorRole.Text))
            view.palette = palette
        self._let_figures_fit(view)

    def _let_figures_fit(self, view: Any) -> None:
        """Shrink a figure where it would be cut; words may be cut, and their tip shows them whole."""
        if not view.displayAlignment & Qt.AlignmentFlag.AlignRight:
            return
        room = view.rect.width() - 2 * _CELL_MARGIN
        lines = view.text.split(_LINE_END)
        if 0 < room < max(view.fontMetrics.horizontalAdvance(line) for line in lines):
            view.font = fitting(view.font, lines, room)


def style_table(view: QTableView, model: QAbstractTableModel) -> None:
    """Make a table look and behave like every other."""
    view.setModel(model)
    view.setItemDelegate(Cells(view))
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(tokens.ROW)
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    head = view.horizontalHeader()
    head.setHighlightSections(False)
    head.setSectionsClickable(False)
    head.setFixedHeight(tokens.ROW)
    head.setMinimumSectionSize(24)


def two_lines(view: QTableView) -> None:
    """Make each row of a table two lines high, its heading too."""
    view.verticalHeader().setDefaultSectionSize(tokens.ROW_OF_TWO)
    view.horizontalHeader().setFixedHeight(tokens.ROW_OF_TWO)


def place_of_rows(view: QTableView, resized: QResizeEvent) -> QRect:
    """Return the rectangle of a table's rows, from its resize event.

    Asking for the viewport would cost a tenth of the program's start: Qt's binding has no name for its class, and
    loads every class to find one.
    """
    side, head = view.verticalHeader(), view.horizontalHeader()
    left = 0 if side.isHidden() else side.geometry().right() + 1
    top = 0 if head.isHidden() else head.geometry().bottom() + 1
    return QRect(QPoint(left, top), resized.size())


def size_column(view: QTableView, index: int, one: Column) -> None:
    """Give a column its width, or what is left."""
    head = view.horizontalHeader()
    if one.width:
        head.setSectionResizeMode(index, QHeaderView.ResizeMode.Interactive)
        head.resizeSection(index, one.width)
    else:
        head.setSectionResizeMode(index, QHeaderView.ResizeMode.Stretch)
