"""这些数不寻常: asks before figures are settled that are hardly ever so; Enter goes back to them."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QLineEdit, QWidget

from gongji.desk.visits.plausibility import Doubt
from gongji.gui.counter.lines_table import LinesTable
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.shortcut import shortcut


class DoubtsSheet(Dialog):
    """The figures; an answer that no second Enter gives by accident."""

    def __init__(
        self,
        parent: QWidget,
        doubts: Sequence[Doubt],
        lines: LinesTable,
        received: QLineEdit,
        go_on: Callable[[], None],
    ) -> None:
        """`lines` and `received` are where the figures are entered; `go_on` settles all the same."""
        super().__init__(parent, "这些数不寻常，请再看一遍")
        self._doubts, self._lines, self._received, self._go_on = doubts, lines, received, go_on
        for one in doubts:
            self.say(one.sentence, "strong")
        self.say("Enter 返回改正；确实无误的，按 Alt+Y 照此结算。常用的限额在“设置 → 核对”里改。", "small")
        self.buttons(button("返回改正", self._back, "main"), button("照此结算 Alt+Y", self._settle))
        shortcut("Alt+Y", self, self._settle)
        self.open()

    def _settle(self) -> None:
        self.accept()
        self._go_on()

    def _back(self) -> None:
        """Go where the figure is that was asked about first."""
        self.accept()
        first = self._doubts[0]
        if first.place is not None:
            self._lines.choose(first.place)
            self._lines.setFocus()
        else:
            self._received.setFocus()
            self._received.selectAll()
