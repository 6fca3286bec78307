"""按规定删除 in 资料: what goes and what stays is told, and nothing goes without a reason."""

from gongji.desk.imports.by_hand import ToldByHand, keep_by_hand
from gongji.gui.data.forget_sheet import ForgetSheet
from gongji.gui.data.screen import DataScreen
from gongji.store.person_keys import FORGOTTEN
from tests.support.clerk import Clerk
from tests.support.tables import number, person


def test_a_reason_is_asked_for_and_then_the_name_is_gone(clerk: Clerk) -> None:
    cells = person(1, 姓名="欧阳紫薇", 电话="13800000000")
    clerk.press("7", with_ctrl=True)
    screen = clerk.window.screen_shown
    assert isinstance(screen, DataScreen)
    kept: list[ToldByHand] = []
    screen.station.jobs.write(lambda: keep_by_hand(clerk.counter, "people", cells), kept.append)
    clerk.until(lambda: bool(kept))
    screen.pages.turn_to(1)
    screen.people.field.setText(number(1))
    screen.people.forget()
    sheet = clerk.sheet
    assert isinstance(sheet, ForgetSheet)
    clerk.press("Enter")
    clerk.until(lambda: "没有写明依据" in sheet.wrong.text())
    sheet.reason.setText("本人要求")
    clerk.press("Enter")
    clerk.until(lambda: clerk.sheet is None)
    assert [one.name for one in screen.people.table.rows_model.rows] == [FORGOTTEN]
