"""自费 and 居民医保 at the counter, by keys: enrolled by name alone, charged, printed, found, refunded, closed."""

from collections.abc import Callable

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit

from gongji.desk.closing.shifts import shift_report
from gongji.desk.settlements.find import find, of_day
from gongji.gui.closing.screen import ClosingScreen
from gongji.gui.counter.sheets.person_sheet import PersonSheet
from gongji.gui.records.screen import RecordsScreen
from gongji.printing.read_pdf import text_of
from gongji.store.upload import outbox_records
from tests.support.clerk import Clerk
from tests.support.reading import papers


def enrol(clerk: Clerk, word: str) -> None:
    """Type an unknown name and enrol whom it is, without a number."""
    clerk.press("F2")
    clerk.type("王小明明")
    clerk.press("Enter")
    assert f"登记为{word}" in [act for note in clerk.screen.panel.notes.shown for act, _ in note.acts]
    clerk.press("Shift+F2")
    sheet = clerk.sheet
    assert isinstance(sheet, PersonSheet)
    assert sheet.name.text() == "王小明明"
    sheet.status.setCurrentText(word)
    clerk.press("Enter")
    assert clerk.sheet is None, sheet.wrong.text()


@pytest.fixture(params=["自费", "居民医保"])
def charged(clerk: Clerk, request: pytest.FixtureRequest) -> tuple[Clerk, str, str]:
    enrol(clerk, request.param)
    clerk.add_item("ybzl")
    clerk.add_item("amxl", "2")
    clerk.settle_down()
    assert (clerk.due, clerk.amount("total"), clerk.amount("fund")) == ("19.72", "19.72", "0.00")
    assert "不上传医保" in clerk.notes
    assert "没有获知本年度累计" not in clerk.notes
    clerk.settle()
    (one,) = of_day(clerk.counter.store, None)
    return clerk, one.no, request.param


def test_the_paper_is_a_bill_and_nothing_is_queued(charged: tuple[Clerk, str, str]) -> None:
    clerk, no, word = charged
    assert list(outbox_records.rows(clerk.counter.store.reader)) == []
    (paper,) = papers(clerk, f"{no}.pdf")
    said = "".join("".join(text_of(paper.read_bytes())).split())
    assert f"结算类别：{word}" in said
    assert "门诊收费单" in said
    assert clerk.window.header.attention.text() in {"", "需处理 0"}


def test_it_is_found_told_and_refunded(charged: tuple[Clerk, str, str]) -> None:
    clerk, no, word = charged
    clerk.press("2", with_ctrl=True)
    screen = clerk.window.screen_shown
    assert isinstance(screen, RecordsScreen)
    told = screen.detail.text.toPlainText()
    assert word in told
    assert "000000@" not in told
    assert screen.table.current.state == ""
    clerk.press("F10", "Enter")  # the whole of it, on to why
    clerk.type("tui")
    clerk.press("Enter")
    clerk.settle_down()
    assert find(clerk.counter.store, no).voided_by is not None


def test_it_is_in_the_shift(charged: tuple[Clerk, str, str]) -> None:
    clerk, _, _ = charged
    report = shift_report(clerk.counter.store.reader, clerk.counter.operator)
    assert (report.settlements, report.totals.cash_fen, report.not_uploaded) == (1, 1972, 0)
    clerk.press("4", with_ctrl=True)
    screen = clerk.window.screen_shown
    assert isinstance(screen, ClosingScreen)
    assert screen.figures.cash.text() == "19.72"


def test_what_makes_no_sense_is_said_not_done(charged: tuple[Clerk, str, str]) -> None:
    clerk, _, _ = charged
    clerk.choose_patient("wxmm")  # known now
    clerk.add_item("ybzl")
    clerk.settle_down()
    before = clerk.screen.state.draft
    for key in ("F11", "F12"):
        clerk.press(key)
        assert clerk.sheet is None
        assert "自费、居民医保" in clerk.notes
    assert clerk.screen.state.draft == before


def test_an_insured_patient_may_pay_for_once(sit_down: Callable[..., Clerk]) -> None:
    clerk = sit_down()
    clerk.choose_patient("ltj")
    clerk.add_item("ybzl")
    clerk.press("Shift+F2")
    sheet = clerk.sheet
    assert isinstance(sheet, PersonSheet)
    sheet.status.setCurrentText("自费")
    clerk.press("Enter")
    clerk.settle_down()
    assert clerk.due == "10.00"
    assert clerk.amount("account_own") == "0.00"


def test_a_name_pasted_with_what_nobody_sees_is_refused_or_put_right(sit_down: Callable[..., Clerk]) -> None:
    clerk = sit_down()
    clerk.press("Shift+F2")
    sheet = clerk.sheet
    assert isinstance(sheet, PersonSheet)
    sheet.status.setCurrentText("自费")
    _paste(sheet.name, "赵\u200b小燕")
    clerk.press("Enter")
    assert clerk.sheet is sheet
    assert "姓名含有换行、制表符或看不见的字符" in sheet.wrong.text()
    _paste(sheet.name, "\t赵小燕\r\n")
    clerk.press("Enter")
    clerk.settle_down()
    assert clerk.screen.state.draft.person["name"] == "赵小燕"


def _paste(field: QLineEdit, text: str) -> None:
    """Paste what another program copied in place of what stands in a field."""
    QGuiApplication.clipboard().setText(text)
    field.selectAll()
    field.paste()
