"""取单 (F7): the visits that were put aside."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from gongji.desk.visits.held_visits import HeldVisit
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.models import Column
from gongji.gui.kit.row_choice import RowChoice

_COLUMNS = (
    Column(title="挂起时间", text=lambda one: one.at[5:16], width=110, muted=True),
    Column(title="病人", text=lambda one: one.label),
    Column(title="项目", text=lambda one: f"{one.lines} 项", width=80, right=True),
)


class HeldSheet(RowChoice):
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
        nothing = "没有挂起的单子。录入时按 F6 可把这一单挂起，先收下一位。"
        super().__init__(parent, "取单", _COLUMNS, nothing, 560)
        self.offer(waiting, "取出", take, button("作废这一单", self.with_row(drop)), most_seen=7)
