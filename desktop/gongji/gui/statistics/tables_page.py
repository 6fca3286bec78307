"""申报表 and 指标: the statement for the agency row by row, and the further tables of the period."""

from collections.abc import Callable
from operator import itemgetter

from gongji.core.labels import SHORT_AMOUNT_WORDS
from gongji.core.money import grouped
from gongji.desk.closing.report_tables import ReportTable
from gongji.desk.closing.statistics import Statistics, StatisticsRow
from gongji.gui.kit import tokens
from gongji.gui.kit.layout import column, label, put
from gongji.gui.kit.models import Column
from gongji.gui.kit.parts import card_of
from gongji.gui.kit.table import TableView, two_lines
from gongji.gui.shell.pages import ScreenPage

_SHORT = {"eligible": "政策范围内", "deductible": "起付", "excluded": "不予支付"}
PAIRS = (
    ("total", "eligible"), ("self_paid", "prepaid"), ("over_price", "excluded"), ("deductible", "fund"),
    ("civil_servant", "large_medical"), ("fund_total", "cash"), ("account_own", "account_family"),
)  # fmt: skip
"""Every amount of the statement, two under each other: so that all of it is seen on the narrowest screen."""
_WIDTH = 108
_NAME, _FIGURE = 240, 160


def _title(pair: tuple[str, str]) -> str:
    return "\n".join(_SHORT.get(name, SHORT_AMOUNT_WORDS[name]) for name in pair)


def _amounts(pair: tuple[str, str]) -> Callable[[StatisticsRow], str]:
    return lambda one: "\n".join(grouped(getattr(one.sum.totals, f"{name}_fen")) for name in pair)


def _colour(pair: tuple[str, str]) -> Callable[[StatisticsRow], str | None]:
    def colour(one: StatisticsRow) -> str | None:
        if pair[0] == "fund_total":
            return tokens.ACCENT
        return None if any(getattr(one.sum.totals, f"{name}_fen") for name in pair) else tokens.MUTED

    return colour


_COLUMNS = (
    Column(title="参保地", text=lambda one: one.area, width=76),
    Column(title="待遇\n人员", text=lambda one: f"{one.benefit}\n{one.status}".strip()),
    Column(title="人次", text=lambda one: f"{one.sum.visits:,}", width=64, right=True),
    *(
        Column(title=_title(pair), text=_amounts(pair), width=_WIDTH, right=True, colour=_colour(pair))
        for pair in PAIRS
    ),
)
_LEAST_BENEFIT = 130
"""Pixels at which a benefit's name is whole."""
_NARROWER = {0: 66, 2: 46, 3: 84, 7: 84} | dict.fromkeys((4, 5, 6, 8, 9), 70)
"""Widths where there is less room: a figure that would be cut is drawn smaller."""
_NO_VISITS = "这一期没有结算，申报表是空的；可以照样导出一张零申报。"


class StatementPage(ScreenPage):
    """A row for each area, benefit and status, and their sum."""

    def __init__(self) -> None:
        super().__init__()
        self.table = self.first_field = TableView(_COLUMNS, _NO_VISITS)
        self.table.narrow(sum(one.width for one in _COLUMNS) + _LEAST_BENEFIT, _NARROWER)
        two_lines(self.table)
        note = "按结算和退费的日期统计，退费冲减；自费和居民医保的不申报，列在合计之后；一次就诊分两种待遇的计两行。"
        parts = ((card_of(self.table), 1), label(note, "small", wrap=True))
        put(column(self, margin=0, spacing=2 * tokens.STEP), *parts)

    def show_statistics(self, one: Statistics) -> None:
        """Show a period."""
        rows = list(one.claimed_rows)
        if rows:
            rows.append(StatisticsRow(area="合计", benefit="", status="", sum=one.claimed))
        others = [row for row in one.rows if not row.is_claimed]
        if others:
            rows += [*others, StatisticsRow(area="全部", benefit="含不申报的", status="", sum=one.whole)]
        self.table.set_rows(rows)


class ReportPage(ScreenPage):
    """A table of the period beside the statement: each indicator with its value and how it is computed, for example."""

    def __init__(self, table: ReportTable) -> None:
        """Begin empty; the first column and figures have a width, what explains them has the rest."""
        super().__init__()
        self.report = table
        last = len(table.titles) - 1
        columns = [
            Column(
                title=title,
                text=itemgetter(place),
                width=0 if 0 < place == last else _FIGURE if place in table.figures else _NAME,
                right=place in table.figures,
                muted=place > 0 and place not in table.figures,
            )
            for place, title in enumerate(table.titles)
        ]
        self.table = self.first_field = TableView(columns, f"没有{table.name}")
        put(column(self, margin=0), (card_of(self.table), 1))

    def show_statistics(self, one: Statistics) -> None:
        """Show a period."""
        self.table.set_rows(self.report.rows(one))
