"""Screen, paper, book and day close agree to the fen: read off the window, off the PDFs' own text, off the book."""

import re

from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.desk.closing.shifts import closed_report, closed_shifts, day_report
from gongji.desk.settlements.find import find, of_day
from gongji.gui.closing.screen import ClosingScreen
from gongji.gui.printing.preview import PreviewSheet
from gongji.printing.read_pdf import text_of
from tests.support.adding_up import Read, read
from tests.support.clerk import Clerk
from tests.support.reading import papers, said_on

FUNDS = ("fund", "civil_servant", "large_medical")
ACCOUNTS = ("account_own", "account_family")
Figures = dict[str, int]


def fen(shown: str) -> int:
    """The fen of an amount as a screen shows it."""
    return int(shown.replace(",", "").replace(".", ""))


def shown(clerk: Clerk) -> Figures:
    """What the panel shows before F9."""
    return {
        "total": fen(clerk.amount("total")),
        "funds": sum(fen(clerk.amount(name)) for name in FUNDS),
        "accounts": sum(fen(clerk.amount(name)) for name in ACCOUNTS),
        "cash": fen(clerk.due),
    }


def on_paper(clerk: Clerk, no: str) -> tuple[Read, Figures]:
    """What the text of a paper adds up to."""
    (path,) = papers(clerk, f"{no}.pdf")
    found = read(text_of(path.read_bytes()))
    assert sum(found.lines) == sum(found.fees) == found.total
    figures = found.figures
    return found, {
        "total": found.total,
        "funds": figures["医保统筹基金支付"] + figures["其他支付"],
        "accounts": figures["个人账户支付"],
        "cash": figures["个人现金支付"],
    }


def in_book(one: StoredSettlement) -> Figures:
    """What the book holds."""
    totals = one.totals
    return {
        "total": totals.total_fen,
        "funds": totals.fund_total_fen,
        "accounts": totals.account_own_fen + totals.account_family_fen,
        "cash": totals.cash_fen,
    }


def settled(clerk: Clerk) -> tuple[str, Figures]:
    """Press F9; return the number and what was shown before."""
    before, panel = len(list(of_day(clerk.counter.store, None))), shown(clerk)
    clerk.settle()
    made = list(of_day(clerk.counter.store, None))
    assert len(made) == before + 1, clerk.notes
    return made[-1].no, panel


def plain_visit(clerk: Clerk) -> tuple[str, Figures]:
    clerk.choose_patient("ltj")
    clerk.add_item("ybzl")
    clerk.add_item("amxl", "12")
    clerk.settle_down()
    return settled(clerk)


def visit_paid_by_two_means(clerk: Clerk) -> tuple[str, Figures]:
    clerk.choose_patient("ltj")
    clerk.add_item("ybzl")
    clerk.add_item("amxl", "2")
    clerk.settle_down()
    clerk.press("F5", "Space", "Enter")  # nothing from the account
    clerk.press("Enter")
    clerk.type("10")
    clerk.press("2", with_alt=True)
    clerk.type("20")
    return settled(clerk)


def visit_under_two_benefits(clerk: Clerk) -> tuple[str, Figures]:
    clerk.choose_patient("ltj")
    clerk.add_item("ybzl")
    clerk.add_item("bhsal", "5")
    clerk.settle_down()
    clerk.press("F4", "2")
    clerk.settle_down()
    return settled(clerk)


def void(clerk: Clerk, no: str) -> str:
    """Give a settlement back whole by F10 at the counter; return the void's number."""
    clerk.press("F10")
    clerk.settle_down()
    sheet = clerk.sheet
    assert sheet is not None
    rows = [one.no for one in sheet.table.rows_model.rows]  # type: ignore[attr-defined]
    sheet.table.selectRow(rows.index(no))  # type: ignore[attr-defined]
    clerk.press("Enter")
    clerk.settle_down()
    clerk.press("Enter")
    clerk.type("lucuo")
    clerk.press("Enter")
    clerk.settle_down()
    while clerk.sheet is not None:
        clerk.close_sheet()
    voided = find(clerk.counter.store, no).voided_by
    assert voided is not None
    return voided


def test_screen_paper_book_and_day_close_agree_to_the_fen(clerk: Clerk) -> None:
    visits = dict([plain_visit(clerk), visit_paid_by_two_means(clerk), visit_under_two_benefits(clerk)])
    numbers = list(visits)
    reversal = void(clerk, numbers[0])

    for no, panel in visits.items():
        found, paper = on_paper(clerk, no)
        assert panel == paper == in_book(find(clerk.counter.store, no)), no
        assert len(found.lines) == 2
    red, given_back = on_paper(clerk, reversal)
    assert given_back == {name: -amount for name, amount in visits[numbers[0]].items()}
    assert red.lines[0] < 0
    assert "收款方式：现金9.72微信10.00" in said_on(papers(clerk, f"{numbers[1]}.pdf")[0])
    assert "普通门诊" in said_on(papers(clerk, f"{numbers[2]}.pdf")[0])

    everything = [on_paper(clerk, one.no)[1] for one in of_day(clerk.counter.store, None)]
    sums = {name: sum(one[name] for one in everything) for name in everything[0]}
    report = day_report(clerk.counter.store.reader, clerk.station.today.isoformat())
    assert sums["total"] == report.totals.total_fen
    assert sums["funds"] == report.totals.fund_total_fen
    assert sums["accounts"] == report.totals.account_own_fen + report.totals.account_family_fen
    assert sums["cash"] == report.totals.cash_fen
    assert (report.settlements, report.voids) == (3, 1)

    clerk.press("4", with_ctrl=True)
    screen = clerk.window.screen_shown
    assert isinstance(screen, ClosingScreen)
    banknotes = sums["cash"] - 1000  # ten yuan came by WeChat
    assert fen(screen.figures.total.text()) == sums["total"]
    assert fen(screen.figures.fund.text()) == sums["funds"]
    assert fen(screen.figures.cash.text()) == banknotes
    assert fen(screen.drawer.expected.text()) == banknotes
    clerk.press("F9", "Enter")
    clerk.settle_down()
    assert isinstance(clerk.sheet, PreviewSheet)
    clerk.close_sheet()
    (closed,) = closed_shifts(clerk.counter.store.reader)
    assert closed_report(clerk.counter.store.reader, closed).totals == report.totals

    (slip,) = papers(clerk, f"closing-{closed.first_serial}-{closed.last_serial}.pdf")
    text = said_on(slip)
    printed = {label: _after(label, text) for label in ("总费用", "基金合计", "个人账户", "共济账户", "现金", "微信")}
    assert printed["总费用"] == sums["total"]
    assert printed["基金合计"] == sums["funds"]
    assert printed["个人账户"] + printed["共济账户"] == sums["accounts"]
    assert printed["现金"] == sums["cash"]  # of the amounts: what no account paid, by whatever means
    assert printed["微信"] == 1000
    assert _after("现金", text.split("收款方式")[1]) == banknotes


def _after(label: str, text: str) -> int:
    found = re.search(rf"{label}(-?\d+\.\d\d)", text)
    assert found is not None, label
    return fen(found[1])
