"""取单 (F7): the visits that were put aside."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from gongji.desk.visits.held_visits import HeldVisit
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.models import Column
from gongji.gui.kit.table import TableView

_COLUMNS = (
    Column(title="挂起时间", text=lambda one: one.at[5:16], width=110, muted=True),
    Column(title="病人", text=lambda one: one.label),
    Column(title="项目", text=lambda one: f"{one.lines} 项", width=80, right=True),
)


class HeldSheet(Dialog):
    """Enter takes one back; it can also be thrown away."""

    gives_way = True

    def __init__(
        self,
        parent: QWidget | None,
        waiting: list[HeldVisit],
        take: Callable[[HeldVisit], None],
        drop: Callable[[HeldVisit], None],
    ) -> None:
        """`take` gets the one of those `waiting` that is taken back, `drop` the one that is thrown away."""
        super().__init__(parent, "取单", 560)
        self._take_it, self._drop_it = take, drop
        self.table = TableView(_COLUMNS, "没有挂起的单子。录入时按 F6 可把这一单挂起，先收下一位。")
        self.table.set_rows(waiting)
        self.table.setFixedHeight(tokens.ROW * 8)
        self.table.opened.connect(lambda _: self._take())
        self.body.addWidget(self.table)
        self.buttons(button("取出", self._take, "main"), button("作废这一单", self._drop), button("返回", self.reject))
        self.table.setFocus()
        self.open()

    def _take(self) -> None:
        one = self.table.current
        if one is not None:
            self.accept()
            self._take_it(one)

    def _drop(self) -> None:
        one = self.table.current
        if one is not None:
            self.accept()
            self._drop_it(one)
