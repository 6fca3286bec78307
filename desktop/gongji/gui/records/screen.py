"""记录: any settlement by name, number, date or amount; its steps, papers and upload; 退费 and 补打."""

import datetime
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSignalBlocker, QTimer

from gongji.core.money import grouped
from gongji.desk.changes import Changed
from gongji.desk.records import LIMIT, Head, SettlementRecord, find_records, record_of
from gongji.desk.settlements.refund import Refunded
from gongji.errors import GongjiError
from gongji.gui.kit import dialogs, tokens
from gongji.gui.kit.beside import Beside
from gongji.gui.kit.day_field import DayField
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import begin_in, text
from gongji.gui.kit.format import state_colour, state_word
from gongji.gui.kit.layout import REST, column, label, put, row
from gongji.gui.kit.models import Column
from gongji.gui.kit.parts import card_of, on_screen
from gongji.gui.kit.table import TableView
from gongji.gui.records.paper_actions import PaperActions
from gongji.gui.records.record_card import RecordCard
from gongji.gui.records.refund_sheet import RefundSheet, go_on_at_counter
from gongji.gui.records.verify_receipt_sheet import CheckingSheet
from gongji.gui.shell.screen import Screen, ScreenKey
from gongji.gui.shell.workspace import Workspace


def _kind_word(one: Head) -> str:
    """Return what a row is."""
    if one.kind == "void":
        return "退费"
    return "已退" if one.voided_by is not None else "结算"


def _colour(one: Head) -> str | None:
    return tokens.ATTENTION if one.kind == "void" else tokens.MUTED if one.voided_by else None


def _amount(title: str, name: str, width: int) -> Column:
    return Column(title=title, text=lambda one: grouped(getattr(one, name)), width=width, right=True, colour=_colour)


_COLUMNS = (
    Column(title="时间", text=lambda one: one.at[5:16], width=106, muted=True, tip=lambda one: one.at),
    Column(title="", text=_kind_word, width=54, colour=_colour),
    Column(title="姓名", text=lambda one: one.name or "—"),
    Column(title="结算号", text=lambda one: one.no, width=160),
    _amount("总费用", "total_fen", 86),
    _amount("基金", "fund_total_fen", 90),
    _amount("现金", "cash_fen", 76),
    Column(title="上传", text=lambda one: state_word(one.state), width=96, colour=lambda one: state_colour(one.state)),
)
_EMPTY = "还没有收过费。在“收费”里结算后，每一笔都列在这里。"
_NO_DAYS = "这几天没有收费。点“全部”看以往的，或直接输入姓名、结算号、金额来查。"
_NOTHING_FITS = (
    "没有找到。换一个说法试试：姓名、拼音首字母、结算号、单据号、身份证号或末四位、电话，或金额；也可放宽日期。"
)
_PAUSE_MS = 120
_A_WEEK = datetime.timedelta(days=6)
_LONG_AGO = datetime.date(2000, 1, 1)
_LEAST_FIELD = 200
"""The width in pixels of a search field for a name or number."""
_LEAST_NAME = 88  # five characters and the scroll bar
_FUND = 5
_LEAST_ROWS, _LEAST_CARD = 300, 320
"""Pixels of the list, and of the chosen record, where one is below the other."""
_LEAST_LIST = sum(one.width for one in _COLUMNS) + _LEAST_NAME


class RecordsScreen(Screen):
    """A search field and days, the list, and the chosen record."""

    watches = Changed.SETTLEMENTS | Changed.QUEUE

    def __init__(self, station: Workspace) -> None:
        super().__init__(station)
        self.field = text("", "姓名 / 首字母 / 号码 / 末四位 / 金额")
        self.field.setMinimumWidth(_LEAST_FIELD)
        today = station.today
        self.first = DayField(lambda: station.today, today - _A_WEEK)
        self.last = DayField(lambda: station.today, today)
        self.sum = label("", "muted")
        self.table = TableView(_COLUMNS, _EMPTY)
        self.table.leave_out(_LEAST_LIST, _FUND)  # a name is seen; what is left out stands beside or below
        self.detail = RecordCard(station)
        self.papers = PaperActions(station, self)
        self._record: SettlementRecord | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._build()
        self._connect()

    def _build(self) -> None:
        days = (("今天", self._today), ("近 7 天", self._week), ("全部", self._all))
        asked = row(margin=tokens.GAP, spacing=2 * tokens.STEP)
        put(asked, label("查找 F2", "label"), (self.field, 1), self.first, label("至", "label"), self.last)
        put(asked, *(button(word, act, "link") for word, act in days))
        left = card_of(asked, (self.table, 1), put(row(margin=2 * tokens.STEP), self.sum, REST))
        self.refund_button = button("退费 F10", self.refund, "danger")
        acts = (
            button("单据 F4", self.preview), button("依据 F8", self.explain), button("补打 F9", self.reprint),
            self.refund_button,
        )  # fmt: skip
        below = put(row(spacing=2 * tokens.STEP), *((one, 1) for one in acts))
        right = put(column(margin=0, spacing=2 * tokens.STEP), (self.detail, 1), below)
        heights = (_LEAST_ROWS, _LEAST_CARD)
        on_screen(self, Beside(left, right, stretch=(1, 0), spacing=tokens.EDGE - 1, heights=heights))

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
            ScreenKey("F2", "查找", partial(begin_in, self.field)),
            ScreenKey("F3", "日期", self.first.setFocus),
            ScreenKey("F4", "单据预览", self.preview),
            ScreenKey("F7", "验单", lambda: CheckingSheet(self.station)),
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
        typed = self.field.text().strip()
        fault = self.first.fault() or self.last.fault()
        days = None if typed and self._is_default else self._days
        found = [] if fault else find_records(self.station.counter, typed, days)
        self.table.say_empty(fault or (_NOTHING_FITS if typed else _EMPTY if not self._has_any else _NO_DAYS))
        with QSignalBlocker(self.table):  # the chosen record is read once, at the end
            self.table.set_rows(found)
            if before is not None:
                place = next((place for place, one in enumerate(found) if one.no == before.no), 0)
                self.table.selectRow(place)
        net = [one for one in found if one.kind == "settle"]
        more = f"（只列出最近 {LIMIT} 条，请缩小范围）" if len(found) == LIMIT else ""
        cash_fen, total_fen = (sum(getattr(one, name) for one in found) for name in ("cash_fen", "total_fen"))
        counts = f"结算 {len(net)} 笔 · 退费 {len(found) - len(net)} 笔"
        said = f"{counts} · 总费用 {grouped(total_fen)} · 现金 {grouped(cash_fen)}{more}"
        self.sum.setText(said if found else "")
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
        self._since(self.station.today)

    def _week(self) -> None:
        self._since(self.station.today - _A_WEEK)

    def _all(self) -> None:
        self._since(_LONG_AGO)

    def _since(self, first: datetime.date) -> None:
        self.first.set_day(first)
        self.last.set_day(self.station.today)
        self.refresh()

    # ---- the one that is chosen --------------------------------------------------------------------------------------

    def _show_chosen(self) -> None:
        head, one = self.table.current, None
        if head is None:
            self.detail.show_nothing("选中左边的一笔，这里显示它的金额、付款、单据和上传情况。")
        else:
            try:
                one = record_of(self.station.counter, head.no)
            except GongjiError as error:
                self.detail.show_nothing(str(error))
            else:
                self.detail.show_record(one)
        self._record = one
        self.refund_button.setEnabled(one is not None and one.stored.kind == "settle" and one.stored.voided_by is None)

    def _with_chosen(self, act: Callable[[SettlementRecord], object]) -> None:
        """Act on the row shown for what was just typed, for which is searched first; never on the previous one."""
        if self._pause.isActive():
            self.refresh()
        if self._record is not None:
            act(self._record)

    def explain(self) -> None:
        """Show why each figure is what it is."""
        self._with_chosen(self.papers.explain)

    def preview(self) -> None:
        """Show the paper."""
        self._with_chosen(self.papers.preview)

    def reprint(self) -> None:
        """补打: the same paper, marked and counted."""
        self._with_chosen(self.papers.reprint)

    def refund(self) -> None:
        """Ask how much of it goes back and why."""
        self._with_chosen(self._refund)

    def _refund(self, one: SettlementRecord) -> None:
        if self.refund_button.isEnabled():
            RefundSheet(self.station, one, self._refunded)
        else:
            no = one.stored.voided_by or one.stored.no
            dialogs.tell(self.window(), "这笔不能退费", f"它已经退过，或本身就是退费单（{no}）。")

    def _refunded(self, done: Refunded) -> None:
        """Continue at the counter with what is kept."""
        if done.prepared is not None:
            go_on_at_counter(self.station, done)
