"""日结 by keys: count the drawer, close once, print; and nothing at all is fine too."""

import pytest
from msgspec import structs

from gongji.desk.closing import cash_fen, closed_shifts
from gongji.gui.closing.history_sheet import HistorySheet
from gongji.gui.preview import PreviewSheet
from gongji.gui.screens.closing import ClosingScreen
from gongji.gui.words import grouped
from tests.gui.clerk import Clerk
from tests.gui.working import settle_samples


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

    def test_letters_are_no_pieces(self, clerk: Clerk, screen: ClosingScreen) -> None:
        clerk.type("a1-2")
        assert screen.drawer.counted.text() == "1,200.00"

    def test_enter_walks_to_the_button(self, clerk: Clerk, screen: ClosingScreen) -> None:
        for _ in range(9):
            clerk.press("Enter")
        assert screen.close_button.hasFocus()


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
        assert isinstance(sheet, HistorySheet)
        assert sheet.table._empty.isVisible()  # noqa: SLF001  # what is shown
        clerk.close_sheet()
        clerk.press("F9", "Enter")
        clerk.settle_down()
        clerk.close_sheet()
        clerk.press("F7", "Enter")
        clerk.settle_down()
        assert isinstance(clerk.sheet, PreviewSheet)
