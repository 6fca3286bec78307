"""月结算申报表 on paper: its rows add up to its sums, from the PDF's own text; many days take several pages."""

import datetime
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongji.desk.closing.statistics import Period, statistics_of
from gongji.desk.session import Session
from gongji.desk.settlements.void import void
from gongji.pack_files.library import Library
from gongji.printing.read_pdf import text_of
from tests.printing.conftest import Office
from tests.support.adding_up import fen
from tests.support.making import counter_in, item, settled, visit
from tests.support.printed import print_statement

_MONEY = r"-?\d+\.\d\d"
AT = "2026-12-01 09:00:00"


def rows_of(text: str, heading: str, after: str) -> list[list[int]]:
    """The amounts of the rows between two headings, the sum's last."""
    part = text.split(heading)[1].split(after, maxsplit=1)[0]
    found = [[fen(one) for one in re.findall(_MONEY, line)] for line in part.splitlines()]
    return [row for row in found if row]


def text_of_all(path: Path) -> str:
    """The text of a file's pages, lines kept."""
    return "\n".join(text_of(path.read_bytes())).replace("\r", "")


def assert_adds_up(rows: list[list[int]]) -> list[int]:
    """The last row is the sum of those before it, column by column."""
    *parts, total = rows
    assert [sum(column) for column in zip(*parts, strict=True)] == total
    return total


def test_rows_and_days_come_to_the_same_sum_as_the_book(office: Office) -> None:
    found = statistics_of(office.counter, Period(2026, 11))
    text = text_of_all(print_statement(office.counter, found, AT))
    total = assert_adds_up(rows_of(text, "按参保地、待遇和人员", "本期没有"))
    course = assert_adds_up(rows_of(text, "按日期", "指标"))
    totals = found.whole.totals
    assert (total[0], total[-1]) == (course[0], course[-1]) == (totals.total_fen, totals.cash_fen)
    assert totals.fund_total_fen in total
    assert course[1] == totals.fund_total_fen
    assert "（2026 年 11 月）" in text
    assert "以医保经办机构审核为准" in text


def test_a_month_without_a_visit_is_a_statement_of_zeros(office: Office) -> None:
    path = print_statement(office.counter, statistics_of(office.counter, Period(2026, 1)), AT)
    assert path == office.counter.folder.receipts / "2026" / "01" / "statement-2026-01.pdf"
    rows = rows_of(text_of_all(path), "按日期", "指标")
    assert rows == [[0, 0, 0, 0, 0]]


class _Days:
    """A clock that goes on a day whenever it is told to."""

    def __init__(self) -> None:
        self.now = datetime.datetime(2026, 3, 1, 1, tzinfo=datetime.UTC)

    def __call__(self) -> datetime.datetime:
        return self.now


@pytest.fixture
def busy_month(library: Library, tmp_path: Path) -> Iterator[Session]:
    """A counter with a visit on every day of March and some given back."""
    clock = _Days()
    counter = counter_in(tmp_path / "data", library, clock=clock)
    for day in range(1, 32):
        clock.now = datetime.datetime(2026, 3, day, 1, tzinfo=datetime.UTC)
        one = settled(counter, visit(f"V{day}", item(day, f"{day}.01"), settled_on=f"2026-03-{day:02d}"))
        if day % 7 == 0:
            void(counter, one.no, "录错")
    yield counter
    counter.close()


def test_a_long_month_goes_over_pages_with_its_titles_again(busy_month: Session) -> None:
    path = print_statement(busy_month, statistics_of(busy_month, Period(2026, 3)), AT)
    pages = text_of(path.read_bytes())
    assert len(pages) == 2
    assert all("日期" in page and f"第 {number} 页 共 2 页" in page for number, page in enumerate(pages, 1))
    rows = rows_of(text_of_all(path), "按日期", "指标")
    assert len(rows) == 31 + 1
    assert_adds_up(rows)
