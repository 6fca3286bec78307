"""A scan goes where it belongs, whatever has the focus; what is only typed fast stays where it was typed."""

import pytest

from gongji.gui.counter.enrol_sheet import EnrolSheet
from tests.gui.clerk import Clerk
from tests.gui.test_keys import PLACES, busy

_ = busy
OTHER = "530399194905028607"
BARCODE = "2990000000019"


@pytest.mark.parametrize("place", PLACES)
def test_a_barcode_adds_one_and_leaves_every_field_alone(busy: Clerk, place: str) -> None:
    PLACES[place](busy).setFocus()
    busy.scan(BARCODE)
    assert busy.names == ["一般诊疗费", "阿莫西林胶囊"]
    assert busy.screen.state.draft.lines[1].quantity == "3"
    assert busy.screen.patient.field.text() == busy.screen.panel.tender.field.text() == ""
    assert busy.screen.lines.quantity.text() == "1"


@pytest.mark.parametrize("place", PLACES)
def test_an_identity_number_opens_its_patient(busy: Clerk, place: str) -> None:
    PLACES[place](busy).setFocus()
    busy.scan(OTHER)
    assert busy.screen.state.draft.person_id == OTHER
    assert busy.screen.lines.field.hasFocus()


def test_from_another_screen(clerk: Clerk) -> None:
    clerk.press("4", with_ctrl=True)
    clerk.scan(OTHER)
    assert clerk.window.screen_shown is clerk.screen
    assert clerk.screen.state.draft.person_id == OTHER


def test_somebody_unknown_may_be_enrolled(clerk: Clerk) -> None:
    clerk.scan("110101199003078515")
    assert isinstance(clerk.sheet, EnrolSheet)
    clerk.type("王小明")
    clerk.press("Enter")
    assert clerk.screen.state.patient is not None
    assert clerk.screen.state.patient.name == "王小明"
    assert "没有获知本年度累计" in clerk.notes
    clerk.add_item("amxl")
    clerk.settle()
    assert clerk.screen.state.draft.is_empty
    clerk.scan("110101199003078515")
    assert clerk.screen.state.patient is not None
    assert clerk.screen.state.patient.name == "王小明"


def test_an_unknown_barcode_says_so(clerk: Clerk) -> None:
    clerk.scan("6999999999999")
    assert "目录里没有条码 6999999999999" in clerk.notes


def test_fast_digits_that_nobody_scans_are_typed(busy: Clerk) -> None:
    busy.screen.panel.tender.field.setFocus()
    busy.scan("123456")
    assert busy.screen.panel.tender.field.text() == "123456"


def test_a_burst_that_halts_was_typed_and_so_is_what_follows(clerk: Clerk) -> None:
    field = clerk.screen.patient.field
    field.setFocus()
    clerk.type(OTHER[:9])
    clerk.until(lambda: field.text() == OTHER[:9])
    clerk.type(OTHER[9:])
    clerk.press("Enter")
    assert clerk.screen.state.draft.person_id == OTHER
