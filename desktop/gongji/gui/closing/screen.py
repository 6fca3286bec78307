"""日结: the open shift's figures, the counted drawer, closed once over the shown range, and printed."""

from functools import partial

from gongji.core.money import grouped
from gongji.desk.changes import Changed
from gongji.desk.clinic.explain import to_explain
from gongji.desk.closing.report_papers import report_steps
from gongji.desk.closing.shifts import (
    ClosedAlreadyError,
    Closing,
    DayReport,
    cash_fen,
    close_shift,
    closed_report,
    not_uploaded,
    report_name,
    shift_report,
)
from gongji.desk.policies.time_left import policy_reminders
from gongji.gui.closing.bills_sheet import BillsSheet
from gongji.gui.closing.drawer_card import DrawerCard
from gongji.gui.closing.shift_card import ShiftFigures, ShiftHistorySheet
from gongji.gui.kit import dialogs, tokens
from gongji.gui.kit.beside import Beside
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import begin_in
from gongji.gui.kit.layout import REST, column, label, put
from gongji.gui.kit.parts import on_screen
from gongji.gui.printing.preview import show_paper
from gongji.gui.shell.screen import Screen, ScreenKey
from gongji.gui.shell.workspace import Workspace

_LEAST_FIGURES = 300
"""Pixels of the shift's figures where they stand below the drawer."""


class ClosingScreen(Screen):
    """What the shift took in at the left, the drawer at the right."""

    watches = Changed.SETTLEMENTS | Changed.QUEUE | Changed.SETTINGS

    def __init__(self, station: Workspace) -> None:
        super().__init__(station)
        self.figures = ShiftFigures()
        self.drawer = DrawerCard()
        self.report: DayReport | None = None
        self.is_busy = False
        self.close_button = button("交班并打印  F9", self.ask_to_close, "settle")
        self.reminders = label("", "wrong", wrap=True)
        right = put(column(margin=0), self.drawer, self.reminders, REST, self.close_button)
        both = Beside(
            self.figures, right, stretch=(1, 0), spacing=tokens.EDGE - 1, heights=(_LEAST_FIGURES, 0), right_first=True
        )
        on_screen(self, both)
        self.drawer.done.connect(self.close_button.setFocus)

    def keys(self) -> tuple[ScreenKey, ...]:
        """Return this screen's keys."""
        return (
            ScreenKey("F3", "清点钱箱", self.enter),
            ScreenKey("F4", "预览本班", self.preview),
            ScreenKey("F7", "以往的班次", lambda: ShiftHistorySheet(self.station, self._show_closed)),
            ScreenKey("F8", "票据", lambda: BillsSheet(self.station)),
            ScreenKey("F9", "交班并打印", self.ask_to_close),
            ScreenKey("Esc", "重新清点", self._count_again),
        )

    def enter(self) -> None:
        """Begin with the drawer."""
        begin_in(next(iter(self.drawer.pieces.values())))

    def refresh(self) -> None:
        """Read the open shift again."""
        connection = self.station.counter.store.reader
        self.report = shift_report(connection, self.station.counter.operator)
        unsent = not_uploaded(connection, self.report)
        open_ones = to_explain(self.station.counter)
        self.figures.show_report(f"当前班次 · {_range(self.report)}", self.report, unsent, open_ones)
        self.drawer.show_cash(cash_fen(self.report))
        self.reminders.setText("\n".join(self._reminders()))
        self.reminders.setVisible(bool(self.reminders.text()))
        self.close_button.setEnabled(not self.is_busy)

    def _reminders(self) -> list[str]:
        """Return today's reminders about the policy of the clinic's area."""
        counter = self.station.counter
        return [one.text for one in policy_reminders(counter.library, [counter.clinic.area], self.station.today)]

    def _count_again(self) -> None:
        self.drawer.clear()
        self.enter()

    def ask_to_close(self) -> None:
        """Say what closing does, and ask."""
        report = self.report
        if report is None or self.is_busy:
            return
        if self.drawer.fault:
            said = dialogs.tell(self.window(), "还不能交班", self.drawer.fault)
            said.finished.connect(lambda _: self.drawer.wrong_field.setFocus())
            return
        close = ("交班并打印", lambda: self.close_shift(report))
        dialogs.ask(self.window(), "交班？", tuple(self._told(report)), close)

    def _told(self, report: DayReport) -> list[str]:
        counts = f"结算 {report.settlements} 笔，退费 {report.voids} 笔"
        sentences = [f"交的是{_range(report)}：{counts}。交班后不能改，也不能再交一次。"]
        if not self.drawer.is_counted:
            sentences.append("钱箱还没有清点；不清点也可以交班，报表上不列钱箱。")
        else:
            off_fen = self.drawer.drawer.difference_fen(cash_fen(report))
            word = "相符" if not off_fen else f"{'多' if off_fen > 0 else '少'} {grouped(abs(off_fen))} 元，会记入日志"
            sentences.append(f"钱箱实点与应有{word}。")
        if report.still_open:
            others = "、".join(f"{who} {count} 笔" for who, count in report.still_open)
            sentences.append(f"只交本人（{self.station.counter.operator}）经手的；还没有交班的：{others}。")
        open_ones = to_explain(self.station.counter)
        if open_ones:
            sentences.append(f"还有 {len(open_ones)} 条待说明，会印在报表上，直到补录或说明。")
        if report.not_uploaded:
            sentences.append(f"其中 {report.not_uploaded} 笔还没有上传，交班不受影响。")
        return [*sentences, *self._reminders()]

    def close_shift(self, report: DayReport) -> None:
        """Close the shift that was shown; where it is no longer the open one only a sentence is shown."""
        self.is_busy = True
        self.close_button.setEnabled(False)
        counter = self.station.counter
        drawer = self.drawer.drawer if self.drawer.is_counted else None
        self.station.bugs.doing = "交班"
        self.station.jobs.write(
            lambda: close_shift(counter, report.serials, drawer), self._closed, self._failed, owner=self
        )

    def _closed(self, done: tuple[Closing, DayReport]) -> None:
        self.is_busy = False
        self.drawer.clear()
        self.refresh()
        self._print(*done)

    def _failed(self, error: BaseException) -> None:
        self.is_busy = False
        if isinstance(error, ClosedAlreadyError):
            self.refresh()
        self.close_button.setEnabled(True)
        self.station.fail(error)

    def _print(self, closing: Closing, report: DayReport) -> None:
        counter = self.station.counter
        name = report_name(counter.store.reader, closing)
        steps = partial(report_steps, counter, report, closing.at, name)
        show_paper(self.station, f"日结 {report.title}", steps, self)

    def preview(self) -> None:
        """Show the report of the open shift as it would be printed now; nothing is closed."""
        report, station = self.report, self.station
        if report is not None:
            steps = partial(report_steps, station.counter, report, station.now, "closing-preview", is_kept=False)
            show_paper(station, "本班预览（还没有交班）", steps, self)

    def _show_closed(self, one: Closing) -> None:
        self._print(one, closed_report(self.station.counter.store.reader, one))


def _range(report: DayReport) -> str:
    first, last = report.serials
    return f"第 {first} 至 {last} 号" if last >= first else f"第 {first} 号起，还没有收费"
