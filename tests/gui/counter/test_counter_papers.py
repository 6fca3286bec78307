"""What the patient is handed at the counter, read back: the quotation, the reckoning, both of two benefits."""

from collections.abc import Callable

from gongji.desk.settlements.find import of_day
from gongji.gui.printing.preview import PreviewSheet
from gongji.gui.records.reckoning_sheet import ReckoningSheet
from gongji.gui.shell.preload import Preloader
from tests.gui.test_gui_keys import busy
from tests.support.clerk import Clerk
from tests.support.reading import papers, said_on

_ = busy


class TestTheReckoning:
    def test_before_settling_it_is_a_quotation_and_no_receipt(self, busy: Clerk) -> None:
        """19.72 comes to nothing from the fund below the 30.00 the patient bears first."""
        busy.press("F8", "Ctrl+P")
        busy.settle_down()
        assert isinstance(busy.sheet, PreviewSheet)
        (paper,) = papers(busy)
        said = said_on(paper)
        assert "预结算说明（不是结算单）" in said
        assert "还没有收费，也没有结算，不能作为报销或付款的凭据" in said
        assert "起付标准（每次）30.00" in said
        assert "第九条：" in said  # its gist
        assert "结算号" not in said
        assert not list(of_day(busy.counter.store, None))
        busy.press("Esc", "Esc")
        busy.settle()
        assert len(list(of_day(busy.counter.store, None))) == 1

    def test_after_settling_it_is_that_of_the_last_visit(self, busy: Clerk) -> None:
        busy.settle()
        (stored,) = of_day(busy.counter.store, None)
        busy.press("F8")
        assert isinstance(busy.sheet, ReckoningSheet)
        busy.press("Ctrl+P")
        busy.settle_down()
        said = said_on(papers(busy, "-reckoning.pdf")[0])
        assert stored.no in said
        assert "预结算" not in said


class TestTwoBenefits:
    def test_one_act_settles_both_and_the_paper_has_both(self, busy: Clerk) -> None:
        """曲靖 第十条: the chronic drug at 80 % without a deductible, the rest under the general benefit."""
        busy.add_item("bhsal", "10")
        busy.press("F4", "2")
        busy.settle_down()
        quote = busy.screen.state.quote
        assert quote is not None
        assert [part.benefit for part in quote.settlements] == ["general", "chronic"]
        assert busy.screen.panel._parts.text() == "2 笔：普通门诊 19.72 · 慢性病 19.60"  # noqa: SLF001  # what is shown
        assert busy.amount("total") == "39.32"
        assert "19.60 × 80% = 15.68" in busy.why("fund")
        busy.settle()
        (stored,) = of_day(busy.counter.store, None)
        assert stored.totals.fund_fen == 1568
        said = said_on(papers(busy)[0])
        assert "门诊慢性病" in said
        assert "普通门诊" in said
        assert "39.32" in said


class TestAside:
    def test_what_was_put_aside_is_there_after_a_power_cut(self, sit_down: Callable[..., Clerk]) -> None:
        clerk = sit_down()
        clerk.choose_patient("ltj")
        clerk.add_item("amxl", "3")
        clerk.press("F6")
        clerk.settle_down()
        clerk.vanish()
        again = sit_down()
        assert again.screen.state.draft.is_empty
        again.press("F7", "Enter")
        assert [(one.name, one.quantity) for one in again.screen.state.draft.lines] == [("阿莫西林胶囊", "3")]


class TestADamagedBook:
    def test_is_told_before_anything_is_written(self, busy: Clerk) -> None:
        """Pages here and there are spoilt: the window is there at once, and the check comes before what is written."""
        path = busy.counter.folder.book
        page, pages = 4096, path.stat().st_size // 4096
        with path.open("r+b") as file:
            for spoilt in range(pages // 2, pages, pages // 12):  # what is written anew by the way is whole in the log
                file.seek((spoilt - 1) * page)
                file.write(bytes(64))
        left: list[bool] = []
        Preloader(busy.station, lambda: left.append(True))
        busy.press("F9")
        busy.until(lambda: busy.station.jobs.is_idle)
        assert not list(of_day(busy.counter.store, None))
        told = busy.sheet
        assert told is not None
        while busy.sheet is not None:
            busy.close_sheet()
        assert left == [True]
        busy.settle()
        assert not list(of_day(busy.counter.store, None))
