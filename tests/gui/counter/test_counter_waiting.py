"""Another patient's card while this one has lines; what waited overnight, was restored, or is given another day."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from msgspec import structs

from gongji.core.dates import CHINA
from gongji.desk.settlements.find import of_day
from gongji.desk.visits.held_visits import held
from gongji.gui.kit.choice import Choice
from gongji.store.search import index_names
from tests.support.clerk import Clerk

OTHER = "530399194905028607"
NEW_PRICE = "5.20"


class Moving:
    """A clock that the test sets."""

    def __init__(self, text: str) -> None:
        self.set(text)

    def set(self, text: str) -> None:
        self.moment = datetime.datetime.fromisoformat(text).replace(tzinfo=CHINA)

    def __call__(self) -> datetime.datetime:
        return self.moment


@pytest.fixture
def clock() -> Moving:
    return Moving("2026-11-22 23:50:00")


@pytest.fixture
def busy(sit_down: Callable[..., Clerk], clock: Moving) -> Clerk:
    """A patient with a drug whose price and class change at midnight."""
    clerk = sit_down(clock=clock)
    clerk.choose_patient("ltj")
    clerk.add_item("ybzl")
    clerk.add_item("amxl", "10")
    clerk.settle_down()
    cheaper_until(clerk, "2026-11-22", clerk.screen.state.draft.lines[1].code)
    return clerk


def cheaper_until(clerk: Clerk, last: str, code: str) -> None:
    """Let an item be dearer and another class from the day after."""
    done: list[None] = []

    def work() -> None:
        with clerk.counter.store.write() as connection:
            row = connection.execute("SELECT * FROM item WHERE code = ? ORDER BY id DESC LIMIT 1", (code,))
            names = [one[0] for one in row.description]
            found: dict[str, Any] = dict(zip(names, row.fetchone(), strict=True))
            connection.execute("UPDATE item SET ends = ? WHERE id = ?", (last, found["id"]))
            starts = (datetime.date.fromisoformat(last) + datetime.timedelta(days=1)).isoformat()
            found |= {"id": None, "starts": starts, "ends": None, "unit_price_e4": 52_000, "class": "B"}
            found |= {"prepay_ratio_e12": 10**11}
            places = ", ".join("?" * len(found))
            new = connection.execute(
                f"INSERT INTO item ({', '.join(found)}) VALUES ({places}) RETURNING id",  # noqa: S608  # our own names
                list(found.values()),
            ).fetchone()[0]
            index_names(connection, "item", [(new, found["name"])])
        done.append(None)

    clerk.station.jobs.write(work)
    clerk.until(lambda: bool(done))


def drug(clerk: Clerk) -> tuple[str, str, str | None]:
    one = clerk.screen.state.draft.lines[1]
    return one.unit_price, one.class_, one.prepay_ratio


class TestAnotherPatientsCard:
    def asked(self, busy: Clerk) -> Choice:
        busy.scan(OTHER)
        busy.settle_down()
        found = busy.sheet
        assert isinstance(found, Choice)
        return found

    def test_nothing_moves_before_it_is_answered_and_enter_leaves_it_so(self, busy: Clerk) -> None:
        before = busy.screen.state.draft
        self.asked(busy)
        assert busy.screen.state.draft == before
        busy.press("Enter")
        assert busy.screen.state.draft == before

    def test_put_aside_first(self, busy: Clerk) -> None:
        self.asked(busy)
        busy.press("2")
        busy.settle_down()
        assert (busy.screen.state.draft.person_id, busy.names) == (OTHER, [])
        (waiting,) = held(busy.counter)
        assert [one.name for one in waiting.draft.lines] == ["一般诊疗费", "阿莫西林胶囊"]

    def test_the_lines_are_the_other_ones(self, busy: Clerk) -> None:
        self.asked(busy)
        busy.press("3")
        assert busy.screen.state.draft.person_id == OTHER
        assert busy.names == ["一般诊疗费", "阿莫西林胶囊"]

    def test_a_name_that_is_typed_is_asked_about_too(self, busy: Clerk) -> None:
        busy.press("F2")
        busy.type(OTHER)
        busy.press("Enter")
        assert isinstance(busy.sheet, Choice)

    def test_the_same_card_again_asks_nothing(self, busy: Clerk) -> None:
        person = busy.screen.state.draft.person_id
        assert person is not None
        busy.scan(person)
        assert busy.sheet is None
        assert busy.names == ["一般诊疗费", "阿莫西林胶囊"]


class TestAnotherDay:
    def test_a_visit_put_aside_overnight(self, busy: Clerk, clock: Moving) -> None:
        busy.press("F6")
        busy.settle_down()
        clock.set("2026-11-23 08:00:00")
        busy.press("F7", "Enter")
        busy.settle_down()
        assert drug(busy) == (NEW_PRICE, "B", "0.1")
        assert "单价 4.86 → 5.20" in busy.notes
        assert "甲类 → 乙类" in busy.notes
        busy.settle()
        assert self.settled(busy) == [6200]

    def settled(self, busy: Clerk) -> list[int]:
        return [one.totals.total_fen for one in of_day(busy.counter.store, None)]

    def test_one_entered_before_midnight_is_looked_at_again(self, busy: Clerk, clock: Moving) -> None:
        clock.set("2026-11-23 00:10:00")
        busy.settle()
        assert self.settled(busy) == []
        assert "核对新的金额再按 F9" in busy.notes
        assert drug(busy)[0] == NEW_PRICE
        assert busy.amount("total") == "62.00"
        busy.settle()
        assert self.settled(busy) == [6200]

    def test_an_item_that_ends_at_midnight_is_told_once(self, busy: Clerk, clock: Moving) -> None:
        code = busy.screen.state.draft.lines[0].code
        done: list[int] = []

        def end() -> None:
            with busy.counter.store.write() as connection:
                changed = connection.execute("UPDATE item SET ends = '2026-11-22' WHERE code = ?", (code,)).rowcount
            done.append(changed)  # once it is committed: what is read next is read beside the writing thread

        busy.station.jobs.write(end)
        busy.until(lambda: bool(done))
        clock.set("2026-11-23 00:10:00")
        busy.settle()
        assert self.settled(busy) == []
        assert busy.notes.count("的目录里没有，仍按录入时的单价和类别，请核对") == 1
        busy.settle()
        assert len(self.settled(busy)) == 1

    def test_one_restored_after_a_power_cut(self, busy: Clerk, clock: Moving, sit_down: Callable[..., Clerk]) -> None:
        busy.screen.keeping.keep_now()
        busy.settle_down()
        busy.vanish()
        clock.set("2026-11-23 08:00:00")
        again = sit_down(clock=clock)
        again.settle_down()
        assert drug(again)[0] == NEW_PRICE
        assert "单价 4.86 → 5.20" in again.notes

    def test_another_day_for_the_visit(self, busy: Clerk, clock: Moving) -> None:
        clock.set("2026-11-23 08:00:00")
        busy.screen.state.set_visit(settled_on="2026-11-23")
        assert drug(busy)[0] == NEW_PRICE
        busy.screen.state.set_visit(settled_on="2026-11-22")
        assert drug(busy) == ("4.86", "A", None)

    def test_what_the_clerk_wrote_over_stays(self, busy: Clerk, clock: Moving) -> None:
        busy.screen.state.edit_line(1, "unit_price", "4.00")
        clock.set("2026-11-23 08:00:00")
        busy.screen.state.set_visit(settled_on="2026-11-23")
        assert drug(busy)[:2] == ("4.00", "B")

    def test_a_line_of_no_catalogue_stays(self, busy: Clerk, clock: Moving) -> None:
        state = busy.screen.state
        state.set_line(1, as_of="")
        clock.set("2026-11-23 00:10:00")
        lines = state.draft.lines
        state.turn_day()
        assert state.draft.lines[1] == lines[1]
        assert structs.replace(state.draft.lines[0], as_of="") == structs.replace(lines[0], as_of="")

    def test_notes_go_with_their_visit(self, busy: Clerk, clock: Moving) -> None:
        clock.set("2026-11-23 00:10:00")
        busy.settle()
        assert "5.20" in busy.notes
        busy.settle()
        assert "4.86 → 5.20" not in busy.notes
