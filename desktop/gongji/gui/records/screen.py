"""记录: any settlement by name, number, date or amount; its steps, papers and upload; 退费 and 补打."""

import datetime

from PySide6.QtCore import QSignalBlocker, QTimer
from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from gongji.core.money import grouped
from gongji.desk.changes import Changed
from gongji.desk.records import LIMIT, SettlementRecord, find_records, record_of
from gongji.desk.settlements.refund import Refunded
from gongji.errors import GongjiError
from gongji.gui.kit import dialogs, tokens
from gongji.gui.kit.beside import Beside
from gongji.gui.kit.day_field import DayField
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.layout import card, column, label, row
from gongji.gui.kit.table import TableView
from gongji.gui.records.columns import COLUMNS, EMPTY, NO_DAYS, NOTHING_FITS
from gongji.gui.records.paper_actions import PaperActions
from gongji.gui.records.record_card import RecordCard
from gongji.gui.records.refund_sheet import RefundSheet
from gongji.gui.records.verify_receipt_sheet import CheckingSheet
from gongji.gui.shell.screen import Screen, ScreenKey
from gongji.gui.shell.workspace import Workspace

_PAUSE_MS = 120
_A_WEEK = datetime.timedelta(days=6)

_LEAST_FIELD = 200
"""The width in pixels of a search field for a name or number."""
_LEAST_NAME = 88  # five characters and the scroll bar
_FUND = 5
_LEAST_ROWS, _LEAST_CARD = 300, 320
"""Pixels of the list, and of the chosen record, where one is below the other."""
_LEAST_LIST = sum(one.width for one in COLUMNS) + _LEAST_NAME


class RecordsScreen(Screen):
    """A search field and days, the list, and the chosen record."""

    watches = Changed.SETTLEMENTS | Changed.QUEUE

    def __init__(self, station: Workspace) -> None:
        super().__init__(station)
        self.field = QLineEdit()
        self.field.setMinimumWidth(_LEAST_FIELD)
        self.field.setPlaceholderText("姓名 / 首字母 / 号码 / 末四位 / 金额")
        today = station.today
        self.first = DayField(lambda: station.today, today - _A_WEEK)
        self.last = DayField(lambda: station.today, today)
        self.sum = label("", "muted")
        self.table = TableView(COLUMNS, EMPTY)
        self.table.leave_out(_LEAST_LIST, _FUND)  # a name is seen; what is left out stands beside or below
        self.detail = RecordCard(station)
        self.papers = PaperActions(station, self)
        self._record: SettlementRecord | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._build()
        self._connect()

    def _build(self) -> None:
        left = card()
        down = column(left, margin=1, spacing=0)
        asked = row(margin=tokens.GAP, spacing=2 * tokens.STEP)
        asked.addWidget(label("查找 F2", "label"))
        asked.addWidget(self.field, 1)
        asked.addWidget(self.first)
        asked.addWidget(label("至", "label"))
        asked.addWidget(self.last)
        for word, act in (("今天", self._today), ("近 7 天", self._week), ("全部", self._all)):
            asked.addWidget(button(word, act, "link"))
        down.addLayout(asked)
        down.addWidget(self.table, 1)
        foot = row(margin=2 * tokens.STEP)
        foot.addWidget(self.sum)
        foot.addStretch(1)
        down.addLayout(foot)
        whole = column(self, margin=0)
        whole.setContentsMargins(tokens.EDGE, tokens.EDGE - 2, tokens.EDGE, tokens.GAP)
        heights = (_LEAST_ROWS, _LEAST_CARD)
        whole.addWidget(Beside(left, self._right(), stretch=(1, 0), spacing=tokens.EDGE - 1, heights=heights))

    def _right(self) -> QVBoxLayout:
        right = column(margin=0, spacing=2 * tokens.STEP)
        right.addWidget(self.detail, 1)
        acts = row(spacing=2 * tokens.STEP)
        self.refund_button = button("退费 F10", self.refund, "danger")
        for one in (button("单据 F4", self.preview), button("依据 F8", self.explain), button("补打 F9", self.reprint)):
            acts.addWidget(one, 1)
        acts.addWidget(self.refund_button, 1)
        right.addLayout(acts)
        return right

    def _connect(self) -> None:
        self._pause.timeout.connect(self.refresh)
        self.field.textChanged.connect(lambda _: self._pause.start())
        self.field.returnPressed.connect(self._to_list)
        self.first.day_changed.connect(self._pause.start)
        self.last.day_changed.connect(self._pause.start)
        self.table.chosen.connect(lambda _: self._show_chosen())
        self.table.opened.connect(lambda _: self.explain())

    def keys(self) -> tuple[ScreenKey, ...]:
        """Return this screen's keys."""
        return (
            ScreenKey("F2", "查找", self._to_field),
            ScreenKey("F3", "日期", self.first.setFocus),
            ScreenKey("F4", "单据预览", self.preview),
            ScreenKey("F7", "验单", self._check),
            ScreenKey("F8", "依据", self.explain),
            ScreenKey("F9", "补打", self.reprint),
            ScreenKey("F10", "退费", self.refund),
            ScreenKey("Esc", "清空条件", self._clear),
        )

    def enter(self) -> None:
        """Focus the search field and choose the newest record: the earlier choice is outdated by now."""
        if self.field.text():
            self.field.clear()
            self.refresh()
        if self.table.current is not None:
            self.table.selectRow(0)
            self.table.scrollToTop()
        self.field.setFocus()

    # ---- finding -----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Search again, keeping the chosen record."""
        self._pause.stop()
        before = self.table.current
        text = self.field.text().strip()
        fault = self.first.fault() or self.last.fault()
        found = (
            [] if fault else find_records(self.station.counter, text, None if text and self._is_default else self._days)
        )
        self.table.say_empty(fault or (NOTHING_FITS if text else EMPTY if not self._has_any else NO_DAYS))
        with QSignalBlocker(self.table):  # the chosen record is read once, at the end
            self.table.set_rows(found)
            if before is not None:
                place = next((place for place, one in enumerate(found) if one.no == before.no), 0)
                self.table.selectRow(place)
        net = [one for one in found if one.kind == "settle"]
        more = f"（只列出最近 {LIMIT} 条，请缩小范围）" if len(found) == LIMIT else ""
        cash_fen, total_fen = (sum(getattr(one, name) for one in found) for name in ("cash_fen", "total_fen"))
        self.sum.setText(
            f"结算 {len(net)} 笔 · 退费 {len(found) - len(net)} 笔 · 总费用 {grouped(total_fen)} · "
            f"现金 {grouped(cash_fen)}{more}"
            if found
            else ""
        )
        self._show_chosen()

    @property
    def _has_any(self) -> bool:
        """Return whether anything was ever settled here."""
        return bool(find_records(self.station.counter, "", None, 1))

    @property
    def _is_default(self) -> bool:
        """Return whether no days were chosen: then the text is searched in all of them."""
        today = self.station.today
        return self._days == (today - _A_WEEK, today)

    @property
    def _days(self) -> tuple[datetime.date, datetime.date] | None:
        """The first and the last day to search; None where one cannot be read."""
        first, last = self.first.day, self.last.day
        return None if first is None or last is None else (first, last)

    def _to_field(self) -> None:
        self.field.setFocus()
        self.field.selectAll()

    def _to_list(self) -> None:
        if self._pause.isActive():
            self.refresh()
        if self.table.current is not None:
            self.table.setFocus()

    def _clear(self) -> None:
        self.field.clear()
        self._week()
        self.field.setFocus()

    def _today(self) -> None:
        self._set_days(self.station.today, self.station.today)

    def _week(self) -> None:
        self._set_days(self.station.today - _A_WEEK, self.station.today)

    def _all(self) -> None:
        self._set_days(datetime.date(2000, 1, 1), self.station.today)

    def _set_days(self, first: datetime.date, last: datetime.date) -> None:
        self.first.set_day(first)
        self.last.set_day(last)
        self.refresh()

    # ---- the one that is chosen --------------------------------------------------------------------------------------

    def _show_chosen(self) -> None:
        head = self.table.current
        if head is None:
            self._record = None
            self.detail.show_nothing("选中左边的一笔，这里显示它的金额、付款、单据和上传情况。")
        else:
            try:
                self._record = record_of(self.station.counter, head.no)
            except GongjiError as error:
                self._record = None
                self.detail.show_nothing(str(error))
            else:
                self.detail.show_record(self._record)
        one = self._record
        self.refund_button.setEnabled(one is not None and one.stored.kind == "settle" and one.stored.voided_by is None)

    def _look_first(self) -> None:
        """Search for what was just typed: an act is about the row shown for it, never about the previous one."""
        if self._pause.isActive():
            self.refresh()

    def explain(self) -> None:
        """Show why each figure is what it is."""
        self._look_first()
        if self._record is not None:
            self.papers.explain(self._record)

    def preview(self) -> None:
        """Show the paper."""
        self._look_first()
        if self._record is not None:
            self.papers.preview(self._record)

    def reprint(self) -> None:
        """补打: the same paper, marked and counted."""
        self._look_first()
        if self._record is not None:
            self.papers.reprint(self._record)

    def refund(self) -> None:
        """Ask how much of it goes back and why."""
        self._look_first()
        if self._record is not None and self.refund_button.isEnabled():
            RefundSheet(self.station, self._record, self._refunded)
        elif self._record is not None:
            no = self._record.stored.voided_by or self._record.stored.no
            dialogs.tell(self.window(), "这笔不能退费", f"它已经退过，或本身就是退费单（{no}）。")

    def _refunded(self, done: Refunded) -> None:
        """Continue at the counter with what is kept."""
        go_to = getattr(self.window(), "go_to", None)
        if done.prepared is not None and go_to is not None:
            go_to("counter").aside.go_on_with(done)

    def _check(self) -> None:
        CheckingSheet(self.station)
