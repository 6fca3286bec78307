"""A scanned 医保电子凭证: decoded when there is a line, else the visit goes by the identity number, and says why."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from gongji.core.outbox.states import State
from gongji.payer.message_contents import content
from gongji.payer.regions import profile
from gongji.store.upload import payer_answers
from tests.support.circle import Circle
from tests.support.clinic import PERSON, visit
from tests.support.driving import Clinic
from tests.support.in_the_book import body_of

CODE = "3301" + "7" * 24
SHOWN: dict[str, Any] = {"person": {**PERSON, "voucher": CODE}}


def sent(circle: Circle, infno: str) -> list[dict[str, Any]]:
    reader = circle.counter.store.reader
    rows = reader.execute("SELECT msgid FROM attempt WHERE infno = ? ORDER BY msgid", (infno,)).fetchall()
    bodies = [body_of(reader, msgid) for (msgid,) in rows]
    return [json.loads(body)["input"]["data"] for body in bodies if body is not None]


def certificates(circle: Circle) -> set[tuple[str, str]]:
    found = [one for infno in ("1101", "2201", "2206", "2207") for one in sent(circle, infno)]
    return {(one["mdtrt_cert_type"], one["mdtrt_cert_no"]) for one in found}


def test_a_voucher_becomes_a_token_that_every_message_carries(circle: Circle) -> None:
    circle.there.control("options", {"vouchers": {CODE: PERSON["id"]}})
    circle.settle(visit("V1", **SHOWN))
    circle.drain()
    assert circle.states() == [State.ACCEPTED]
    (asked,) = sent(circle, "1162")
    assert asked["ecQrCode"] == CODE
    known = payer_answers.voucher(circle.counter.store.reader, CODE)
    assert known is not None
    assert known.token.startswith("EC")
    assert certificates(circle) == {("01", known.token)}


@pytest.mark.parametrize("options", [{}, {"vouchers": {CODE: "530399196001010015"}}])
def test_one_that_ran_out_or_is_anothers_gives_way_to_the_identity_number(
    circle: Circle, options: dict[str, Any]
) -> None:
    circle.there.control("options", options)
    circle.settle(visit("V1", **SHOWN))
    circle.drain()
    assert circle.states() == [State.ACCEPTED]
    assert certificates(circle) == {("02", PERSON["id"])}
    known = payer_answers.voucher(circle.counter.store.reader, CODE)
    assert known is not None
    assert (known.state, known.token) == ("refused", "")
    assert known.text
    assert len(sent(circle, "1162")) == 1


@pytest.mark.parametrize("kind", ["malformed", "drop_after", "status_after", "zero_and_error"])
def test_an_answer_nobody_can_read_does_not_hold_the_visit_up(circle: Circle, kind: str) -> None:
    circle.there.control("options", {"vouchers": {CODE: PERSON["id"]}})
    circle.there.control("faults", {"kind": kind, "infno": "1162"})
    circle.settle(visit("V1", **SHOWN))
    circle.drain()
    assert circle.states() == [State.ACCEPTED]
    assert certificates(circle) == {("02", PERSON["id"])}


@pytest.mark.parametrize(("way", "expected"), [("as_scanned", ("01", CODE)), ("identity", ("02", PERSON["id"]))])
def test_a_region_may_take_it_as_scanned_or_not_at_all(clinic: Clinic, way: str, expected: tuple[str, str]) -> None:
    sheet, _ = clinic.sheet(visit("V1", **SHOWN))
    data = content("2201", replace(sheet, mdtrt_id="M1"), replace(profile("plain"), voucher=way))["data"]
    assert (data["mdtrt_cert_type"], data["mdtrt_cert_no"]) == expected
