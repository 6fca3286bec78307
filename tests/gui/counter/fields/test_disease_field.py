"""病种 at the window: chosen from the area's list by any part of any name, never free text (G22)."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QListView

from gongji.gui.counter.sheets.person_sheet import PersonSheet
from gongji.gui.counter.sheets.visit_sheet import VisitSheet
from gongji.gui.policies.screen import PoliciesScreen
from gongji.gui.policies.what_if_page import TryingPage
from tests.support.clerk import Clerk


@pytest.fixture
def busy(sit_down: Callable[..., Clerk]) -> Clerk:
    """A counter in 曲靖 with somebody chosen."""
    clerk = sit_down("530300")
    clerk.choose_patient("ltj")
    clerk.settle_down()
    assert clerk.screen.state.patient is not None
    return clerk


def visit_sheet(clerk: Clerk) -> VisitSheet:
    clerk.press("Shift+F4")
    sheet = clerk.sheet
    assert isinstance(sheet, VisitSheet)
    return sheet


def offered() -> list[str]:
    """What a list that has popped up offers."""
    views = [one for one in QApplication.topLevelWidgets() if isinstance(one, QListView) and one.isVisible()]
    model = views[-1].model() if views else None
    return [] if model is None else [str(model.index(row, 0).data()) for row in range(model.rowCount())]


class TestTheVisit:
    def test_any_part_of_a_name_offers_what_matches(self, busy: Clerk) -> None:
        sheet = visit_sheet(busy)
        busy.type("尿")
        sheet.disease.textEdited.emit(sheet.disease.text())
        assert "尿毒症（慢性肾功能衰竭）" in offered()
        sheet.disease._choose("尿毒症（慢性肾功能衰竭）")  # noqa: SLF001  # what choosing from the list calls
        sheet.take()
        assert busy.screen.state.draft.disease == "慢性肾功能衰竭"

    def test_another_name_is_the_same_disease(self, busy: Clerk) -> None:
        sheet = visit_sheet(busy)
        sheet.disease.setText("慢性肾衰竭")
        sheet.take()
        assert busy.screen.state.draft.disease == "慢性肾功能衰竭"

    def test_a_name_on_no_list_is_told_with_the_nearest(self, busy: Clerk) -> None:
        sheet = visit_sheet(busy)
        sheet.disease.setText("慢性肾功能不全")
        sheet.take()
        assert "病种名录里没有“慢性肾功能不全”" in sheet.wrong.text()
        assert "慢性肾功能衰竭" in sheet.wrong.text()
        assert busy.screen.state.draft.disease is None

    def test_down_offers_the_whole_list(self, busy: Clerk) -> None:
        sheet = visit_sheet(busy)
        busy.press("Down")
        assert len(offered()) >= 7
        assert sheet.isVisible()


class TestThePatient:
    def test_several_are_chosen_one_after_another(self, busy: Clerk) -> None:
        busy.press("Shift+F2")
        sheet = busy.sheet
        assert isinstance(sheet, PersonSheet)
        sheet.diseases.setText("高血压病、")
        sheet.diseases._choose("2型糖尿病（糖尿病）")  # noqa: SLF001  # what choosing from the list calls
        assert sheet.diseases.names() == ["高血压", "糖尿病"]
        sheet.diseases.setText("高血压、头痛")
        sheet.take()
        assert "病种名录里没有“头痛”" in sheet.wrong.text()

    def test_two_names_of_one_disease_count_once(self, busy: Clerk) -> None:
        busy.press("Shift+F2")
        sheet = busy.sheet
        assert isinstance(sheet, PersonSheet)
        sheet.diseases.setText("高血压、高血压病")
        assert sheet.diseases.names() == ["高血压"]


class TestWhatIf:
    def test_the_list_is_the_edition_s_own(self, busy: Clerk) -> None:
        busy.press("6", with_ctrl=True)
        busy.press("F7")
        screen = busy.window.screen_shown
        assert isinstance(screen, PoliciesScreen)
        page = screen.pages.current
        assert isinstance(page, TryingPage)
        page.disease.setText("尿毒症")
        assert page.disease.names() == ["慢性肾功能衰竭"]
