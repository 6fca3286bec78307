"""Paper at the window: printed, printed again, and every way in which a printer lets a clerk down."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec import json
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QLabel, QPushButton

from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.desk.clinic.printing_settings import PaperSettings, set_paper_ways
from gongji.desk.papers.archive import on_file
from gongji.desk.papers.paper_files import choose_printer, chosen_printer
from gongji.desk.papers.printers import Printer as Setup
from gongji.desk.papers.printers import set_up
from gongji.desk.papers.receipts import place_of, receipt_for
from gongji.desk.settlements.find import find, of_day
from gongji.gui.kit.choice import Choice
from gongji.gui.kit.dialogs import Dialog
from gongji.gui.printing.preview import PreviewSheet
from gongji.gui.printing.send_paper import PrinterError, WrongPaperError, draw, print_on
from gongji.gui.records.screen import RecordsScreen
from gongji.gui.records.verify_receipt_sheet import CheckingSheet
from gongji.printing.escpos import drawer_pulse
from gongji.printing.read_pdf import images_of
from gongji.printing.receipt.render import render
from gongji.store.people.people import save_person
from gongji.store.settlements import receipts
from tests.gui.test_gui_keys import busy
from tests.support.clerk import Clerk
from tests.support.printer import NO_PAPER, WELL, Printer, printer
from tests.support.reading import papers as papers_of
from tests.support.reading import said_on

_ = busy
RASTER = b"\x1dv0\x00"


def words(sheet: object) -> str:
    assert isinstance(sheet, Dialog)
    return "\n".join(one.text() for one in sheet.findChildren(QLabel))


def set_up_at(clerk: Clerk, name: str, **more: object) -> None:
    """Let the counter print on a receipt printer from now on."""
    setup = json.encode(Setup(paper="80", dots=576, **more))  # type: ignore[arg-type]

    def work() -> None:
        set_up(clerk.counter, name, setup)
        choose_printer(clerk.counter, name)

    clerk.station.jobs.write(work)
    clerk.settle_down()


@pytest.fixture
def well() -> Iterator[Printer]:
    with printer(lambda *_: WELL) as one:
        yield one


def only(clerk: Clerk) -> StoredSettlement:
    (head,) = of_day(clerk.counter.store, None)
    return find(clerk.counter.store, head.no)


class TestPrinting:
    def test_f9_sends_the_receipt_to_the_printer(self, busy: Clerk, well: Printer) -> None:
        set_up_at(busy, well.name)
        busy.settle()
        assert busy.sheet is None
        assert len(well.jobs) == 1
        assert RASTER in well.jobs[0]

    def test_what_was_printed_is_kept_beside_the_clinic_s_own_paper(self, busy: Clerk, well: Printer) -> None:
        set_up_at(busy, well.name)
        busy.settle()
        no = only(busy).no
        assert {path.name for path in papers_of(busy)} == {f"{no}.pdf", f"{no}-80.pdf"}

    def test_the_drawer_opens_when_cash_moves_and_not_when_none_does(self, busy: Clerk, well: Printer) -> None:
        set_up_at(busy, well.name, drawer=True)
        busy.settle()  # all of it from the account
        busy.choose_patient("ltj")
        busy.add_item("amxl", "2")
        busy.settle_down()
        busy.press("F5", "Space", "Enter")
        busy.settle()
        assert [job.startswith(drawer_pulse()) for job in well.jobs] == [False, True]

    def test_a_reprint_is_marked_and_counted_on_the_printer_too(self, busy: Clerk, well: Printer) -> None:
        set_up_at(busy, well.name)
        busy.settle()
        busy.screen.settling.reprint(only(busy))
        busy.settle_down()
        first, again = well.jobs
        assert RASTER in again
        assert again != first
        (marked,) = papers_of(busy, "-reprint-1.pdf")
        assert "补打第1次" in said_on(marked)
        assert len(receipts.reprints(busy.counter.store.reader, only(busy).serial)) == 1

    def test_a_reprint_at_the_counter_is_in_the_records_at_once(self, busy: Clerk, well: Printer) -> None:
        set_up_at(busy, well.name)
        busy.settle()
        busy.press("2", with_ctrl=True)  # 记录 is open already and shows the settlement
        screen = busy.window.screen_shown
        assert isinstance(screen, RecordsScreen)
        assert "补打 第 1 次" not in screen.detail.text.toPlainText()
        busy.press("1", with_ctrl=True)
        busy.screen.settling.reprint(only(busy))
        busy.settle_down()
        busy.press("2", with_ctrl=True)
        busy.settle_down()
        assert "补打 第 1 次" in screen.detail.text.toPlainText()
        busy.press("F9")
        assert "补打第 2 次" in [one.text() for one in busy.sheet.findChildren(QPushButton)]  # type: ignore[union-attr]

    def test_printing_from_the_preview_of_a_printed_paper_is_a_reprint(self, busy: Clerk, well: Printer) -> None:
        set_up_at(busy, well.name)
        busy.settle()
        busy.press("2", with_ctrl=True)
        busy.press("F4")
        busy.settle_down()
        assert isinstance(busy.sheet, PreviewSheet)
        busy.press("Enter")
        assert "补打" in words(busy.sheet)
        busy.press("Enter")
        busy.settle_down()
        assert papers_of(busy, "-reprint-1.pdf")
        assert len(well.jobs) == 2

    def test_the_reckoning_goes_along_where_the_clinic_always_gives_it(self, busy: Clerk, well: Printer) -> None:
        set_up_at(busy, well.name)
        ways = PaperSettings(paper="A5", checker="", always_explained=True)
        busy.station.jobs.write(lambda: set_paper_ways(busy.counter, ways))
        busy.settle_down()
        busy.settle()
        assert len(well.jobs) == 2
        assert "为什么是这个数" in said_on(papers_of(busy, "-reckoning.pdf")[0])


class TestClosingTheWindow:
    def test_right_after_f9_the_paper_is_in_the_book(self, busy: Clerk, sit_down: Callable[..., Clerk]) -> None:
        busy.press("F9")
        busy.leave()
        again = sit_down()
        one = only(again)
        assert receipts.newest(again.counter.store.reader, one.serial) is not None
        assert on_file(again.counter, place_of(one)) is not None


class TestPrintersThatFail:
    def test_one_without_paper_loses_nothing_and_is_printed_again(self, busy: Clerk) -> None:
        states = [NO_PAPER]
        with printer(lambda *_: states[-1]) as one:
            set_up_at(busy, one.name)
            busy.settle()
            assert "没有纸了" in words(busy.sheet)
            assert f"{only(busy).no} 已经记好" in words(busy.sheet)
            assert one.printed == b""
            states.append(WELL)
            busy.press("Enter")
            busy.settle_down()
            assert busy.sheet is None
            assert RASTER in one.printed
        assert receipts.reprints(busy.counter.store.reader, only(busy).serial) == []

    def test_one_that_breaks_off_half_way_is_replaced_by_another(self, busy: Clerk, well: Printer) -> None:
        with printer(lambda *_: WELL, 4000) as one:
            set_up_at(busy, well.name)
            set_up_at(busy, one.name)
            busy.settle()
            assert "打到一半断了" in words(busy.sheet)
            another = next(one for one in busy.sheet.findChildren(QPushButton) if one.text() == "换一台打印机")  # type: ignore[union-attr]
            another.click()
            choice = busy.sheet
            assert isinstance(choice, Choice)
            busy.press(next(row[0] for row in choice.table.rows_model.rows if row[1] == well.name))
            busy.settle_down()
        assert busy.sheet is None
        assert chosen_printer(busy.counter) == well.name
        assert RASTER in well.printed

    def test_one_that_is_gone_is_told(self, busy: Clerk) -> None:
        set_up_at(busy, "tcp://127.0.0.1:9")
        busy.settle()
        assert "连不上" in words(busy.sheet)
        assert only(busy).totals.total_fen == 1972

    def test_a_sheet_wider_than_the_roll_is_told(self, busy: Clerk, well: Printer) -> None:
        set_up_at(busy, well.name)
        wide = json.encode(Setup(paper="80", dots=384))
        busy.station.jobs.write(lambda: set_up(busy.counter, well.name, wide))
        busy.settle()
        assert "打印机只有 384 点" in words(busy.sheet)
        assert well.printed == b""


class TestSystemPrinters:
    """Qt's own printer, printing into a file as the system's would onto paper."""

    @pytest.fixture
    def page(self, busy: Clerk) -> bytes:
        busy.settle()
        return render(receipt_for(busy.counter, only(busy)))

    def made(self, path: Path) -> QPrinter:
        one = QPrinter(QPrinter.PrinterMode.HighResolution)
        one.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        one.setOutputFileName(str(path))
        return one

    @pytest.mark.parametrize(("paper", "wide", "high"), [("A5", 210, 148), ("A4", 210, 297), ("third", 241, 93.1)])
    def test_a_page_comes_out_at_its_true_size(
        self, busy: Clerk, tmp_path: Path, paper: str, wide: float, high: float
    ) -> None:
        busy.settle()
        pdf = render(receipt_for(busy.counter, only(busy)), paper)
        draw(self.made(tmp_path / "out.pdf"), pdf)
        (out,) = images_of((tmp_path / "out.pdf").read_bytes(), 254)
        (mine,) = images_of(pdf, 254)
        assert (out.width, out.height) == pytest.approx((wide * 10, high * 10), abs=6)
        dark = [one.point(lambda grey: 255 if grey < 100 else 0).getbbox() for one in (out, mine)]
        assert dark[0] == pytest.approx(dark[1], abs=6)

    def test_one_the_system_does_not_know_is_told(self, page: bytes) -> None:
        with pytest.raises(PrinterError, match="系统里没有这台打印机"):
            print_on("没有这台", page)

    def test_one_that_cannot_be_opened_is_told(self, page: bytes, tmp_path: Path) -> None:
        with pytest.raises(PrinterError, match="打不开"):
            draw(self.made(tmp_path / "no such folder" / "out.pdf"), page)

    def test_paper_that_is_too_small_is_told_before_anything_is_drawn(self, page: bytes, tmp_path: Path) -> None:
        class Small(QPrinter):
            """A printer whose driver has but one size."""

            def setPageLayout(self, layout: object) -> bool:  # noqa: N802  # Qt's name
                del layout
                small = QPageSize(QSizeF(100, 100), QPageSize.Unit.Millimeter)
                return super().setPageSize(small)

        one = Small(QPrinter.PrinterMode.HighResolution)
        one.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        one.setOutputFileName(str(tmp_path / "out.pdf"))
        with pytest.raises(WrongPaperError, match="单据是 210×148 毫米，打印机是 100×100 毫米"):
            draw(one, page)
        assert not (tmp_path / "out.pdf").exists()


class TestStatement:
    def test_the_month_s_statement_is_shown_as_it_is_printed(self, busy: Clerk) -> None:
        busy.settle()
        busy.window.go_to("statistics")
        busy.settle_down()
        busy.press("F5")
        busy.settle_down()
        assert isinstance(busy.sheet, PreviewSheet)
        (path,) = papers_of(busy, "statement-2026-11.pdf")
        assert "门诊医保月结算申报表（2026年11月）" in said_on(path)
        assert "合计1119.72" in said_on(path)  # one visit, one person, the total

    def test_a_second_click_does_not_print_it_again(self, busy: Clerk, well: Printer) -> None:
        set_up_at(busy, well.name)
        busy.window.go_to("statistics")
        busy.settle_down()
        busy.press("F5")
        busy.settle_down()
        assert isinstance(busy.sheet, PreviewSheet)
        (wanted,) = (one for one in busy.sheet.findChildren(QPushButton) if one.text() == "打印")
        wanted.click()
        assert not wanted.isEnabled()
        busy.settle_down()
        assert wanted.isEnabled()  # told what came of it: this roll is too narrow for a sheet
        assert "打印机" in busy.sheet.note.text()


class TestChecking:
    def test_a_scanned_code_is_told_genuine_with_what_it_settled(self, busy: Clerk) -> None:
        busy.settle()
        code = receipt_for(busy.counter, only(busy)).code
        busy.press("2", with_ctrl=True)
        busy.press("F7")
        sheet = busy.sheet
        assert isinstance(sheet, CheckingSheet)
        assert sheet.field.hasFocus()
        busy.scan(code)
        busy.settle_down()
        assert sheet.head.text() == "真实有效"
        assert "金额合计 19.72" in sheet.details.text()
        forged = code.replace("*1972*", "*9972*")
        assert forged != code
        busy.scan(forged)
        busy.settle_down()
        assert sheet.head.text() == "不能确认"
        assert "被改动过" in sheet.details.text()


class TestNames:
    def test_a_name_that_cannot_be_printed_is_told_before_f9(self, busy: Clerk) -> None:
        person = busy.screen.state.draft.person_id
        assert person is not None
        assert "打不出来" not in busy.notes

        def work() -> None:
            with busy.counter.store.write() as connection:
                save_person(connection, person, "王\U0002cef0", None)

        busy.station.jobs.write(work)
        busy.settle_down()
        busy.choose_patient(person)
        busy.settle_down()
        assert "这些字单据上打不出来：\U0002cef0（U+2CEF0）" in busy.notes
        assert not list(of_day(busy.counter.store, None))
