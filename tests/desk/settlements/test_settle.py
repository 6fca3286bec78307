"""A visit settled for good: all of it in the book in one piece, once, with what the visit said kept as known."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gongji.cli.answers import quoted_answer
from gongji.cli.stored_answers import stored_quote
from gongji.core.ledger.ledger import account_key, accumulator_key
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.desk.clinic.verify.verify_book import verify
from gongji.desk.session import Session
from gongji.desk.settlements.settle import Committed, settle_text
from gongji.desk.visits.quote import quote_text
from gongji.files import resource_folder
from gongji.store import settings
from gongji.store.book_file import witness
from gongji.store.people import people
from gongji.store.settlements import ledger, settlements
from gongji.store.upload import outbox_records
from tests.support.clinic import AREA, PERSON, line, text, visit
from tests.support.clock import Clock

YEAR = f"{AREA}/2025-01-01"
SAMPLES = (resource_folder() / "samples" / "visits.jsonl").read_bytes().splitlines()


def settle(session: Session, one: dict[str, Any]) -> StoredSettlement:
    done = settle_text(session, text(one))
    assert done.stored is not None, done.problems
    return done.stored


def refused(session: Session, one: dict[str, Any]) -> Committed:
    done = settle_text(session, text(one))
    assert done.stored is None
    return done


def findings(session: Session) -> list[str]:
    found = verify(session.folder, session.store, session.library, lambda *_: None)
    return [f"{one.place}：{one.text}" for one in found]


class TestOneTransaction:
    def test_everything_belonging_to_a_settlement_is_there(self, session: Session) -> None:
        one = settle(session, visit("V1", line("100.00", code="X1"), line("10.00", code="X2", **{"class": "C"})))
        read = session.store.reader
        counts = {
            table: read.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in ("settlement", "visit", "fee_line", "part", "receipt", "record", "record_state")
        }
        assert counts == {
            "settlement": 1, "visit": 1, "fee_line": 2, "part": 1, "receipt": 1, "record": 1, "record_state": 1,
        }  # fmt: skip
        acts = [act for (act,) in read.execute("SELECT act FROM audit ORDER BY serial")]
        assert acts == ["begin", "settle"]
        seen = witness.last(session.folder.witness)
        assert seen is not None
        assert (seen.no, seen.total_fen, seen.cash_fen) == (one.no, 11_000, 6_450)  # 30.00 + 35 % of 70.00 + 10.00
        (row,) = outbox_records.rows(read)
        assert (row.no, row.state, row.tries) == (one.no, "pending", 0)
        assert findings(session) == []

    def test_numbers_carry_the_counter_and_go_on(self, session: Session, clock: Clock) -> None:
        first = settle(session, visit("V1"))
        clock.forward(days=1)
        second = settle(session, visit("V2"))
        assert [first.no, second.no] == ["01-20250610-000001", "01-20250611-000002"]
        assert [first.receipt_no, second.receipt_no] == ["0100000001", "0100000002"]

    def test_a_refused_visit_leaves_nothing(self, session: Session) -> None:
        done = refused(session, visit("V1", {**line("100.00"), "amount": "1.00"}))
        assert done.problems[0].field == "lines.0.amount"
        read = session.store.reader
        assert settlements.count(read) == 0
        assert people.find(read, PERSON["id"], "2025-06-10") is None
        assert settle(session, visit("V2")).no.endswith("-000001")

    def test_what_is_read_back_is_what_was_put_in(self, session: Session, clock: Clock) -> None:
        clock.set("2026-11-20 09:00:00")
        session.confirm_clock()
        for sample in SAMPLES[:-1]:
            done = settle_text(session, sample)
            assert done.stored is not None
            assert settlements.by_no(session.store.reader, done.stored.no) == done.stored
        assert findings(session) == []

    def test_a_settlement_says_what_its_quote_said(self, session: Session, clock: Clock) -> None:
        clock.set("2026-11-20 09:00:00")
        session.confirm_clock()
        for sample in SAMPLES[:-1]:
            quoted = quoted_answer(quote_text(sample, session.library))
            done = settle_text(session, sample)
            assert done.stored is not None
            assert stored_quote(done.stored) == {**quoted, "year_from": quoted["year_from"].isoformat()}


class TestAgain:
    def test_the_same_visit_changes_nothing_and_says_the_same(
        self, session: Session, opened: Callable[[], Session], clock: Clock
    ) -> None:
        first = settle(session, visit("V1"))
        session.close()
        clock.forward(days=3)
        later = opened()
        done = settle_text(later, text(visit("V1")))
        assert done.again
        assert done.stored == first
        assert settlements.count(later.store.reader) == 1

    def test_content_is_the_same_however_it_is_written(self, session: Session) -> None:
        one = visit("V1", line("100.10"))
        first = settle(session, one)
        turned = json.dumps(dict(reversed(one.items()))).replace('"100.10"', "100.10").replace('"1"', "1", 1)
        done = settle_text(session, turned.encode())
        assert done.again, done.problems
        assert done.stored == first

    def test_other_content_is_refused(self, session: Session) -> None:
        settle(session, visit("V1"))
        done = refused(session, visit("V1", line("100.01")))
        assert (done.problems[0].code, done.problems[0].field) == ("visit_no_taken", "visit_no")
        assert "01-20250610-000001" in done.problems[0].message


class TestFilling:
    def test_a_bare_visit_is_filled_from_what_is_known(self, session: Session) -> None:
        accounts = {"own": {"balance": "50.00"}}
        first = settle(session, visit("V1", accumulators={"general.fund": "5900.00"}, accounts=accounts))
        assert (first.totals.fund_fen, first.totals.account_own_fen) == (4_550, 5_000)  # (100 − 30) × 65 %
        bare = {"visit_no": "V2", "person": {"id": PERSON["id"]}, "lines": [line("50.00")]}
        second = settle(session, bare)
        assert (second.area, second.settled_on, second.policy) == (AREA, "2025-06-10", first.policy)
        assert (second.totals.fund_fen, second.totals.account_own_fen) == (1_300, 0)  # the account is empty by now
        (fund,) = [move for move in second.moved if move.key.name == "general.fund"]
        assert (fund.amount_fen, fund.after_fen) == (1_300, 595_850)

    def test_a_missing_parameter_is_asked_for_and_taken_from_the_book(self, session: Session) -> None:
        over = visit("V1", line("200.00"), accumulators={"general.fund": "5990.00"})
        done = refused(session, over)
        assert done.problems[0].code == "missing_parameter"
        with session.store.write() as connection:
            for name, value in {
                "inpatient_ratio": {"retired": {"1": "0.95"}},
                "inpatient_cap": "60000",
                "inpatient_deductible": {"1": "200"},
            }.items():
                settings.put_parameter(connection, AREA, name, value, "通知", "李红", "2025-06-10 09:00:00")
        one = settle(session, over)
        # base 170.00; 10.00 within the cap uses 10 ÷ 65 % = 15.38 of it; 154.62 × 95 % = 146.89
        assert one.totals.fund_fen == 1_000 + 14_689

    def test_balances_go_down_and_are_offered_next_time(self, session: Session) -> None:
        family = [{"id": "A9", "relation": "parent", "balance": "100.00", "authorised": True}]
        first = settle(session, visit("V1", accounts={"own": {"balance": "20.00"}, "family": family}))
        assert (first.totals.account_own_fen, first.totals.account_family_fen) == (2_000, 3_450)
        second = settle(session, {"visit_no": "V2", "person": {"id": PERSON["id"]}, "lines": [line("100.00")]})
        assert (second.totals.account_own_fen, second.totals.account_family_fen) == (0, 5_450)
        balance = ledger.standing_of(session.store.reader, account_key("A9"))
        assert balance is not None
        assert (balance.amount_fen, balance.since_fen, balance.settlements_since) == (1_100, -8_900, 2)

    def test_what_the_visit_says_is_used_and_kept(self, session: Session) -> None:
        settle(session, visit("V1", accumulators={"general.fund": "100.00"}))
        settle(session, visit("V2", accumulators={"general.fund": "3000.00"}))
        key = accumulator_key(PERSON["id"], AREA, "2025-01-01", "general.fund")
        known = ledger.standing_of(session.store.reader, key)
        assert known is not None
        assert (known.amount_fen, known.since_fen) == (304_550, 4_550)

    def test_nothing_known_of_an_account_means_none(self, session: Session) -> None:
        assert settle(session, visit("V1")).totals.cash_fen == 5_450

    def test_status_is_dated(self, session: Session) -> None:
        employed = {**PERSON, "status": "employed"}
        settle(session, visit("V1", person=employed, settled_on="2025-03-01"))
        settle(session, visit("V2", settled_on="2025-06-01"))
        read = session.store.reader
        found = [people.coverage(read, PERSON["id"], day) for day in ("2025-02-28", "2025-03-01", "2025-06-01")]
        assert [one and one.status for one in found] == [None, "employed", "retired"]
        bare = {"visit_no": "V3", "person": {"id": PERSON["id"]}, "settled_on": "2025-05-31", "lines": [line("100.00")]}
        assert settle(session, bare).totals.fund_fen == 4_200  # employed: 60 % of 70.00

    def test_the_institution_of_another_is_not_ours(self, session: Session) -> None:
        other = {"id": "H9", "type": "hospital", "level": "3"}
        assert settle(session, visit("V1", institution=other)).totals.deductible_fen == 9_000
        assert settle(session, visit("V2", institution=None)).totals.deductible_fen == 3_000

    @pytest.mark.parametrize(
        "wrong", [{"person": "x"}, {"person": {"id": 3}}, {"lines": 4}, {"accounts": []}, {"area": 1}]
    )
    def test_wrong_shapes_are_refused_not_filled(self, session: Session, wrong: dict[str, Any]) -> None:
        done = refused(session, {**visit("V1"), **wrong})
        assert done.problems[0].code in {"invalid_input", "unknown_area"}

    def test_a_line_of_code_alone_is_filled_from_the_catalogue(self, session: Session) -> None:
        with session.store.write() as connection:
            connection.execute(
                "INSERT INTO item (code, starts, ends, name, category, class, unit_price_e4, prepay_ratio_e12, "
                "price_ceiling_e4) VALUES ('X7', '2025-01-01', '2025-12-31', '蒙脱石散', 'drug', 'B', 100000, "
                "100000000000, 90000)"
            )
        one = settle(session, visit("V1", {"code": "X7", "quantity": "2"}))
        # 20.00: 2.00 over the ceiling, 10 % of 18.00 first
        assert (one.totals.over_price_fen, one.totals.prepaid_fen, one.totals.eligible_fen) == (200, 180, 1_620)
        whole = {"code": "X7", "category": "drug", "class": "A", "unit_price": "12.00", "quantity": "1"}
        assert settle(session, visit("V2", whole)).totals.eligible_fen == 1_200


def test_the_witness_is_caught_up_with(session: Session, data: Path) -> None:
    settle(session, visit("V1"))
    (data / "witness.jsonl").rename(data / "away.jsonl")
    (data / "witness.jsonl").mkdir()
    done = settle_text(session, text(visit("V2")))
    assert done.stored is not None
    assert "见证文件没有写上" in done.warnings[0]
    (data / "witness.jsonl").rmdir()
    (data / "away.jsonl").rename(data / "witness.jsonl")
    assert settle_text(session, text(visit("V3"))).warnings == ()
    seen = [line.serial for line in witness.lines(data / "witness.jsonl") if line is not None]
    assert seen == [1, 2, 3]
    assert findings(session) == []


@pytest.mark.parametrize("code", [{"x": 1}, ["X1"], 1, True, None, ""])
def test_a_code_of_another_type_is_refused_with_its_place(session: Session, code: object) -> None:
    """Also where the book is asked for the rest of the line, as it is of one that gives little more than its code."""
    for given in ({"code": code, "quantity": "1"}, line("10.00", code=code)):
        assert "lines.1.code" in {one.field for one in refused(session, visit("V1", line("1.00"), given)).problems}


def test_a_parameter_no_pack_has_settles_nothing(session: Session) -> None:
    done = refused(session, visit("V1", parameters={"near_relativs": "2025-01-01"}))
    assert [(problem.code, problem.field) for problem in done.problems] == [
        ("invalid_input", "parameters.near_relativs")
    ]
    assert settle(session, visit("V1", parameters={"near_relatives": "2025-01-01"})).visit_no == "V1"
