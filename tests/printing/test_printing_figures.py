"""Paper, book and day close agree, added up from the PDFs' own text; the identities hold or nothing prints."""

import pytest
from msgspec.structs import replace

from gongji.core.money import capitals
from gongji.core.papers.receipt import BrokenReceiptError, check_receipt_sums
from gongji.desk.closing.shifts import day_report
from gongji.desk.papers.receipts import receipt_for
from gongji.printing.paper_sizes import PAPERS
from gongji.printing.read_pdf import text_of
from gongji.printing.receipt.render import render
from tests.printing.conftest import Office
from tests.support.adding_up import read
from tests.support.printed import print_receipt

HARD = ("two benefits", "long names", "forty lines", "zero", "hundred thousand", "five payers", "void")


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", HARD)
def test_printed_lines_add_up_to_printed_totals_and_to_the_book(office: Office, name: str, paper: str) -> None:
    stored = office.settled[name]
    receipt = receipt_for(office.counter, stored)
    found = read(text_of(render(receipt, paper)))
    totals = stored.totals
    assert found.total == sum(found.lines) == sum(found.fees) == totals.total_fen
    assert len(found.lines) == len(receipt.lines)
    assert found.capitals == capitals(found.total)[: len(found.capitals)]
    figures = found.figures
    funds = figures["医保统筹基金支付"] + figures["其他支付"]
    assert funds == totals.fund_total_fen
    assert figures["医保统筹基金支付"] == totals.fund_fen
    assert figures["个人账户支付"] == totals.account_own_fen + totals.account_family_fen
    assert figures["个人现金支付"] == totals.cash_fen
    assert funds + figures["个人账户支付"] + figures["个人现金支付"] == found.total
    assert funds + figures["个人自付"] + figures["个人自费"] == found.total


def test_forty_lines_take_two_pages_and_carry_their_total(office: Office) -> None:
    pages = text_of(render(receipt_for(office.counter, office.settled["forty lines"]), "A5"))
    assert len(pages) == 2
    first, second = read([*pages]), pages[0]
    on_first = sum(first.lines[: second.count("药品")])
    assert first.carried == [on_first, on_first]


def test_all_papers_of_a_day_come_to_its_close(office: Office) -> None:
    found = [read(text_of(print_receipt(office.counter, one).read_bytes())) for one in office.settled.values()]
    report = day_report(office.counter.store.reader, office.settled["zero"].at[:10])
    assert sum(one.total for one in found) == report.totals.total_fen
    assert sum(one.figures["个人现金支付"] for one in found) == report.totals.cash_fen
    accounts = report.totals.account_own_fen + report.totals.account_family_fen
    assert sum(one.figures["个人账户支付"] for one in found) == accounts
    funds = sum(one.figures["医保统筹基金支付"] + one.figures["其他支付"] for one in found)
    assert funds == report.totals.fund_total_fen


@pytest.mark.parametrize("figure", ["total_fen", "fund_fen", "other_fen", "account_fen", "cash_fen", "self_pay_fen"])
def test_a_figure_one_fen_off_stops_the_paper(office: Office, figure: str) -> None:
    receipt = receipt_for(office.counter, office.settled["five payers"])
    split = replace(receipt.split, **{figure: getattr(receipt.split, figure) + 1})
    with pytest.raises(BrokenReceiptError):
        render(replace(receipt, split=split))


def test_a_line_under_another_heading_stops_the_paper(office: Office) -> None:
    receipt = receipt_for(office.counter, office.settled["two benefits"])
    first = replace(receipt.lines[0], fee_category="检查费")
    with pytest.raises(BrokenReceiptError, match="A2"):
        check_receipt_sums(replace(receipt, lines=(first, *receipt.lines[1:])))


def test_two_fen_that_cancel_out_between_payers_stop_the_paper(office: Office) -> None:
    receipt = receipt_for(office.counter, office.settled["five payers"])
    split = replace(receipt.split, account_fen=receipt.split.account_fen + 2, cash_fen=receipt.split.cash_fen - 2)
    with pytest.raises(BrokenReceiptError, match="逐项"):
        check_receipt_sums(replace(receipt, split=split))
