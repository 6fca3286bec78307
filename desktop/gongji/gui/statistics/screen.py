"""统计: a month or a year in figures and pictures; the statement for the agency; all of it into a spreadsheet."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, QStandardPaths

from gongji.core.progress import StoppedError
from gongji.desk.changes import Changed
from gongji.desk.closing.export_statistics import export
from gongji.desk.closing.pharmacy_ledgers import export_pharmacy_ledgers, pharmacy_ledgers
from gongji.desk.closing.report_papers import statement_steps
from gongji.desk.closing.report_tables import REPORTS
from gongji.desk.closing.statistics import Period, Statistics, statistics_of, years
from gongji.gui.kit import tokens
from gongji.gui.kit.ask_path import ask_new_file
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import choice, fill
from gongji.gui.kit.layout import Elided, put, row
from gongji.gui.kit.parts import on_screen
from gongji.gui.kit.progress import TaskBar
from gongji.gui.printing.preview import show_paper
from gongji.gui.shell.pages import Pages
from gongji.gui.shell.screen import Screen, ScreenKey
from gongji.gui.shell.workspace import Workspace
from gongji.gui.statistics.overview_page import OverviewPage
from gongji.gui.statistics.tables_page import ReportPage, StatementPage

_WHOLE_YEAR = "0"
_LAST_PAGE_KEY = 4  # F5 prints
_SHOWN_AFTER_MS = 400


class StatisticsScreen(Screen):
    """The period above, three pages of it below."""

    watches = Changed.SETTLEMENTS

    def __init__(self, station: Workspace) -> None:
        super().__init__(station)
        today = station.today
        self.period = Period(today.year, today.month)
        self.statistics: Statistics | None = None
        self.overview, self.statement = OverviewPage(), StatementPage()
        self.reports = [ReportPage(table) for table in REPORTS]
        pages = [("概览", self.overview), ("月结算申报表", self.statement)]
        self.pages = Pages([*pages, *((one.report.name, one) for one in self.reports)], last_key=_LAST_PAGE_KEY)
        self.year = choice({str(today.year): f"{today.year} 年"}, str(today.year))
        months = {str(month): f"{month} 月" for month in range(1, 13)}
        self.month = choice(months | {_WHOLE_YEAR: "全年"}, str(today.month))
        self.first_field = self.month
        self.said = Elided("", "muted")
        self.task = TaskBar()
        self._is_pharmacy = station.counter.clinic.institution["type"] == "pharmacy"
        self._build()
        self.year.currentIndexChanged.connect(lambda _: self._chosen())
        self.month.currentIndexChanged.connect(lambda _: self._chosen())

    def _build(self) -> None:
        self.year.setFixedWidth(112)
        self.month.setFixedWidth(92)
        back, on = button("‹ 上一期", lambda: self.step(-1)), button("下一期 ›", lambda: self.step(1))
        said = put(row(), (self.said, 1))
        said.setContentsMargins(tokens.GAP, 0, 0, 0)
        ledgers = [button("药店台账… F10", self.ask_for_ledgers)] if self._is_pharmacy else []
        printed = button("打印申报表 F5", self.print_statement)
        export = button("导出表格… F9", self.ask_to_export, "main")
        top = put(row(spacing=2 * tokens.STEP), back, self.year, self.month, on, (said, 1), *ledgers, printed, export)
        on_screen(self, top, self.task, (self.pages, 1))

    def keys(self) -> tuple[ScreenKey, ...]:
        """Return this screen's keys."""
        return (
            *self.pages.keys(),
            ScreenKey("F5", "打印申报表", self.print_statement),
            ScreenKey("F6", "上一期", lambda: self.step(-1)),
            ScreenKey("F7", "下一期", lambda: self.step(1)),
            ScreenKey("F8", "月 / 年", self._turn_year),
            ScreenKey("F9", "导出表格", self.ask_to_export),
            *([ScreenKey("F10", "药店台账", self.ask_for_ledgers)] if self._is_pharmacy else []),
        )

    def refresh(self) -> None:
        """Read the period on a thread, since a year takes long."""
        counter, period = self.station.counter, self.period
        self.said.setText("正在统计……")
        known = sorted({*years(counter), self.station.today.year, period.year}, reverse=True)
        fill(self.year, {str(year): f"{year} 年" for year in known}, str(period.year))
        with QSignalBlocker(self.month):
            self.month.setCurrentIndex(self.month.findData(str(period.month)))
        if self.task.progress is not None:
            self.task.progress.stop()  # that period is no longer wanted
        tell = self.task.begin(f"正在统计 {period.title}", _SHOWN_AFTER_MS)
        self.station.jobs.device(lambda: statistics_of(counter, period, tell), self._show, self._broken, owner=self)

    def _broken(self, error: BaseException) -> None:
        if not isinstance(error, StoppedError):
            self.task.end()
            self.station.fail(error)
        elif self.task.progress is not None and self.task.progress.is_stopped:  # else another period is under way
            self.task.end()
            self._is_stale = True
            self.said.setText("已停止统计；换一期，或离开再回来，会重新统计")

    def _show(self, one: Statistics) -> None:
        if one.period != self.period:
            return
        self.statistics = one
        self.task.end()
        self.overview.show_statistics(one)
        self.statement.show_statistics(one)
        for page in self.reports:
            page.show_statistics(one)
        self.said.setText(f"{one.period.title} · 截至 {self.station.now[5:16]}")

    def step(self, by: int) -> None:
        """Go on to the next period or back."""
        self.period = self.period.later(by)
        self.refresh()

    def _turn_year(self) -> None:
        today = self.station.today
        month = 0 if self.period.month else today.month if self.period.year == today.year else 12
        self.period = Period(self.period.year, month)
        self.refresh()

    def _chosen(self) -> None:
        self.period = Period(*(int(str(one.currentData())) for one in (self.year, self.month)))
        self.refresh()

    def print_statement(self) -> None:
        """Show the statement as it is printed."""
        one, station = self.statistics, self.station
        if one is not None:
            steps = partial(statement_steps, station.counter, one, station.now)
            show_paper(station, f"月结算申报表 {one.period.title}", steps, self)

    def ask_to_export(self) -> None:
        """Ask where the spreadsheet goes."""
        if self.statistics is not None:
            self._ask_place("导出表格", "月结算申报表", self.export_to)

    def ask_for_ledgers(self) -> None:
        """Ask where a pharmacy's ledgers go: 流转处方 and 进销存."""
        self._ask_place("导出药店台账", "药店台账", self.export_ledgers)

    def _ask_place(self, title: str, what: str, chosen: Callable[[Path], None]) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = f"{what}-{self.period.title.replace(' ', '')}.xlsx"
        ask_new_file(self, title, str(Path(folder, name)), "Excel 表格 (*.xlsx)", chosen)

    def export_ledgers(self, path: Path) -> None:
        """Write a pharmacy's ledgers of the period."""
        counter, period = self.station.counter, self.period
        self._write(path, lambda place: export_pharmacy_ledgers(counter, pharmacy_ledgers(counter, period), place))

    def export_to(self, path: Path) -> None:
        """Write the spreadsheet."""
        one, counter = self.statistics, self.station.counter
        if one is not None:
            self._write(path, lambda place: export(counter, one, place))

    def _write(self, path: Path, write: Callable[[Path], None]) -> None:
        place = path if path.suffix.lower() == ".xlsx" else path.with_name(f"{path.name}.xlsx")
        self.said.setText("正在导出……")
        self.station.jobs.device(lambda: write(place), lambda _: self.said.setText(f"已导出到 {place}"), owner=self)
