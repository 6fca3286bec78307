"""Who the patient is: a card in the reader, a look at the certificate, an e-voucher; each kept as what it was."""

import json
from typing import Any

import pytest

from gongji.desk.clinic.settings import set_clinic
from gongji.desk.visits.card_reader import SimulatedCardReader
from gongji.desk.visits.search import to_try
from gongji.errors import GongjiError
from gongji.gui.counter.sheets import PersonSheet, VisitSheet
from tests.support.clerk import Clerk

DRUG = "XJ01CA0001E001010199902"  # amoxicillin of the training catalogue
CODE = "530300D15600000500BF7C7A48FB4966"


def kept(clerk: Clerk) -> dict[str, Any]:
    (body,) = clerk.counter.store.reader.execute(
        "SELECT plain_text(body) FROM visit ORDER BY rowid DESC LIMIT 1"
    ).fetchone()
    found: dict[str, Any] = json.loads(body)
    return found


def read(clerk: Clerk) -> None:
    clerk.press("Shift+F3")
    clerk.settle_down()


def test_a_card_opens_its_bearer_and_goes_with_the_visit(clerk: Clerk) -> None:
    ((number, name), *_) = to_try(clerk.counter.clinic.area)
    read(clerk)
    patient = clerk.screen.state.patient
    assert patient is not None
    assert (patient.id, patient.name) == (number, name)
    assert clerk.screen.patient.certificate.text() == "社保卡已读"
    clerk.scan(DRUG)
    clerk.settle()
    shown = kept(clerk)["care"]["certificate"]
    assert (shown["type"], shown["checked"]) == ("03", "read")
    assert shown["card_sn"]


def test_another_patient_does_not_keep_the_card(clerk: Clerk) -> None:
    read(clerk)
    clerk.choose_patient("ltj")
    assert clerk.screen.state.draft.care.certificate is None
    assert clerk.screen.patient.certificate.text() == ""


def test_the_card_of_somebody_new_fills_the_sheet(clerk: Clerk) -> None:
    card = f"530300|530399195001010013|X00000019|{CODE}|张秀英|"
    clerk.screen.arriving.use(SimulatedCardReader([card]))
    read(clerk)
    sheet = clerk.sheet
    assert isinstance(sheet, PersonSheet)
    assert (sheet.person_id.text(), sheet.name.text()) == ("530399195001010013", "张秀英")


@pytest.mark.parametrize("answer", ["", "530300|12|3|4|5|"])
def test_what_cannot_be_read_is_told_in_words(clerk: Clerk, answer: str) -> None:
    clerk.screen.arriving.use(SimulatedCardReader([answer] if answer else []))
    read(clerk)
    assert "卡" in clerk.notes
    assert clerk.screen.state.patient is None


def test_a_look_at_the_certificate_is_kept_as_a_look(clerk: Clerk) -> None:
    clerk.choose_patient("ltj")
    clerk.scan(DRUG)
    clerk.press("Shift+F4")
    sheet = clerk.sheet
    assert isinstance(sheet, VisitSheet)
    sheet.certificate.setCurrentIndex(sheet.certificate.findData("seen"))
    clerk.press("Enter")
    assert clerk.screen.patient.certificate.text() == "证件已看"
    clerk.settle()
    found = kept(clerk)
    assert found["care"]["certificate"] == {"type": "02", "number": found["person"]["id"], "checked": "seen"}


def test_nothing_shown_is_kept_as_nothing(clerk: Clerk) -> None:
    clerk.choose_patient("ltj")
    clerk.scan(DRUG)
    clerk.settle()
    assert "certificate" not in kept(clerk).get("care", {})


def test_an_e_voucher_stays_what_was_shown(clerk: Clerk) -> None:
    clerk.choose_patient("ltj")
    clerk.scan("3301" + "7" * 24)
    assert clerk.screen.patient.certificate.text() == "医保电子凭证"
    clerk.press("Shift+F4", "Enter")  # the sheet changes nothing of it
    assert clerk.screen.patient.certificate.text() == "医保电子凭证"


def test_a_driver_that_is_not_there_is_refused(clerk: Clerk) -> None:
    with pytest.raises(GongjiError, match="没有读卡器驱动"):
        set_clinic(clerk.counter, clerk.counter.clinic.institution, "C:/没有/SSCardDriver.dll")
