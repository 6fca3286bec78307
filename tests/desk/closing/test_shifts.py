"""交班: a fixed range, once; zero is fine; the drawer goes into the log."""

import uuid
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import json

from gongji.core.ledger.audit import Act, read_anchor
from gongji.core.ledger.draft import draft_to_json
from gongji.core.ledger.drawer import Drawer, denomination
from gongji.core.ledger.giving_back import tendered
from gongji.core.ledger.stored_settlement import TENDERS
from gongji.desk.closing.report_papers import report_steps
from gongji.desk.closing.shifts import (
    ClosedAlreadyError,
    cash_fen,
    close_shift,
    closed_report,
    closed_shifts,
    day_report,
    not_uploaded,
    shift_report,
)
from gongji.desk.papers.archive import made
from gongji.desk.session import Session
from gongji.desk.settlements.refund import refund, refund_preview
from gongji.desk.settlements.settle import AtCounter, settle_text
from gongji.desk.settlements.void import void
from gongji.printing.read_pdf import text_of
from gongji.store import audit
from tests.support.clinic import OPERATOR, line, text, visit
from tests.support.clock import Clock
from tests.support.in_the_book import entries_of


def settle(session: Session, no: str) -> None:
    assert settle_text(session, text(visit(no))).stored is not None


def test_a_range_closes_once(session: Session) -> None:
    settle(session, "V1")
    shown = shift_report(session.store.reader, session.operator).serials
    close_shift(session, shown)
    with pytest.raises(ClosedAlreadyError):
        close_shift(session, shown)
    assert len(closed_shifts(session.store.reader)) == 1


def test_what_came_in_between_is_not_closed_unseen(session: Session) -> None:
    shown = shift_report(session.store.reader, session.operator).serials
    settle(session, "V1")
    with pytest.raises(ClosedAlreadyError):
        close_shift(session, shown)


def test_an_empty_shift_closes_and_the_next_begins_where_it_ended(session: Session) -> None:
    shown = shift_report(session.store.reader, session.operator).serials
    assert shown == (1, 0)
    close_shift(session, shown)
    settle(session, "V1")
    assert shift_report(session.store.reader, session.operator).serials == (1, 1)


def test_a_closed_shift_says_later_what_it_said(session: Session) -> None:
    settle(session, "V1")
    closing, report = close_shift(session)
    settle(session, "V2")
    assert closed_report(session.store.reader, closing) == report
    assert [one.no for one in not_uploaded(session.store.reader, report)] == [report_no(session)]


def report_no(session: Session) -> str:
    return session.store.reader.execute("SELECT no FROM settlement WHERE serial = 1").fetchone()[0]  # type: ignore[no-any-return]


def test_the_drawer_is_told_in_the_log_and_on_the_report(session: Session) -> None:
    settle(session, "V1")
    drawer = Drawer(pieces={5000: 1, 50: 3}, float_fen=2000)
    closing, report = close_shift(session, None, drawer)
    cash_fen = report.by_means_fen["cash"]
    assert (drawer.counted_fen, drawer.difference_fen(cash_fen)) == (5150, 5150 - 2000 - cash_fen)
    (entry,) = entries_of(session.store.reader, Act.CLOSE)
    assert "实点 51.50" in entry.detail
    printed = text_of(made(report_steps(session, report, closing.at, "closing")).read_bytes())
    assert "50 元 × 1" in "".join(printed)
    assert "5 角 × 3" in "".join(printed)
    assert denomination(10) == "1 角"


def test_each_days_close_bears_an_anchor_and_one_only_looked_at_none(session: Session) -> None:
    settle(session, "V1")
    looked_at = made(
        report_steps(
            session, shift_report(session.store.reader, OPERATOR), "2025-06-10 09:00:00", "look", is_kept=False
        )
    )
    assert "锚" not in "".join(text_of(looked_at.read_bytes()))
    assert audit.anchors(session.store.reader) == []
    closing, report = close_shift(session)
    printed = made(report_steps(session, report, closing.at, "closing")).read_bytes()
    assert "锚：本班结束时账目的指纹" in "".join(text_of(printed)).replace("\n", "")
    (given,) = audit.anchors(session.store.reader)
    kept = read_anchor(given.line)
    assert kept is not None
    assert (kept.counter, kept.sums_fen["cash"]) == (session.clinic.counter, report.by_means_fen["cash"])


class TestTwoOperatorsOnOneShift:
    """Each closes her own; what she took and what she gave back stand apart, by means."""

    def test_each_closes_what_she_made(self, session: Session, clock: Clock) -> None:
        settle(session, "V1")
        session.operator = "王芳"
        settle(session, "V2")
        settle(session, "V3")
        report = shift_report(session.store.reader, "王芳")
        assert (report.settlements, report.still_open) == (2, ((OPERATOR, 1),))
        mine, closed = close_shift(session)
        assert closed.totals.total_fen == 20000
        assert {one.operator for one in closed.taken} == {"王芳"}
        clock.forward(minutes=5)
        session.operator = OPERATOR
        assert shift_report(session.store.reader, OPERATOR).settlements == 1
        hers, also = close_shift(session)
        assert also.totals.total_fen == 10000
        assert also.still_open == ()
        assert closed_report(session.store.reader, mine) == closed
        assert closed_report(session.store.reader, hers) == also
        assert shift_report(session.store.reader, "王芳").settlements == 0

    def test_a_refund_belongs_to_who_gave_the_money_back(self, session: Session) -> None:
        settle(session, "V1")
        session.operator = "王芳"
        void(session, report_no(session), "药品退回")
        report = shift_report(session.store.reader, "王芳")
        assert (report.settlements, report.voids) == (0, 1)
        assert cash_fen(report) == -5450
        assert cash_fen(shift_report(session.store.reader, OPERATOR)) == 5450
        whole = day_report(session.store.reader, "2025-06-10")
        assert whole.totals.cash_fen == 0
        cash = [(one.operator, one.taken_fen, one.back_fen) for one in whole.taken if one.means == "cash"]
        assert cash == [(OPERATOR, 5450, 0), ("王芳", 0, 5450)]

    def test_the_paper_tells_receipts_and_refunds_and_who(self, session: Session) -> None:
        settle(session, "V1")
        settle(session, "V2")
        session.operator = "王芳"
        void(session, report_no(session), "药品退回")
        report = day_report(session.store.reader, "2025-06-10")
        said = "".join("".join(text_of(made(report_steps(session, report, session.now(), "day")).read_bytes())).split())
        assert "收款" in said
        assert "退款" in said
        assert f"经手{OPERATOR}" in said
        assert "退现金-54.50" in said
        assert "收现金109.00" in said

    def test_a_shift_closed_for_everybody_before_stays_so(self, session: Session) -> None:
        settle(session, "V1")
        with session.store.write() as connection:
            connection.execute(
                "INSERT INTO closing (first_serial, last_serial, operator, at) "
                "VALUES (1, 1, '张三', '2025-06-10 12:00:00')"
            )
        assert shift_report(session.store.reader, OPERATOR).serials == (2, 1)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_was_paid_and_given_back_is_what_the_shift_says_by_means(
    session: Session, data: st.DataObject
) -> None:
    """Settle in any mix of means, give back all or a part, again and again: our own count is the shift's."""
    taken, back = Counter[str](), Counter[str]()
    before = {one.means: (one.taken_fen, one.back_fen) for one in shift_report(session.store.reader, OPERATOR).taken}
    for _ in range(data.draw(st.integers(1, 4))):
        no = f"M{uuid.uuid4().hex[:12]}"
        lines = [line(f"{yuan_}.{fen:02d}", code=f"X{place}") for place, (yuan_, fen) in enumerate(data.draw(_LINES))]
        first = settle_text(session, text(visit(f"{no}Q", *lines))).stored
        assert first is not None
        due_fen = first.totals.cash_fen
        void(session, first.no, "另收")
        taken["cash"] += due_fen
        back["cash"] += due_fen
        paid = _split(data, due_fen)
        stored = settle_text(session, text(visit(no, *lines)), AtCounter(tender=paid)).stored
        assert stored is not None
        taken.update(dict(paid))
        assert Counter(dict(tendered(stored.payments))) == Counter({means: fen for means, fen in paid if fen})
        act = data.draw(st.sampled_from(("keep", "void", "part")))
        if act == "void":
            assert dict(void(session, stored.no, "退药").back) == {means: fen for means, fen in paid if fen}
            back.update(dict(paid))
        elif act == "part" and len(lines) > 1:
            told = refund_preview(session, stored.no, {0: "0"})
            done = refund(session, stored.no, "退药", {0: "0"})
            assert done.prepared is not None
            kept = json.encode(draft_to_json(done.prepared.draft))
            again = settle_text(session, kept, AtCounter(tender=told.paid_again))
            assert again.stored is not None, again.problems
            back.update(dict(paid))
            taken.update(dict(told.paid_again))
            net = Counter(dict(told.back))
            net.subtract(dict(paid))
            net.update(dict(told.paid_again))
            assert not any(net.values()), "what goes back and what is kept come to what was paid, by each means"
    after = shift_report(session.store.reader, OPERATOR)
    found = {one.means: (one.taken_fen, one.back_fen) for one in after.taken}
    for means in TENDERS:
        now, was = found.get(means, (0, 0)), before.get(means, (0, 0))
        assert (now[0] - was[0], now[1] - was[1]) == (taken[means], back[means]), means
    assert cash_fen(after) == sum(one.taken_fen - one.back_fen for one in after.taken if one.means == "cash")


_LINES = st.lists(st.tuples(st.integers(1, 300), st.integers(0, 99)), min_size=1, max_size=3)


def _split(data: st.DataObject, due_fen: int) -> tuple[tuple[str, int], ...]:
    """Part what is due among some means in any way."""
    means = data.draw(st.lists(st.sampled_from(TENDERS), unique=True, min_size=1))
    cuts = sorted(data.draw(st.lists(st.integers(0, due_fen), min_size=len(means) - 1, max_size=len(means) - 1)))
    edges = [0, *cuts, due_fen]
    return tuple((name, high - low) for name, low, high in zip(means, edges[:-1], edges[1:], strict=True) if high > low)
