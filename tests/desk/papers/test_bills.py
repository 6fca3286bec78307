"""票据号码段: each form's number is used once, a spoilt one is made void, and the day's close tells of both."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import json

from gongji.desk.clinic.open import open_counter
from gongji.desk.closing.report_papers import report_steps
from gongji.desk.closing.shifts import shift_report
from gongji.desk.papers.archive import made
from gongji.desk.papers.bills import change_roll, roll_state, void_bill
from gongji.desk.papers.printers import Printer, layout_steps, reprint_on_steps, set_up
from gongji.desk.session import Session
from gongji.desk.settlements.void import void
from gongji.errors import GongjiError
from gongji.pack_files.library import Library
from gongji.printing.read_pdf import text_of
from tests.desk.settlements.test_settle import settle
from tests.support.clinic import OPERATOR, PASSWORD, line, visit
from tests.support.clock import Clock

FORM = """
title = "票据"
width = 190
height = 102
[field.bill_no]
x = 20
y = 10
room = 60
[field.notice]
x = 20
y = 90
room = 150
rows = 3
[lines]
y = 30
pitch = 5
rows = 2
[lines.columns.name]
x = 20
y = 0
room = 60
"""


@pytest.fixture
def clinic(data: Path, library: Library, clock: Clock) -> Iterator[Session]:
    counter = open_counter(data, library, clock, OPERATOR, PASSWORD)
    (data / "forms").mkdir()
    (data / "forms" / "bill.toml").write_text(FORM, encoding="utf-8")
    set_up(counter, "P", json.encode(Printer(form="bill")))
    yield counter
    counter.close()


def said(pdf: bytes) -> str:
    return "".join("".join(text_of(pdf)).split())


class TestTheRoll:
    def test_none_is_needed(self, clinic: Session) -> None:
        assert roll_state(clinic.store.reader) is None
        assert "000" not in said(made(layout_steps(clinic, settle(clinic, visit("V1")), "P")))[:5]

    def test_numbers_keep_their_zeros_and_letters(self, clinic: Session) -> None:
        found = change_roll(clinic, "0601", "A000998", "A001001")
        assert (found.next, found.left) == ("A000998", 4)

    @pytest.mark.parametrize(
        ("first", "last", "words"),
        [("1", "x", "应为数字"), ("001", "0005", "位数不同"), ("A01", "B05", "字母"), ("009", "001", "小于起号")],
    )
    def test_wrong_numbers_are_refused(self, clinic: Session, first: str, last: str, words: str) -> None:
        with pytest.raises(GongjiError, match=words):
            change_roll(clinic, "", first, last)

    def test_a_roll_that_was_used_is_refused(self, clinic: Session) -> None:
        change_roll(clinic, "", "0001", "0050")
        with pytest.raises(GongjiError, match="重复"):
            change_roll(clinic, "", "0040", "0090")
        assert change_roll(clinic, "0602", "0040", "0090").first == "0040"


class TestForms:
    def test_each_paper_takes_the_next_and_keeps_it(self, clinic: Session) -> None:
        change_roll(clinic, "", "0001", "0050")
        one, two = settle(clinic, visit("V1")), settle(clinic, visit("V2"))
        assert "0001" in said(made(layout_steps(clinic, one, "P")))
        assert "0002" in said(made(layout_steps(clinic, two, "P")))
        assert "0001" in said(made(layout_steps(clinic, one, "P")))  # tried again: the same form
        red = void(clinic, one.no, "录错").stored
        assert "0003" in said(made(layout_steps(clinic, red, "P")))

    def test_a_long_one_takes_one_for_each_form(self, clinic: Session) -> None:
        change_roll(clinic, "", "0001", "0050")
        lines = [line("1.00", code=f"X{place}") for place in range(5)]
        pages = text_of(made(layout_steps(clinic, settle(clinic, visit("V1", *lines)), "P")))
        assert [f"000{place}" in page for place, page in enumerate(pages, 1)] == [True] * 3

    def test_a_reprint_takes_a_new_form_and_the_old_one_is_void(self, clinic: Session) -> None:
        change_roll(clinic, "", "0001", "0050")
        one = settle(clinic, visit("V1"))
        made(layout_steps(clinic, one, "P"))
        assert "0002" in said(made(reprint_on_steps(clinic, one, "P")).read_bytes())
        with pytest.raises(GongjiError, match="已经作废"):
            void_bill(clinic, "0001", "卡纸")

    def test_a_spoilt_form_is_made_void_and_the_paper_takes_the_next(self, clinic: Session) -> None:
        change_roll(clinic, "", "0001", "0050")
        one = settle(clinic, visit("V1"))
        made(layout_steps(clinic, one, "P"))
        void_bill(clinic, "0001", "卡纸")
        assert "0002" in said(made(layout_steps(clinic, one, "P")))
        void_bill(clinic, "0003", "污损")
        state = roll_state(clinic.store.reader)
        assert state is not None
        assert state.next == "0004"

    @pytest.mark.parametrize(("number", "reason"), [("0001", " "), ("0007", "x"), ("zz", "x"), ("0051", "x")])
    def test_what_cannot_be_made_void(self, clinic: Session, number: str, reason: str) -> None:
        change_roll(clinic, "", "0001", "0050")
        with pytest.raises(GongjiError):
            void_bill(clinic, number, reason)

    def test_a_roll_that_is_used_up_is_said_and_the_settlement_stands(self, clinic: Session) -> None:
        change_roll(clinic, "", "0001", "0001")
        made(layout_steps(clinic, settle(clinic, visit("V1")), "P"))
        two = settle(clinic, visit("V2"))
        with pytest.raises(GongjiError, match="只剩 0 张"):
            made(layout_steps(clinic, two, "P"))
        change_roll(clinic, "", "0100", "0199")
        assert "0100" in said(made(layout_steps(clinic, two, "P")))


def test_the_days_close_tells_of_them(clinic: Session, clock: Clock) -> None:
    change_roll(clinic, "", "0001", "0050")
    clock.forward(minutes=1)
    for number in ("V1", "V2"):
        made(layout_steps(clinic, settle(clinic, visit(number)), "P"))
    void_bill(clinic, "0002", "打歪")
    report = shift_report(clinic.store.reader, clinic.operator)
    assert report.bills is not None
    assert (report.bills.first, report.bills.last, report.bills.used) == ("0001", "0002", 2)
    paper = said(made(report_steps(clinic, report, clinic.now(), "x")).read_bytes())
    assert "票据：0001至0002，共2张" in paper
    assert "作废票据：0002（打歪）" in paper
