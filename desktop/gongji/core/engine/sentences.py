"""The sentences of a trace: how each amount came about, with the arithmetic a patient can follow."""

from collections.abc import Iterator, Mapping

from gongji.core.engine.bill import Bill, BillPart
from gongji.core.engine.known_terms import KnownCap
from gongji.core.engine.plan import Plan
from gongji.core.engine.policy import Policy
from gongji.core.engine.trace import Notice, Step
from gongji.core.money import percent, plain_e4, price, product_text, quotient_text, yuan
from gongji.core.packs.lines import PackGate
from gongji.core.visits import FeeLine

_MOST_LISTED = 20
_E8_PER_FEN = 10**6


def minus(whole_fen: int, *parts_fen: int) -> str:
    """Return "168.00 − 30.00", leaving out parts that are zero."""
    text = yuan(whole_fen)
    for part in parts_fen:
        if part:
            text += f" − {yuan(part)}"
    return text


def minus_named(whole_fen: int, parts_fen: Mapping[str, int]) -> str:
    """Return "500.00 − 统筹基金 180.00", leaving out parts that are zero."""
    return " − ".join([yuan(whole_fen), *[f"{name} {yuan(part)}" for name, part in parts_fen.items() if part]])


def bill_steps(bill: Bill, policy: Policy, plan: Plan) -> list[Step]:
    """Return how the lines were classified: what was taken out of the bill, and what is left as eligible."""
    rule = plan.benefit.lines or policy.pack.lines.rule
    steps = []
    if bill.self_paid:
        text = f"丙类项目全自费：{_parts(bill.self_paid)}"
        steps.append(policy.step(rule, text, bill.self_paid_fen, "self_paid"))
    if bill.over_price:
        over = [
            f"{_name(one.line)} {_price_over(one.line)} = {_over_text(one)}" for one in bill.over_price[:_MOST_LISTED]
        ]
        text = f"超过限价的部分由个人负担：{_listed(over, bill.over_price)}"
        steps.append(policy.step(rule, text, bill.over_price_fen, "over_price"))
    if bill.prepaid:
        groups = _by_rule(bill.prepaid, rule) if policy.pack.lines.prepay else {rule: bill.prepaid}
        for prepay_rule, parts in groups.items():
            text = f"乙类先行自付：{_prepaid_text(parts)}"
            steps.append(policy.step(prepay_rule, text, sum([one.fen for one in parts]), "prepaid"))
    if bill.excluded:
        steps += _excluded_steps(bill, policy)
    total_fen, eligible_fen = bill.total_fen, bill.eligible_fen
    text = f"政策范围内费用：{yuan(total_fen)}"
    if eligible_fen != total_fen:
        for taken_fen in (bill.self_paid_fen, bill.over_price_fen, bill.prepaid_fen, bill.excluded_fen):
            if taken_fen:
                text += f" − {yuan(taken_fen)}"
        text += f" = {yuan(eligible_fen)}"
    steps.append(policy.step(rule, text, bill.eligible_fen, "eligible"))
    return steps


def _by_rule(parts: list[BillPart], usual: str) -> dict[str, list[BillPart]]:
    """Return class B parts by the rule that set their ratio: the pack's, or the catalogue's under the usual one."""
    groups: dict[str, list[BillPart]] = {}
    for one in parts:
        prepay = one.treatment.prepay
        rule = usual if prepay is None or one.ratio_e12 != prepay.ratio else prepay.rule
        groups.setdefault(rule, []).append(one)
    return groups


def _excluded_steps(bill: Bill, policy: Policy) -> list[Step]:
    """Return one step for each rule that excluded lines."""
    groups: dict[tuple[str, str, str | None], list[BillPart]] = {}
    for one in bill.excluded:
        excluded = one.treatment.excluded
        if excluded is not None:
            groups.setdefault((excluded.rule, excluded.text, excluded.reading), []).append(one)
    return [
        policy.step(rule, f"不予支付（{text}）：{_parts(parts)}", sum([one.fen for one in parts]), "excluded", reading)
        for (rule, text, reading), parts in groups.items()
    ]


def gate_text(gate: PackGate, accounts: str = "") -> str:
    """Return the sentence that the fund pays nothing and why, whether accounts may, and what the patient can do."""
    said = [f"{gate.text}，统筹基金不支付{'，' if accounts else ''}{accounts}", *([gate.advice] if gate.advice else [])]
    return "；".join(said)


def replaced_notices(bill: Bill, policy: Policy) -> Iterator[Notice]:
    """Yield the notice that the document's ratios replaced catalogue ratios, where some did."""
    prepay = bill.replaced[0].treatment.prepay if bill.replaced else None
    if prepay is not None and prepay.replaces is not None:
        yield policy.notice(prepay.replaces, prepay.rule, replaced_text(bill))


def replaced_text(bill: Bill) -> str:
    """Return the sentence on catalogue ratios that the document's replaced."""
    ratios = [f"{_name(one.line)} {percent(one.ratio_e12)}" for one in bill.replaced[:_MOST_LISTED]]
    more = f"；等共 {len(bill.replaced)} 项" if len(bill.replaced) > _MOST_LISTED else ""
    return f"先行自付比例按文件执行，未采用明细中的比例：{'；'.join(ratios)}{more}"


def line_notices(bill: Bill, policy: Policy) -> Iterator[Notice]:
    """Yield the notices about lines, each once with the lines it is about."""
    groups: dict[tuple[str, str, str], list[BillPart]] = {}
    for part in bill.noticed:
        for one in part.treatment.notices:
            groups.setdefault((one.notice, one.rule, one.text), []).append(part)
    for (code, rule, text), parts in groups.items():
        names = "、".join(_name(part.line) for part in parts[:_MOST_LISTED])
        more = f" 等共 {len(parts)} 项" if len(parts) > _MOST_LISTED else ""
        yield policy.notice(code, rule, f"{text}：{names}{more}")


def barred_step(bill: Bill, policy: Policy) -> Step:
    """Return the step on what accounts may not pay; the bill has such lines."""
    bars = [one.treatment.barred for one in bill.barred if one.treatment.barred is not None]
    text = f"{'、'.join(dict.fromkeys(bar.text for bar in bars))}：{_parts(bill.barred)}"
    rules = "、".join(dict.fromkeys(bar.rule for bar in bars))
    return policy.step(rules, text, bill.barred_fen, "cash", next((bar.reading for bar in bars if bar.reading), None))


def deductible_text(
    what: str, limit: str, used_fen: int, expense_fen: int, taken_fen: int, after: str, *, used_up: bool
) -> str:
    """Return the sentence on what the deductible took, in fen; `limit` is its amount, with how it was computed."""
    if used_up:
        return f"{what} {limit} 已付满，本次不再扣"
    already = f"，已付 {yuan(used_fen)}" if used_fen else ""
    return f"{what} {limit}{already}；本次 {yuan(expense_fen)} 中先由个人负担 {yuan(taken_fen)}{after}"


def rest_text(expense_fen: int, consumed_fen: int, paid_fen: int, wanted_fen: int, ratio_e12: int) -> str:
    """Return what of an expense goes on to the next layer, as text ready to be multiplied."""
    rest = yuan(expense_fen - consumed_fen)
    if not consumed_fen:
        return f"上述限额已用完，全部费用转按此项：{rest}"
    text = f"其余 {yuan(expense_fen)} − {yuan(consumed_fen)} = {rest}；{rest}"
    if paid_fen == wanted_fen:
        return text
    used = f"{yuan(paid_fen)} ÷ {percent(ratio_e12)} = {quotient_text(paid_fen, ratio_e12)}"
    return f"限额内已付的 {yuan(paid_fen)} 相当于费用 {yuan(consumed_fen)}（{used}），{text}"


def expense_cap_text(cap: KnownCap, used_fen: int, counted_fen: int) -> str:
    """Return the sentence on how much of the expense a cap lets count."""
    return f"（{cap.title}最多计 {cap.limit}，已计 {yuan(used_fen)}），本次计 {yuan(counted_fen)}"


def fund_cap_text(cap: KnownCap, used_fen: int, left_fen: int) -> str:
    """Return the sentence on how a cap cut off the amount by the ratio."""
    left = f"{cap.title}限额 {cap.limit}，已支付 {yuan(used_fen)}，还剩 {yuan(left_fen)}"
    return f"；{left}，限额内支付 {yuan(left_fen)}，付后还剩 0.00"


def left_text(cap: KnownCap, used_fen: int, after_fen: int) -> str:
    """Return the sentence on what is left of a cap that cut nothing off."""
    used = f"，已支付 {yuan(used_fen)}" if used_fen else ""
    return f"；{cap.title}限额 {cap.limit}{used}，付后还剩 {yuan(after_fen)}"


def _listed(texts: list[str], parts: list[BillPart]) -> str:
    """Return the texts of the first parts, joined, with the number of all where there are more."""
    if len(parts) > len(texts):
        texts.append(f"等共 {len(parts)} 项，合计 {yuan(sum(one.fen for one in parts))}")
    return "；".join(texts)


def _parts(parts: list[BillPart]) -> str:
    return _listed([f"{one.line.name or one.line.code} {yuan(one.fen)}" for one in parts[:_MOST_LISTED]], parts)


def _name(line: FeeLine) -> str:
    return line.name or line.code


def _price_over(line: FeeLine) -> str:
    return f"({price(line.unit_price)} − {price(line.price_ceiling or 0)}) × {plain_e4(line.quantity)}"


def _over_text(part: BillPart) -> str:
    """Return what is over the ceiling, with its rounding where it rounds; computed in units of 1/10**8 yuan."""
    line = part.line
    exact_e8 = (line.unit_price - (line.price_ceiling or 0)) * line.quantity
    if exact_e8 % _E8_PER_FEN == 0:
        return yuan(part.fen)
    return f"{exact_e8 // 10**8}.{exact_e8 % 10**8:08d}".rstrip("0") + f"，四舍五入 {yuan(part.fen)}"


def _prepaid_text(parts: list[BillPart]) -> str:
    """Return the prepaid amount of each of these parts, with the arithmetic."""
    texts = []
    for part in parts[:_MOST_LISTED]:
        line, of_fen, ratio_e12 = part.line, part.of_fen, part.ratio_e12
        product = product_text(of_fen, ratio_e12)
        texts.append(f"{line.name or line.code} {yuan(of_fen)} × {percent(ratio_e12)} = {product}")
    return _listed(texts, parts)
