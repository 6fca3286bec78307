"""Tables of a period beside the statement: what is listed here is in the window, in the workbook and on paper."""

from collections.abc import Callable

from msgspec import Struct

from gongji.core.money import fraction_text, yuan
from gongji.core.papers.slips import StatementTable
from gongji.desk.closing.statistics import EXAMINATIONS, Indicators, Statistics


class ReportTable(Struct, frozen=True, kw_only=True):
    """A table: its name, its columns' titles, the places of those that hold figures, and its rows for a period.

    A cell that is a `SheetNumber` is a number in the workbook; paper has the words before the figures.
    """

    name: str
    titles: tuple[str, ...]
    figures: tuple[int, ...]
    rows: Callable[[Statistics], list[tuple[str, ...]]]

    def on_paper(self, one: Statistics) -> StatementTable:
        """Return the table of a period as it is printed."""
        return StatementTable(
            heading=self.name,
            titles=self._words_first(self.titles),
            texts=len(self.titles) - len(self.figures),
            rows=tuple(map(self._words_first, self.rows(one))),
        )

    def _words_first(self, row: tuple[str, ...]) -> tuple[str, ...]:
        words = [cell for place, cell in enumerate(row) if place not in self.figures]
        return (*words, *(row[place] for place in self.figures))


def per_cent(thousandths: int | None, *, signed: bool = False) -> str:
    """Return a share or growth for people, one decimal; — where there is none."""
    if thousandths is None:
        return "—"
    sign = "-" if thousandths < 0 else "+" if signed and thousandths else ""
    return f"{sign}{fraction_text(abs(thousandths), 10, 1)}%"


def _indicators(found: Indicators) -> list[tuple[str, ...]]:
    """Return each indicator with its value and how it is computed."""
    average = "—" if found.average_fen is None else yuan(found.average_fen)
    before = "—" if found.average_before_fen is None else yuan(found.average_before_fen)
    return [
        ("人次", str(found.visits), "结算笔数减冲销笔数"),
        ("人数", str(found.people), "有结算或冲销的不同病人"),
        ("医药费用增长（环比）", per_cent(found.growth, signed=True), "总费用与上一期相比"),
        ("医药费用增长（同比）", per_cent(found.growth_on_year, signed=True), "总费用与上年同期相比"),
        ("次均费用", average, "总费用 ÷ 人次（元）"),
        ("上一期次均费用", before, "上一期的总费用 ÷ 人次（元）"),
        ("患者自费比例", per_cent(found.self_paid), "全自费（丙类）÷ 总费用"),
        ("患者负担比例", per_cent(found.patient), "个人负担（账户与现金）÷ 总费用"),
        ("检查费用占比", per_cent(found.examinations), f"目录归入{'、'.join(EXAMINATIONS)}的明细 ÷ 总费用"),
    ]


REPORTS = (
    ReportTable(
        name="指标", titles=("指标", "数值", "算法"), figures=(1,), rows=lambda one: _indicators(one.indicators)
    ),
)
"""The tables, in their order."""
