"""A sheet to choose one of some rows: Enter, a double click or the main button takes it."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QPushButton, QWidget

from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Act, Dialog, button
from gongji.gui.kit.models import Column
from gongji.gui.kit.table import TableView


class RowChoice(Dialog):
    """A list of rows; the main button's act gets the chosen one."""

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
