"""日结 by keys: count the drawer, close once, print; and nothing at all is fine too."""

import pytest
from msgspec import structs
from PySide6.QtWidgets import QLabel

from gongji.core.money import grouped
from gongji.desk.clinic.explain import explain, to_explain
from gongji.desk.closing.shifts import cash_fen, closed_report, closed_shifts
from gongji.desk.settlements.find import find
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from gongji.gui.closing.screen import ClosingScreen
from gongji.gui.closing.shift_card import ShiftHistorySheet
from gongji.gui.printing.preview import PreviewSheet
from gongji.printing.read_pdf import text_of
from gongji.store import concerns
from gongji.store.concerns import Concern
from tests.support.clerk import Clerk
from tests.support.clinic import text, visit
from tests.support.working import settle_samples


def closing(clerk: Clerk) -> ClosingScreen:
    clerk.press("4", with_ctrl=True)
    found = clerk.window.screen_shown
    assert isinstance(found, ClosingScreen)
    return found


@pytest.fixture
def screen(clerk: Clerk) -> ClosingScreen:
    settle_samples(clerk)
    return closing(clerk)


class TestCounting:
    def test_the_difference_shows_at_every_key(self, clerk: Clerk, screen: ClosingScreen) -> None:
        assert screen.drawer.difference.text() == "未清点"
        clerk.type("1")
        assert screen.drawer.counted.text() == "100.00"
        clerk.press("Enter")
        clerk.type("2")
        assert screen.drawer.counted.text() == "200.00"
        cash = screen.drawer.expected.text()
        assert screen.report is not None
        assert cash == grouped(cash_fen(screen.report))
        assert screen.drawer.difference.text().startswith(("多", "少"))
        clerk.press("Esc")
        assert screen.drawer.difference.text() == "未清点"

    def test_what_is_no_count_is_said_and_nothing_is_closed(self, clerk: Clerk, screen: ClosingScreen) -> None:
        field = screen.drawer.pieces[50_00]
        for typed in ("a1-2", "12张", "²", "1.5", "-3", "1\u200b2", "9" * 5000):
            field.setText(typed)
            assert (screen.drawer.counted.text(), screen.drawer.difference.text()) == ("—", "张数看不懂"), typed
        clerk.press("F9")
        (sheet,) = clerk.sheets
        says = "50 元的张数“999999999999…”不是 0 至 99999 的整数，请改正，例如 12"  # it is a whole number, and cut
        assert says in [one.text() for one in sheet.findChildren(QLabel)]
        clerk.press("Enter")
        assert not clerk.sheets
        assert clerk.window.focusWidget() is field
        assert not list(closed_shifts(clerk.counter.store.reader))
        field.setText("１２")
        assert screen.drawer.counted.text() == "600.00"

    def test_enter_walks_to_the_button(self, clerk: Clerk, screen: ClosingScreen) -> None:
        for _ in range(9):
            clerk.press("Enter")
        assert screen.close_button.hasFocus()


class TestFigures:
    def test_by_means_by_fund_and_receipts_used_and_void(self, clerk: Clerk) -> None:
        numbers = settle_samples(clerk)
        clerk.station.jobs.write(
            lambda: void(clerk.counter, numbers[1], "录错项目"),
        )
        clerk.settle_down()
        first, voided = find(clerk.counter.store, numbers[0]), find(clerk.counter.store, numbers[1])
        last = find(clerk.counter.store, str(voided.voided_by))
        screen = closing(clerk)
        told = screen.figures.text.toPlainText()
        kept = [find(clerk.counter.store, one) for one in (numbers[0], *numbers[2:])]
        for word, name in (("现金", "cash"), ("个人账户", "account_own"), ("统筹基金", "fund")):
            fen = sum(getattr(one.totals, f"{name}_fen") for one in kept)
            assert f"{word}\n{grouped(fen)}" in told
        assert screen.figures.counts.text() == "结算 4 笔 · 退费 1 笔"
        assert f"使用 {first.receipt_no} 至 {last.receipt_no}，共 5 张" in told
        assert f"作废 1 张：{voided.receipt_no}" in told

    def test_the_drawer_is_on_the_paper(self, clerk: Clerk, screen: ClosingScreen) -> None:
        screen.drawer.float.setText("200.00")
        clerk.press("F3")
        clerk.type("3")
        clerk.press("F9", "Enter")
        clerk.settle_down()
        clerk.close_sheet()
        (paper,) = clerk.counter.folder.receipts.rglob("closing-1-4.pdf")
        text = "".join(text_of(paper.read_bytes())).replace(" ", "")
        assert "100元×3" in text
        (closed,) = closed_shifts(clerk.counter.store.reader)
        taken_fen = cash_fen(closed_report(clerk.counter.store.reader, closed))
        for fen in (30_000, 20_000, taken_fen, 20_000 + taken_fen, 30_000 - 20_000 - taken_fen):
            assert f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}" in text

    @pytest.mark.parametrize("typed", ["²00", "2OO", "-200", "1,28"])
    def test_a_float_that_is_no_amount_is_said_and_counts_for_nothing(
        self, clerk: Clerk, screen: ClosingScreen, typed: str
    ) -> None:
        clerk.type("3")
        screen.drawer.float.setText(typed)
        assert screen.drawer.difference.text() == "备用金看不懂"
        before = len(closed_shifts(clerk.counter.store.reader))
        clerk.press("F9")
        sheet = clerk.sheet
        assert sheet is not None
        assert any(f"备用金“{typed}”不是金额" in one.text() for one in sheet.findChildren(QLabel))
        clerk.press("Enter")
        assert len(closed_shifts(clerk.counter.store.reader)) == before
        screen.drawer.float.setText("２００元")
        assert screen.drawer.drawer.float_fen == 20_000


class TestClosing:
    def test_once_over_what_is_shown(self, clerk: Clerk, screen: ClosingScreen) -> None:
        clerk.type("3")
        clerk.press("F9", "Enter")
        clerk.settle_down()
        assert isinstance(clerk.sheet, PreviewSheet)
        clerk.settle_down()
        clerk.close_sheet()
        (closed,) = closed_shifts(clerk.counter.store.reader)
        assert (closed.first_serial, closed.last_serial) == (1, 4)
        assert list(clerk.counter.folder.receipts.rglob("closing-1-4.pdf"))
        assert screen.report is not None
        assert screen.report.serials == (5, 4)
        assert "还没有收费" in screen.figures.title.text()

    def test_zero_is_fine_and_asks(self, clerk: Clerk) -> None:
        screen = closing(clerk)
        assert "没有使用单据" in screen.figures.text.toPlainText()
        clerk.press("F9")
        assert clerk.sheet is not None
        clerk.press("Esc")
        assert closed_shifts(clerk.counter.store.reader) == []
        clerk.press("F9", "Enter")
        clerk.settle_down()
        clerk.close_sheet()
        assert len(closed_shifts(clerk.counter.store.reader)) == 1

    def test_a_settlement_in_between_is_told_not_closed(self, clerk: Clerk, screen: ClosingScreen) -> None:
        report = screen.report
        assert report is not None
        screen.close_shift(structs.replace(report, serials=(1, 3)))
        clerk.settle_down()
        assert closed_shifts(clerk.counter.store.reader) == []

    def test_what_is_not_uploaded_is_listed(self, screen: ClosingScreen) -> None:
        told = screen.figures.text.toPlainText()
        assert "4 笔，基金" in told
        assert "等待上传" in told

    def test_preview_and_history(self, clerk: Clerk, screen: ClosingScreen) -> None:
        assert screen.report is not None
        clerk.press("F4")
        clerk.settle_down()
        assert isinstance(clerk.sheet, PreviewSheet)
        clerk.close_sheet()
        clerk.press("F7")
        sheet = clerk.sheet
        assert isinstance(sheet, ShiftHistorySheet)
        assert sheet.table._empty.isVisible()  # noqa: SLF001  # what is shown
        clerk.close_sheet()
        clerk.press("F9", "Enter")
        clerk.settle_down()
        clerk.close_sheet()
        clerk.press("F7", "Enter")
        clerk.settle_down()
        assert isinstance(clerk.sheet, PreviewSheet)


class TestWhatARestoreLost:
    def test_it_stands_on_the_screen_until_it_is_entered_anew_or_explained(self, clerk: Clerk) -> None:
        """The figures are of a shift; what is missing from them comes first, by number and sum."""
        lost = [
            Concern(
                kind="lost",
                subject=f"01-20250610-00009{number}",
                text=f"恢复前的这笔结算不在备份里：合计 {number}00.00",
                detail={"kind": "settle", "visit_no": f"LOST{number}"},
            )
            for number in (1, 2)
        ]

        def written() -> None:
            with clerk.counter.store.write() as connection:
                concerns.put(connection, lost, "2025-06-10 09:00:00")

        clerk.station.jobs.write(written)
        clerk.settle_down()
        screen = closing(clerk)
        told = screen.figures.text.toPlainText()
        assert told.startswith("待说明（2）")
        for one in lost:
            assert one.subject in told
            assert one.text in told
        clerk.press("F9")
        assert any("还有 2 条待说明" in one.text() for one in clerk.sheets[-1].findChildren(QLabel))
        clerk.close_sheet()
        given = text(visit("LOST1", settled_on=clerk.station.today.isoformat()))
        clerk.station.jobs.write(lambda: settle_text(clerk.counter, given))
        clerk.until(lambda: "待说明（1）" in screen.figures.text.toPlainText())
        (left,) = to_explain(clerk.counter)
        clerk.station.jobs.write(lambda: explain(clerk.counter, left.id, "当天已退现金，单据在抽屉里"))
        clerk.until(lambda: "待说明" not in screen.figures.text.toPlainText())
