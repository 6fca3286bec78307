"""对账: a day or a month of the book, its receipts and the platform compared; what to do about each discrepancy."""

from calendar import monthrange
from collections.abc import Sequence

from gongji.core.money import grouped
from gongji.core.outbox.reconcile import CLAIM, TAKE_BACK, Discrepancy
from gongji.desk.upload.gateway.kept_gateway import has_gateway
from gongji.desk.upload.put_right import claim_all, put_right
from gongji.desk.upload.scripts.reconcile import EQUAL, FAILED, Reconciled, kept, reconciliation
from gongji.gui.kit import tokens
from gongji.gui.kit.choice import Radio
from gongji.gui.kit.day_field import DayField
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.form import text
from gongji.gui.kit.layout import REST, label, put, row
from gongji.gui.kit.models import Column
from gongji.gui.kit.progress import TaskBar
from gongji.gui.kit.table import TableView
from gongji.gui.shell.screen import shortcut
from gongji.gui.shell.script_task import ScriptTask
from gongji.gui.shell.workspace import Workspace

_MESSAGES = 5
"""The messages of a comparison that finds something: sign in, sums, upload, compare, download."""
_SIDES = {
    "doubled": ("有", "", "多一笔"),
    "left_there": ("已冲销", "", "还有"),
    "lost": ("没有", "", "有"),
    "missing_here": ("没有", "", "有"),
    "missing_there": ("有", "", "没有"),
    "amounts": ("有", "", "金额不同"),
    "difference": ("有", "", "金额不同"),
    "rejected": ("有", "", "拒绝"),
    "held": ("有", "", "待查"),
    "unclaimed": ("没记上", "", "有"),
    "unclaimed_reversal": ("没记上", "", "已撤销"),
    "other_day": ("在另一天", "", "有"),
    "unknown": ("有", "", "待查"),
    "not_sent": ("有", "", "还没有"),
    "gap": ("缺号", "", ""),
    "no_paper": ("有", "没打印", ""),
    "neighbour": ("别台的", "", "有"),
}
"""What the book, the receipt and the platform have, in words, by kind of discrepancy; the gravest first."""

_COLOURS = {
    **dict.fromkeys(("有", "别台的", "还没有", "待查"), tokens.MUTED),
    "没打印": tokens.SECOND,
}


def _side(place: int, title: str) -> Column:
    def colour(one: Discrepancy) -> str:
        return _COLOURS.get(_SIDES[one.kind][place], tokens.ATTENTION)

    return Column(title=title, text=lambda one: _SIDES[one.kind][place], width=80, colour=colour)


_COLUMNS = (
    Column(title="结算号", text=lambda one: one.no or "—", width=166),
    _side(0, "本机"),
    _side(1, "单据"),
    _side(2, "平台"),
    Column(title="情况", text=lambda one: one.text, width=250),
    Column(title="怎么办", text=lambda one: one.action, muted=True),
)
_AS_FOUND = "按对账结果认领"
_NOTHING = "还没有对过这一期。按“对账”与平台核对：金额、笔数、单据三方一致才算平。"
_AGREED = "三方一致，没有要处理的。"


class ReconcilingSheet(Dialog):
    """The days, the button, the result."""

    def __init__(self, station: Workspace) -> None:
        super().__init__(station.window, "对账", 1040)
        self._station = station
        self.comparing: ScriptTask | None = None
        self.one_day, self.month = Radio("一天"), Radio("整月（月末对账）")
        self.one_day.setChecked(True)
        self.day = DayField(lambda: station.today, station.today)
        self.said = label("", wrap=True)
        self.table = TableView(_COLUMNS, _NOTHING)
        self.table.setMinimumHeight(tokens.ROW * 9)
        self.action = label("", "strong", wrap=True)
        self.task = TaskBar()
        self.note = text("", "理由（会记入日志），例如：已与经办机构电话核对")
        self.note.returnPressed.connect(self.put_right)
        asked = put(row(), self.one_day, self.month, self.day, REST)
        put(self.body, asked, self.said, (self.table, 1), self.action, self.task, self.note)
        self.go = button("对账", self.compare, "main")
        self.right = button("认领", self.put_right)
        self.every = button("全部认领  F8", self.claim_all)
        shortcut("F8", self, self.claim_all)
        self.buttons(self.go, self.right, self.every, button("返回", self.reject))
        self.table.chosen.connect(lambda _: self._offer())
        for one in (self.one_day, self.month):
            one.went_on.connect(self.day.setFocus)
        self.one_day.toggled.connect(lambda _: self._show_kept())
        self.day.day_changed.connect(self._show_kept)
        self._show_kept()
        self.day.setFocus()
        self.open()

    @property
    def days(self) -> tuple[str, str] | None:
        """The first and the last day to compare (ISO); None where the day cannot be read."""
        chosen = self.day.day
        if chosen is None:
            return None
        if self.one_day.isChecked():
            return chosen.isoformat(), chosen.isoformat()
        last = monthrange(chosen.year, chosen.month)[1]
        return chosen.replace(day=1).isoformat(), min(chosen.replace(day=last), self._station.today).isoformat()

    def _show_kept(self) -> None:
        """Show what the last comparison of these days found."""
        days = self.days
        if days is None:
            self._show_rows((), self.day.fault())
            self.said.setText(self.day.fault())
            self.go.setEnabled(False)
            return
        found = kept(self._station.counter, *days)
        if found is None:
            self._show_rows((), _NOTHING)
            self.said.setText("")
        else:
            result, rows = found
            self._show_rows(rows, _AGREED)
            self.said.setText(f"上次对账：{_word(result)}。")
        ready = has_gateway(self._station.counter)
        self.go.setEnabled(ready and self.comparing is None)
        if not ready:
            self.said.setText("还没有填医保网关的地址，不能对账；请先在“设置 → 网关”填写。")

    def _show_rows(self, rows: Sequence[Discrepancy], empty: str) -> None:
        self.table.say_empty(empty)
        self.table.set_rows(sorted(rows, key=lambda one: list(_SIDES).index(one.kind)))
        self._offer()

    def _offer(self) -> None:
        """Offer the act that puts the chosen discrepancy right."""
        one: Discrepancy | None = self.table.current
        kind = "" if one is None else one.kind
        self.action.setText("" if one is None else f"{one.no} {one.text}：{one.action}。".lstrip())
        self.right.setText("冲正" if kind in TAKE_BACK else "认领")
        self.right.setEnabled(kind in {*CLAIM, *TAKE_BACK})
        self.every.setEnabled(any(each.kind in CLAIM for each in self.table.rows_model.rows))

    def put_right(self) -> None:
        """Run it, with the reason given."""
        one: Discrepancy | None = self.table.current
        note = self.note.text().strip()
        if one is None or not self.right.isEnabled():
            return
        if not note:
            self.said.setText("请先写明理由。")
            self.note.setFocus()
            return
        counter = self._station.counter
        self._station.jobs.write(lambda: put_right(counter, one, note), self._put_right, self._failed, owner=self)

    def claim_all(self) -> None:
        """F8: have all of ours that only the platform counts asked after and adopted."""
        counter, rows = self._station.counter, list(self.table.rows_model.rows)
        note = self.note.text().strip() or _AS_FOUND
        if not self.every.isEnabled():
            return
        self._station.jobs.write(
            lambda: claim_all(counter, rows, note),
            lambda count: self._put_right(f"{count} 笔将先向平台查询，查到的就采用。"),
            self._failed,
            owner=self,
        )

    def _put_right(self, sentence: str) -> None:
        self.note.clear()
        self.said.setText(sentence)

    def _failed(self, error: BaseException) -> None:
        self._station.tell_or_fail(error, self.said.setText)

    def compare(self) -> None:
        """Compare now."""
        days = self.days
        if self.comparing is not None or days is None:
            return
        tell = self.task.begin("正在对账")
        self.go.setEnabled(False)
        self.said.setText("正在与平台核对；自动上传先停一下，对完接着传。")
        self._station.bugs.doing = "对账"
        self.comparing = ScriptTask(
            self._station, lambda payer_line: reconciliation(payer_line.uploader, *days), self._station
        )
        self.comparing.moved.connect(lambda count: tell(min(count, _MESSAGES), _MESSAGES))
        self.comparing.ended.connect(self._ended)
        self.comparing.failed.connect(self._broke_off)
        self.task.stop.clicked.connect(self.comparing.stop)
        self.finished.connect(self.comparing.stop)

    def _broke_off(self, error: BaseException) -> None:
        self._station.fail(error)
        self._ended(None)

    def _ended(self, done: Reconciled | None) -> None:
        self.comparing = None
        self.task.end()
        self._show_kept()
        if done is None:
            self.said.setText("没有对完，可以再对一次。")
            return
        sums = done.totals
        sentence = f"本机 {sums.count} 笔，总额 {grouped(sums.total_fen)}，基金 {grouped(sums.fund_total_fen)}。"
        why = f"（{done.text}）" if done.text else ""
        more = f"有 {len(done.found)} 处要看。" if done.found else ""
        self.said.setText(f"{_word(done.result)}{why}。{sentence}{more}")
        self._show_rows(done.found, _AGREED)


def _word(result: str) -> str:
    return {EQUAL: "总数与平台一致", FAILED: "没有对成"}.get(result, "与平台不一致")
