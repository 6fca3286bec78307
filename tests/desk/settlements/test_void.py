"""A void is the exact opposite of what is stored, whenever it comes and whatever has happened since."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongji.core.engine.amounts import Amounts, added
from gongji.core.engine.settlement import Settlement
from gongji.core.ledger.ledger import account_key, accumulator_key
from gongji.core.ledger.stored_settlement import StoredSettlement, check_parts, mirrored, payments
from gongji.desk.closing.shifts import close_shift, day_report, shift_report
from gongji.desk.session import Session
from gongji.desk.settlements.void import void
from gongji.errors import GongjiError
from gongji.store.settlements import ledger, settlements
from gongji.store.upload import outbox_records
from tests.desk.settlements.test_settle import findings, settle
from tests.support.accepted import record_accepted
from tests.support.clinic import AREA, PERSON, line, visit
from tests.support.clock import Clock

FAMILY = [{"id": "A9", "relation": "parent", "balance": "100.00", "authorised": True}]
ACCOUNTS = {"own": {"balance": "20.00"}, "family": FAMILY}


def used(session: Session, name: str = "general.fund", year_from: str = "2025-01-01") -> int | None:
    found = ledger.standing_of(session.store.reader, accumulator_key(PERSON["id"], AREA, year_from, name))
    return None if found is None else found.amount_fen


def balance(session: Session, account: str) -> int:
    found = ledger.standing_of(session.store.reader, account_key(account))
    assert found is not None
    return found.amount_fen


def test_amounts_payments_accumulators_and_balances_return(session: Session) -> None:
    one = settle(session, visit("V1", accounts=ACCOUNTS, accumulators={"general.fund": "10.00"}))
    assert (used(session), balance(session, PERSON["id"]), balance(session, "A9")) == (5_550, 0, 6_550)
    done = void(session, one.no, "药品退回")
    assert done.stored.totals == mirrored(one.totals)
    assert [-paid.amount_fen for paid in done.stored.payments] == [paid.amount_fen for paid in one.payments]
    assert (used(session), balance(session, PERSON["id"]), balance(session, "A9")) == (1_000, 2_000, 10_000)
    assert (done.stored.no, done.stored.receipt_no) == ("01-20250610-000002", "0100000002")
    original, reversal = outbox_records.rows(session.store.reader)
    assert (reversal.kind, reversal.after, reversal.state) == ("void", original.no, "pending")
    assert done.remarks == ()
    assert findings(session) == []


def test_what_was_put_in_is_read_back(session: Session) -> None:
    done = void(session, settle(session, visit("V1", accounts=ACCOUNTS)).no, "药品退回")
    assert settlements.by_no(session.store.reader, done.stored.no) == done.stored


def test_twice_changes_nothing(session: Session, clock: Clock) -> None:
    one = settle(session, visit("V1"))
    first = void(session, one.no, "药品退回")
    clock.forward(hours=1)
    second = void(session, one.no, "另一个原因")
    assert second.again
    assert second.stored == first.stored
    assert settlements.count(session.store.reader) == 2


def test_what_cannot_be_voided(session: Session) -> None:
    one = settle(session, visit("V1"))
    with pytest.raises(GongjiError, match="没有结算"):
        void(session, "01-20250610-000009", "x")
    with pytest.raises(GongjiError, match="原因"):
        void(session, one.no, "  ")
    done = void(session, one.no, "x")
    with pytest.raises(GongjiError, match="本身就是冲销"):
        void(session, done.stored.no, "x")
    assert settlements.count(session.store.reader) == 2


def test_a_visit_number_stays_taken(session: Session) -> None:
    one = settle(session, visit("V1"))
    void(session, one.no, "x")
    again = settle(session, visit("V1"))
    assert again.voided_by == "01-20250610-000002"


class TestRemarks:
    def voided(self, session: Session, one: StoredSettlement) -> str:
        done = void(session, one.no, "药品退回")
        assert findings(session) == []
        return "；".join(done.remarks)

    def test_of_yesterday(self, session: Session, clock: Clock) -> None:
        one = settle(session, visit("V1"))
        clock.forward(days=1)
        said = self.voided(session, one)
        assert "冲销的是 2025-06-10 的结算，退款计入 2025-06-11 的日结" in said
        read = session.store.reader
        assert day_report(read, "2025-06-10").totals.cash_fen == 5_450
        assert day_report(read, "2025-06-11").totals.cash_fen == -5_450

    def test_across_the_end_of_the_year(self, session: Session, clock: Clock) -> None:
        clock.set("2025-12-31 23:59:30")
        one = settle(session, visit("V1", settled_on=None))
        assert (one.settled_on, one.year_from) == ("2025-12-31", "2025-01-01")
        clock.set("2026-01-01 00:00:10")
        new = settle(session, visit("V2", settled_on=None))
        assert (new.settled_on, new.year_from) == ("2026-01-01", "2026-01-01")
        assert "累计退回 2025-01-01 起的待遇年度，不影响以后的年度" in self.voided(session, one)
        assert (used(session), used(session, year_from="2026-01-01")) == (0, 4_550)

    def test_after_a_later_visit_of_the_patient(self, session: Session) -> None:
        one = settle(session, visit("V1", accumulators={"general.fund": "0"}))
        later = settle(session, visit("V2"))
        said = self.voided(session, one)
        assert f"之后还有 1 笔结算（{later.no}）按原累计算得" in said
        assert settlements.by_no(session.store.reader, later.no) == later
        assert used(session) == 4_550

    def test_after_the_shift_was_closed(self, session: Session, clock: Clock) -> None:
        one = settle(session, visit("V1"))
        _, closed = close_shift(session)
        clock.forward(hours=2)
        assert "原结算所在的班次已于 2025-06-10 09:00:00 交班" in self.voided(session, one)
        assert closed.totals.cash_fen == 5_450
        assert shift_report(session.store.reader, session.operator).totals.cash_fen == -5_450

    def test_again_after_the_shift_of_both_was_closed(self, session: Session, clock: Clock) -> None:
        one = settle(session, visit("V1"))
        said = void(session, one.no, "退药").remarks
        clock.forward(minutes=5)
        close_shift(session)
        assert void(session, one.no, "退药").remarks == said

    def test_a_year_told_without_it_never_falls_below_zero(self, session: Session) -> None:
        """What was told leaves out V1; what it left is not counted against the year below zero."""
        one = settle(session, visit("V1"))
        settle(session, visit("V2", line("0.01"), accumulators={"general.fund": "0.00"}))
        after = [move.after_fen for move in void(session, one.no, "退药").stored.moved]
        assert (after, used(session)) == ([0], 0)

    def test_of_one_already_uploaded(self, session: Session) -> None:
        one = settle(session, visit("V1"))
        record_accepted(session, one.no, "2025-06-10 09:05:00", "SETL1", {})
        assert "原结算已上传" in self.voided(session, one)
        states = [row.state for row in outbox_records.rows(session.store.reader)]
        assert states == ["accepted", "pending"]


PARTS = [
    {"total": 100, "eligible": 100, "fund": 60, "fund_total": 60, "patient": 40, "account_own": 10, "cash": 30},
    {"total": 50, "self_paid": 50, "patient": 50, "cash": 50},
]


class TestTender:
    """How the cash due is handed over, of two parts that come to 80 fen."""

    def parts(self) -> tuple[Settlement, ...]:
        empty = dict.fromkeys(Amounts.__struct_fields__, 0)
        return tuple(
            Settlement(
                benefit="b",
                amounts=Amounts(**{**empty, **{f"{name}_fen": fen for name, fen in part.items()}}),
                family_payments=(),
                trace=(),
                notices=(),
            )
            for part in PARTS
        )

    @given(st.integers(0, 80), st.integers(0, 80))
    def test_any_mixture_comes_to_what_is_due(self, one: int, other: int) -> None:
        first, second = sorted((one, other))
        tender = (("wechat", first), ("card", second - first), ("cash", 80 - second))
        parts = self.parts()
        paid = payments(parts, tender, "P1")
        check_parts(added([part.amounts for part in parts]), parts, paid)
        for means, fen in tender:
            assert sum(part.amount_fen for part in paid if part.means == means) == fen

    @pytest.mark.parametrize("tender", [(("cash", 79),), (("cash", 81),), (("cash", 90), ("card", -10)), ()])
    def test_anything_else_is_refused(self, tender: tuple[tuple[str, int], ...]) -> None:
        with pytest.raises(ValueError, match="80"):
            payments(self.parts(), tender, "P1")


def test_a_day_without_anything(session: Session) -> None:
    report = day_report(session.store.reader, datetime.date(2025, 6, 1).isoformat())
    assert (report.settlements, report.totals.total_fen, report.first_receipt) == (0, 0, None)
    closing, report = close_shift(session)
    assert (closing.first_serial, closing.last_serial, report.settlements) == (1, 0, 0)
    settle(session, visit("V1", line("10.00")))
    closing, report = close_shift(session)
    assert (closing.first_serial, closing.last_serial, report.settlements) == (1, 1, 1)
