"""资料 → 医师: the clinic's doctors told by hand, each from a day on; what was before stays until then."""

import datetime

from gongji.gui.data.by_hand_pages import DoctorsPage
from gongji.gui.data.by_hand_sheet import ByHandSheet
from gongji.gui.data.screen import DataScreen
from gongji.store.catalogue.doctors import doctors_on
from tests.support.clerk import Clerk, page_of


def test_a_doctor_is_added_and_changed_by_hand(clerk: Clerk) -> None:
    clerk.press("7", with_ctrl=True)
    screen = clerk.window.screen_shown
    assert isinstance(screen, DataScreen)
    screen.pages.turn_to(3)
    clerk.press("F7")
    sheet = clerk.sheet
    assert isinstance(sheet, ByHandSheet)
    told = {
        "医师编码": "D530302000123",
        "姓名": "王医生",
        "科室编码": "A03.01",
        "科室": "呼吸内科",
        "起始": "2024-01-01",
    }
    for heading, value in told.items():
        sheet.fields[heading].setText(value)  # type: ignore[union-attr]  # all are to be typed
    sheet.save.click()
    clerk.settle_down()
    assert [one.name for one in page_of(screen, DoctorsPage).table.rows_model.rows] == ["王医生"]
    assert "1 位" in page_of(screen, DoctorsPage).count.text()
    page_of(screen, DoctorsPage).table.selectRow(0)
    clerk.press("F8")
    sheet = clerk.sheet
    assert isinstance(sheet, ByHandSheet)
    sheet.fields["科室"].setText("儿科")  # type: ignore[union-attr]
    sheet.fields["科室编码"].setText("A07")  # type: ignore[union-attr]
    sheet.save.click()
    clerk.settle_down()
    reader, today = clerk.counter.store.reader, clerk.station.today
    assert [one.department for one in doctors_on(reader, today)] == ["儿科"]
    assert [one.department for one in doctors_on(reader, today - datetime.timedelta(days=1))] == ["呼吸内科"]
    (told_of,) = reader.execute("SELECT count(*) FROM audit WHERE subject LIKE '医师 D530302000123%'").fetchone()
    assert told_of == 2
