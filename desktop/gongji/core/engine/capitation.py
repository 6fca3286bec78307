"""定额包干: an institution's year — monthly prepayments, and the clearing at its end."""

import calendar
import datetime
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Annotated, Any

from msgspec import Meta, Struct

from gongji.core import strict_records
from gongji.core.engine.make_plan import cap_amount
from gongji.core.engine.policy import Policy
from gongji.core.engine.trace import Step
from gongji.core.money import (
    E12,
    E12_ONE,
    E12_PER_POINT,
    Fen,
    fraction_text,
    percent,
    product_text,
    round_half_up,
    share_fen,
    yuan,
)
from gongji.core.packs.accounts import Band, Capitation
from gongji.core.problems import BENEFIT_NOT_DEFINED, Problem, invalid
from gongji.core.strict_records import Text
from gongji.core.visits import read_amount

MONTHS = 12
_MOST_PEOPLE = 100_000_000


class CapitationRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A year's headcount by month and what was used, in fen, the manual claims the fund paid apart."""

    area: Text
    year: Annotated[int, Meta(ge=1949, le=2999)]
    parameters: dict[str, Any] = {}
    headcount: Annotated[
        tuple[Annotated[int, Meta(ge=0, le=_MOST_PEOPLE)], ...], Meta(min_length=MONTHS, max_length=MONTHS)
    ]
    used: Fen
    manual_claims: Fen = Fen(0)
    direct_rate: E12

    @property
    def first_day(self) -> datetime.date:
        """The beginning of the year."""
        return datetime.date(self.year, 1, 1)

    @property
    def last_day(self) -> datetime.date:
        """The end of the year."""
        return datetime.date(self.year, 12, 31)


class YearEndClearing(Struct, frozen=True, kw_only=True):
    """The year's figures: amounts in fen, the kept share in 1/10**12, the use rate as a text of four decimals."""

    policy: str
    policy_revision: int
    prepayments_fen: tuple[int, ...]
    budget_fen: int
    use_rate: str
    surplus_fen: int
    kept_share_e12: int
    kept_fen: int
    returned_fen: int
    overage_fen: int
    trace: tuple[Step, ...]


def read_capitation_request(value: Any) -> CapitationRequest | list[Problem]:
    """Return the request that a decoded JSON value holds, or every problem of its shape."""
    return strict_records.read(value, CapitationRequest, read_amount)


def clear(request: CapitationRequest, policy: Policy) -> YearEndClearing | list[Problem]:
    """Return an institution's year under a policy, or what prevents it."""
    rules = policy.pack.capitation
    parameters, problems = policy.parameters(request.parameters, request.year, on=request.first_day)
    if rules is None:
        text = f"{policy.pack.area_name}的文件没有规定定额包干，请核对统筹区"
        return [*problems, Problem(BENEFIT_NOT_DEFINED, "area", text)]
    cap = cap_amount(policy.pack, rules.benefit)
    cap_fen = parameters.fen(cap)
    problems = [*problems, *parameters.missing]
    if problems:
        return problems
    year = request.year
    months = [datetime.date(year, month, calendar.monthrange(year, month)[1]) for month in range(1, MONTHS + 1)]
    prepayments_fen = tuple(
        round_half_up(people * cap_fen * rules.share_of_cap, E12_ONE * MONTHS) if policy.pack.starts <= last else 0
        for people, last in zip(request.headcount, months, strict=True)
    )
    budget_fen = sum(prepayments_fen)
    if not budget_fen:
        return [invalid("headcount", "全年包干费用为零，算不出使用率，请检查各月定点人数和平均工资")]
    share = f"每人每年为年度限额 {parameters.shown(cap)} 的 {percent(rules.share_of_cap)}"
    months_said = "；".join(_months_said(request.headcount, prepayments_fen, cap_fen, rules))
    text = f"{share}，每月按当月定点人数预拨十二分之一：{months_said}；全年合计 {yuan(budget_fen)}"
    step = policy.step(rules.rule, text, budget_fen, "budget", rules.reading)
    return _cleared(request, rules, policy, prepayments_fen, [step])


def _months_said(
    headcount: tuple[int, ...], prepayments_fen: tuple[int, ...], cap_fen: int, rules: Capitation
) -> Iterator[str]:
    """Yield how each month's prepayment came about; equal months in a row are said once."""
    months = enumerate(zip(headcount, prepayments_fen, strict=True), 1)
    for (people, fen), same_months in groupby(months, key=itemgetter(1)):
        numbers = [month for month, _ in same_months]
        when = f"{numbers[0]} 月" if len(numbers) == 1 else f"{numbers[0]} 至 {numbers[-1]} 月每月"
        if not fen:
            yield f"{when} 0.00" if not people else f"{when}文件还没有施行，0.00"
        else:
            yield f"{when} {people} × {yuan(cap_fen)} × {percent(rules.share_of_cap)} ÷ {MONTHS} = {yuan(fen)}"


def _cleared(
    request: CapitationRequest, rules: Capitation, policy: Policy, prepayments_fen: tuple[int, ...], steps: list[Step]
) -> YearEndClearing:
    """Clear the year: which share of the surplus stays with the institution, and what it bears itself."""
    budget_fen, used_fen = sum(prepayments_fen), request.used + request.manual_claims
    surplus_fen, overage_fen = max(0, budget_fen - used_fen), max(0, used_fen - budget_fen)
    band_e12 = 0 if overage_fen else _band(rules.band, used_fen, budget_fen).kept
    short_e12 = max(0, rules.direct_rate.at_least - request.direct_rate)
    points = -(-short_e12 // E12_PER_POINT)
    kept_e12 = max(0, band_e12 - points * rules.direct_rate.points_off)
    kept_fen = share_fen(surplus_fen, kept_e12)
    rate = fraction_text(used_fen, budget_fen, 4)
    rule = rules.clearing_rule
    text = f"使用率 ({yuan(request.used)} + {yuan(request.manual_claims)}) ÷ {yuan(budget_fen)} = {rate}"
    if overage_fen:
        steps.append(
            policy.step(
                rule,
                f"{text}，超出的 {yuan(used_fen)} − {yuan(budget_fen)} = {yuan(overage_fen)} 由医疗机构承担",
                overage_fen,
                "overage",
                rules.reading,
            )
        )
    else:
        share = f"{text}，本档留用 {percent(band_e12)}"
        if points:
            off = percent(points * rules.direct_rate.points_off)
            least = percent(rules.direct_rate.at_least)
            direct = f"直接结算率 {percent(request.direct_rate)} 比 {least} 差 {points} 个百分点"
            share += f"；{direct}，减为 {percent(band_e12)} − {off}"
            share += f" = {percent(kept_e12)}" if kept_e12 else "，不低于 0%"
        kept = f"({yuan(budget_fen)} − {yuan(used_fen)}) × {percent(kept_e12)} = {product_text(surplus_fen, kept_e12)}"
        steps.append(policy.step(rule, f"{share}；结余由医疗机构留用 {kept}", kept_fen, "kept", rules.reading))
    return YearEndClearing(
        policy=policy.id,
        policy_revision=policy.pack.revision,
        prepayments_fen=prepayments_fen,
        budget_fen=budget_fen,
        use_rate=rate,
        surplus_fen=surplus_fen,
        kept_share_e12=kept_e12,
        kept_fen=kept_fen,
        returned_fen=surplus_fen - kept_fen,
        overage_fen=overage_fen,
        trace=tuple(steps),
    )


def _band(bands: tuple[Band, ...], used_fen: int, budget_fen: int) -> Band:
    """Return the band of the exact use rate: the first whose end it is below."""
    return next(band for band in bands if band.below is None or used_fen * E12_ONE < band.below * budget_fen)


strict_records.prepare(CapitationRequest)
