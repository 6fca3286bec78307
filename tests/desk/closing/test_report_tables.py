"""A table listed once: paper has its words before its figures, and the window and the workbook as it is listed."""

from gongji.desk.closing.report_tables import REPORTS, ReportTable
from gongji.desk.closing.statistics import Period, statistics_of
from gongji.desk.session import Session

BY_DOCTOR = ReportTable(
    name="按医师",
    titles=("医师", "人次", "科室", "金额"),
    figures=(1, 3),
    rows=lambda one: [("D1", str(one.whole.visits), "内科", "0.00")],
)


def test_paper_has_words_before_figures(session: Session) -> None:
    printed = BY_DOCTOR.on_paper(statistics_of(session, Period(2025, 6)))
    assert (printed.heading, printed.titles, printed.texts) == ("按医师", ("医师", "科室", "人次", "金额"), 2)
    assert printed.rows == (("D1", "内科", "0", "0.00"),)


def test_every_row_has_a_cell_for_each_title(session: Session) -> None:
    one = statistics_of(session, Period(2025, 6))
    assert len({table.name for table in REPORTS}) == len(REPORTS)
    for table in REPORTS:
        assert {len(row) for row in table.rows(one)} <= {len(table.titles)}
