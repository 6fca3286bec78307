"""Days as people type them, in every sheet and page that asks for one; what is not understood is said and kept."""

import ast
import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCalendarWidget, QLineEdit

import gongji.gui
from gongji.gui.counter.sheets.person_sheet import PersonSheet
from gongji.gui.counter.sheets.visit_sheet import VisitSheet
from gongji.gui.data.by_hand_sheet import ByHandSheet
from gongji.gui.kit.day_field import DayField
from gongji.gui.policies.amend_page import AmendPage
from gongji.gui.policies.screen import PoliciesScreen
from gongji.gui.records.screen import RecordsScreen
from gongji.gui.upload.reconcile_sheet import ReconcilingSheet
from tests.support.clerk import Clerk
from tests.support.tables import number
from tests.support.working import settle_samples

TODAY = datetime.date(2026, 11, 22)
TYPED = ("11-20", "20261120", "2026.11.20", "2026-11-20", "２０２６１１２０", "１１－２０", "11月20日", "2026/11/20")
MEANT = datetime.date(2026, 11, 20)
NONE = ("11-31", "20261131", "明天", "1120", "²-①", "13-01", "2026-11", "1850-01-01", "x")


def put(clerk: Clerk, field: QLineEdit, text: str) -> None:
    """Type over what stands in a field."""
    field.setFocus()
    field.selectAll()
    clerk.type(text)


@pytest.fixture
def field(qapp: QApplication) -> DayField:
    assert qapp is not None
    return DayField(lambda: TODAY, TODAY, latest=TODAY)


class TestTheField:
    @pytest.mark.parametrize("typed", TYPED)
    def test_is_read_at_once_and_written_out_when_it_is_left(self, field: DayField, typed: str) -> None:
        field.setText(typed)
        assert (field.day, field.fault()) == (MEANT, "")
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert field.text() == "2026-11-20"

    @pytest.mark.parametrize("typed", NONE)
    def test_what_is_not_understood_is_said_and_stays(self, field: DayField, typed: str) -> None:
        field.setText(typed)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert (field.day, field.text()) == (None, typed)
        assert field.fault()
        assert field.property("part") == "wrong"
        QTest.keyClick(field, Qt.Key.Key_Up)
        assert field.text() == typed
        field.setText("11-20")
        assert field.property("part") != "wrong"

    def test_a_day_that_is_too_late_is_refused(self, field: DayField) -> None:
        field.setText("2026-11-23")
        assert (field.day, field.fault()) == (None, "2026-11-23 太晚了，最晚 2026-11-22")
        QTest.keyClick(field, Qt.Key.Key_Up)
        field.set_day(TODAY)
        QTest.keyClick(field, Qt.Key.Key_Up)
        assert field.day == TODAY

    def test_up_and_down_go_a_day_on_or_back_from_what_was_typed(self, field: DayField) -> None:
        field.setText("11-20")
        QTest.keyClick(field, Qt.Key.Key_Down)
        assert field.text() == "2026-11-19"
        QTest.keyClick(field, Qt.Key.Key_Up)
        assert field.text() == "2026-11-20"

    def test_may_be_empty_where_that_is_an_answer(self, field: DayField) -> None:
        field.setText(" ")
        assert (field.day, field.fault(required=False), field.iso) == (None, "", "")
        assert field.fault().startswith("请填日期")

    @pytest.mark.parametrize("typed", ["长期", "9999-12-31", "99991231"])
    def test_no_end_is_an_answer_where_it_is_asked_for(self, field: DayField, typed: str) -> None:
        endless = DayField(lambda: TODAY, lean="ahead", no_end=True)
        endless.setText(typed)
        assert (endless.day, endless.fault(required=False)) == (None, "")
        field.setText(typed)
        assert field.fault()

    def test_tells_once_that_another_day_stands_there(self, field: DayField) -> None:
        told: list[datetime.date | None] = []
        field.day_changed.connect(lambda: told.append(field.day))
        for typed in ("2026-11-20", "11-20", "20261120", "x", "y", "11.20"):
            field.setText(typed)
        assert told == [MEANT, None, None, MEANT]

    def test_a_day_is_clicked_in_the_calendar(self, clerk: Clerk) -> None:
        clerk.press("2", with_ctrl=True)
        one = clerk.window.findChildren(DayField)[0]
        one.setFocus()
        QTest.keyClick(one, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        (calendar,) = one.findChildren(QCalendarWidget)
        assert calendar.isVisible()
        calendar.clicked.emit(calendar.selectedDate().addDays(-2))
        assert one.text() == "2026-11-14"


def test_no_other_field_takes_a_day() -> None:
    """One widget: nothing of Qt's own, which takes no `11-20`, and no plain field that reads a day by itself."""
    users = {
        path.stem
        for path in Path(str(gongji.gui.__file__)).parent.rglob("*.py")
        for one in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(one, ast.alias) and one.name in {"QDateEdit", "QDateTimeEdit", "QCalendarWidget", "typed_day"}
    }
    assert users == {"day_field"}


class TestEveryPlace:
    @pytest.mark.parametrize("typed", TYPED)
    def test_the_day_of_a_visit(self, clerk: Clerk, typed: str) -> None:
        clerk.choose_patient("ltj")
        clerk.press("Shift+F4")
        sheet = clerk.sheet
        assert isinstance(sheet, VisitSheet)
        put(clerk, sheet.day, typed)
        clerk.press("Enter")
        clerk.settle_down()
        assert clerk.screen.state.draft.settled_on == "2026-11-20"

    def test_the_papers_of_a_visit(self, clerk: Clerk) -> None:
        clerk.choose_patient("ltj")
        clerk.press("Shift+F4")
        sheet = clerk.sheet
        assert isinstance(sheet, VisitSheet)
        sheet.referral.setChecked(True)
        put(clerk, sheet.prescription.number, "C1")
        put(clerk, sheet.prescription.issued_on, "11-2O")
        clerk.press("Enter")
        assert sheet.wrong.text().startswith("处方的开具日期：“11-2O”看不懂")
        put(clerk, sheet.prescription.issued_on, "11.20")
        put(clerk, sheet.slip.number, "Z1")
        put(clerk, sheet.slip.valid_from, "11-1")
        put(clerk, sheet.slip.valid_until, "1-31")
        clerk.press("Enter")
        assert clerk.sheet is None
        draft = clerk.screen.state.draft
        assert draft.prescription == {"number": "C1", "issued_on": "2026-11-20"}
        assert draft.referral_slip == {"number": "Z1", "valid_from": "2026-11-01", "valid_until": "2027-01-31"}

    def test_what_only_the_area_asks(self, sit_down: Callable[..., Clerk]) -> None:
        clerk = sit_down("520300")
        clerk.choose_patient("l")
        clerk.press("Shift+F2")
        sheet = clerk.sheet
        assert isinstance(sheet, PersonSheet)
        for one in sheet.facts.fields.values():
            if isinstance(one, DayField):
                put(clerk, one, "11-31")
                clerk.press("Enter")
                assert "没有这一天" in sheet.wrong.text()
                put(clerk, one, "11-20")
        put(clerk, sheet.born, "1953.4.2l")
        clerk.press("Enter")
        assert "出生日期“1953.4.2l”看不懂" in sheet.wrong.text()
        put(clerk, sheet.born, "1953.4.21")
        assert sheet.born.iso == "1953-04-21"

    def test_the_days_of_the_records(self, clerk: Clerk) -> None:
        settle_samples(clerk)
        clerk.press("2", with_ctrl=True)
        screen = clerk.window.screen_shown
        assert isinstance(screen, RecordsScreen)
        clerk.press("F3")
        clerk.type("11-31")
        clerk.press("Enter")
        screen.refresh()
        assert list(screen.table.rows_model.rows) == []
        assert "“11-31”看不懂：没有这一天" in screen.table._empty.text()  # noqa: SLF001  # what is shown
        put(clerk, screen.first, "11-22")
        screen.refresh()
        assert len(screen.table.rows_model.rows) == 4
        put(clerk, screen.last, "11-21")
        screen.refresh()
        assert list(screen.table.rows_model.rows) == []

    def test_the_day_to_compare(self, clerk: Clerk) -> None:
        sheet = ReconcilingSheet(clerk.station)
        put(clerk, sheet.day, "20261131")
        assert "没有这一天" in sheet.said.text()
        assert not sheet.go.isEnabled()
        sheet.compare()
        assert sheet.comparing is None
        put(clerk, sheet.day, "20261120")
        assert sheet.days == ("2026-11-20", "2026-11-20")
        sheet.reject()

    def test_a_table_filled_in_by_hand(self, clerk: Clerk) -> None:
        kept: list[bool] = []
        cells = {"参保地": "530300", "身份证号": number(2), "姓名": "新来的", "人员状态": "在职"}
        sheet = ByHandSheet(clerk.station, "people", cells, lambda: kept.append(True), is_new=True)
        starts = sheet.fields["状态起始"]
        assert isinstance(starts, DayField)
        put(clerk, starts, "11-31")
        clerk.press("Enter")
        clerk.settle_down()
        assert sheet.wrong.text().startswith("状态起始：")
        put(clerk, starts, "11-1")
        clerk.press("Enter")
        clerk.settle_down()
        assert kept == [True]

    def test_the_days_of_a_notice(self, clerk: Clerk) -> None:
        clerk.press("6", with_ctrl=True)
        screen = clerk.window.screen_shown
        assert isinstance(screen, PoliciesScreen)
        clerk.press("F9")
        page = screen.pages.current
        assert isinstance(page, AmendPage)
        page.notice.ends.setText("2030-2-30")
        assert page.notice.amendment((), ()) == "终止“2030-2-30”看不懂：没有这一天，请核对日期；没有终止日期的空着"
        page.notice.ends.setText("长期")
        page.notice.issued.setText("11.1")
        page.notice.starts.setText("1-1")
        found = page.notice.amendment((), ())
        assert not isinstance(found, str)
        assert (found.issued.isoformat(), found.starts.isoformat(), found.ends) == ("2026-11-01", "2027-01-01", None)


def test_a_page_that_stood_open_overnight_knows_the_day(qapp: QApplication) -> None:
    assert qapp is not None
    days = [datetime.date(2026, 11, 20)]
    field = DayField(lambda: days[-1])
    days.append(datetime.date(2026, 11, 21))
    field.setText("11-21")
    assert field.day == datetime.date(2026, 11, 21)
