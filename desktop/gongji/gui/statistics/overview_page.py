"""概览: the most important figures in large type, their course over the period, and what they consist of."""

from PySide6.QtWidgets import QFrame, QLabel, QWidget

from gongji.core.money import grouped
from gongji.desk.closing.report_tables import per_cent
from gongji.desk.closing.statistics import Statistics
from gongji.gui.kit import tokens
from gongji.gui.kit.layout import WholeFigure, column, label, put, row
from gongji.gui.kit.parts import card_of, headed
from gongji.gui.kit.style import set_role
from gongji.gui.shell.pages import ScreenPage
from gongji.gui.statistics.charts import Ranking, Stack, StackedBars

_SERIES = (("基金", tokens.ACCENT), ("账户", tokens.ACCENT_SOFT), ("现金", tokens.SECOND))
_TILES = ("人次", "总费用", "基金支付", "次均费用", "患者自费比例", "检查费用占比")


class OverviewPage(ScreenPage):
    """Six figures, bars over the period, the items that came to the most."""

    def __init__(self) -> None:
        super().__init__()
        self.tiles = {name: _Tile(name) for name in _TILES}
        self.course = StackedBars(_SERIES)
        self.items = Ranking("这一期还没有结算")
        course = _framed("费用构成走势", self.course, _legend())
        items = _framed("费用最多的项目", self.items, label("前 10 项", "small"))
        tiles = put(row(), *((one, 1) for one in self.tiles.values()))
        put(column(self, margin=0), tiles, (put(row(), (course, 5), (items, 3)), 1))

    def show_statistics(self, one: Statistics) -> None:
        """Show a period."""
        totals, found = one.whole.totals, one.indicators
        average = "—" if found.average_fen is None else grouped(found.average_fen)
        before = "" if found.average_before_fen is None else f"上一期 {grouped(found.average_before_fen)}"
        growth = [
            f"{word} {per_cent(value, signed=True)}"
            for word, value in (("环比", found.growth), ("同比", found.growth_on_year))
            if value is not None
        ]
        fund = "" if totals.total_fen <= 0 else f"占总费用 {per_cent(totals.fund_total_fen * 1000 // totals.total_fen)}"
        figures = {
            "人次": (f"{found.visits:,}", f"{found.people:,} 人 · 退费 {one.whole.voids} 笔"),
            "总费用": (grouped(totals.total_fen), " · ".join(growth) or "没有可比的上一期"),
            "基金支付": (grouped(totals.fund_total_fen), fund),
            "次均费用": (average, before),
            "患者自费比例": (per_cent(found.self_paid), f"患者负担 {per_cent(found.patient)}"),
            "检查费用占比": (per_cent(found.examinations), grouped(found.examinations_fen)),
        }
        for name, (figure, note) in figures.items():
            self.tiles[name].show_figure(figure, note)
        self.course.show_stacks(_stacks(one))
        self.items.show_rows([(item.name, item.amount_fen) for item in one.items])


class _Tile(QFrame):
    """A figure and a note below it; both are drawn smaller where a cut one would be another figure."""

    def __init__(self, name: str) -> None:
        super().__init__()
        set_role(self, "card")
        self.figure, self.note = set_role(WholeFigure("—"), "title"), set_role(WholeFigure(""), "small")
        put(column(self, margin=tokens.GAP, spacing=0), label(name, "label"), self.figure, self.note)

    def show_figure(self, figure: str, note: str) -> None:
        self.figure.setText(figure)
        self.note.setText(note)


def _framed(title: str, inside: QWidget, beside: QLabel) -> QFrame:
    return card_of(headed(title, beside, part="strong"), (inside, 1), margin=tokens.EDGE, spacing=2 * tokens.STEP)


def _legend() -> QLabel:
    words = "　".join(f'<span style="color:{colour}">■</span> {word}' for word, colour in _SERIES)
    return set_role(QLabel(words), "small")


def _stacks(one: Statistics) -> list[Stack]:
    """Return a bar for each day of the month, or month of the year, empty ones included."""
    found = {
        each.group[0]: (
            each.totals.fund_total_fen,
            each.totals.account_own_fen + each.totals.account_family_fen,
            each.totals.cash_fen,
        )
        for each in one.course
    }
    return [Stack(text, name, found.get(key, (0, 0, 0))) for key, text, name in _places(one)]


def _places(one: Statistics) -> list[tuple[str, str, str]]:
    period = one.period
    if period.month:
        days = (period.after - period.first).days
        head = f"{period.year}-{period.month:02d}"
        return [(f"{head}-{day:02d}", str(day), f"{period.month} 月 {day} 日") for day in range(1, days + 1)]
    return [(f"{period.year}-{month:02d}", f"{month} 月", f"{period.year} 年 {month} 月") for month in range(1, 13)]
