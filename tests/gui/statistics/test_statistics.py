"""统计 by keys: a month, a year, the statement, the indicators, the spreadsheet."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

import openpyxl
import pytest
from PySide6.QtWidgets import QFileDialog

from gongji.core.money import grouped, yuan
from gongji.desk.clinic.settings import set_clinic
from gongji.desk.closing.export_statistics import STATED
from gongji.gui.printing.preview import PreviewSheet
from gongji.gui.statistics.charts import nice_top, short
from gongji.gui.statistics.screen import StatisticsScreen
from gongji.gui.statistics.tables_page import PAIRS
from gongji.printing.read_pdf import text_of
from tests.support.clerk import Clerk
from tests.support.working import settle_samples


def shown(clerk: Clerk) -> StatisticsScreen:
    clerk.press("5", with_ctrl=True)
    clerk.settle_down()
    found = clerk.window.screen_shown
    assert isinstance(found, StatisticsScreen)
    return found


def test_this_month_in_figures_and_pictures(clerk: Clerk) -> None:
    settle_samples(clerk)
    screen = shown(clerk)
    assert screen.statistics is not None
    assert screen.overview.tiles["人次"].figure.text() == "4"
    assert "11 月 22 日" in screen.overview.course.accessibleDescription()
    assert screen.overview.items.accessibleDescription()


def test_the_statement_adds_up(clerk: Clerk) -> None:
    settle_samples(clerk)
    screen = shown(clerk)
    clerk.press("F3")
    rows = screen.statement.table.rows_model.rows
    assert rows[-1].area == "合计"
    assert sum(one.sum.totals.fund_fen for one in rows[:-1]) == rows[-1].sum.totals.fund_fen
    clerk.press("F4")
    names = [one[0] for one in screen.reports[0].table.rows_model.rows]
    assert {"次均费用", "患者自费比例", "检查费用占比"} <= set(names)


def test_the_statement_is_whole_on_the_narrowest_screen(clerk: Clerk) -> None:
    """Every amount of it, two under each other; nothing to the right that has to be looked for."""
    settle_samples(clerk)
    clerk.window.resize(1272, 676)
    screen = shown(clerk)
    clerk.press("F3")
    table = screen.statement.table
    assert not table.horizontalScrollBar().isVisible()
    assert sorted(name for pair in PAIRS for name in pair) == sorted(STATED)
    (whole,) = [one for one in table.rows_model.rows if one.area == "合计"]
    told = "\n".join(one.text(whole) for one in table.rows_model.columns).split("\n")
    for name in STATED:
        assert grouped(getattr(whole.sum.totals, f"{name}_fen")) in told


def test_other_periods_by_keys_and_words_for_none(clerk: Clerk) -> None:
    screen = shown(clerk)
    clerk.press("F6")
    clerk.settle_down()
    assert screen.period.title == "2026 年 10 月"
    clerk.press("F7", "F8")
    clerk.settle_down()
    assert screen.period.title == "2026 年"
    clerk.press("F3")
    assert "零申报" in screen.statement.table._empty.text()  # noqa: SLF001  # what is shown
    screen.month.setCurrentIndex(0)
    clerk.settle_down()
    assert screen.period.title == "2026 年 1 月"


def test_a_long_one_is_shown_and_stopped(clerk: Clerk) -> None:
    settle_samples(clerk)
    screen = shown(clerk)
    gate = Event()
    clerk.station.jobs.device(gate.wait)
    clerk.press("F6")
    clerk.until(screen.task.isVisible)
    screen.task.stop.click()
    gate.set()
    clerk.settle_down()
    assert not screen.task.isVisible()
    assert "已停止统计" in screen.said.text()
    clerk.press("1", with_ctrl=True)
    shown(clerk)
    assert "2026 年 10 月" in screen.said.text()


def test_a_period_that_was_turned_past_is_not_shown(clerk: Clerk) -> None:
    screen = shown(clerk)
    gate = Event()
    clerk.station.jobs.device(gate.wait)
    clerk.press("F6", "F6", "F6")
    gate.set()
    clerk.settle_down()
    assert screen.statistics is not None
    assert screen.statistics.period.title == "2026 年 8 月"
    assert "2026 年 8 月" in screen.said.text()
    assert not screen.task.isVisible()


def test_the_spreadsheet(clerk: Clerk, tmp_path: Path) -> None:
    settle_samples(clerk)
    screen = shown(clerk)
    screen.export_to(tmp_path / "statement")
    clerk.settle_down()
    assert "已导出" in screen.said.text()
    assert screen.statistics is not None
    sheet = openpyxl.load_workbook(tmp_path / "statement.xlsx")["申报表"]
    last = [cell.value for cell in list(sheet.rows)[-1]]
    assert f"{last[5]:.2f}" == yuan(screen.statistics.whole.totals.total_fen)


def test_the_statement_on_paper(clerk: Clerk) -> None:
    settle_samples(clerk)
    screen = shown(clerk)
    clerk.press("F5")
    clerk.settle_down()
    sheet = clerk.sheet
    assert isinstance(sheet, PreviewSheet)
    (paper,) = clerk.counter.folder.receipts.rglob("statement-2026-11.pdf")
    text = "".join(text_of(paper.read_bytes()))
    assert screen.statistics is not None
    assert yuan(screen.statistics.whole.totals.fund_total_fen) in text
    assert "月结算申报表" in text


def keys_of(screen: StatisticsScreen) -> set[str]:
    keys = screen.keys()
    return {one.key for one in keys}


class TestAPharmacysLedgers:
    @pytest.fixture
    def pharmacy(self, sit_down: Callable[..., Clerk]) -> Clerk:
        clerk = sit_down()
        settle_samples(clerk)
        institution = {**clerk.counter.clinic.institution, "type": "pharmacy"}
        clerk.station.jobs.write(lambda: set_clinic(clerk.counter, institution))
        clerk.settle_down()
        day = clerk.counter.now()
        clerk.leave()
        return sit_down(day=day)

    def test_f10_asks_where_they_go_and_writes_both(self, pharmacy: Clerk, tmp_path: Path) -> None:
        screen = shown(pharmacy)
        assert "F10" in keys_of(screen)
        pharmacy.press("F10")
        pharmacy.settle_down()
        (dialog,) = screen.findChildren(QFileDialog)
        assert "药店台账" in dialog.windowTitle()
        dialog.fileSelected.emit(str(tmp_path / "ledgers"))
        dialog.reject()
        pharmacy.settle_down()
        assert "已导出" in screen.said.text()
        book = openpyxl.load_workbook(tmp_path / "ledgers.xlsx")
        assert len(book.sheetnames) == 2
        assert all(sheet.max_row > 1 for sheet in book)

    def test_another_institution_has_none(self, clerk: Clerk) -> None:
        assert "F10" not in keys_of(shown(clerk))


def test_an_axis_ends_at_a_round_figure() -> None:
    assert [nice_top(fen) for fen in (0, 400, 401, 104_050_0)] == [400, 400, 800, 1_200_000]
    assert [short(fen) for fen in (120_000, 1_500_000, 2_000_000)] == ["1,200", "1.5 万", "2 万"]
