"""交班: a fixed range, once; zero is fine; the drawer goes into the log."""

import pytest

from gongji.core.ledger.audit import Act
from gongji.core.ledger.drawer import Drawer, denomination
from gongji.desk.closing.report_papers import print_report
from gongji.desk.closing.shifts import (
    ClosedAlreadyError,
    close_shift,
    closed_report,
    closed_shifts,
    not_uploaded,
    shift_report,
)
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.printing.read_pdf import text_of
from gongji.store import audit
from tests.book.clinic import text, visit


def settle(counter: Session, no: str) -> None:
    assert settle_text(counter, text(visit(no))).stored is not None


def test_a_range_closes_once(counter: Session) -> None:
    settle(counter, "V1")
    shown = shift_report(counter.store.reader).serials
    close_shift(counter, shown)
    with pytest.raises(ClosedAlreadyError):
        close_shift(counter, shown)
    assert len(closed_shifts(counter.store.reader)) == 1


def test_what_came_in_between_is_not_closed_unseen(counter: Session) -> None:
    shown = shift_report(counter.store.reader).serials
    settle(counter, "V1")
    with pytest.raises(ClosedAlreadyError):
        close_shift(counter, shown)


def test_an_empty_shift_closes_and_the_next_begins_where_it_ended(counter: Session) -> None:
    shown = shift_report(counter.store.reader).serials
    assert shown == (1, 0)
    close_shift(counter, shown)
    settle(counter, "V1")
    assert shift_report(counter.store.reader).serials == (1, 1)


def test_a_closed_shift_says_later_what_it_said(counter: Session) -> None:
    settle(counter, "V1")
    closing, report = close_shift(counter)
    settle(counter, "V2")
    assert closed_report(counter.store.reader, closing) == report
    assert [one.no for one in not_uploaded(counter.store.reader, report)] == [report_no(counter)]


def report_no(counter: Session) -> str:
    return counter.store.reader.execute("SELECT no FROM settlement WHERE serial = 1").fetchone()[0]  # type: ignore[no-any-return]


def test_the_drawer_is_told_in_the_log_and_on_the_report(counter: Session) -> None:
    settle(counter, "V1")
    drawer = Drawer(pieces={5000: 1, 50: 3}, float_fen=2000)
    closing, report = close_shift(counter, None, drawer)
    cash_fen = report.by_means_fen["cash"]
    assert (drawer.counted_fen, drawer.difference_fen(cash_fen)) == (5150, 5150 - 2000 - cash_fen)
    (entry,) = audit.of_act(counter.store.reader, Act.CLOSE, 5)
    assert "实点 51.50" in entry.detail
    printed = text_of(print_report(counter, report, closing.at, "closing").read_bytes())
    assert "50 元 × 1" in "".join(printed)
    assert "5 角 × 3" in "".join(printed)
    assert denomination(10) == "1 角"
