"""退费: the whole of a settlement, or a part; the effect is shown before anything is done.

For a part, what is kept is prepared as a new visit.
"""

from collections.abc import Callable

from gongji.core.labels import AMOUNT_WORDS
from gongji.core.ledger.giving_back import in_words, net_in_words
from gongji.core.money import grouped
from gongji.desk.records import SettlementRecord
from gongji.desk.settlements.refund import Refunded, RefundPreview, refund, refund_preview
from gongji.errors import GongjiError
from gongji.gui.background.lazy import paperwork
from gongji.gui.kit import dialogs, tokens
from gongji.gui.kit.choice import Radio
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.form import text
from gongji.gui.kit.layout import REST, label, put, row
from gongji.gui.printing import send_paper
from gongji.gui.records.kept_lines import KeptTable
from gongji.gui.shell.workspace import Workspace

_WIDTH = 720
_MOST_SEEN = 8


class RefundSheet(Dialog):
    """Whole or part, the reason, and the effect."""

    def __init__(self, station: Workspace, record: SettlementRecord, done: Callable[[Refunded], None]) -> None:
        """`done` gets what was refunded and, for a part, the visit prepared."""
        super().__init__(station.window, f"退费 · {record.name} · {record.stored.no}", _WIDTH)
        self._station, self._record, self._done_with = station, record, done
        self.whole = Radio("整笔退费")
        self.part = Radio("只退一部分（在下面改“留下”的数量）")
        self.whole.setChecked(True)
        self.table = KeptTable()
        self.table.show_lines(record.visit.lines)
        self.table.setFixedHeight(tokens.ROW * (1 + min(_MOST_SEEN, max(3, len(record.visit.lines)))) + 2)
        put(self.body, put(row(spacing=2 * tokens.GAP), self.whole, self.part, REST), self.table)
        self.effect = self.say("")
        self.later = self.say("", "second")
        self.reason = text("", "例如：药品退回、录错项目")
        put(self.body, label("原因", "label"), self.reason)
        self.wrong = self.say("", "wrong")
        self._go = button("退费并打印红字单", self._refund, "danger")
        self.buttons(self._go, button("返回", self.reject))
        self.whole.toggled.connect(self._turned)
        self.table.lines.changed.connect(self._show_effect)
        self.reason.returnPressed.connect(self._refund)
        self.whole.went_on.connect(self.reason.setFocus)
        self.part.went_on.connect(self.table.setFocus)
        self.part.clicked.connect(self.table.setFocus)
        self.part.typed.connect(self._type_quantity)
        self.table.left.connect(self.reason.setFocus)
        self._turned()
        self.whole.setFocus()
        self.open()

    def _turned(self) -> None:
        self.table.lines.set_partial(partial=self.part.isChecked())
        self._go.setText("退费，再结算留下的" if self.part.isChecked() else "退费并打印红字单")
        self._show_effect()

    def _type_quantity(self, digit: str) -> None:
        """Type a digit into the quantity, where the kind of refund has just been chosen."""
        if self.part.isChecked():
            self.table.setFocus()
            self.table.type_over(digit)

    def _show_effect(self) -> None:
        kept = self.table.kept if self.part.isChecked() else None
        try:
            one = refund_preview(self._station.counter, self._record.stored.no, kept)
        except GongjiError as error:
            self.effect.setText("")
            self.wrong.setText(str(error))
            self._go.setEnabled(False)
            return
        self.wrong.setText("")
        nothing_kept = kept is not None and one.after is None and not one.refused
        self._go.setEnabled(not one.changes_nothing)
        whole = "一项也没有留下：就是整笔退费。" if nothing_kept else ""
        self.effect.setText(f"{whole}{_effect(one)}")
        self.later.setText(
            f"这位病人之后还有 {one.later} 笔结算，按原来的累计算得，不随之改变；重新结算以当时的累计为准。"
        )
        self.later.setVisible(bool(one.later))

    def _refund(self) -> None:
        reason = self.reason.text().strip()
        if not reason:
            self.wrong.setText("请写明原因")
            self.reason.setFocus()
            return
        self.table.finish_typing()  # what is typed there counts, whoever pressed the button
        if not self._go.isEnabled():
            return
        self._go.setEnabled(False)
        self._station.bugs.doing = "退费"
        counter, no = self._station.counter, self._record.stored.no
        kept = self.table.kept if self.part.isChecked() else None
        self._station.jobs.write(
            lambda: refund(counter, no, reason, kept),
            self._refunded,
            self._failed,
            owner=self,
            at_close=lambda done: paperwork().store_at_close(counter, done.voided.stored),
        )

    def _refunded(self, done: Refunded) -> None:
        station, stored = self._station, done.voided.stored
        send_paper.print_settlement(station, stored)
        self.accept()
        if done.prepared is None:
            back = "不用退钱：病人没有付现金、微信等，账户和基金付的已记回。"
            if done.voided.back:
                back = f"请退 {in_words(done.voided.back)} 元：原来怎么付的就怎么退。"
            sentences = (back, f"冲销号 {stored.no}。", *done.voided.remarks, *done.voided.warnings)
            dialogs.tell(station.window, f"已退费 · {self._record.name}", *sentences)
        self._done_with(done)

    def _failed(self, error: BaseException) -> None:
        self._go.setEnabled(True)
        self._station.tell_or_fail(error, self.wrong.setText)


def go_on_at_counter(station: Workspace, done: Refunded) -> None:
    """Continue at the counter with the visit that was prepared."""
    go_to = getattr(station.window, "go_to", None)
    if go_to is not None:
        go_to("counter").aside.go_on_with(done)


def _effect(one: RefundPreview) -> str:
    before = one.before
    back = [in_words(one.paid)] if one.paid else []
    for name, fen in (("account_own", before.account_own_fen), ("account_family", before.account_family_fen)):
        back += [f"{AMOUNT_WORDS[name]} {grouped(fen)}"] if fen else []
    said = ([] if one.paid else ["不用退钱"]) + ([f"退回 {'、'.join(back)}"] if back else [])
    fund = f"基金 {grouped(before.fund_total_fen)} 和" if before.fund_total_fen else ""
    first = f"冲销原单：{'，'.join(said)}，{fund}年度累计一并退回，另出红字单。"
    if one.refused:
        return f"{first}\n留下的重新结算时：{one.refused}"
    if one.after is None:
        return first
    after = one.after
    if one.changes_nothing:
        return "留下的与原来完全一样，没有要退的：请改小要退的那一行“留下”的数量，或改选“整笔退费”。"
    again = f"应收 {in_words(one.paid_again)}" if one.paid_again else "不用收钱"
    return (
        f"{first}\n再为留下的结算：总费用 {grouped(after.total_fen)}，基金 {grouped(after.fund_total_fen)}，"
        f"{again}。合起来{net_in_words(one.back)}。"
    )
