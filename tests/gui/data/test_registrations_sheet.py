"""登记病种核对 at the window: from the people's page to a decision, by the names of the list."""

from gongji.desk.imports.by_hand import ToldByHand, keep_by_hand
from gongji.gui.data.people_page import PeoplePage
from gongji.gui.data.registrations_sheet import RegistrationsSheet
from gongji.gui.data.screen import DataScreen
from gongji.store.people import people
from tests.support.clerk import Clerk, page_of
from tests.support.tables import number, person


def test_a_name_is_decided_on(clerk: Clerk) -> None:
    cells = person(1, 慢特病登记="高血压三级", 登记起始="2025-01-01", 参保地="530300")
    clerk.press("7", with_ctrl=True)
    screen = clerk.window.screen_shown
    assert isinstance(screen, DataScreen)
    kept: list[ToldByHand] = []
    screen.station.jobs.write(lambda: keep_by_hand(clerk.counter, "people", cells), kept.append)
    clerk.until(lambda: bool(kept))
    assert kept[0].wrong == ()
    screen.pages.turn_to(1)
    screen.refresh()
    assert page_of(screen, PeoplePage).unlisted.isVisible()
    page_of(screen, PeoplePage).unlisted.click()
    sheet = clerk.sheet
    assert isinstance(sheet, RegistrationsSheet)
    clerk.press("Enter")  # to what is proposed, and no further
    assert sheet.field.hasFocus()
    assert sheet.wrong.text() == ""
    assert people.diseases(clerk.counter.store.reader, number(1), "2099-01-01") == ("高血压三级",)
    sheet.field.setText("没有的病")
    clerk.press("Enter")
    assert "名录" in sheet.wrong.text()
    sheet.field.setText("高血压病")
    clerk.press("Enter")
    clerk.until(lambda: "另记为“高血压”" in sheet.wrong.text())
    assert people.diseases(clerk.counter.store.reader, number(1), "2099-01-01") == ("高血压",)
