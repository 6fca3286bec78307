"""What can be refunded: the newest settlements that stand, each with its patient's name of today."""

from gongji.desk.session import Session
from gongji.desk.settlements.find import refundable
from gongji.desk.settlements.void import void
from tests.desk.settlements.test_settle import settle
from tests.support.clinic import PERSON, line, visit


def test_the_newest_that_stand_come_first(session: Session) -> None:
    made = [settle(session, visit(f"V{place}", line(f"{place}0.00"))).no for place in range(1, 6)]
    void(session, made[2], "药品退回")
    found = refundable(session.store)
    assert [one.no for one in found] == [made[4], made[3], made[1], made[0]]
    assert {one.name for one in found} == {PERSON["name"]}
    assert [one.total_fen for one in found] == [5_000, 4_000, 2_000, 1_000]


def test_only_so_many_of_the_newest_are_looked_at(session: Session) -> None:
    made = [settle(session, visit(f"V{place}")).no for place in range(1, 5)]
    void(session, made[3], "药品退回")
    assert [one.no for one in refundable(session.store, 3)] == [made[2]]
    assert refundable(session.store, 1) == []


def test_nothing_settled_yet(session: Session) -> None:
    assert refundable(session.store) == []


def test_a_name_corrected_since_is_shown(session: Session) -> None:
    settle(session, visit("V1"))
    with session.store.write() as connection:
        connection.execute("UPDATE person SET name = '改正' WHERE id = ?", (PERSON["id"],))
    assert [one.name for one in refundable(session.store)] == ["改正"]
