"""What one act does about what a reconciliation finds: asked after and adopted, or taken back at the platform."""

from typing import Any

import pytest
from msgspec.structs import replace

from gongji.core.ledger.audit import Act
from gongji.core.outbox.legs import Message, Purpose
from gongji.core.outbox.reconcile import NEIGHBOUR, Discrepancy
from gongji.core.outbox.states import State
from gongji.desk.session import Session
from gongji.desk.settlements.void import void
from gongji.desk.upload.leg_data import sheet_of
from gongji.desk.upload.put_right import put_right, waiting
from gongji.desk.upload.record_answer import Outgoing
from gongji.desk.upload.scripts.reconcile import EQUAL, UNEQUAL
from gongji.errors import GongjiError
from gongji.payer import message_contents
from gongji.store.upload import legs
from tests.support.circle import Circle
from tests.support.clinic import INSTITUTION, line, visit
from tests.support.driving import Clinic
from tests.support.in_the_book import entries_of


def of_platform(circle: Circle, kind: str) -> Discrepancy:
    (found,) = (one for one in circle.reconcile().found if one.kind == kind)
    return found


def leg_of(session: Session, serial: int) -> Any:
    return legs.get(session.store.reader, serial, 0)


def refused_though_done(circle: Circle) -> int:
    one = circle.settle(visit("V1"))
    circle.there.control("faults", {"kind": "refused_though_done", "infno": "2207"})
    circle.drain()
    assert circle.states() == [State.REJECTED]
    assert len(circle.there_live()) == 1
    return one.serial


def test_what_the_platform_has_of_ours_is_asked_after_and_adopted(circle: Circle) -> None:
    refused_though_done(circle)
    told = put_right(circle.counter, of_platform(circle, "unclaimed"), "医保电话核对")
    assert "查询" in told
    circle.drain()
    assert circle.states() == [State.ACCEPTED]
    assert circle.reconcile().result == EQUAL


def test_what_is_left_there_of_a_voided_settlement_is_taken_back(circle: Circle) -> None:
    serial = refused_though_done(circle)
    with circle.counter.store.write() as connection:  # as the program did before it took such messages back
        leg = replace(leg_of(circle.counter, serial), state=State.VOID)
        legs.save(connection, leg, circle.counter.now())
    one = void(circle.counter, _no(circle, serial), "退药")
    circle.drain()
    assert circle.states() == [State.VOID, State.VOID]
    put_right(circle.counter, of_platform(circle, "left_there"), "平台多一笔")
    circle.drain()
    assert circle.there_live() == []
    assert circle.states()[0] is State.REVERSED
    assert circle.reconcile().result == EQUAL
    assert one.stored.no


def _no(circle: Circle, serial: int) -> str:
    row = circle.counter.store.reader.execute("SELECT no FROM settlement WHERE serial = ?", (serial,)).fetchone()
    return str(row[0])


def test_a_second_live_settlement_is_taken_back_and_the_first_stays(circle: Circle) -> None:
    one = circle.settle(visit("V1"))
    circle.drain()
    circle.there.control("options", {"dedupe": False})
    leg = leg_of(circle.counter, one.serial)
    with circle.counter.store.write() as connection:  # a message of ours that an older program believed taken back
        base = Outgoing(
            msgid="", infno="2207", body=b"", leg=(one.serial, 0), message=Message("2207", Purpose.DO), number=""
        )
        sheet = sheet_of(connection, leg)
        content = message_contents.content("2207", sheet, circle.uploader.profile)
        sent = circle.uploader.post.kept(connection, base, content, circle.counter.now(), sheet.insured_area)
    circle.gateway.send("2207", sent.body)
    assert len(circle.there_live()) == 2
    done = circle.reconcile()
    assert done.result == UNEQUAL
    found = of_platform(circle, "doubled")
    assert found.msgid == sent.msgid
    put_right(circle.counter, found, "重复上传")
    assert [each.msgid for each in waiting(circle.counter.store.reader)] == [sent.msgid]
    circle.there.control("faults", {"kind": "drop_after", "infno": "2601"})
    circle.drain()
    assert waiting(circle.counter.store.reader) == []
    (left,) = circle.there_live()
    assert left["setl_id"] == leg.setl_id
    assert circle.states() == [State.ACCEPTED]
    assert circle.reconcile().result == EQUAL
    assert [one.subject for one in entries_of(circle.counter.store.reader, Act.REVERSED)] == [sent.msgid]


def test_a_neighbours_day_is_not_ours(circle: Circle, clinic: Clinic) -> None:
    """Another counter of the institution has settled as well: it is told, and ours is even."""
    circle.settle(visit("V1"))
    circle.drain()
    neighbour = Clinic(circle.there.payer, clinic.library, INSTITUTION["id"], count=3000)  # counter 03's numbers
    other = {"id": "530399195002020020", "name": "某人", "status": "retired"}
    neighbour.settled(visit("N1", line("77.00"), person=other))
    done = circle.reconcile()
    assert (done.result, {one.kind for one in done.found if one.msgid}) == (EQUAL, {NEIGHBOUR})
    assert "别的收费台" in done.text
    assert any("收费台 03" in one.text for one in done.found)


def test_a_reason_is_asked_for_and_what_is_not_ours_is_left(circle: Circle) -> None:
    refused_though_done(circle)
    found = of_platform(circle, "unclaimed")
    with pytest.raises(GongjiError, match="原因"):
        put_right(circle.counter, found, " ")
    for strange in (replace(found, kind="missing_here"), replace(found, msgid="H" * 30)):
        with pytest.raises(GongjiError, match="不能由本机"):
            put_right(circle.counter, strange, "试试")
    assert circle.states() == [State.REJECTED]
