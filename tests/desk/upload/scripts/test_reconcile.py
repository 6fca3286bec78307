"""A statement is asked for each insurance and kind of clearing under which the platform settled."""

import json
import re
from typing import Any

from gongji.core.outbox.states import State
from gongji.desk.upload.scripts.reconcile import EQUAL, FAILED, UNEQUAL
from tests.support.circle import Circle
from tests.support.clinic import PERSON, line, visit
from tests.support.in_the_book import body_of

REFUSAL = "写入结算明细失败"
CHRONIC = {**PERSON, "registrations": {"chronic": ["高血压"]}}


def stated(circle: Circle) -> list[tuple[Any, ...]]:
    reader = circle.counter.store.reader
    numbers = reader.execute("SELECT msgid FROM attempt WHERE infno = '3201' ORDER BY msgid").fetchall()
    found = [json.loads(body_of(reader, msgid) or b"")["input"]["data"] for (msgid,) in numbers]
    return [(one["insutype"], one["clr_type"], one["fixmedins_setl_cnt"]) for one in found]


def test_each_kind_of_clearing_is_stated_apart(circle: Circle) -> None:
    circle.there.control("options", {"clr_types": {"14": "14"}})
    lines = (line("100.00"), line("80.00", code="X2", benefit="chronic"))
    circle.settle(visit("V1", *lines, person=CHRONIC))
    circle.settle(visit("V2", line("60.00")))
    circle.drain()
    assert circle.states() == [State.ACCEPTED, State.ACCEPTED]
    assert circle.reconcile().result == EQUAL
    assert stated(circle) == [("310", "11", "2"), ("310", "14", "1")]


def test_what_is_missing_there_is_found_in_its_own_statement(circle: Circle) -> None:
    circle.there.control("options", {"clr_types": {"14": "14"}})
    circle.settle(visit("V1", line("100.00"), line("80.00", code="X2", benefit="chronic"), person=CHRONIC))
    circle.drain()
    platform = circle.there.payer.platform.connection
    platform.execute("DELETE FROM settlement WHERE med_type = '14'")
    platform.commit()
    done = circle.reconcile()
    assert done.result == UNEQUAL
    assert {one.part for one in done.found if one.kind == "missing_there"} == {1}


def test_a_file_that_does_not_come_is_told_with_the_platform_s_reason(circle: Circle) -> None:
    circle.settle(visit("V1", line("100.00")))
    circle.drain()
    platform = circle.there.payer.platform.connection
    platform.execute("DELETE FROM settlement")
    platform.commit()
    circle.there.control("faults", {"kind": "stumbles", "infno": "9102"})
    done = circle.reconcile()
    assert done.result == FAILED
    assert re.fullmatch("对账结果文件没有取到：.+", done.text)


def test_a_refused_sign_in_is_a_refusal(circle: Circle) -> None:
    circle.there.control("faults", {"kind": "refused_though_done", "infno": "9001"})
    done = circle.reconcile()
    assert done.result == FAILED
    assert done.text.startswith("平台拒绝了对账：签到没有被接受：")
    assert REFUSAL in done.text
