"""统计: the statement for the agency (月结算申报表), the indicators agencies watch, top items; a month or a year."""

import datetime
from pathlib import Path

from msgspec import Struct

from gongji.core.money import fraction_text, plain_e4, round_half_up, yuan
from gongji.core.packs.dimensions import CONTRACT
from gongji.core.reckoning.amounts import AMOUNT_WORDS, Amounts
from gongji.desk.counter import Counter
from gongji.spreadsheets import Number, write_book
from gongji.store import figures
from gongji.store.engine import Connection
from gongji.store.figures import ItemSum, Sum

__all__ = ["EXAMINATIONS", "STATED", "Indicators", "Period", "Row", "Statistics", "export", "statistics_of", "years"]

EXAMINATIONS = ("检查费", "化验费")
"""The official headings that count as examinations."""
STATED = (
    "total", "self_paid", "over_price", "prepaid", "excluded", "eligible", "deductible", "fund", "civil_servant",
    "large_medical", "fund_total", "account_own", "account_family", "cash",
)  # fmt: skip
"""The amounts of the statement, in its order."""
_TOP = 10
_MONTHS = 12


class Period(Struct, frozen=True):
    """A month of a year, or (0) the whole year."""

    year: int
    month: int = 0

    @property
    def first(self) -> datetime.date:
        """Its first day."""
        return datetime.date(self.year, self.month or 1, 1)

    @property
    def after(self) -> datetime.date:
        """The first day that does not belong to it."""
        return self.later(1).first

    @property
    def title(self) -> str:
        """What it is called."""
        return f"{self.year} 年 {self.month} 月" if self.month else f"{self.year} 年"

    def later(self, by: int) -> "Period":
        """Return the one so many further on."""
        if not self.month:
            return Period(self.year + by)
        index = self.year * _MONTHS + self.month - 1 + by
        return Period(index // _MONTHS, index % _MONTHS + 1)

    def a_year_before(self) -> "Period":
        """Return the same one of the year before."""
        return Period(self.year - 1, self.month)


class Row(Struct, frozen=True, kw_only=True):
    """A row of the statement: whom it is about, in words, and what it comes to."""

    area: str
    benefit: str
    status: str
    sum: Sum


class Indicators(Struct, frozen=True, kw_only=True):
    """What agencies watch. Shares and growth in 1/1000, None where there is nothing to compare with; amounts in fen."""

    visits: int
    people: int
    average_fen: int | None
    average_before_fen: int | None
    growth: int | None
    growth_on_year: int | None
    self_paid: int | None
    patient: int | None
    examinations: int | None
    examinations_fen: int


class Statistics(Struct, frozen=True, kw_only=True):
    """The figures of a period: the statement, its sum, indicators, what it is made of by month or day, top items."""

    period: Period
    rows: tuple[Row, ...]
    whole: Sum
    indicators: Indicators
    course: tuple[Sum, ...]
    items: tuple[ItemSum, ...]


def statistics_of(counter: Counter, period: Period) -> Statistics:
    """Return the figures of a period, from what was settled and voided in it."""
    connection = counter.store.reader
    span = _span(period)
    whole = figures.whole(connection, *span)
    course = figures.by_day(connection, *span) if period.month else figures.by_month(connection, *span)
    return Statistics(
        period=period,
        rows=tuple(_row(counter, one) for one in figures.by_benefit(connection, *span)),
        whole=whole,
        indicators=_indicators(connection, period, whole),
        course=tuple(course),
        items=tuple(figures.top_items(connection, *span, _TOP)),
    )


def years(counter: Counter) -> list[int]:
    """Return the years there is anything in, the latest first."""
    return figures.years(counter.store.reader)


def _span(period: Period) -> tuple[str, str]:
    return period.first.isoformat(), period.after.isoformat()


def _row(counter: Counter, one: Sum) -> Row:
    area, benefit, status = one.group
    editions = counter.library.editions(area)
    named = next((each.pack.benefit[benefit].name for each in reversed(editions) if benefit in each.pack.benefit), "")
    return Row(
        area=editions[-1].pack.area_name if editions else area,
        benefit=named or benefit,
        status=CONTRACT["status"].words.get(status, status),
        sum=one,
    )


def _indicators(connection: Connection, period: Period, whole: Sum) -> Indicators:
    totals = whole.totals
    before = figures.whole(connection, *_span(period.later(-1)))
    year_before = figures.whole(connection, *_span(period.a_year_before()))
    examined_fen = figures.heading_fen(connection, *_span(period), EXAMINATIONS)
    return Indicators(
        visits=whole.visits,
        people=whole.people,
        average_fen=_average(whole),
        average_before_fen=_average(before),
        growth=_growth(totals, before.totals),
        growth_on_year=_growth(totals, year_before.totals),
        self_paid=_share(totals.self_paid_fen, totals.total_fen),
        patient=_share(totals.patient_fen, totals.total_fen),
        examinations=_share(examined_fen, totals.total_fen),
        examinations_fen=examined_fen,
    )


def _average(one: Sum) -> int | None:
    if one.visits <= 0 or one.totals.total_fen < 0:
        return None
    return round_half_up(one.totals.total_fen, one.visits)


def _share(part_fen: int, whole_fen: int) -> int | None:
    return None if whole_fen <= 0 or part_fen < 0 else round_half_up(part_fen * 1000, whole_fen)


def _growth(now: Amounts, before: Amounts) -> int | None:
    if before.total_fen <= 0:
        return None
    moved_fen = now.total_fen - before.total_fen
    thousandths = round_half_up(abs(moved_fen) * 1000, before.total_fen)
    return thousandths if moved_fen >= 0 else -thousandths


def per_cent(thousandths: int | None, *, signed: bool = False) -> str:
    """Return a share or growth for people, one decimal; — where there is none."""
    if thousandths is None:
        return "—"
    sign = "-" if thousandths < 0 else "+" if signed and thousandths else ""
    return f"{sign}{fraction_text(abs(thousandths), 10, 1)}%"


def export(counter: Counter, one: Statistics, path: Path) -> None:
    """Write the figures of a period as a workbook, figures as numbers; whole or not at all."""
    clinic = counter.clinic.institution
    head = [
        [
            f"{clinic.get('name') or clinic['id']} 门诊医保月结算申报表"
            if one.period.month
            else f"{one.period.year} 年门诊医保结算年报"
        ],
        ["机构代码", clinic["id"], "期间", one.period.title, "制表", counter.now(), "制表人", counter.operator],
        [],
    ]
    write_book(
        path,
        {
            "申报表": [*head, *_statement(one)],
            "指标": [*head, *_watched(one)],
            "走势": [
                ["日期" if one.period.month else "月份", "人次", *(AMOUNT_WORDS[name] for name in STATED)],
                *_course(one),
            ],
            "项目": [["编码", "名称", "数量", "金额"], *_items(one)],
        },
    )


def _statement(one: Statistics) -> list[list[str]]:
    heading = ["参保地", "待遇", "人员", "人次", "人数", *(AMOUNT_WORDS[name] for name in STATED)]
    rows = [[row.area, row.benefit, row.status, *_numbers(row.sum)] for row in one.rows]
    return [heading, *rows, ["合计", "", "", *_numbers(one.whole)]]


def _numbers(one: Sum) -> list[str]:
    amounts = [Number(yuan(getattr(one.totals, f"{name}_fen"))) for name in STATED]
    return [Number(one.visits), Number(one.people), *amounts]


def _watched(one: Statistics) -> list[list[str]]:
    found = one.indicators
    return [
        ["指标", "数值", "算法"],
        *([name, value, how] for name, value, how in indicators_in_words(found)),
    ]


def indicators_in_words(found: Indicators) -> list[tuple[str, str, str]]:
    """Return each indicator with its value and how it is reckoned."""
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


def _course(one: Statistics) -> list[list[str]]:
    return [
        [each.group[0], Number(each.visits), *(Number(yuan(getattr(each.totals, f"{name}_fen"))) for name in STATED)]
        for each in one.course
    ]


def _items(one: Statistics) -> list[list[str]]:
    return [
        [item.code, item.name, Number(_signed_e4(item.quantity_e4)), Number(yuan(item.amount_fen))]
        for item in one.items
    ]


def _signed_e4(value_e4: int) -> str:
    return plain_e4(value_e4) if value_e4 >= 0 else f"-{plain_e4(-value_e4)}"
