"""统计: sums agree with the settlements they are of, voids count against them, and the workbook holds numbers."""

from pathlib import Path

import openpyxl

from gongji.desk.closing.export_statistics import export
from gongji.desk.closing.report_tables import per_cent
from gongji.desk.closing.statistics import Period, statistics_of, years
from gongji.desk.records import find_records
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from tests.support.clinic import line, text, visit
from tests.support.clock import Clock

BILL = (line("100.00"), line("50.00", code="X9", **{"class": "C"}))


def a_year(session: Session, clock: Clock) -> None:
    for month in (4, 5, 6):
        for day in (3, 17):
            clock.set(f"2025-{month:02d}-{day:02d} 09:00:00")
            settle(session, f"V{month}-{day}", f"2025-{month:02d}-{day:02d}")


def settle(session: Session, no: str, day: str) -> str:
    done = settle_text(session, text(visit(no, *BILL, settled_on=day)))
    assert done.stored is not None, done.problems
    return done.stored.no


def test_a_month_is_the_sum_of_its_settlements(session: Session, clock: Clock) -> None:
    a_year(session, clock)
    one = statistics_of(session, Period(2025, 6))
    heads = [head for head in find_records(session, "") if head.at.startswith("2025-06")]
    assert one.whole.totals.total_fen == sum(head.total_fen for head in heads) == 30000
    assert sum(row.sum.totals.cash_fen for row in one.rows) == sum(head.cash_fen for head in heads)
    assert [row.status for row in one.rows] == ["退休"]
    assert [each.group for each in one.course] == [("2025-06-03",), ("2025-06-17",)]


def test_a_void_counts_against_the_month_it_is_made_in(session: Session, clock: Clock) -> None:
    a_year(session, clock)
    no = find_records(session, "")[0].no
    clock.set("2025-07-01 09:00:00")
    void(session, no, "录错")
    july = statistics_of(session, Period(2025, 7))
    assert (july.whole.visits, july.whole.totals.total_fen) == (-1, -15000)
    assert july.indicators.average_fen is None
    assert july.items == ()
    assert statistics_of(session, Period(2025)).whole.visits == 5


def test_the_indicators_are_those_of_the_agency(session: Session, clock: Clock) -> None:
    a_year(session, clock)
    found = statistics_of(session, Period(2025, 6)).indicators
    assert (found.visits, found.people, found.average_fen) == (2, 1, 15000)
    assert found.growth == 0
    assert found.growth_on_year is None
    assert per_cent(found.self_paid) == "33.3%"
    assert per_cent(found.examinations) == "0.0%"
    assert (per_cent(None), per_cent(-125), per_cent(30, signed=True)) == ("—", "-12.5%", "+3.0%")


def test_a_period_without_anything_is_empty_and_whole(session: Session) -> None:
    one = statistics_of(session, Period(2025, 6))
    assert (one.rows, one.whole.visits, one.indicators.self_paid) == ((), 0, None)
    assert years(session) == []


def test_the_workbook_holds_numbers(session: Session, clock: Clock, tmp_path: Path) -> None:
    a_year(session, clock)
    one = statistics_of(session, Period(2025, 6))
    export(session, one, tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["申报表", "指标", "走势", "项目"]
    rows = [[cell.value for cell in row] for row in book["申报表"].rows]
    assert rows[-1][0] == "合计"
    assert rows[-1][5] == 300
    above = [[cell for cell in row if cell] for row in rows[:3]]  # text beside text would be cut by it
    assert [len(row) for row in above] == [1, 1, 0]
    assert "期间 2025 年 6 月" in str(above[1][0])
    assert book["走势"].HeaderFooter.oddHeader.left.text == "&A"


def test_periods_follow_each_other() -> None:
    assert Period(2025, 12).later(1) == Period(2026, 1)
    assert Period(2026, 1).later(-1) == Period(2025, 12)
    assert Period(2025).later(-1) == Period(2024)
    assert Period(2024, 2).after.isoformat() == "2024-03-01"
