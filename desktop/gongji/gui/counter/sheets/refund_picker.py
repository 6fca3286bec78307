"""退费 (F10): which of the newest settlements is refunded; how much of it and why is asked by the sheet of 记录."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from gongji.core.money import yuan
from gongji.desk.records import record_of
from gongji.desk.settlements.find import refundable
from gongji.desk.settlements.refund import Refunded
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.models import Column
from gongji.gui.kit.table import TableView
from gongji.gui.records.refund_sheet import RefundSheet
from gongji.gui.shell.workspace import Workspace

_COLUMNS = (
    Column(title="时间", text=lambda one: one.stored.at[5:16], width=104, muted=True),
    Column(title="结算号", text=lambda one: one.stored.no, width=180),
    Column(title="姓名", text=lambda one: one.name),
    Column(title="总费用", text=lambda one: yuan(one.stored.totals.total_fen), width=100, right=True),
    Column(title="基金", text=lambda one: yuan(one.stored.totals.fund_total_fen), width=100, right=True),
    Column(title="现金", text=lambda one: yuan(one.stored.totals.cash_fen), width=100, right=True),
)
_WIDTH, _ROWS = 760, 10


class RefundList(Dialog):
    """The newest settlements that stand; Enter goes on with one."""

    gives_way = True

    def __init__(self, parent: QWidget | None, station: Workspace, done: Callable[[Refunded], None]) -> None:
        """`done` gets what was refunded and, for a part, the visit of what is kept."""
        super().__init__(parent, "退费：选哪一笔", _WIDTH)
        self._station, self._refunded = station, done
        self.table = TableView(_COLUMNS, "没有可以退费的结算")
        self.table.set_rows(refundable(station.counter.store))
        self.table.setFixedHeight(tokens.ROW * _ROWS)
        self.table.opened.connect(lambda _: self._take())
        self.body.addWidget(self.table)
        self.say("↑ ↓ 选，Enter 下一步：整笔退，或只退一部分。更早的在“记录”里查找。", "small")
        self.buttons(button("下一步", self._take, "main"), button("返回", self.reject))
        self.table.setFocus()
        self.open()

    def _take(self) -> None:
        one = self.table.current
        if one is not None:
            self.accept()
            RefundSheet(self._station, record_of(self._station.counter, one.stored.no), self._refunded)
