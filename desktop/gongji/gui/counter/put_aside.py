"""挂单与取单: putting the visit aside, taking one back, and restoring what a power cut interrupted."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gongji.core.ledger.giving_back import in_words, kept_of, less, net_in_words
from gongji.desk.visits.held_visits import HeldVisit
from gongji.gui.counter.hints import Hints
from gongji.gui.counter.settle_key import SettleKey
from gongji.gui.counter.visit_form import VisitForm
from gongji.gui.kit import dialogs
from gongji.gui.kit.choice import RowChoice
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.models import Column

if TYPE_CHECKING:
    from gongji.desk.settlements.refund import Refunded  # brings in what makes papers


class Aside:
    """Puts visits aside and takes them back."""

    def __init__(self, form: VisitForm, hints: Hints, settle_key: SettleKey) -> None:
        self._form = form
        self._hints = hints
        self._settle_key = settle_key

    def put(self) -> None:
        """F6: put this visit aside and begin the next."""
        form = self._form
        if form.state.draft.is_empty:
            self._hints.note("没有可以挂起的内容")
        elif wrong := self._settle_key.half_entered():
            self._hints.note(wrong, wrong=True)
        else:
            form.keeping.put_aside()
            form.begin_anew()
            self._hints.note("已挂单，按 F7 取回")

    def take(self) -> None:
        """F7: show the visits put aside."""
        if wrong := self._settle_key.half_entered():
            self._hints.note(wrong, wrong=True)
            return
        self._hints.clear_put_off()
        waiting = self._form.keeping.waiting
        HeldSheet(self._form.window(), waiting, self._taken, self._thrown_away)

    def _taken(self, one: HeldVisit) -> None:
        self._go_on(one)
        today = self._form.station.today.isoformat()
        if one.draft.settled_on is None and one.at[:10] != today:
            self._hints.note(
                f"这一单是 {one.at[5:16]} 挂起的，现按今天结算；要按就诊当日结算的，按 Shift+F4 改就诊日期"
            )

    def _go_on(self, one: HeldVisit) -> None:
        """Take a visit back; the one that was being entered is put aside."""
        form = self._form
        if not form.state.draft.is_empty:
            form.keeping.put_aside()
        form.keeping.take_up(one.draft.visit_no)
        form.begin_anew(one.draft)
        form.keeping.keep_now()
        form.enter()

    def go_on_with(self, done: "Refunded") -> None:
        """Continue with what is kept of a refunded settlement."""
        if done.prepared is None:
            return
        self._go_on(done.prepared)
        back = done.voided.back
        quote = self._form.state.quote
        again = () if quote is None else kept_of(done.prepared.draft.paid_before, quote.totals.cash_fen)
        taken = f"按原付款方式收 {in_words(again)}" if again else "不用收钱"
        net = "" if quote is None else f"，{taken}，合起来{net_in_words(less(back, again))}"
        given = f"应退 {in_words(back)}" if back else "不用退钱"
        self._hints.note(f"原单已冲销（{given}）；留下的 {done.prepared.lines} 项在这里，核对后按 F9 结算{net}")

    def _thrown_away(self, one: HeldVisit) -> None:
        dialogs.ask(
            self._form.window(),
            f"作废“{one.label}”这一单？",
            (f"其中有 {one.lines} 项，还没有收费。作废后不能取回。",),
            ("作废", lambda: self._form.keeping.drop(one.draft.visit_no)),
        )

    def ask_to_throw_away(self) -> None:
        """Esc on a restored visit: ask whether it is to be cleared."""
        form, draft = self._form, self._form.state.draft
        dialogs.ask(
            form.window(),
            f"清掉“{form.keeping.label}”这一单？",
            (f"它是取回或恢复的，有 {len(draft.lines)} 项，还没有收费。清掉后不能取回；想留着的，按 F6 再挂起来。",),
            ("清掉", lambda: self._throw_away(draft.visit_no)),
            "留着",
        )

    def _throw_away(self, visit_no: str) -> None:
        self._form.keeping.drop(visit_no)
        self._form.begin_anew()

    def take_up_again(self) -> None:
        """Begin with the visit that was being entered when the program ended, if there is one."""
        left = self._form.keeping.left_over()
        self._form.begin_anew(None if left is None else left.draft)
        if left is not None:
            self._hints.note(f"上次没录完的“{left.label}”已恢复（{left.lines} 项）")


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
