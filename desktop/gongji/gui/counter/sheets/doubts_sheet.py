"""这些数不寻常: asks before figures are settled that are hardly ever so; Enter goes back to them."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from gongji.desk.visits.plausibility import Doubt
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.shortcut import shortcut

if TYPE_CHECKING:
    from gongji.gui.counter.screen import CounterScreen


class DoubtsSheet(Dialog):
    """The figures; an answer that no second Enter gives by accident."""

    def __init__(self, screen: "CounterScreen", doubts: Sequence[Doubt], go_on: Callable[[], None]) -> None:
        """`go_on` settles all the same."""
        super().__init__(screen.window(), "这些数不寻常，请再看一遍")
        self._screen, self._doubts, self._go_on = screen, doubts, go_on
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
        screen, first = self._screen, self._doubts[0]
        if first.place is not None:
            screen.lines.table.choose(first.place)
            screen.lines.table.setFocus()
        else:
            screen.panel.tender.field.setFocus()
            screen.panel.tender.field.selectAll()
