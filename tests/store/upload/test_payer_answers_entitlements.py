"""Entitlement (2001): asked after a settlement where a region has it, kept with its time, used without a line."""

from typing import Any

import pytest
from msgspec.structs import replace

from gongji.core.ledger.draft import Draft
from gongji.core.outbox.states import State
from gongji.desk.upload.uploader import TimeAndChance
from gongji.desk.visits.patients import look_up
from gongji.payer.answer_contents import entitled
from gongji.store.upload import outbox_records, payer_answers
from gongji.store.upload.payer_answers import newest_entitlement
from tests.support.circle import Circle, ticks
from tests.support.claiming import Uploader
from tests.support.clinic import AREA, PERSON, visit


@pytest.fixture
def asking(circle: Circle) -> Circle:
    """A region that has 2001."""
    chosen = replace(circle.uploader.profile, entitlement=True)
    circle.uploader = Uploader(circle.counter, chosen, TimeAndChance(circle.clock, ticks, lambda: 0.5))
    return circle


def insured(circle: Circle, **told: Any) -> None:
    circle.there.control("people", {"id": PERSON["id"], "area": AREA, "status": PERSON["status"], **told})


def test_who_is_entitled_is_asked_and_kept_with_its_time(asking: Circle) -> None:
    asking.settle(visit("V1"))
    asking.drain()
    assert asking.states() == [State.ACCEPTED]
    found = newest_entitlement(asking.counter.store.reader, PERSON["id"])
    assert found is not None
    assert (found.entitled, found.med_type, found.at[:10]) == (True, "11", "2025-06-10")


def ask_again(circle: Circle, serial: int) -> None:
    with circle.counter.store.write() as connection:
        payer_answers.want_figures(connection, outbox_records.lane_of(connection, serial), "2001", serial)
    circle.drain()


def test_who_is_not_is_known_without_a_line_and_known_again_once_it_changes(asking: Circle) -> None:
    one = asking.settle(visit("V1"))
    asking.drain()

    def patient() -> Any:
        found = look_up(asking.counter, Draft(visit_no="V", person={"id": PERSON["id"]}), asking.counter.now())
        assert found is not None
        return found

    insured(asking, entitled=False)
    ask_again(asking, one.serial)
    assert patient().entitled is False
    assert "暂停参保" in patient().entitlement.reason
    insured(asking, entitled=True)
    ask_again(asking, one.serial)
    assert patient().entitled is True
    assert patient().entitlement.entitled is True


def test_where_a_region_has_none_it_is_not_asked(circle: Circle) -> None:
    circle.settle(visit("V1"))
    circle.drain()
    assert newest_entitlement(circle.counter.store.reader, PERSON["id"]) is None


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (None, None),
        ([], None),
        ([{"trt_enjymnt_flag": "1"}], (True, "")),
        ([{"trt_enjymnt_flag": "0", "trt_chk_rslt": "欠费"}, {"trt_enjymnt_flag": "1"}], (True, "")),
        ([{"trt_enjymnt_flag": 0, "trt_chk_rslt": "欠费"}, {"trt_enjymnt_flag": "0"}], (False, "欠费")),
        ({"trt_enjymnt_flag": "0", "trt_chk_rslt": None}, (False, "")),
        ([{"trt_enjymnt_flag": "9"}], None),
    ],
)
def test_what_an_answer_says_of_it(rows: Any, expected: Any) -> None:
    assert entitled({"trtinfo": rows}) == expected
