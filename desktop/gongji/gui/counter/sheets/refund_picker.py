"""退费 (F10): which of the newest settlements is refunded; how much of it and why is asked by the sheet of 记录."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from gongji.core.money import yuan
from gongji.desk.records import record_of
from gongji.desk.settlements.find import refundable
from gongji.desk.settlements.refund import Refunded
from gongji.gui.kit.choice import RowChoice
from gongji.gui.kit.models import Column
from gongji.gui.records.refund_sheet import RefundSheet
from gongji.gui.shell.workspace import Workspace

_COLUMNS = (
    Column(title="时间", text=lambda one: one.at[5:16], width=104, muted=True),
    Column(title="结算号", text=lambda one: one.no, width=180),
    Column(title="姓名", text=lambda one: one.name),
    Column(title="总费用", text=lambda one: yuan(one.total_fen), width=100, right=True),
    Column(title="基金", text=lambda one: yuan(one.fund_total_fen), width=100, right=True),
    Column(title="现金", text=lambda one: yuan(one.cash_fen), width=100, right=True),
)
_WIDTH = 760


class RefundList(RowChoice):
    """The newest settlements that stand; Enter goes on with one."""

    gives_way = True

    def __init__(self, parent: QWidget | None, station: Workspace, done: Callable[[Refunded], None]) -> None:
        """`done` gets what was refunded and, for a part, the visit of what is kept."""
        super().__init__(parent, "退费：选哪一笔", _COLUMNS, "没有可以退费的结算", _WIDTH)
        self.offer(
            refundable(station.counter.store),
            "下一步",
            lambda one: RefundSheet(station, record_of(station.counter, one.no), done),
            most_seen=9,
            hint="↑ ↓ 选，Enter 下一步：整笔退，或只退一部分。更早的在“记录”里查找。",
        )
