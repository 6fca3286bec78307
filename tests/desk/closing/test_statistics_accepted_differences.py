"""Once a difference is taken over, what is claimed is the platform's: statement, paper, workbook, day's close."""

from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace

from gongji.core.engine.amounts import Amounts, added
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.outbox.differences import Difference
from gongji.desk.closing.export_statistics import export
from gongji.desk.closing.report_papers import report_steps
from gongji.desk.closing.shifts import cash_fen, close_shift, closed_report, day_report, shift_report
from gongji.desk.closing.statistics import Period, Statistics, statistics_of
from gongji.desk.papers.archive import made
from gongji.desk.settlements.void import void
from gongji.desk.upload.differences import differences
from gongji.printing.read_pdf import text_of
from gongji.store.settlements import settlements
from gongji.store.upload import decisions
from tests.scenarios.upload.test_circle import ELSEWHERE, PARAMETERS
from tests.support.circle import Circle
from tests.support.clinic import line, visit
from tests.support.printed import print_statement

JUNE, DAY = Period(2025, 6), "2025-06-10"
SAME = ("total", "deductible", "fund", "civil_servant", "large_medical", "fund_total", "patient", "cash")


@pytest.fixture
def differing(circle: Circle) -> Circle:
    """The patient has been elsewhere, of which the platform knows and this counter does not."""
    circle.settle(visit("V0", parameters=PARAMETERS))
    circle.upload()
    circle.there.control("elsewhere", visit("E1", line("9200.00"), parameters=PARAMETERS, institution=ELSEWHERE))
    circle.settle(visit("V1", line("2000.00"), parameters=PARAMETERS))
    circle.upload()
    return circle


def waiting(circle: Circle) -> tuple[str, Difference]:
    (case,) = differences.cases(circle.counter, circle.uploader.profile)
    assert case.difference is not None
    return case.no, case.difference


def accept(circle: Circle) -> dict[str, int]:
    """Take the platform's figures; return what they are more than ours, by name."""
    no, difference = waiting(circle)
    differences.adopt(circle.counter, circle.uploader.profile, no, 0, "已与经办机构核对")
    return {one.name: one.theirs_fen - one.ours_fen for one in difference.lines}


def off(after: Amounts, before: Amounts) -> dict[str, int]:
    return {name: getattr(after, f"{name}_fen") - getattr(before, f"{name}_fen") for name in SAME}


def test_every_sum_of_the_month_is_the_platforms(differing: Circle) -> None:
    before = statistics_of(differing.counter, JUNE)
    by = accept(differing)
    after = statistics_of(differing.counter, JUNE)
    moved = {name: by[name] for name in SAME}
    assert moved["fund_total"]
    assert off(after.whole.totals, before.whole.totals) == moved
    assert off(sum_of(after, "rows"), sum_of(before, "rows")) == moved
    assert off(sum_of(after, "course"), sum_of(before, "course")) == moved
    assert after.whole.visits == before.whole.visits
    year_before, year = statistics_of(differing.counter, Period(2026)), statistics_of(differing.counter, Period(2025))
    assert year_before.whole.totals.total_fen == 0
    assert year.whole.totals == after.whole.totals


def sum_of(one: Statistics, part: str) -> Amounts:
    return added([each.sum.totals for each in one.rows] if part == "rows" else [each.totals for each in one.course])


def test_paper_and_workbook_say_the_same(differing: Circle, tmp_path: Path) -> None:
    accept(differing)
    one = statistics_of(differing.counter, JUNE)
    fen = one.whole.totals.fund_total_fen
    paper = print_statement(differing.counter, one, "2025-06-30 09:00:00").read_bytes()
    assert f"{fen // 100}.{fen % 100:02d}" in "".join("".join(text_of(paper)).split())
    export(differing.counter, one, tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["申报表"]
    rows = [[cell.value for cell in row] for row in sheet.rows]
    place = next(row for row in rows if row[0] == "参保地").index("基金合计")
    assert rows[-1][place] == fen / 100


def test_the_days_close_counts_it_and_says_so(differing: Circle) -> None:
    reader = differing.counter.store.reader
    before, shift = day_report(reader, DAY), shift_report(reader, differing.counter.operator)
    by = accept(differing)
    after = day_report(reader, DAY)
    assert off(after.totals, before.totals) == {name: by[name] for name in SAME}
    assert after.accepted.fund_total_fen == by["fund_total"]
    assert after.totals.cash_fen == sum(after.by_means_fen.get(name, 0) for name in ("cash",)) + by["cash"]
    assert cash_fen(after) == cash_fen(before) + by["cash"]
    closing, closed = close_shift(differing.counter)
    assert off(closed.totals, shift.totals) == {name: by[name] for name in SAME}
    assert closed_report(reader, closing) == closed
    said = "".join(
        "".join(text_of(made(report_steps(differing.counter, closed, closing.at, "x")).read_bytes())).split()
    )
    assert "采用平台数的差额" in said


def test_a_void_takes_an_accepted_difference_back_with_it(differing: Circle) -> None:
    no, _ = waiting(differing)
    reader = differing.counter.store.reader
    before = day_report(reader, DAY)
    by = accept(differing)
    one = settlements.by_no(reader, no)
    assert one is not None
    done = void(differing.counter, no, "药品退回")
    assert sum(fen for _, fen in done.back) == one.totals.cash_fen + by["cash"]
    assert any("差额" in remark for remark in done.remarks)
    after = day_report(reader, DAY)
    assert set(off(after.accepted, before.accepted).values()) == {0}
    assert after.totals.fund_total_fen == before.totals.fund_total_fen - one.totals.fund_total_fen
    assert cash_fen(after) == cash_fen(before) - one.totals.cash_fen
    assert void(differing.counter, no, "药品退回").back == done.back


def test_a_slip_gives_back_by_the_means_it_was_paid_by(differing: Circle) -> None:
    """What the settlement took by WeChat does not leave the drawer."""
    no, difference = waiting(differing)
    assert difference.cash_fen < 0
    one = settlements.by_no(differing.counter.store.reader, no)
    assert one is not None
    reader = differing.counter.store.reader
    moved = differences.by_means(reader, _paid_by(one, "wechat"), difference.cash_fen)
    assert moved == (("wechat", difference.cash_fen),)
    assert differences.by_means(reader, one, difference.cash_fen) == (("cash", difference.cash_fen),)
    accept(differing)
    (decided,) = decisions.of_serial(reader, one.serial)
    assert decisions.payments_of(reader, [decided]) == [(decided.operator, "cash", difference.cash_fen)]


def _paid_by(one: StoredSettlement, means: str) -> StoredSettlement:
    paid = tuple(replace(each, means=means if each.means == "cash" else each.means) for each in one.payments)
    return replace(one, payments=paid)
