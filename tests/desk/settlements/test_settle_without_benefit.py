"""自费 and 居民医保: charged, printed, closed, counted and refunded as any visit, and nothing of it is the payer's."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gongji.core.engine.amounts import AMOUNT_KEYS
from gongji.desk.closing.export_statistics import export
from gongji.desk.closing.shifts import close_shift, day_report
from gongji.desk.closing.statistics import Period, statistics_of
from gongji.desk.session import Session
from gongji.desk.settlements.void import void
from gongji.desk.visits.quote import quote_text
from gongji.files import resource_folder
from gongji.pack_files.read_pack import read_pack_and_text
from gongji.printing.read_pdf import text_of
from gongji.store.settlements import settlements
from gongji.store.upload import legs, outbox_records
from tests.desk.settlements.test_settle import findings, refused, settle
from tests.support.clinic import line, text, visit
from tests.support.printed import print_receipt, print_statement

STATUSES = {"uninsured": "自费", "resident": "居民医保"}


def patient(status: str) -> dict[str, Any]:
    return {"id": "530399199001010010", "name": "王小明", "status": status}


@pytest.mark.parametrize("status", STATUSES)
class TestAVisitWithoutBenefit:
    def test_all_of_it_is_the_patients(self, session: Session, status: str) -> None:
        one = settle(session, visit("V1", line("30.00"), line("12.34", code="X2"), person=patient(status)))
        amounts = {name: getattr(one.totals, f"{name}_fen") for name in AMOUNT_KEYS}
        whole = ("total", "self_paid", "patient", "cash")
        assert amounts == {name: 4234 if name in whole else 0 for name in AMOUNT_KEYS}
        assert one.moved == ()
        assert [(paid.means, paid.amount_fen) for paid in one.payments] == [("cash", 4234)]

    def test_it_is_never_queued_and_the_book_is_whole(self, session: Session, status: str) -> None:
        one = settle(session, visit("V1", person=patient(status)))
        done = void(session, one.no, "录错")
        assert done.stored.totals.cash_fen == -one.totals.cash_fen
        assert list(outbox_records.rows(session.store.reader)) == []
        assert legs.counts(session.store.reader) == {}
        assert settlements.by_no(session.store.reader, one.no).state == ""  # type: ignore[union-attr]
        assert findings(session) == []

    def test_it_is_counted_and_closed(self, session: Session, status: str) -> None:
        settle(session, visit("V1", person=patient(status)))
        settle(session, visit("V2"))
        report = day_report(session.store.reader, "2025-06-10")
        assert (report.settlements, report.not_uploaded) == (2, 1)
        assert report.totals.total_fen == 20_000
        closing, closed = close_shift(session)
        assert (closing.first_serial, closing.last_serial) == (1, 2)
        assert closed.by_means_fen["cash"] == report.totals.cash_fen

    def test_its_paper_says_what_it_is(self, session: Session, status: str) -> None:
        one = settle(session, visit("V1", person=patient(status)))
        red = void(session, one.no, "录错").stored
        for stored, title in ((one, "门诊收费单"), (red, "门诊退费单（红字）")):
            said = "".join(text_of(print_receipt(session, stored).read_bytes()))
            assert title in said
            assert STATUSES[status] in said
            assert "没有按职工医保结算" in "".join(said.split())
            assert "脱机结算系统" not in said
            assert "000000@" not in said

    def test_what_an_employee_has_means_nothing_here(self, session: Session, status: str) -> None:
        settle(session, visit("V0", accounts={"own": {"balance": "50.00"}}, accumulators={"general.fund": "10.00"}))
        person = {**patient(status), "id": "530399195001010013"}
        one = settle(session, visit("V1", person=person))
        assert one.totals.cash_fen == 10_000
        assert one.moved == ()

    def test_the_book_remembers_it(self, session: Session, status: str) -> None:
        settle(session, visit("V1", person=patient(status)))
        again = settle(session, visit("V2", person={"id": patient(status)["id"]}))
        assert again.totals.fund_total_fen == 0
        assert again.totals.cash_fen == 10_000

    def test_a_benefit_asked_for_is_refused_with_words(self, session: Session, status: str) -> None:
        done = refused(session, visit("V1", line("1", benefit="chronic"), person=patient(status), benefit="general"))
        assert [one.field for one in done.problems] == ["benefit", "lines.0.benefit"]
        assert STATUSES[status] in done.problems[0].message


def test_no_policy_need_be_in_force(session: Session) -> None:
    one = visit("V1", person=patient("uninsured"), area="990000", settled_on="2031-01-01")
    assert quote_text(text(one), session.library).quote is not None


def test_the_agencys_statement_leaves_it_out_and_says_so(session: Session, tmp_path: Path) -> None:
    settle(session, visit("V1"))
    settle(session, visit("V2", line("30.00"), person=patient("uninsured")))
    settle(session, visit("V3", line("12.00"), person={**patient("resident"), "id": "530399199001010029"}))
    one = statistics_of(session, Period(2025, 6))
    assert one.whole.totals.total_fen == 14_200
    assert one.claimed.totals.total_fen == sum(row.sum.totals.total_fen for row in one.claimed_rows) == 10_000
    assert sum(each.totals.total_fen for each in one.claimed_course) == 10_000
    assert {row.benefit for row in one.rows if not row.is_claimed} == {"自费", "居民医保"}
    paper = print_statement(session, one, "2025-06-30 09:00:00")
    said = "".join("".join(text_of(paper.read_bytes())).split())
    assert "自费1人次30.00元" in said
    assert "居民医保1人次12.00元" in said
    assert "142.00" not in said
    export(session, one, tmp_path / "out.xlsx")
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(tmp_path / "out.xlsx")["申报表"].rows]
    assert rows[-1][:1] == ["合计"]
    assert rows[-1][5] == 100


def test_a_pack_of_the_residents_insurance_settles_nothing(session: Session) -> None:
    """Which a practice folder may have beside the others: it quotes, and the refusal says what to do."""
    pack = next((resource_folder() / "exercises").glob("*居民*.toml"))
    session.library = session.library.joined_by([read_pack_and_text(pack)])
    resident = {**patient("resident"), "facts": {"cohort": "学生儿童"}}
    asked = visit("V1", area="990300", person=resident)
    quoted = quote_text(text(asked), session.library)
    assert quoted.quote is not None
    assert quoted.quote.totals.fund_fen > 0
    (problem,) = refused(session, asked).problems
    assert (problem.code, problem.field) == ("invalid_input", "person.status")
    assert "只能试算" in problem.message
    assert "全额收费" in problem.message
    assert settlements.by_visit_no(session.store.reader, "V1") is None
