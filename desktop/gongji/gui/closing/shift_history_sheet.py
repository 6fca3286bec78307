"""以往的班次: what was closed, by whom and when; each can be looked at and printed again."""

from collections.abc import Callable

from gongji.desk.closing.shifts import Closing, closed_shifts
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.models import Column
from gongji.gui.kit.table import TableView
from gongji.gui.shell.workspace import Workspace

_COLUMNS = (
    Column(title="交班时间", text=lambda one: one.at, width=190),
    Column(title="操作员", text=lambda one: one.operator, width=140),
    Column(
        title="号段",
        text=lambda one: (
            f"第 {one.first_serial} 至 {one.last_serial} 号" if one.last_serial >= one.first_serial else "没有收费"
        ),
    ),
    Column(title="笔数", text=lambda one: str(one.last_serial - one.first_serial + 1), width=80, right=True),
)


class ShiftHistorySheet(Dialog):
    """Enter opens a shift's report."""

    def __init__(self, station: Workspace, opened: Callable[[Closing], None]) -> None:
        """Take what is called with the shift that is chosen."""
        super().__init__(station.window, "以往的班次", 640)
        self._opened = opened
        self.table = TableView(_COLUMNS, "还没有交过班。")
        self.table.set_rows(closed_shifts(station.counter.store.reader))
        self.table.setFixedHeight(tokens.ROW * 11)
        self.table.opened.connect(lambda _: self._take())
        self.body.addWidget(self.table)
        self.buttons(button("看报表", self._take, "main"), button("返回", self.reject))
        self.table.setFocus()
        self.open()

    def _take(self) -> None:
        one = self.table.current
        if one is not None:
            self.accept()
            self._opened(one)
