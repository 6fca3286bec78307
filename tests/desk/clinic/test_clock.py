"""The clock: never backwards in the book, asked about when it is, and the turn of the year."""

from collections.abc import Callable

import pytest

from gongji.desk.session import ClockError, Session
from gongji.desk.settlements.settle import settle_text
from gongji.store.settlements import settlements
from tests.desk.settlements.test_settle import findings, settle
from tests.support.clinic import text, visit
from tests.support.clock import Clock


def test_a_clock_a_little_behind_goes_by_the_last_record(session: Session, clock: Clock) -> None:
    settle(session, visit("V1"))
    clock.forward(minutes=-5)
    assert settle(session, visit("V2")).at == "2025-06-10 09:00:00"


def test_a_clock_far_behind_is_asked_about(session: Session, clock: Clock) -> None:
    settle(session, visit("V1"))
    clock.forward(minutes=-6)
    with pytest.raises(ClockError, match="电脑时间 2025-06-10 08:54:00 早于上一笔记录的时间 2025-06-10 09:00:00"):
        settle(session, visit("V2"))
    assert settlements.count(session.store.reader) == 1


def test_a_clock_far_ahead_is_asked_about_and_logged(session: Session, clock: Clock) -> None:
    settle(session, visit("V1"))
    clock.set("2199-06-10 09:00:00")
    with pytest.raises(ClockError, match="比上一笔记录的时间 2025-06-10 09:00:00 晚了一年以上"):
        settle(session, visit("V2"))
    session.confirm_clock()
    settle(session, visit("V2"))
    ((detail,),) = session.store.reader.execute("SELECT detail FROM audit WHERE act = 'clock'").fetchall()
    assert detail == "电脑时间 2199-06-10 09:00:00 比上一笔 2025-06-10 09:00:00 晚一年以上，操作员确认无误"


@pytest.mark.parametrize("day", ["2025-06-11", "2027-01-01", "2099-12-31", "9999-12-31"])
def test_nothing_is_settled_for_a_day_to_come(session: Session, day: str) -> None:
    done = settle_text(session, text(visit("V1", settled_on=day)))
    assert [one.code for one in done.problems] == ["later_than_today"]
    assert settlements.count(session.store.reader) == 0


def test_an_old_visit_handed_in_again_does_not_set_the_clock_back(session: Session, clock: Clock) -> None:
    first = settle(session, visit("V1"))
    clock.forward(hours=1)
    settle(session, visit("V2"))
    assert settle(session, visit("V1")) == first
    clock.forward(minutes=-30)
    with pytest.raises(ClockError):
        settle(session, visit("V3"))


def test_it_is_asked_about_after_a_restart_too(session: Session, clock: Clock, opened: Callable[[], Session]) -> None:
    settle(session, visit("V1"))
    session.close()
    clock.forward(days=-1)
    with pytest.raises(ClockError):
        settle(opened(), visit("V2"))


def test_confirmed_it_goes_on_and_is_logged(session: Session, clock: Clock) -> None:
    settle(session, visit("V1", accumulators={"general.fund": "100"}))
    clock.forward(days=-1)
    session.confirm_clock()
    one = settle(session, visit("V2", settled_on="2025-06-09"))
    assert (one.at, one.no, one.serial) == ("2025-06-09 09:00:00", "01-20250609-000002", 2)
    details = session.store.reader.execute("SELECT detail FROM audit WHERE act = 'clock'").fetchall()
    assert details == [("电脑时间 2025-06-09 09:00:00 早于上一笔 2025-06-10 09:00:00，操作员确认无误",)]
    assert [move.after_fen for move in one.moved if move.key.name == "general.fund"] == [19_100]
    assert findings(session) == []


def test_what_is_told_under_a_late_clock_counts_as_newest(session: Session, clock: Clock) -> None:
    settle(session, visit("V1", accumulators={"general.fund": "100"}))
    clock.forward(days=-1)
    session.confirm_clock()
    settle(session, visit("V2", settled_on="2025-06-09", accumulators={"general.fund": "500"}))
    one = settle(session, visit("V3", settled_on="2025-06-09"))
    assert [move.after_fen for move in one.moved if move.key.name == "general.fund"] == [59_100]


@pytest.mark.parametrize(("moment", "day", "year"), [
    ("2025-12-31 23:59:59", "2025-12-31", "2025-01-01"),
    ("2026-01-01 00:00:00", "2026-01-01", "2026-01-01"),
    ("2028-02-29 12:00:00", "2028-02-29", "2028-01-01"),
])  # fmt: skip
def test_the_day_is_the_clocks_and_the_year_the_settlements(
    session: Session, clock: Clock, moment: str, day: str, year: str
) -> None:
    clock.set(moment)
    session.confirm_clock()
    one = settle(session, visit("V1", settled_on=None))
    assert (one.settled_on, one.year_from, one.no[3:11]) == (day, year, day.replace("-", ""))


def test_a_visit_of_the_old_year_settled_in_the_new(session: Session, clock: Clock) -> None:
    clock.set("2026-01-02 08:00:00")
    one = settle(session, visit("V1", settled_on="2025-12-31"))
    assert (one.year_from, one.no) == ("2025-01-01", "01-20260102-000001")


def test_the_pcs_zone_does_not_matter(session: Session, clock: Clock) -> None:
    import datetime  # noqa: PLC0415

    clock.moment = datetime.datetime(2025, 6, 10, 20, 30, tzinfo=datetime.UTC)
    assert settle(session, visit("V1", settled_on=None)).settled_on == "2025-06-11"
