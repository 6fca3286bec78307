"""试算 (F12): the visit side by side for every level, status and use of accounts."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from gongji.core.engine.amounts import Amounts
from gongji.core.money import yuan
from gongji.desk.visits.what_if import WhatIfResult
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.models import Column
from gongji.gui.kit.table import TableView


def _figure(name: str) -> Callable[[WhatIfResult], str]:
    def text(one: WhatIfResult) -> str:
        return "不能结算" if one.totals is None else yuan(getattr(one.totals, f"{name}_fen"))

    return text


def _here(one: WhatIfResult) -> str | None:
    return tokens.ACCENT if one.is_this else None


COLUMNS = (
    Column(
        title="机构级别",
        text=lambda one: one.level_name + ("（本次）" if one.is_this else ""),
        colour=_here,
        tip=lambda one: one.refused,
    ),
    Column(title="人员", text=lambda one: one.status_name, width=70),
    Column(title="账户", text=lambda one: "用" if one.with_account else "不用", width=60, muted=True),
    Column(title="起付", text=_figure("deductible"), width=86, right=True),
    Column(title="基金合计", text=_figure("fund_total"), width=100, right=True, colour=_here),
    Column(title="个人账户", text=_figure("account_own"), width=92, right=True),
    Column(title="共济", text=_figure("account_family"), width=84, right=True),
    Column(title="现金", text=_figure("cash"), width=96, right=True, colour=_here),
)
_WIDTH = 820
_MOST_SEEN = 13


class TryingSheet(Dialog):
    """A table to compare; nothing is settled."""

    gives_way = True

    def __init__(self, parent: QWidget | None, tried: Sequence[WhatIfResult], totals: Amounts) -> None:
        super().__init__(parent, f"试算对比 · 总费用 {yuan(totals.total_fen)}", _WIDTH)
        self.table = TableView(COLUMNS, "没有可比的")
        self.table.set_rows(tried)
        self.table.setFixedHeight(tokens.ROW * (min(_MOST_SEEN, len(tried)) + 1) + 2)
        self.table.selectRow(next((place for place, one in enumerate(tried) if one.is_this), 0))
        self.body.addWidget(self.table)
        self.say("只是比较，不会记下任何结算。", "small")
        self.buttons(button("返回", self.accept, "main"))
        self.open()
