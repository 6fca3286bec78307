"""One of several: a list (Up, Down, Enter, a digit, or a click), rows of a table, or radio buttons with such keys."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QRadioButton, QWidget

from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Act, Dialog, button
from gongji.gui.kit.models import Column
from gongji.gui.kit.table import TableView
from gongji.gui.kit.typing_place import ENTERS, digit_of

Option = tuple[str, str, Callable[[], None]]
_MOST_SEEN = 12
_COLUMNS = (
    Column(title="", text=lambda one: one[0], width=38, muted=True),
    Column(title="", text=lambda one: one[1], width=200),
    Column(title="", text=lambda one: one[2], muted=True),
)


class Choice(Dialog):
    """A sheet with a list; choosing acts at once."""

    gives_way = True

    def __init__(self, parent: QWidget | None, title: str, options: Sequence[Option], chosen: int = 0) -> None:
        """Each option has a word, a remark and an act."""
        super().__init__(parent, title, 640)
        self._options = options
        self.table = TableView(_COLUMNS, "没有可选的")
        self.table.horizontalHeader().hide()
        self.table.set_rows([(str(place), word, remark) for place, (word, remark, _) in enumerate(options, 1)])
        self.table.setFixedHeight(tokens.ROW * min(_MOST_SEEN, max(1, len(options))) + 2)
        self.table.selectRow(chosen)
        self.table.opened.connect(lambda row: self._take(int(row[0]) - 1))
        self.table.clicked.connect(lambda index: self._take(index.row()))
        self.body.addWidget(self.table)
        self.say("↑ ↓ 选择，Enter 确定，或直接按序号；Esc 返回", "small")
        self.table.installEventFilter(self)
        self.table.setFocus()
        self.open()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Choose the option of a digit, which the table would take for a search."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            digit = digit_of(event)
            if digit and 0 < int(digit) <= len(self._options):
                self._take(int(digit) - 1)
                return True
        return super().eventFilter(watched, event)

    def _take(self, place: int) -> None:
        self.accept()
        self._options[place][2]()


_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}


class Radio(QRadioButton):
    """An option; Enter chooses it and goes on."""

    went_on = Signal()
    typed = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Go on with Enter, which would press the sheet's first button; report a digit, meant for what follows."""
        if event.key() in ENTERS:
            self.setChecked(True)
            self.went_on.emit()
        elif (step := _STEPS.get(Qt.Key(event.key()))) is not None:
            self._step(step)
        elif digit_of(event):
            self.typed.emit(digit_of(event))
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        """Choose the next or previous one, however they are laid out: Qt looks only in an arrow's own direction."""
        ways = self.window().findChildren(Radio)
        place = ways.index(self) + by
        if 0 <= place < len(ways):
            ways[place].setChecked(True)
            ways[place].setFocus()


class RowChoice(Dialog):
    """A sheet to choose one of some rows: Enter, a double click or the main button passes it to its act."""

    def __init__(self, parent: QWidget | None, title: str, columns: Sequence[Column], empty: str, width: int) -> None:
        """`empty` is the text for no rows."""
        super().__init__(parent, title, width)
        self.table = TableView(columns, empty)

    def offer(
        self,
        rows: Sequence[Any],
        word: str,
        chosen: Callable[[Any], object],
        *others: QPushButton,
        most_seen: int,
        hint: str = "",
    ) -> None:
        """Show the rows, `most_seen` at once; `others` are buttons between the main one and the way back."""
        take = self.with_row(chosen)
        self.table.set_rows(rows)
        self.table.setFixedHeight(tokens.ROW * (most_seen + 1))
        self.table.opened.connect(lambda _: take())
        self.body.addWidget(self.table)
        if hint:
            self.say(hint, "small")
        self.buttons(button(word, take, "main"), *others, button("返回", self.reject))
        self.table.setFocus()
        self.open()

    def with_row(self, act: Callable[[Any], object]) -> Act:
        """Return an act that closes the sheet and passes the chosen row on; nothing happens where none is chosen."""

        def acts() -> None:
            one = self.table.current
            if one is not None:
                self.accept()
                act(one)

        return acts
