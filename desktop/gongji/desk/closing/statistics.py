"""统计: the statement for the agency (月结算申报表), the indicators agencies watch, top items; a month or a year.

Accepted differences (采用平台数) count at the platform's figures, as in the day's close.
"""

import datetime
from collections.abc import Callable, Iterable

from msgspec import Struct, structs

from gongji.core.engine.amounts import Amounts, added
from gongji.core.engine.without_benefit import WORDS as WITHOUT_BENEFIT_WORDS
from gongji.core.engine.without_benefit import is_without_benefit
from gongji.core.money import round_half_up
from gongji.core.packs.dimensions import CONTRACT
from gongji.core.progress import Progress, tell
from gongji.desk.region_profile import region_profile
from gongji.desk.session import Session
from gongji.desk.upload.gateway.kept_gateway import REGION_SETTING
from gongji.payer import PRACTICE, USUAL
from gongji.store import settings
from gongji.store.closing import statistics
from gongji.store.closing.statistics import ItemSum, Sum
from gongji.store.engine import Connection
from gongji.store.upload import accepted_differences
from gongji.store.upload.accepted_differences import Accepted


def accepted_in(connection: Connection, after: str, until: str, operator: str | None = None) -> list[Accepted]:
    """Return what was accepted after one moment and up to another (stamps or ISO days), of one operator if named."""
    usual = PRACTICE if settings.get(connection, "training") == "1" else USUAL
    region = region_profile(connection, settings.get(connection, REGION_SETTING) or usual)
    excluded_is_self_paid = region.excluded_is_self_paid
    return accepted_differences.between(
        connection, after, until, excluded_is_self_paid=excluded_is_self_paid, operator=operator
    )


__all__ = ["EXAMINATIONS", "Indicators", "Period", "Statistics", "StatisticsRow", "statistics_of", "years"]

EXAMINATIONS = ("检查费", "化验费")
"""The official headings that count as examinations."""
_TOP = 10
_QUESTIONS = 5
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
        """The first day after it."""
        return self.later(1).first

    @property
    def title(self) -> str:
        """Its title."""
        return f"{self.year} 年 {self.month} 月" if self.month else f"{self.year} 年"

    def later(self, by: int) -> "Period":
        """Return the period `by` steps later."""
        if not self.month:
            return Period(self.year + by)
        index = self.year * _MONTHS + self.month - 1 + by
        return Period(index // _MONTHS, index % _MONTHS + 1)

    def a_year_before(self) -> "Period":
        """Return the same period a year earlier."""
        return Period(self.year - 1, self.month)


class StatisticsRow(Struct, frozen=True, kw_only=True):
    """A row of the statement: its group in words, its sum, and whether it is reported to the agency."""

    area: str
    benefit: str
    status: str
    sum: Sum
    is_claimed: bool = True


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
    """The figures of a period: the statement and its sum, indicators, sums by month or day, top items."""

    period: Period
    rows: tuple[StatisticsRow, ...]
    whole: Sum
    indicators: Indicators
    course: tuple[Sum, ...]
    items: tuple[ItemSum, ...]
    claimed: Sum
    claimed_course: tuple[Sum, ...]

    @property
    def claimed_rows(self) -> tuple[StatisticsRow, ...]:
        """The rows that are reported to the agency."""
        return tuple(one for one in self.rows if one.is_claimed)


def statistics_of(session: Session, period: Period, progress: Progress | None = None) -> Statistics:
    """Return the figures of a period from its settlements and voids. Raises `StoppedError` where `progress` stops it.

    Each of the five questions to the book takes about as long; a hundred thousand settlements take some seconds.
    """
    connection = session.store.reader
    span = _span(period)
    tell(progress, 0, _QUESTIONS)
    accepted = _accepted(session, period)
    whole = _with(statistics.whole(connection, *span), accepted)
    tell(progress, 1, _QUESTIONS)
    course = _course(connection, period, accepted, claimed=False)
    tell(progress, 2, _QUESTIONS)
    grouped = statistics.by_benefit(connection, *span)
    grouped = _joined(grouped, accepted, lambda one: (one.area, one.benefit, one.status))
    rows = [_row(session, one) for one in grouped]
    all_claimed = all(one.is_claimed for one in rows)
    tell(progress, 3, _QUESTIONS)
    indicators = _indicators(session, period, whole)
    tell(progress, 4, _QUESTIONS)
    items = statistics.top_items(connection, *span, _TOP)
    return Statistics(
        period=period,
        rows=tuple(rows),
        whole=whole,
        indicators=indicators,
        course=tuple(course),
        items=tuple(items),
        claimed=whole if all_claimed else _with(statistics.whole(connection, *span, claimed=True), accepted),
        claimed_course=tuple(course if all_claimed else _course(connection, period, accepted, claimed=True)),
    )


def _course(connection: Connection, period: Period, accepted: list[Accepted], *, claimed: bool) -> list[Sum]:
    """Return a sum for each day of a month, or each month of a year."""
    length = len("2025-06-10") if period.month else len("2025-06")
    sums = statistics.by_date(connection, length, *_span(period), claimed=claimed)
    return _joined(sums, accepted, lambda one: (one.at[:length],))


def years(session: Session) -> list[int]:
    """Return the years with any settlement, the latest first."""
    return statistics.years(session.store.reader)


def _span(period: Period) -> tuple[str, str]:
    return period.first.isoformat(), period.after.isoformat()


def _row(session: Session, one: Sum) -> StatisticsRow:
    area, benefit, status = one.group
    editions = session.library.editions(area)
    named = next((each.pack.benefit[benefit].name for each in reversed(editions) if benefit in each.pack.benefit), "")
    return StatisticsRow(
        area="—" if is_without_benefit(status) else editions[-1].pack.area_name if editions else area,
        benefit=WITHOUT_BENEFIT_WORDS.get(benefit) or named or benefit,
        status="—" if is_without_benefit(status) else CONTRACT["status"].words.get(status, status),
        sum=one,
        is_claimed=not is_without_benefit(status),
    )


def _accepted(session: Session, period: Period) -> list[Accepted]:
    """Return the differences that were accepted in a period: the platform's figure is what is claimed for them."""
    return accepted_in(session.store.reader, *_span(period))


def _whole(session: Session, period: Period) -> Sum:
    return _with(statistics.whole(session.store.reader, *_span(period)), _accepted(session, period))


def _with(one: Sum, accepted: Iterable[Accepted]) -> Sum:
    """Return a sum with what accepted differences add to it."""
    return structs.replace(one, totals=added([one.totals, *(each.amounts for each in accepted)]))


def _joined(sums: list[Sum], accepted: list[Accepted], group: Callable[[Accepted], tuple[str, ...]]) -> list[Sum]:
    """Return sums, each with the accepted differences of its group; also of groups without settlements."""
    by_group: dict[tuple[str, ...], list[Accepted]] = {}
    for each in accepted:
        by_group.setdefault(group(each), []).append(each)
    found = [_with(one, by_group.pop(one.group, ())) for one in sums]
    found += [_with(statistics.nothing_in(key), rest) for key, rest in by_group.items()]
    return sorted(found, key=lambda one: one.group)


def _indicators(session: Session, period: Period, whole: Sum) -> Indicators:
    connection, totals = session.store.reader, whole.totals
    before, year_before = _whole(session, period.later(-1)), _whole(session, period.a_year_before())
    examined_fen = statistics.heading_fen(connection, *_span(period), EXAMINATIONS)
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
