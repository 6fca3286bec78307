"""F1 in the real window: the page of the screen, the sheet, the sentence; search, links, back, and the PDF."""

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QApplication, QPushButton

from gongji.desk.settlements.find import of_day
from gongji.errors import GongjiError
from gongji.gui.kit.dialogs import Dialog
from gongji.gui.manual.viewer import ManualWindow
from tests.support.clerk import Clerk


def opened(clerk: Clerk) -> ManualWindow:
    clerk.press("F1")
    shown = clerk.sheet
    assert isinstance(shown, ManualWindow)
    return shown


def text(manual: ManualWindow) -> str:
    return manual.view.toPlainText().replace("\u2060", "").replace("\u00a0", " ")


class TestWhereItOpens:
    def test_at_the_counter_with_its_keys_on_top(self, clerk: Clerk) -> None:
        manual = opened(clerk)
        shown = text(manual)
        keys = clerk.screen.keys()
        for key in keys:
            assert f"{key.key} {key.word}" in shown
        assert shown.startswith("收费")
        assert shown.index("F9 结算并打印") < shown.index("一次收费")

    def test_what_the_screen_says_is_linked(self, clerk: Clerk) -> None:
        clerk.press("F9")
        assert "请先选病人" in clerk.notes
        manual = opened(clerk)
        assert "屏幕上正写着" in text(manual)
        assert "请先选病人" in text(manual).partition("一次收费")[0]

    def test_trouble_leads_to_its_sentence(self, clerk: Clerk) -> None:
        clerk.station.fail(GongjiError("写不了文件 /media/usb/a（磁盘已满）", "请检查磁盘空间和文件夹权限"))
        sheet = QApplication.activeModalWidget()
        assert isinstance(sheet, Dialog)
        link = next(one for one in sheet.findChildren(QPushButton) if "怎么办" in one.text())
        link.click()
        manual = clerk.sheet
        assert isinstance(manual, ManualWindow)
        assert manual.shown == "540-trouble-data"
        assert manual.view.textCursor().selectedText() == "写不了文件 "

    def test_a_sheet_leads_to_its_page_with_its_buttons(self, clerk: Clerk) -> None:
        clerk.press("F7")
        manual = opened(clerk)
        assert manual.shown == "140-held"
        assert "取出" in text(manual).partition("挂单、取单")[2]

    def test_the_buttons_are_those_of_the_sheet(self, clerk: Clerk) -> None:
        clerk.press("F7")
        assert "存成 PDF" not in text(opened(clerk)).partition("病人去取钱")[0]

    def test_there_is_only_one(self, clerk: Clerk) -> None:
        first = opened(clerk)
        clerk.window.press("F1")
        assert [one for one in QApplication.topLevelWidgets() if isinstance(one, ManualWindow)] == [first]


class TestBesideTheWork:
    def test_it_blocks_nothing(self, clerk: Clerk) -> None:
        opened(clerk)
        assert QApplication.activeModalWidget() is None
        clerk.screen.state.choose_patient({"id": "530399194410303996"})
        assert clerk.screen.state.patient is not None

    def test_no_key_reaches_the_visit(self, clerk: Clerk) -> None:
        clerk.choose_patient("ltj")
        clerk.add_item("ybzl")
        before = clerk.screen.state.draft
        manual = opened(clerk)
        for number in range(2, 13):
            clerk.press(f"F{number}")
            assert clerk.sheet is manual
        clerk.press("Enter")
        assert clerk.screen.state.draft == before
        assert not list(of_day(clerk.counter.store, None))

    def test_esc_clears_and_then_closes(self, clerk: Clerk) -> None:
        manual = opened(clerk)
        clerk.type("f9")
        clerk.press("Esc")
        assert not manual.field.text()
        assert clerk.sheet is manual
        clerk.press("Esc")
        assert clerk.sheet is None

    def test_it_goes_with_the_sheet_above_which_it_was_opened(self, clerk: Clerk) -> None:
        clerk.press("F7")
        sheet = QApplication.activeModalWidget()
        assert isinstance(sheet, Dialog)
        opened(clerk)
        sheet.reject()
        QApplication.processEvents()
        assert clerk.sheet is None

    @pytest.mark.parametrize("key", ["F7", "F2"])
    def test_the_window_can_be_closed_with_it_open(self, clerk: Clerk, key: str) -> None:
        clerk.press(key)
        opened(clerk)
        clerk.window.close()
        QApplication.processEvents()
        assert not any(isinstance(one, ManualWindow) and one.isVisible() for one in QApplication.topLevelWidgets())


class TestReading:
    def test_search_as_one_types(self, clerk: Clerk) -> None:
        manual = opened(clerk)
        manual.field.setText("恢复钥匙")
        assert manual.shown == "340-passwords"
        clerk.press("Down")
        assert manual.shown != "340-passwords"

    def test_a_sentence_of_the_program_is_found(self, clerk: Clerk) -> None:
        manual = opened(clerk)
        manual.field.setText("没有找到“欧阳锋”")
        assert manual.shown == "510-trouble-counter"

    def test_nothing_found_is_said(self, clerk: Clerk) -> None:
        manual = opened(clerk)
        manual.field.setText("量子纠缠")
        assert "没有找到" in manual.list.item(0).text()

    def test_links_and_back(self, clerk: Clerk) -> None:
        manual = opened(clerk)
        manual.view.anchorClicked.emit(QUrl("160-refund.md"))
        assert manual.shown == "160-refund"
        manual.back.click()
        assert manual.shown == "110-counter"

    def test_pictures_are_no_wider_than_the_page(self, clerk: Clerk) -> None:
        manual = opened(clerk)
        manual.resize(760, 480)
        QApplication.processEvents()
        assert manual.view.document().idealWidth() <= manual.view.viewport().width()

    def test_a_picture_is_shown_large(self, clerk: Clerk) -> None:
        manual = opened(clerk)
        manual.view.picture_wanted.emit(str(Path("nowhere.png")))
        sheet = QApplication.activeModalWidget()
        assert isinstance(sheet, Dialog)
        sheet.reject()


def test_the_pdf_is_written_while_one_reads_on(clerk: Clerk, tmp_path: Path) -> None:
    manual = opened(clerk)
    file = tmp_path / "说明书.pdf"
    manual.save(file)
    clerk.until(lambda: manual.note.text().startswith("已存为"))
    assert file.read_bytes().startswith(b"%PDF")


def test_a_place_that_cannot_be_written_is_told(clerk: Clerk, tmp_path: Path) -> None:
    manual = opened(clerk)
    (tmp_path / "file").write_text("", encoding="utf-8")
    manual.save(tmp_path / "file" / "说明书.pdf")
    clerk.until(lambda: QApplication.activeModalWidget() is not None)
    sheet = QApplication.activeModalWidget()
    assert isinstance(sheet, Dialog)
    assert "写不了文件" in sheet.windowTitle()
    sheet.reject()


@pytest.mark.parametrize("size", [(1366, 740), (910, 484), (853, 452)])
def test_it_is_whole_on_small_screens(clerk: Clerk, size: tuple[int, int]) -> None:
    manual = opened(clerk)
    manual.resize(*size)
    QApplication.processEvents()
    assert manual.minimumSizeHint().width() <= size[0]
    assert manual.minimumSizeHint().height() <= size[1]
