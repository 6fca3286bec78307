"""退费 (F10): which settlement is reversed, why, and what that does, before it is done."""

from PySide6.QtWidgets import QLineEdit, QWidget

from gongji.core.book.settled import Stored
from gongji.core.money import yuan
from gongji.desk.finding import refundable
from gongji.desk.reversing import Voided, void
from gongji.errors import GongjiError
from gongji.gui import messages, tokens
from gongji.gui.jobs import Changed
from gongji.gui.later import paperwork
from gongji.gui.messages import Sheet, button
from gongji.gui.models import Column
from gongji.gui.station import Station
from gongji.gui.widgets.basics import label
from gongji.gui.widgets.table import Table

_COLUMNS = (
    Column(title="时间", text=lambda one: one.stored.at[5:16], width=96, muted=True),
    Column(title="结算号", text=lambda one: one.stored.no, width=180),
    Column(title="姓名", text=lambda one: one.name),
    Column(title="总费用", text=lambda one: yuan(one.stored.totals.total_fen), width=90, right=True),
    Column(title="现金", text=lambda one: yuan(one.stored.totals.cash_fen), width=90, right=True),
)
_WIDTH = 720


class RefundSheet(Sheet):
    """The newest settlements that may be reversed; with a reason, and a look at the effect."""

    def __init__(self, parent: QWidget | None, station: Station, no: str = "") -> None:
        """Show what may be reversed, one of them chosen where it is named."""
        super().__init__(parent, "退费（整笔冲销）", _WIDTH)
        self._station = station
        self.table = Table(_COLUMNS, "没有可以退费的结算")
        rows = refundable(station.counter.store)
        self.table.set_rows(rows)
        self.table.setFixedHeight(tokens.ROW * 8)
        place = next((place for place, one in enumerate(rows) if one.stored.no == no), 0)
        if rows:
            self.table.selectRow(place)
        self.body.addWidget(self.table)
        self.effect = self.say("", "muted")
        self.body.addWidget(label("原因", "label"))
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("例如：药品退回、录错项目")
        self.body.addWidget(self.reason)
        self.wrong = self.say("", "wrong")
        self._go = button("退费并打印红字单", self._void, "danger")
        self.buttons(self._go, button("返回", self.reject))
        self.table.chosen.connect(lambda _: self._show_effect())
        self.table.opened.connect(lambda _: self.reason.setFocus())
        self._show_effect()
        self.table.setFocus()
        self.open()

    @property
    def _stored(self) -> Stored | None:
        row = self.table.current
        return None if row is None else row.stored

    def _show_effect(self) -> None:
        one = self._stored
        self._go.setEnabled(one is not None)
        if one is None:
            self.effect.setText("")
            return
        back = [f"现金 {yuan(one.totals.cash_fen)}"]
        for word, fen in (("个人账户", one.totals.account_own_fen), ("家庭共济", one.totals.account_family_fen)):
            back += [f"{word} {yuan(fen)}"] if fen else []
        self.effect.setText(f"将退回 {'、'.join(back)}，年度累计一并退回；原单保留，另出红字单。")

    def _void(self) -> None:
        one, reason = self._stored, self.reason.text().strip()
        if one is None:
            return
        if not reason:
            self.wrong.setText("请写明原因")
            self.reason.setFocus()
            return
        self._go.setEnabled(False)
        counter = self._station.counter
        self._station.bugs.doing = "退费"
        self._station.jobs.write(
            lambda: void(counter, one.no, reason),
            self._done,
            self._failed,
            owner=self,
            changes=Changed.SETTLEMENTS | Changed.QUEUE | Changed.PEOPLE,
        )

    def _done(self, done: Voided) -> None:
        station, parent = self._station, self.parentWidget()
        counter, one = station.counter, done.stored
        cash = f"请退现金 {yuan(-one.totals.cash_fen)} 元。"
        messages.tell(parent, "已退费", cash, f"冲销号 {one.no}。", *done.remarks, *done.warnings)
        station.jobs.write(lambda: paperwork().make(counter, one, in_full=False), None, station.fail)
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self._go.setEnabled(True)
        if isinstance(error, GongjiError):
            self.wrong.setText(f"{error.title}。{error.advice}。")
        else:
            self._station.fail(error)
