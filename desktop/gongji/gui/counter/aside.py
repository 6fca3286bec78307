"""挂单与取单: putting the visit aside, taking one back, and taking up what a power cut interrupted."""

from typing import TYPE_CHECKING

from gongji.desk.holding import HeldVisit
from gongji.gui import messages
from gongji.gui.counter import words
from gongji.gui.later import sheets

if TYPE_CHECKING:
    from gongji.desk.refunding import Refunded  # brings in what makes papers
    from gongji.gui.screens.counter import CounterScreen


class Aside:
    """Puts visits aside and takes them back."""

    def __init__(self, screen: "CounterScreen") -> None:
        """Work for a counter's screen."""
        self._screen = screen

    def put(self) -> None:
        """F6: keep this visit for later and make room for the next."""
        screen = self._screen
        if screen.state.draft.is_empty:
            screen.advice.note("没有可以挂起的内容")
            return
        screen.keeping.put_aside()
        screen.begin_anew()
        screen.advice.note("已挂单，按 F7 取回")

    def take(self) -> None:
        """F7: show what was put aside."""
        sheets().HeldSheet(self._screen.window(), self._screen.station, self._taken, self._thrown_away)

    def _taken(self, one: HeldVisit) -> None:
        self._go_on(one)
        today = self._screen.station.today.isoformat()
        if one.draft.settled_on is None and one.at[:10] != today:
            self._screen.advice.note(
                f"这一单是 {one.at[5:16]} 挂起的，现按今天结算；要按就诊当日结算的，按 Shift+F4 改就诊日期"
            )

    def _go_on(self, one: HeldVisit) -> None:
        """Go on with a visit; the one that was being entered is put aside."""
        screen = self._screen
        if not screen.state.draft.is_empty:
            screen.keeping.put_aside()
        screen.begin_anew(one.draft)
        screen.keeping.keep_now()
        screen.enter()

    def go_on_with(self, done: "Refunded") -> None:
        """Go on with what is kept of a refunded settlement."""
        if done.prepared is None:
            return
        self._go_on(done.prepared)
        back = words.grouped(-done.voided.stored.totals.cash_fen)
        self._screen.advice.note(
            f"原单已冲销（应退现金 {back}）；留下的 {done.prepared.lines} 项在这里，核对后按 F9 结算"
        )

    def _thrown_away(self, one: HeldVisit) -> None:
        messages.ask(
            self._screen.window(),
            f"作废“{one.label}”这一单？",
            (f"其中有 {one.lines} 项，还没有收费。作废后不能取回。",),
            ("作废", lambda: self._screen.keeping.drop(one.draft.visit_no)),
        )

    def take_up_again(self) -> None:
        """Begin with the visit that was being entered when the program ended, if there is one."""
        left = self._screen.keeping.left_over()
        self._screen.begin_anew(None if left is None else left.draft)
        if left is not None:
            self._screen.advice.note(f"上次没录完的“{left.label}”已恢复（{left.lines} 项）")
