"""Lines: what of each is self-paid, over its price ceiling, prepaid, excluded, and the rest: eligible (G2, G3)."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from gongji.core.engine.facts import line_facts
from gongji.core.engine.plan import Plan, Treatment
from gongji.core.engine.policy import Policy
from gongji.core.money import line_fen, plain_e4, share_fen, yuan
from gongji.core.packs.language import CODE, DRUG
from gongji.core.problems import Problem, invalid
from gongji.core.visits import FeeLine, Visit

LARGEST_LINE_FEN = 10**13


class BillPart(Struct, frozen=True, gc=False):
    """A classified part of a line, in fen."""

    line: FeeLine
    fen: int
    treatment: Treatment
    of_fen: int = 0
    ratio_e12: int = 0


class Expense(Struct, gc=False):
    """The eligible expense of one stream of lines in fen, and the name of its first line."""

    name: str
    fen: int = 0


class Bill(Struct, gc=False):
    """The lines of one settlement, in fen; `parts` lists what was taken out of which line, for the explanation.

    `streams` holds the eligible expense by what the benefit splits by, in order of first lines; `barred_fen` is what
    accounts may not pay.
    """

    total_fen: int = 0
    self_paid_fen: int = 0
    over_price_fen: int = 0
    prepaid_fen: int = 0
    excluded_fen: int = 0
    eligible_fen: int = 0
    barred_fen: int = 0
    streams: dict[tuple[Any, ...], Expense] = {}
    self_paid: list[BillPart] = []
    over_price: list[BillPart] = []
    prepaid: list[BillPart] = []
    replaced: list[BillPart] = []
    excluded: list[BillPart] = []
    barred: list[BillPart] = []
    noticed: list[BillPart] = []


def assess(
    lines: Sequence[FeeLine],
    plan: Plan,
    policy: Policy,
    visit: Visit,
    problems: list[tuple[int, Problem]],
    places: Sequence[int] | None = None,
) -> Bill:
    """Return the bill of these lines of the visit under a plan; what cannot be settled is added to `problems`.

    `places` are the lines' positions in the visit, where they are not all of its lines.
    """
    bill = Bill()
    split_by = plan.benefit.split_by
    total_fen = eligible_fen = 0
    for order, (line, treatment) in enumerate(zip(lines, treatments_of(lines, plan, policy, visit), strict=True)):
        amount_fen, told_fen = line_fen(line.unit_price, line.quantity), line.amount
        if not treatment.settles or amount_fen > LARGEST_LINE_FEN or (told_fen is not None and told_fen != amount_fen):
            place = order if places is None else places[order]
            problems.extend((place, problem) for problem in line_problems(place, line, treatment))
            continue
        total_fen += amount_fen
        left_fen = amount_fen
        if not treatment.whole:
            left_fen = _after_catalogue(line, amount_fen, treatment, bill)
            if not treatment.plain and _set_aside(line, amount_fen, left_fen, treatment, bill):
                continue
        eligible_fen += left_fen
        if split_by:
            stream = stream_of(line, visit, policy, split_by)
            name = "" if DRUG in split_by and line.drug is not None else line.name
            bill.streams.setdefault(stream, Expense(name)).fen += left_fen
    bill.total_fen, bill.eligible_fen = total_fen, eligible_fen
    return bill


def treatments_of(lines: Iterable[FeeLine], plan: Plan, policy: Policy, visit: Visit) -> list[Treatment]:
    """Return what the pack says about each line under a plan; kinds of lines met before are cached."""
    known, declares = plan.treatments, policy.declares_line_facts
    found = []
    for line in lines:
        ceiling = line.price_ceiling
        kind: tuple[Any, ...] = (
            line.category,
            line.class_,
            line.use,
            line.negotiated,
            line.uncoded,
            ceiling is not None and ceiling < line.unit_price,
            line.prepay_ratio is not None,
            line.drug is not None,
        )
        if declares:
            kind += policy.declared_facts(line, visit)
        found.append(known.get(kind) or policy.treatment(plan, kind, line, visit))
    return found


def _set_aside(line: FeeLine, amount_fen: int, left_fen: int, treatment: Treatment, bill: Bill) -> bool:
    """Add a line's notices and what accounts may not pay; return whether it is excluded, `left_fen` of it."""
    if treatment.notices:
        bill.noticed.append(BillPart(line, amount_fen, treatment))
    if treatment.barred is not None:
        bill.barred_fen += amount_fen
        bill.barred.append(BillPart(line, amount_fen, treatment))
    if treatment.excluded is None:
        return False
    if left_fen:
        bill.excluded_fen += left_fen
        bill.excluded.append(BillPart(line, left_fen, treatment))
    return True


def _after_catalogue(line: FeeLine, amount_fen: int, treatment: Treatment, bill: Bill) -> int:
    """Take the self-paid, over-price and prepaid parts out of a line; return what would be eligible, in fen."""
    if line.class_ == "C":
        bill.self_paid_fen += amount_fen
        bill.self_paid.append(BillPart(line, amount_fen, treatment))
        return 0
    left_fen, ceiling = amount_fen, line.price_ceiling
    if ceiling is not None and ceiling < line.unit_price:
        over_fen = line_fen(line.unit_price - ceiling, line.quantity)
        bill.over_price_fen += over_fen
        bill.over_price.append(BillPart(line, over_fen, treatment))
        left_fen -= over_fen
    if line.class_ == "B":
        ratio_e12, prepay = line.prepay_ratio, treatment.prepay
        if prepay is not None and (ratio_e12 is None or prepay.replaces):
            if ratio_e12 is not None and ratio_e12 != prepay.ratio:
                bill.replaced.append(BillPart(line, 0, treatment, ratio_e12=ratio_e12))
            ratio_e12 = prepay.ratio
        prepaid_fen = share_fen(left_fen, ratio_e12 or 0)
        bill.prepaid_fen += prepaid_fen
        bill.prepaid.append(BillPart(line, prepaid_fen, treatment, left_fen, ratio_e12 or 0))
        left_fen -= prepaid_fen
    return left_fen


def stream_of(line: FeeLine, visit: Visit, policy: Policy, split_by: tuple[str, ...]) -> tuple[Any, ...]:
    """Return the key of the stream that a line belongs to: its values of what the benefit splits by."""
    facts = {**line_facts(line, visit, policy.pack), CODE: line.code, DRUG: line.drug or line.code}
    return tuple(facts[name] for name in split_by)


def line_problems(index: int, line: FeeLine, treatment: Treatment | None) -> list[Problem]:
    """Return why a line cannot be settled, in the order of its fields; without a treatment, as far as known."""
    path = f"lines.{index}"
    problems = []
    amount_fen = line_fen(line.unit_price, line.quantity)
    if amount_fen > LARGEST_LINE_FEN:
        problems.append(invalid(f"{path}.amount", f"金额超过 {yuan(LARGEST_LINE_FEN)} 元，请检查单价和数量"))
    elif line.amount is not None and line.amount != amount_fen:
        product = f"{plain_e4(line.unit_price)} × {plain_e4(line.quantity)} = {yuan(amount_fen)}"
        problems.append(
            invalid(f"{path}.amount", f"金额 {yuan(line.amount)} 与单价 × 数量不符（{product}），请改正其一")
        )
    if line.class_ != "B" and line.prepay_ratio is not None:
        problems.append(invalid(f"{path}.prepay_ratio", "只有乙类项目有先行自付比例，请删去比例或改为乙类"))
    elif line.prepay_ratio is None and treatment is not None and treatment.wants_ratio:
        problems.append(invalid(f"{path}.prepay_ratio", "乙类项目缺少先行自付比例，请按目录填写，例如 0.10"))
    refused = None if treatment is None else treatment.refused
    if refused is not None:
        problems.append(invalid(f"{path}.{refused.field}", refused.text))
    if line.negotiated and line.category != "drug":
        problems.append(invalid(f"{path}.negotiated", "只有药品才可能是谈判药品，请删去此项或把类别改为药品"))
    if line.drug is not None and line.category != "drug":
        problems.append(invalid(f"{path}.drug", "只有药品才写药品名（drug），请删去此项或把类别改为药品"))
    return problems
