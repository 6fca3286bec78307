"""A search field and the list of results under it, from the first letter, in the same frame."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gongji.gui.kit import tokens
from gongji.gui.kit.models import Column
from gongji.gui.kit.style import set_role
from gongji.gui.kit.table import TableView
from gongji.gui.kit.typing_place import ENTERS, digit_of

_MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 5, Qt.Key.Key_PageUp: -5}
_NUMBERS = 26
"""The width of the digits by which a row can be chosen."""


class SearchField(QLineEdit):
    """Searches at every letter; Up and Down move in the list, Enter takes the chosen row or reports an empty field."""

    taken = Signal(object)
    not_found = Signal(str)
    passed = Signal()
    stepped_out = Signal(int)

    def __init__(self, hint: str, find: Callable[[str], Sequence[Any]], shown: "Suggestions") -> None:
        """`find` returns what fits a text, best match first, which is `shown` in a list."""
        super().__init__()
        self.setPlaceholderText(hint)
        self.setInputMethodHints(Qt.InputMethodHint.ImhPreferLatin | Qt.InputMethodHint.ImhNoPredictiveText)
        self._find = find
        self._list = shown
        self._chosen = ""
        self._composed = ""
        self.textChanged.connect(self._ask)
        shown.clicked.connect(lambda index: self._take(index.row()))

    @property
    def found(self) -> Sequence[Any]:
        """The results for the current text."""
        return self._list.rows_model.rows

    @property
    def is_composing(self) -> bool:
        """Return whether an input method is composing characters that the field does not have yet."""
        return bool(self._composed)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:  # noqa: N802  # Qt's name
        """Search for the text being composed, too: initials as they are typed, or the offered name."""
        super().inputMethodEvent(event)
        self._composed = event.preeditString()
        self._ask(self.text())

    def show_chosen(self, text: str) -> None:
        """Show what was chosen, without searching for it."""
        self._chosen = text
        self.setText(text)

    def _ask(self, text: str) -> None:
        typed = "" if text == self._chosen else text.strip()
        if self._composed:
            typed += "".join(one for one in self._composed if one.isalnum())
        self._list.show_found(self._find(typed) if typed else (), typed=bool(typed))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Move, take, or type."""
        move = _MOVES.get(Qt.Key(event.key()))
        if event.key() in ENTERS:
            self._enter()
        elif move is not None and self.found:
            self._list.step(move)
        elif move is not None and not self.text():
            self.stepped_out.emit(move)
        elif self.acts_on(digit_of(event)):
            self._take(int(digit_of(event)) - 1)
        else:
            super().keyPressEvent(event)

    def acts_on(self, sign: str) -> bool:
        """Return whether a digit chooses a row: it does where nothing would be found for the text and the digit.

        Never within a number: an unknown number would end with somebody else chosen.
        """
        typed = self.text().strip()
        if len(sign) != 1 or sign not in "123456789" or not typed or self.cursorPosition() != len(self.text()):
            return False
        if any(one.isdecimal() for one in typed):
            return False
        return int(sign) <= len(self.found) and not self._find(typed + sign)

    def _enter(self) -> None:
        if not self.text().strip():
            self.passed.emit()
        elif self.found:
            self._take(max(0, self._list.currentIndex().row()))
        else:
            self.not_found.emit(self.text().strip())

    def _take(self, place: int) -> None:
        row = self.found[place]
        self.clear()
        self.taken.emit(row)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802  # Qt's name
        """Select what is there, to be typed over."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.selectAll()


class Suggestions(TableView):
    """The results, with columns that distinguish similar rows."""

    def __init__(self, columns: Sequence[Column], empty: str, most: int) -> None:
        """`most` is how many rows are seen at once."""
        super().__init__(columns, empty)
        self._most = most
        self._anchor: tuple[QWidget, QWidget, int] | None = None
        self.horizontalHeader().hide()
        self.rows_model.is_numbered = True
        self.verticalHeader().show()
        self.verticalHeader().setFixedWidth(_NUMBERS)
        self.verticalHeader().setSectionsClickable(False)
        self.verticalHeader().setDefaultSectionSize(tokens.SUGGESTION)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.entered.connect(self._hover)
        self.hide()

    def show_found(self, rows: Sequence[Any], *, typed: bool) -> None:
        """Show results; the text for none where something was typed.

        A list that takes room of its own does not shrink while somebody types: what is above it stays in its place.
        """
        self.set_rows(rows)
        height = tokens.SUGGESTION * max(1, min(self._most, len(rows))) + 2
        if typed and self._anchor is None and not self.isHidden():
            height = max(height, self.height())
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(height)
        self._float()
        self.setVisible(typed)

    def step(self, by: int) -> None:
        """Move the choice by a number of rows."""
        last = len(self.rows_model.rows) - 1
        self.selectRow(min(last, max(0, self.currentIndex().row() + by)))
        self.scrollTo(self.currentIndex())

    def float_under(self, field: QWidget, over: QWidget, width: int) -> None:
        """Cover another widget, under a field of it, instead of taking room of its own."""
        self._anchor = (field, over, width)
        self.setParent(over)
        set_role(self, "floating")

    def _float(self) -> None:
        if self._anchor is not None:
            field, over, width = self._anchor
            corner = field.mapTo(over, field.rect().bottomLeft())
            self.setGeometry(corner.x(), corner.y() + tokens.STEP, width, self.minimumHeight())
            self.raise_()

    def _hover(self, index: QModelIndex) -> None:
        self.selectRow(index.row())
