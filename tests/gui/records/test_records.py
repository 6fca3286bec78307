"""记录 by keys: find it, see why, see its paper, print it again, give back all of it or a part."""

from pathlib import Path

import pytest

from gongji.desk.settlements.find import find, of_day
from gongji.gui.kit.dialogs import Dialog
from gongji.gui.printing.preview import PreviewSheet
from gongji.gui.records.reckoning_sheet import ReckoningSheet
from gongji.gui.records.refund_sheet import RefundSheet
from gongji.gui.records.screen import RecordsScreen
from gongji.gui.records.verify_receipt_sheet import CheckingSheet
from tests.support.clerk import Clerk, pages_of
from tests.support.working import settle_samples


@pytest.fixture
def numbers(clerk: Clerk) -> list[str]:
    return settle_samples(clerk)


@pytest.fixture
def screen(clerk: Clerk, numbers: list[str]) -> RecordsScreen:
    assert numbers
    clerk.press("2", with_ctrl=True)
    found = clerk.window.screen_shown
    assert isinstance(found, RecordsScreen)
    return found


def listed(screen: RecordsScreen) -> list[str]:
    return [one.no for one in screen.table.rows_model.rows]


class TestFinding:
    def test_it_lists_the_newest_first_with_the_sum(self, screen: RecordsScreen, numbers: list[str]) -> None:
        assert listed(screen) == numbers[::-1]
        assert screen.sum.text().startswith("结算 4 笔 · 退费 0 笔")

    @pytest.mark.parametrize("typed", ["ltj", "000002", "67.32"])
    def test_by_initials_number_and_amount(
        self, clerk: Clerk, screen: RecordsScreen, numbers: list[str], typed: str
    ) -> None:
        clerk.press("F2")
        clerk.type(typed)
        clerk.press("Enter")
        assert listed(screen) == [numbers[1]]
        assert screen.table.hasFocus()
        assert screen.detail.name.text() == "龙天军"

    def test_nothing_fits_has_words(self, clerk: Clerk, screen: RecordsScreen) -> None:
        clerk.type("zzzz")
        clerk.press("Enter")
        assert listed(screen) == []
        assert "没有找到" in screen.table._empty.text()  # noqa: SLF001  # what is shown
        clerk.press("Esc")
        assert len(listed(screen)) == 4

    def test_no_work_yet_has_words(self, clerk: Clerk) -> None:
        clerk.press("2", with_ctrl=True)
        found = clerk.window.screen_shown
        assert isinstance(found, RecordsScreen)
        assert found.table._empty.isVisible()  # noqa: SLF001  # what is shown
        for key in ("F4", "F8", "F9", "F10"):
            clerk.press(key)
            assert clerk.sheet is None


class TestTheOneThatIsChosen:
    def test_why(self, clerk: Clerk, screen: RecordsScreen) -> None:
        clerk.press("F8")
        sheet = clerk.sheet
        assert isinstance(sheet, ReckoningSheet)
        assert "条文要旨" in sheet.text.toPlainText()
        assert screen.table.current is not None

    def test_its_paper_is_shown_before_it_is_printed(self, clerk: Clerk, screen: RecordsScreen) -> None:
        clerk.press("F4")
        clerk.settle_down()
        sheet = clerk.sheet
        assert isinstance(sheet, PreviewSheet)
        assert len(pages_of(sheet)) == 1
        clerk.close_sheet()
        assert "已出单据" in screen.detail.text.toPlainText()

    def test_a_reprint_is_asked_marked_and_counted(self, clerk: Clerk, screen: RecordsScreen) -> None:
        no = screen.table.current.no
        clerk.press("F9")
        assert isinstance(clerk.sheet, Dialog)
        clerk.press("Enter")
        clerk.settle_down()
        clerk.close_sheet()
        assert list(clerk.counter.folder.receipts.rglob(f"{no}-reprint-1.pdf"))
        assert "补打 第 1 次" in screen.detail.text.toPlainText()

    def test_a_paper_is_told_genuine(self, clerk: Clerk, screen: RecordsScreen) -> None:
        no = screen.table.current.no
        clerk.press("F4")
        clerk.settle_down()
        clerk.close_sheet()
        clerk.press("F7")
        sheet = clerk.sheet
        assert isinstance(sheet, CheckingSheet)
        paper: Path = next(clerk.counter.folder.receipts.rglob(f"{no}.pdf"))
        sheet.check_file(paper)
        clerk.settle_down()
        assert sheet.head.text() == "真实有效"
        sheet.field.clear()
        clerk.type("GJ1*nonsense")
        clerk.press("Enter")
        clerk.settle_down()
        assert sheet.head.text() == "不能确认"


class TestRefunds:
    def test_whole(self, clerk: Clerk, screen: RecordsScreen) -> None:
        no = screen.table.current.no
        clerk.press("F10")
        assert isinstance(clerk.sheet, RefundSheet)
        assert clerk.sheet.whole.hasFocus()
        clerk.press("Enter", "Enter")
        assert clerk.sheet.wrong.text() == "请写明原因"
        clerk.type("yao")
        clerk.press("Enter")
        clerk.settle_down()
        assert find(clerk.counter.store, no).voided_by is not None
        clerk.close_sheet()
        assert listed(screen)[0] == find(clerk.counter.store, no).voided_by
        assert not screen.refund_button.isEnabled()

    def test_a_part_goes_on_at_the_counter(self, clerk: Clerk, screen: RecordsScreen, numbers: list[str]) -> None:
        assert screen.field.hasFocus()
        clerk.type("ltj")
        clerk.press("Enter", "F10")
        sheet = clerk.sheet
        assert isinstance(sheet, RefundSheet)
        sheet.part.click()
        kept = sheet.table
        assert kept.hasFocus()
        kept.setCurrentIndex(kept.lines.index(1, 4))
        clerk.type("1")
        clerk.press("Enter")
        assert kept.kept[1] == "1"
        assert "再为留下的结算：总费用 62.46" in sheet.effect.text()
        sheet.reason.setFocus()
        clerk.type("tui")
        clerk.press("Enter")
        clerk.settle_down()
        first = find(clerk.counter.store, numbers[1])
        assert first.voided_by is not None
        assert clerk.sheet is None
        assert clerk.window.screen_shown is clerk.screen
        assert "核对后按 F9" in clerk.notes
        assert clerk.screen.state.draft.lines[1].quantity == "1"
        assert clerk.amount("total") == "62.46"
        clerk.settle()
        assert [one.totals.total_fen for one in of_day(clerk.counter.store, None)][-1] == 6246

    def test_a_wrong_quantity_is_said_at_once(self, clerk: Clerk, screen: RecordsScreen) -> None:
        assert screen.table.current is not None
        clerk.press("F10")
        sheet = clerk.sheet
        assert isinstance(sheet, RefundSheet)
        sheet.part.click()
        sheet.table.lines.setData(sheet.table.lines.index(0, 4), "99999")
        assert "多于原来" in sheet.wrong.text()
        clerk.press("Esc")
        assert clerk.sheet is None
