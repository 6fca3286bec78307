"""The sentences of a reckoning: how each amount came about, with the arithmetic a patient can follow."""

from collections.abc import Callable, Iterator, Sequence

from gongji.core.assess import Bill, Part
from gongji.core.money import percent, plain_e4, yuan
from gongji.core.plan import PlannedCap, PlannedDeductible
from gongji.core.policy import Policy
from gongji.core.trace import Step
from gongji.core.visits import FeeLine

_MOST_LISTED = 20


def minus(whole_fen: int, *parts_fen: int) -> str:
    """Return "(168.00 − 30.00)", leaving out parts that are nothing, and the brackets where none is left."""
    parts = [yuan(part) for part in parts_fen if part]
    return f"({' − '.join([yuan(whole_fen), *parts])})" if parts else yuan(whole_fen)


def bill_steps(bill: Bill, policy: Policy) -> Iterator[Step]:
    """Yield how the lines were classified: what was taken out of the bill, and what is left as eligible."""
    rule = policy.pack.lines.rule
    if bill.self_paid:
        yield policy.step(rule, "丙类由个人全自费：" + _listed(bill.self_paid, _plain), bill.self_paid_fen)
    if bill.over_price:
        yield policy.step(rule, "超过限价的部分由个人负担：" + _listed(bill.over_price, _over), bill.over_price_fen)
    if bill.prepaid:
        yield from _prepaid_steps(bill, policy)
    yield from _excluded_steps(bill, policy)
    taken = (bill.self_paid_fen, bill.over_price_fen, bill.prepaid_fen, bill.excluded_fen)
    text = f"政策范围内费用：{minus(bill.total_fen, *taken)} = {yuan(bill.eligible_fen)}"
    yield policy.step(rule, text if any(taken) else f"政策范围内费用 {yuan(bill.eligible_fen)}", bill.eligible_fen)


def _excluded_steps(bill: Bill, policy: Policy) -> Iterator[Step]:
    """Yield one step for each rule that excluded lines."""
    groups: dict[tuple[str, str, str | None], list[Part]] = {}
    for part in bill.excluded:
        excluded = part.treatment.excluded
        if excluded is not None:
            groups.setdefault((excluded.rule, excluded.text, excluded.reading), []).append(part)
    for (rule, text, reading), parts in groups.items():
        yield policy.step(rule, f"{text}：{_listed(parts, _plain)}", sum(part.fen for part in parts), reading)


def _prepaid_steps(bill: Bill, policy: Policy) -> Iterator[Step]:
    """Yield one step for each rule that set a ratio: the pack's, or the catalogue's under the rule for lines."""
    rules: dict[str, list[Part]] = {}
    for part in bill.prepaid:
        prepay = part.treatment.prepay
        used = prepay is not None and part.ratio_ppm == prepay.ratio
        rules.setdefault(prepay.rule if prepay is not None and used else policy.pack.lines.rule, []).append(part)
    for rule, parts in rules.items():
        text = "乙类先由个人自付一部分：" + _listed(parts, _share)
        yield policy.step(rule, text, sum(part.fen for part in parts))


def replaced_text(bill: Bill) -> str:
    """Say which catalogue ratios gave way to the document's."""
    return "先行自付比例按文件执行，未采用明细中的比例：" + _listed(
        bill.replaced, lambda part: f"{_name(part.line)} {percent(part.ratio_ppm)}"
    )


def barred_step(bill: Bill, policy: Policy) -> Step:
    """Say what accounts may not pay; the bill has such lines."""
    bars = [part.treatment.barred for part in bill.barred if part.treatment.barred is not None]
    text = f"{bars[0].text}：{_listed(bill.barred, _plain)}"
    rules = "、".join(dict.fromkeys(bar.rule for bar in bars))
    return policy.step(rules, text, bill.barred_fen, next((bar.reading for bar in bars if bar.reading), None))


def deductible_step(
    policy: Policy, planned: PlannedDeductible, what: str, figures: tuple[int, int, int, int]
) -> Step:
    """Say what the deductible took; figures are limit, accumulated, expense and taken, in fen."""
    limit, used, expense, taken = map(yuan, figures)
    if used == limit and figures[1]:
        text = f"{what} {limit} 已付满，本次不再扣"
    elif figures[1]:
        text = f"{what} {limit}，已付 {used}；本次 {expense} 中先由个人负担 {taken}"
    else:
        text = f"{what} {limit}；本次 {expense} 中先由个人负担 {taken}"
    return policy.step(planned.amount.rule, text, figures[3], planned.reading)


def cap_step(policy: Policy, cap: PlannedCap, figures: tuple[int, int], wanted_fen: int, paid_fen: int) -> Step:
    """Say that a cap cut off what the ratio would have given; figures are its limit and what was used, in fen."""
    limit_fen, used_fen = figures
    left = yuan(max(0, limit_fen - used_fen))
    if cap.of_expense:
        text = f"{cap.title}最多计 {yuan(limit_fen)}，已计 {yuan(used_fen)}，本次还可计 {left}"
        return policy.step(cap.amount.rule, text, paid_fen, cap.reading)
    text = f"{cap.title}最高 {yuan(limit_fen)}，已付 {yuan(used_fen)}，还可付 {left}；按比例算得 {yuan(wanted_fen)}"
    return policy.step(cap.amount.rule, f"{text}，只付 {yuan(paid_fen)}", paid_fen, cap.reading)


def _listed(parts: Sequence[Part], describe: Callable[[Part], str]) -> str:
    texts = [describe(part) for part in parts[:_MOST_LISTED]]
    if len(parts) > _MOST_LISTED:
        texts.append(f"等共 {len(parts)} 项，合计 {yuan(sum(part.fen for part in parts))}")
    return "；".join(texts)


def _name(line: FeeLine) -> str:
    return line.name or line.code


def _plain(part: Part) -> str:
    return f"{_name(part.line)} {yuan(part.fen)}"


def _over(part: Part) -> str:
    line, ceiling = part.line, part.line.price_ceiling or 0
    over = f"({plain_e4(line.unit_price)} − {plain_e4(ceiling)}) × {plain_e4(line.quantity)}"
    return f"{_name(line)} {over} = {yuan(part.fen)}"


def _share(part: Part) -> str:
    return f"{_name(part.line)} {yuan(part.of_fen)} × {percent(part.ratio_ppm)} = {yuan(part.fen)}"
