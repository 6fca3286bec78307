"""收费 by keys: the main job from the first letter to the paper."""

from collections.abc import Callable

from gongji.desk.settlements.find import of_day
from tests.support.clerk import Clerk
from tests.support.inside import is_kept

PATIENT = "ltj"
NAME = "龙天军"


def entered(clerk: Clerk) -> None:
    clerk.choose_patient(PATIENT)
    clerk.add_item("ybzl")
    clerk.add_item("amxl", "2")
    clerk.settle_down()


class TestTheMainJob:
    def test_from_the_first_letter_to_the_next_patient(self, clerk: Clerk) -> None:
        clerk.type(PATIENT)
        assert [one.name for one in clerk.screen.patient.field.found] == [NAME]
        clerk.press("Enter")
        assert clerk.screen.state.patient is not None
        assert clerk.screen.lines.field.hasFocus()
        clerk.type("ybzl")
        clerk.press("Enter")
        assert clerk.screen.lines.quantity.hasFocus()
        clerk.press("Enter")
        assert clerk.screen.lines.field.hasFocus()
        clerk.type("amxl")
        clerk.press("Enter")
        clerk.type("12")
        clerk.press("Enter")
        assert clerk.names == ["一般诊疗费", "阿莫西林胶囊"]
        assert clerk.amount("total") == "68.32"
        assert clerk.amount("fund") == "24.91"
        assert "(68.32 − 30.00) × 65% = 24.908，四舍五入 24.91" in clerk.why("fund")
        assert clerk.why("fund").endswith("〔第九条〕")
        clerk.press("Enter")
        assert clerk.screen.panel.tender.field.hasFocus()
        clerk.press("Enter")
        assert clerk.screen.panel.button.hasFocus()
        clerk.press("Enter")
        clerk.settle_down()
        assert clerk.screen.patient.field.hasFocus()
        assert clerk.screen.state.draft.is_empty
        (stored,) = of_day(clerk.counter.store, None)
        assert (stored.totals.total_fen, stored.totals.fund_fen) == (6832, 2491)
        assert list(clerk.counter.folder.receipts.rglob(f"{stored.no}.pdf"))
        assert stored.no in clerk.notes

    def test_f9_settles_from_inside_an_input(self, clerk: Clerk) -> None:
        entered(clerk)
        assert clerk.screen.lines.field.hasFocus()
        clerk.settle()
        assert len(list(of_day(clerk.counter.store, None))) == 1

    def test_undo_takes_back_step_by_step(self, clerk: Clerk) -> None:
        entered(clerk)
        clerk.press("Esc")
        assert clerk.names == ["一般诊疗费"]
        clerk.press("Esc", "Esc")
        assert clerk.screen.state.patient is None

    def test_what_is_half_typed_goes_first(self, clerk: Clerk) -> None:
        entered(clerk)
        clerk.type("gml")
        clerk.press("Esc")
        assert clerk.screen.lines.field.text() == ""
        assert len(clerk.names) == 2


class TestAfterAPowerCut:
    def test_the_visit_being_entered_is_there_again(self, sit_down: Callable[..., Clerk]) -> None:
        clerk = sit_down()
        entered(clerk)
        clerk.until(lambda: is_kept(clerk.screen))
        clerk.vanish()
        again = sit_down()
        assert again.names == ["一般诊疗费", "阿莫西林胶囊"]
        assert again.screen.state.patient is not None
        assert NAME in again.notes
