"""The states: the table in the documents is the function, and holds what the protocol demands."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongji.core.outbox.states import FINAL, GONE, Event, ImpossibleError, LegStanding, State, after
from tests.support.states_table import BEGIN, END, table

PAGE = Path(__file__).parents[3] / "docs" / "outbox.md"

# reliability 3.1, column by column; "flag" is that the wish to take it back is remembered
PROTOCOL = """
PENDING    C SENDING, LIM QUARANTINE, BOOT PENDING
SENDING    NS PENDING, AMB UNKNOWN, BUSY PENDING, OK= ACCEPTED, OK≠ DIFF, REJ REJECTED, REV REVERSED, BOOT UNKNOWN
UNKNOWN    NS UNKNOWN, AMB UNKNOWN, BUSY UNKNOWN, OK= ACCEPTED, OK≠ DIFF, REJ REJECTED, NF<q UNKNOWN, NF≥q PENDING, REV REVERSED, LIM QUARANTINE, BOOT UNKNOWN
REVERSING  NS REVERSING, AMB REVERSING, BUSY REVERSING, NF<q REVERSING, NF≥q VOID, REV REVERSED, LIM QUARANTINE, BOOT REVERSING
ACCEPTED   CAN REVERSING, BOOT ACCEPTED
DIFF       OK= ACCEPTED, OK≠ DIFF, CAN REVERSING, BOOT DIFF
QUARANTINE C UNKNOWN, CAN REVERSING, BOOT QUARANTINE
REJECTED   BOOT REJECTED
REVERSED   BOOT REVERSED
VOID       BOOT VOID
"""  # noqa: E501
OURS = {Event.NEXT, Event.RESTORED, Event.MISSED, Event.REFUSED_EARLY, Event.FOUND}
FOREIGN = {(State.REVERSING, Event.REFUSED), (State.REJECTED, Event.CLAIM)}
FROM_OUTSIDE = {Event.CLAIM, Event.CANCEL, Event.FOUND}
"""What a person or a reconciliation brings about: the only way out of a final state."""
FLAGS = {State.PENDING, State.SENDING, State.UNKNOWN}


def protocol() -> dict[tuple[State, Event], State]:
    found = {}
    for row in PROTOCOL.strip().splitlines():
        name, cells = row.split(maxsplit=1)
        for cell in cells.split(", "):
            event, state = cell.split()
            found[State[name], Event(event)] = State[state]
    return found


def result(now: LegStanding, event: Event) -> LegStanding | None:
    try:
        return after(now, event)
    except ImpossibleError:
        return None


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", [event for event in Event if event not in OURS and event is not Event.CANCEL])
def test_the_protocol(state: State, event: Event) -> None:
    if (state, event) in FOREIGN:
        return
    then = result(LegStanding(state), event)
    assert (None if then is None else then.state) == protocol().get((state, event))


def test_a_wish_to_take_back_is_remembered_until_it_is_known_what_became_of_it() -> None:
    assert after(LegStanding(State.PENDING), Event.CANCEL).state is State.VOID
    for state in FLAGS:
        flagged = after(LegStanding(state, sent=True), Event.CANCEL)
        assert flagged == LegStanding(state, want_reverse=True, sent=True)
    for state in (State.SENDING, State.UNKNOWN):
        for event in (Event.SAME, Event.OTHER):
            assert after(LegStanding(state, want_reverse=True, sent=True), event).state is State.REVERSING
    assert after(LegStanding(State.UNKNOWN, want_reverse=True, sent=True), Event.NOT_THERE).state is State.REVERSING


@given(st.lists(st.sampled_from(Event)))
def test_nothing_leaves_a_final_state_by_itself_and_what_was_sent_is_never_forgotten(events: list[Event]) -> None:
    now = LegStanding(State.PENDING)
    for event in events:
        then = result(now, event)
        if then is None:
            continue
        assert now.state not in FINAL or then.state is now.state or event in FROM_OUTSIDE
        assert now.state not in GONE or then.state in {now.state, State.REVERSING}
        assert then.sent or not now.sent
        assert then.state is not State.SENDING or then.sent
        now = then


def test_the_page_is_made_from_the_function() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.split(BEGIN)[1].split(END)[0].strip() == table()


def test_a_refusal_is_no_reason_not_to_take_it_back() -> None:
    refused = after(LegStanding(State.SENDING, sent=True), Event.REFUSED)
    assert refused.state is State.REJECTED
    assert after(refused, Event.CANCEL).state is State.REVERSING
    flagged = LegStanding(State.SENDING, want_reverse=True, sent=True)
    assert after(flagged, Event.REFUSED).state is State.REVERSING


def test_what_is_refused_before_money_moved_waits_for_a_person() -> None:
    assert after(LegStanding(State.SENDING, sent=True), Event.REFUSED_EARLY).state is State.QUARANTINE
    flagged = LegStanding(State.SENDING, want_reverse=True, sent=True)
    assert after(flagged, Event.REFUSED_EARLY).state is State.REVERSING


@pytest.mark.parametrize("state", [State.VOID, State.REVERSED])
def test_what_a_reconciliation_finds_though_it_was_gone_is_taken_back(state: State) -> None:
    assert after(LegStanding(state, sent=True), Event.FOUND).state is State.REVERSING
