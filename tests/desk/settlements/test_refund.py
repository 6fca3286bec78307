"""部分退费: the whole is reversed, what is kept is prepared as a new visit of the same day."""

import pytest
from msgspec import json

from gongji.core.ledger.draft import draft_to_json
from gongji.desk.session import ClockError, Session
from gongji.desk.settlements.find import find
from gongji.desk.settlements.refund import refund, refund_preview
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from gongji.desk.visits.held_visits import held
from gongji.errors import GongjiError
from tests.support.clinic import line, text, visit
from tests.support.clock import Clock, set_back_after

TWO = visit("V1", line("100.00"), line("40.00", code="X2", quantity="2"))


def settled(session: Session) -> str:
    done = settle_text(session, text(TWO))
    assert done.stored is not None
    return done.stored.no


def test_what_is_kept_settles_as_if_nothing_else_had_been_there(session: Session, clock: Clock) -> None:
    no = settled(session)
    clock.forward(days=3)
    told = refund_preview(session, no, {0: "1", 1: "1"})
    done = refund(session, no, "药品退回", {0: "1", 1: "1"})
    assert done.prepared is not None
    again = settle_text(session, json.encode(draft_to_json(done.prepared.draft)))
    assert again.stored is not None, again.problems
    assert again.stored.settled_on == "2025-06-10"
    assert told.after == again.stored.totals
    assert again.stored.totals.total_fen == 14000
    assert find(session.store, no).voided_by == done.voided.stored.no
    assert told.back_fen == find(session.store, no).totals.cash_fen - again.stored.totals.cash_fen


def test_what_is_told_goes_by_the_book_of_today(session: Session, clock: Clock) -> None:
    """Another visit of the day was voided since: the balance it had taken is there again for what is kept."""
    own = {"own": {"balance": "20.00"}}
    first = settle_text(session, text(visit("V0", line("100.00"), accounts=own))).stored
    no = settled(session)
    assert first is not None
    assert find(session.store, no).totals.account_own_fen == 0
    void(session, first.no, "药品退回")
    clock.forward(hours=1)
    told = refund_preview(session, no, {1: "1"})
    done = refund(session, no, "药品退回", {1: "1"})
    assert done.prepared is not None
    again = settle_text(session, json.encode(draft_to_json(done.prepared.draft))).stored
    assert again is not None
    assert (told.after, again.totals.account_own_fen) == (again.totals, 2000)


def test_the_prepared_visit_is_put_aside_in_the_book(session: Session) -> None:
    no = settled(session)
    done = refund(session, no, "药品退回", {1: "0"})
    (waiting,) = held(session)
    assert done.prepared is not None
    assert (waiting.draft, waiting.aside) == (done.prepared.draft, True)
    assert [one.code for one in waiting.draft.lines] == ["X1"]


@pytest.mark.parametrize("asked", range(6))
def test_it_is_done_whole_or_not_at_all(session: Session, clock: Clock, asked: int) -> None:
    no = settled(session)
    clock.forward(hours=1)
    session.clock = set_back_after(clock, asked)
    try:
        refund(session, no, "药品退回", {1: "0"})
    except ClockError:
        assert find(session.store, no).voided_by is None
        assert held(session) == []
    else:
        assert find(session.store, no).voided_by is not None
        assert len(held(session)) == 1


def test_nothing_kept_is_a_whole_refund(session: Session) -> None:
    no = settled(session)
    assert refund_preview(session, no, {0: "0", 1: "0"}).after is None
    assert refund(session, no, "录错", {0: "0", 1: "0"}).prepared is None
    assert held(session) == []


@pytest.mark.parametrize("quantity", ["3", "-1", "x", "1.23456"])
def test_a_quantity_that_cannot_be_kept_reverses_nothing(session: Session, quantity: str) -> None:
    no = settled(session)
    with pytest.raises(GongjiError, match="第 2 行"):
        refund(session, no, "录错", {1: quantity})
    assert find(session.store, no).voided_by is None


def test_who_prescribed_and_what_was_said_of_the_visit_are_kept(session: Session) -> None:
    prescriber = {"id": "H9", "level": "2", "grade": "A"}
    one = visit("V2", prescriber=prescriber, inpatient=False, referral=True)
    done = settle_text(session, text(one))
    assert done.stored is not None, done.problems
    prepared = refund(session, done.stored.no, "录错", {0: "0.5"}).prepared
    assert prepared is not None
    assert (prepared.draft.prescriber, prepared.draft.referral) == (prescriber, True)


def test_what_the_form_cannot_hold_is_refused_before_anything_is_done(session: Session) -> None:
    one = visit("V2", institution={"id": "H99999999999", "type": "hospital", "level": "2"})
    done = settle_text(session, text(one))
    assert done.stored is not None, done.problems
    with pytest.raises(GongjiError, match="H99999999999"):
        refund(session, done.stored.no, "录错", {0: "0.5"})
    assert find(session.store, done.stored.no).voided_by is None
