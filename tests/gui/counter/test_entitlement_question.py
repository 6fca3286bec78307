"""Whoever is chosen is asked about at once (2001), where the region has it and there is a line."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from gongji.desk.upload.gateway.gateway_settings import set_gateway
from gongji.desk.upload.gateway.kept_gateway import GatewaySettings
from gongji.gui.background.upload_status import UploadStatus
from gongji.store.upload.payer_answers import newest_entitlement
from tests.gui.background.test_upload_service import going, there
from tests.gui.conftest import USUAL_DAY
from tests.support.clerk import Clerk
from tests.support.clinic import AREA
from tests.support.serving import Running

_ = there


@pytest.fixture
def clerk(sit_down: Callable[..., Clerk], there: Running, tmp_path: Path) -> Clerk:
    """A counter of a region that has 2001; the platform knows its people."""
    region = tmp_path / "with-2001.toml"
    region.write_text('title = "有 2001 的地区"\nbased_on = "practice"\nentitlement = true\n', encoding="utf-8")
    found = sit_down(clock=going(USUAL_DAY))
    address = there.url.replace("localhost", "127.0.0.1")
    found.station.jobs.write(lambda: set_gateway(found.counter, GatewaySettings(address=address, region=str(region))))
    found.until(lambda: found.station.sending.standing is UploadStatus.IDLE)
    return found


def known_there(clerk: Clerk, there: Running, *, entitled: bool) -> str:
    """Let the platform know the patient who is chosen by these initials; return their number."""
    (one, *_) = clerk.screen.patient.field.found
    told = {"id": one.id, "area": AREA, "status": "retired", "entitled": entitled}
    there.control("people", told)
    return str(one.id)


def choose(clerk: Clerk, there: Running, *, entitled: bool, whom: str = "ltj") -> str:
    clerk.press("F2")
    clerk.type(whom)
    number = known_there(clerk, there, entitled=entitled)
    clerk.press("Enter")
    return number


def test_who_is_entitled_is_asked_before_anything_is_settled(clerk: Clerk, there: Running) -> None:
    number = choose(clerk, there, entitled=True)
    clerk.until(lambda: newest_entitlement(clerk.counter.store.reader, number) is not None)
    clerk.until(lambda: "平台答复可以享受" in clerk.notes)
    assert clerk.screen.state.patient is not None
    assert clerk.screen.state.patient.entitled


def test_who_is_not_is_said_before_f9_and_known_without_a_line(clerk: Clerk, there: Running) -> None:
    number = choose(clerk, there, entitled=False)
    clerk.add_item("amxl", "2")
    clerk.until(lambda: "平台答复不享受" in clerk.notes)
    assert "暂停参保" in clerk.notes
    patient = clerk.screen.state.patient
    assert patient is not None
    assert not patient.entitled
    clerk.until(lambda: clerk.station.sending.standing is UploadStatus.IDLE)
    clerk.screen.begin_anew()
    clerk.station.sending.pause()
    clerk.choose_patient("ltj")
    assert clerk.screen.state.patient is not None
    assert clerk.screen.state.patient.id == number
    assert not clerk.screen.state.patient.entitled


def test_an_answer_of_this_minute_is_not_asked_for_again(clerk: Clerk, there: Running) -> None:
    number = choose(clerk, there, entitled=True)
    clerk.until(lambda: newest_entitlement(clerk.counter.store.reader, number) is not None)
    clerk.until(lambda: clerk.station.sending.standing is UploadStatus.IDLE)
    clerk.screen.begin_anew()
    clerk.choose_patient("ltj")
    clerk.settle_down()
    (count,) = clerk.counter.store.reader.execute("SELECT count(*) FROM entitlement").fetchone()
    assert count == 1


def test_who_is_chosen_while_another_is_asked_about_is_asked_about_next(clerk: Clerk, there: Running) -> None:
    goes_on = threading.Event()
    clerk.station.jobs.write(goes_on.wait)
    first = choose(clerk, there, entitled=True)
    clerk.screen.begin_anew()
    second = choose(clerk, there, entitled=True, whom="zx")
    assert first != second
    goes_on.set()
    reader = clerk.counter.store.reader
    clerk.until(lambda: all(newest_entitlement(reader, one) is not None for one in (first, second)))
