"""Where nothing is known of a patient's year: settled on what the clinic knows, paid in full, or told on the spot."""

import re
from collections.abc import Callable

from gongji.desk.settlements.find import of_day
from gongji.gui.counter.sheets.accounts_sheet import YearFiguresSheet
from tests.support.clerk import Clerk
from tests.support.reading import papers, said_on

SOMEBODY = "110101199003078515"
MARK = "没有获知您本年度的累计，按本机构的记录计算"


def enrolled(clerk: Clerk) -> Clerk:
    """Somebody new, employed, with two boxes of amoxicillin."""
    clerk.scan(SOMEBODY)
    clerk.type("王小明")
    clerk.press("Enter", "Down", "Enter")
    clerk.add_item("amxl", "2")
    clerk.settle_down()
    return clerk


class TestOnWhatTheClinicKnows:
    def test_the_screen_says_so_and_the_paper_is_marked(self, clerk: Clerk) -> None:
        enrolled(clerk)
        assert "没有获知本年度累计：直接 F9，就按本机构的记录结算，单据上注明" in clerk.notes
        assert "全额垫付后报销" in clerk.notes
        clerk.settle()
        (paper,) = papers(clerk)
        assert MARK in said_on(paper)
        assert "多退少补" in said_on(paper)

    def test_a_known_year_is_not_marked(self, clerk: Clerk) -> None:
        clerk.choose_patient("ltj")
        clerk.add_item("amxl", "2")
        clerk.settle()
        (paper,) = papers(clerk)
        assert MARK not in said_on(paper)


class TestPaidInFull:
    def test_by_keys_with_the_deadline_and_the_papers_of_the_city(self, sit_down: Callable[..., Clerk]) -> None:
        """巴中 第十七条: by 30 June of the next year; 云浮's, which nothing is accepted after, in the next test."""
        clerk = enrolled(sit_down("511900"))
        assert "最迟 2027-06-30 前办理" in clerk.notes
        clerk.press("F11")
        clerk.settle()
        (stored,) = of_day(clerk.counter.store, None)
        assert stored.totals.cash_fen == stored.totals.total_fen
        receipt, claim = papers(clerk)
        assert "本次由患者全额垫付" in said_on(receipt)
        assert MARK not in said_on(receipt)
        assert claim.name == f"{stored.no}-claim.pdf"
        assert re.search(r"2027(-06-30|年6月30日)前", said_on(claim))
        for words in ("医药费用发票原件", "盖章的费用明细清单"):
            assert words in said_on(claim)

    def test_a_deadline_that_is_final_is_said_to_be(self, sit_down: Callable[..., Clerk]) -> None:
        clerk = enrolled(sit_down("445300"))
        clerk.press("F11")
        clerk.settle()
        claim = said_on(papers(clerk, "-claim.pdf")[0])
        assert re.search(r"2026(-03-31|年3月31日)前[^。]*逾期不", claim)
        assert "医院收费票据" in claim

    def test_goes_on_where_no_policy_is_in_force(self, sit_down: Callable[..., Clerk]) -> None:
        """G24: no benefit is settled, and what to do is said; paid in full it stands, without a figure of any fund."""
        clerk = sit_down("445300", day="2026-11-22 10:00:00")
        clerk.choose_patient("lcl")
        clerk.add_item("amxl")
        clerk.settle()
        assert not list(of_day(clerk.counter.store, None))
        assert "没有有效的政策" in clerk.notes
        assert "按 F11 全额垫付" in clerk.notes
        assert "改为自费" in clerk.notes
        clerk.press("F11")
        clerk.settle()
        (one,) = list(of_day(clerk.counter.store, None))
        assert (one.totals.fund_total_fen, one.totals.cash_fen) == (0, one.totals.total_fen)


class TestToldOnTheSpot:
    def test_figures_read_from_the_patients_phone_count(self, sit_down: Callable[..., Clerk]) -> None:
        """巴中 第十三条: 800 a year, 795 of it and the deductible of 200 used, so the fund pays 5.00 and no more."""
        clerk = enrolled(sit_down("511900"))
        clerk.add_item("amxl", "40")
        clerk.press("Shift+F5")
        sheet = clerk.sheet
        assert isinstance(sheet, YearFiguresSheet)
        sheet.used["general.fund"].setFocus()
        clerk.type("795")
        sheet.used["general.deductible"].setFocus()
        clerk.type("200")
        sheet.own.setFocus()
        clerk.type("x")
        clerk.press("Enter")
        assert "应为金额" in sheet.wrong.text()
        clerk.type("200")
        clerk.press("Enter")
        clerk.settle_down()
        assert clerk.sheet is None
        assert clerk.amount("fund") == "5.00"
        patient = clerk.screen.state.patient
        assert patient is not None
        assert patient.year_known
        assert patient.own is not None
        assert patient.own.amount_fen == 20000

    def test_they_are_the_newest_known_for_the_next_visit(self, clerk: Clerk) -> None:
        enrolled(clerk)
        clerk.press("Shift+F5")
        sheet = clerk.sheet
        assert isinstance(sheet, YearFiguresSheet)
        sheet.used["general.fund"].setFocus()
        clerk.type("100")
        clerk.press("Enter")
        clerk.settle()
        (paper,) = papers(clerk)
        assert MARK not in said_on(paper)
        clerk.scan(SOMEBODY)
        patient = clerk.screen.state.patient
        assert patient is not None
        limit = next(one for one in patient.limits if one.limit.name == "general.fund")
        (stored,) = of_day(clerk.counter.store, None)
        assert limit.limit.used_fen == 10000 + stored.totals.fund_fen
