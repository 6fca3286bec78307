"""Whose turn it is: the rule, and that the book's marks always say what the rule says."""

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gongji.core.outbox import lanes
from gongji.core.outbox.lanes import LaneEntry
from gongji.core.outbox.states import HELD, OPEN, State, folded
from gongji.desk.clinic.open import open_counter
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from gongji.pack_files.library import Library
from gongji.store.upload import legs
from tests.scenarios.upload.simulate import template
from tests.support.clinic import PERSON, text, visit

DONE = (State.ACCEPTED, State.REJECTED, State.REVERSED, State.VOID, State.REVERSING)
TIMES = ("", "2025-06-10 09:00:00", "2025-06-10 10:00:00", "2025-06-11 09:00:00")
BUSY = (State.PENDING, State.SENDING, State.UNKNOWN)


def entry(serial: int, state: State, **more: Any) -> LaneEntry:
    return LaneEntry(serial=serial, part=0, state=state, **more)


@given(st.lists(st.sampled_from(State)))
def test_nothing_overtakes_what_is_on_its_way_or_waits_for_a_person(states: list[State]) -> None:
    lane = [entry(serial, state) for serial, state in enumerate(states)]
    found = lanes.head(lane)
    first = next((one for one in lane if one.state in {*BUSY, *HELD}), None)
    assert found is (first if first is not None and first.state in BUSY else None)


def test_what_a_person_has_let_go_of_holds_nothing_up() -> None:
    lane = [entry(1, State.DIFF, released=True), entry(2, State.PENDING)]
    assert lanes.head(lane) == lane[1]


def test_a_held_record_does_not_hold_up_its_own_void() -> None:
    lane = [entry(1, State.DIFF), entry(2, State.PENDING, voids=1)]
    assert lanes.head(lane) == lane[1]
    kept = [entry(1, State.QUARANTINE, kept=True), entry(2, State.PENDING, voids=1)]
    assert lanes.head(kept) is None


def test_a_void_behind_another_record_waits_for_it() -> None:
    lane = [entry(1, State.DIFF), entry(2, State.PENDING), entry(3, State.PENDING, voids=1)]
    assert lanes.head(lane) is None
    assert not lanes.is_next_void([entry(1, State.PENDING), *lane[1:]], 1)
    assert lanes.is_next_void([entry(1, State.PENDING), entry(3, State.PENDING, voids=1)], 1)


class TestInTheBook:
    def test_the_marks_say_what_the_rule_says(self, library: Library, clock: Any) -> None:
        dice = random.Random(5)
        with template(library) as folder:
            counter = open_counter(folder / "template", library, clock)
            people = [{**PERSON, "id": f"53039919500101{n}"} for n in ("0013", "0021", "003X")]
            for number in range(40):
                done = settle_text(counter, text(visit(f"V{number}", person=dice.choice(people))))
                assert done.stored is not None
                if dice.random() < 0.3:
                    void(counter, done.stored.no, "退药")
                self._move_some(counter, dice)
                self._check(counter)
            counter.close()

    @staticmethod
    def _move_some(session: Session, dice: random.Random) -> None:
        at = "2025-06-10 09:00:00"
        with session.store.write() as connection:
            rows = connection.execute("SELECT serial, part, voids FROM leg ORDER BY serial, part").fetchall()
            for serial, part, voids in dice.choices(rows, k=4):
                until = dice.choice(TIMES)
                if voids is not None:
                    legs.save_void(
                        connection, serial, dice.choice((State.PENDING, State.ACCEPTED, State.VOID)), at, until
                    )
                    continue
                leg = legs.get(connection, serial, part)
                if leg.state in HELD and dice.random() < 0.3:
                    legs.release(connection, serial, part)
                state = dice.choice(tuple(State))
                doubt = leg.doubt if state is leg.state else dice.random() < 0.3
                legs.save(connection, replace(leg, state=state, doubt=doubt), at, until)
            if dice.random() < 0.1:
                legs.wake(connection)

    @staticmethod
    def _check(session: Session) -> None:
        reader = session.store.reader
        rows = reader.execute(
            "SELECT lane, serial, part, state, voids, released, doubt, head, next_try_at FROM leg"
        ).fetchall()
        for lane in {row[0] for row in rows}:
            mine = sorted((row[1:] for row in rows if row[0] == lane), key=lambda row: row[:2])
            whole = [
                LaneEntry(serial=row[0], part=row[1], state=State(row[2]), voids=row[3], released=bool(row[4]),
                      kept=bool(row[5]))
                for row in mine
            ]  # fmt: skip
            found = lanes.head(whole)
            marked = [(row[0], row[1]) for row in mine if row[6]]
            assert marked == ([] if found is None else [(found.serial, found.part)])
        turns = sorted((row[8], row[1], row[2], row[0]) for row in rows if row[7])
        now, latest = TIMES[1], TIMES[2]
        due = [one for one in turns if one[0] <= now] + [one for one in turns if one[0] > latest]
        busy = {one[3] for one in turns[::3]}
        for lanes_busy in (set(), busy):
            found_due = legs.due(reader, now, latest, lanes_busy, 100)
            free = [one for one in due if one[3] not in lanes_busy]
            assert [(one.serial, one.part, one.lane) for one in found_due] == [one[1:] for one in free]
            assert legs.due(reader, now, latest, lanes_busy, 2) == found_due[:2]
        assert legs.next_due(reader) == (turns[0][0] if turns else None)
        waiting = {row[0] for row in rows if State(row[3]) in (OPEN | HELD) - {State.REVERSING}}
        assert sorted(legs.open_lanes(reader)) == sorted(waiting)
        for serial, state in reader.execute("SELECT serial, state FROM record_state").fetchall():
            mine = [row for row in rows if row[1] == serial]
            assert State(state) is folded(State(row[3]) for row in mine)
