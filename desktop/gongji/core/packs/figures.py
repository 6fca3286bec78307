"""Every figure of a pack in words, with the rule and article it comes from: to show, and to compare editions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from gongji.core.money import parse_fen, parse_ratio, percent, yuan
from gongji.core.packs.accounts import RELATIONS, Capitation, Claim, CreditRow
from gongji.core.packs.benefits import Benefit, Cap
from gongji.core.packs.conditions import alternatives
from gongji.core.packs.dimensions import Dimension, dimensions
from gongji.core.packs.entries import AmountRow, Modify, PackRow, RatioRow
from gongji.core.packs.language import Pack, PackSource

_RESIDUALS = {"deductible": "起付标准以内的", "share": "按比例由个人负担的", "over_cap": "超过统筹限额的"}


class Figure(Struct, frozen=True):
    """A figure: what it is and for whom, its value in words, and the rule it is under."""

    what: str
    says: str
    rule: str


def source_in_words(source: PackSource) -> str:
    """Return a document for people: title, number and the day it was issued."""
    issued = "" if source.issued is None else f"（{source.issued} 印发）"
    return f"《{source.title}》{source.number}{issued}"


def figures(pack: Pack) -> list[Figure]:
    """Return every figure of a pack, in the order of the calculation."""
    known = dimensions(pack)
    found = [
        Figure(f"乙类先行自付比例：{when_in_words(one.when, known)}", percent(one.ratio), one.rule)
        for one in pack.lines.prepay
    ]
    for benefit in pack.benefit.values():
        found += _benefit(benefit, pack, known)
    found += _accounts(pack, known)
    if pack.capitation is not None:
        found += _capitation(pack.capitation)
    if pack.claim is not None:
        found += _claim(pack.claim)
    for parameter in pack.parameter.values():
        found.append(
            Figure(f"须另行填写的数额：{parameter.name}（{parameter.unit}）", "由经办机构通知", parameter.rule)
        )
        for key, text in parameter.fixed.items():
            says = f"{yuan(parse_fen(text))} 元" if parameter.kind == "money" else percent(parse_ratio(text))
            found.append(
                Figure(
                    f"{parameter.name}：{_key(key, parameter.by, known)}", says, parameter.fixed_rule or parameter.rule
                )
            )
    return found


def _key(key: str, by: Sequence[str], known: Mapping[str, Dimension]) -> str:
    """Return the key of a parameter's figure in words."""
    pairs = zip(key.split("."), by, strict=True)
    return "、".join(f"{part} 年" if fact == "year" else known[fact].words[part] for part, fact in pairs)


def _benefit(benefit: Benefit, pack: Pack, known: Mapping[str, Dimension]) -> Iterator[Figure]:
    name = benefit.name
    for first in benefit.first_pay:
        yield from _ratios(f"{name}先由个人自付比例", first.ratio, first.rule, known, pack)
    if benefit.deductible is not None:
        per = "每年" if benefit.deductible.per == "year" else "每次"
        yield from _amounts(f"{name}起付标准（{per}）", benefit.deductible.amount, benefit.deductible.rule, known, pack)
        yield from _modifiers(f"{name}起付标准", benefit.deductible.modify, known)
        ceiling = benefit.deductible.ceiling
        if ceiling is not None:
            yield from _amounts(f"{name}起付标准全年合计", ceiling.amount, ceiling.rule, known, pack)
    for index, layer in enumerate(benefit.pay):
        what = f"{name}支付比例" if not index else f"{name}第 {index + 1} 段支付比例"
        yield from _ratios(what, layer.ratio, layer.rule, known, pack)
        yield from _modifiers(what, layer.modify, known)
        yield from _caps(name, layer.cap, known, pack)
    for supplement in benefit.supplement:
        what = f"{name} {supplement.name or known['supplements'].words[supplement.fund]}"
        if supplement.when is not None:
            yield Figure(f"{what}给谁", when_in_words(supplement.when, known), supplement.rule)
        yield Figure(f"{what}补哪些", "、".join(_RESIDUALS[one] for one in supplement.on), supplement.rule)
        yield from _ratios(f"{what}支付比例", supplement.ratio, supplement.rule, known, pack)
        yield from _caps(what, supplement.cap, known, pack)


def _caps(name: str, caps: Sequence[Cap], known: Mapping[str, Dimension], pack: Pack) -> Iterator[Figure]:
    for cap in caps:
        what = "每次结算" if cap.accumulator is None else pack.accumulator[cap.accumulator].name
        yield from _amounts(f"{name}限额（{what}）", cap.amount, cap.rule, known, pack)
        yield from _modifiers(f"{name}限额（{what}）", cap.modify, known)
        if cap.increment is not None:
            most = "" if cap.increment.at_most is None else f"，最高 {yuan(cap.increment.at_most)} 元"
            says = f"{yuan(cap.increment.each)} 元{most}"
            yield Figure(f"{name}限额每增加一个登记病种（超过 {cap.increment.beyond} 个）", says, cap.rule)


def _amounts(
    what: str, rows: Sequence[AmountRow], rule: str, known: Mapping[str, Dimension], pack: Pack
) -> Iterator[Figure]:
    for row in rows:
        says = "无" if row.none else f"{yuan(row.yuan)} 元" if row.yuan is not None else _parameter(row, pack)
        yield Figure(f"{what}：{_for_whom(row, known)}", says, row.rule or rule)


def _parameter(row: AmountRow | CreditRow, pack: Pack) -> str:
    declared = pack.parameter[str(row.parameter)]
    name = declared.name
    year = getattr(row, "year", None)
    text = name if row.key is None else f"{name}（{_key(row.key, declared.by, dimensions(pack))}）"
    text += "" if not year else f"（结算年的{'前' if year < 0 else '后'} {abs(year)} 年）"
    text += "" if row.times is None else f" × {percent(row.times)}"
    step = getattr(row, "round_to", None)
    return text if step is None else f"{text}，取整到 {yuan(step)} 元"


def _ratios(
    what: str, rows: Sequence[RatioRow], rule: str, known: Mapping[str, Dimension], pack: Pack
) -> Iterator[Figure]:
    for row in rows:
        says = percent(row.ratio) if row.ratio is not None else pack.parameter[str(row.parameter)].name
        yield Figure(f"{what}：{_for_whom(row, known)}", says, row.rule or rule)


def _modifiers(what: str, modify: Sequence[Modify], known: Mapping[str, Dimension]) -> Iterator[Figure]:
    for one in modify:
        if one.points is not None:
            says = f"{_sign(one.points)}{percent(abs(one.points)).removesuffix('%')} 个百分点"
        elif one.yuan is not None:
            says = f"{_sign(one.yuan)}{yuan(abs(one.yuan))} 元"
        else:
            says = f"乘以 {percent(one.times or 0)}"
        yield Figure(f"{what}的增减：{when_in_words(one.when, known)}", says, one.rule)


def _sign(number: int) -> str:
    return "−" if number < 0 else "+"


def _accounts(pack: Pack, known: Mapping[str, Dimension]) -> Iterator[Figure]:
    for one in pack.accounts.relations:
        since = "" if one.starts is None else f"（{one.starts} 起）"
        if one.parameter is not None:
            since = f"（另加，自{pack.parameter[one.parameter].name}起）"
        says = "、".join(RELATIONS.get(name, name) for name in one.allowed)
        yield Figure(f"共济账户的使用人是账户持有人的{since}", says, one.rule)
    if pack.accounts.holder_area is not None:
        area = pack.accounts.holder_area
        yield Figure("共济账户持有人的参保地", f"代码以 {area.prefix} 开头", area.rule)
    for row in () if pack.credit is None else pack.credit.row:
        if row.of_base is not None:
            says = f"缴费基数 × {percent(row.of_base)}"
        elif row.yuan is not None:
            says = f"{yuan(row.yuan)} 元"
        else:
            says = "不计入" if row.none else "文件未规定" if row.undefined else _parameter(row, pack)
        yield Figure(f"个人账户每月计入：{_for_whom(row, known)}", says, str(row.rule))


def _capitation(rules: Capitation) -> Iterator[Figure]:
    yield Figure("包干费用占年度限额", percent(rules.share_of_cap), rules.rule)
    for band in rules.band:
        what = "使用率更高时" if band.below is None else f"使用率低于 {percent(band.below)}"
        yield Figure(f"结余留用：{what}", percent(band.kept), rules.clearing_rule)
    rate = rules.direct_rate
    says = f"每差一个百分点减 {percent(rate.points_off).removesuffix('%')} 个百分点"
    yield Figure(f"直接结算率低于 {percent(rate.at_least)}", says, rules.clearing_rule)


def _claim(claim: Claim) -> Iterator[Figure]:
    yield Figure("手工报销办法", claim.text, claim.rule)
    if claim.deadline is not None:
        yield Figure("手工报销截止", f"{'原则上' if claim.in_principle else ''}次年 {claim.deadline}", claim.rule)
    if claim.local is not None:
        yield Figure("本市机构的费用", claim.local, claim.rule)
    if claim.local_closed:
        yield Figure("本市机构全额垫付的费用", "事后不再报销", claim.rule)
    if claim.final:
        yield Figure("手工报销逾期", "不再受理", claim.rule)
    if claim.papers:
        yield Figure("手工报销材料", "、".join(claim.papers), claim.rule)


def _for_whom(row: PackRow, known: Mapping[str, Dimension]) -> str:
    return "其余" if row.otherwise else when_in_words(row.when, known)


def when_in_words(when: Any, known: Mapping[str, Dimension]) -> str:
    """Return a condition for people: "在职、二级", "一级及以下或二级"."""
    tables = [
        "、".join(_test_in_words(test, known[name]) for name, test in table.items()) for table in alternatives(when)
    ]
    return "；或 ".join(table or "所有人" for table in tables)


def _test_in_words(test: Any, dimension: Dimension) -> str:
    if isinstance(test, list):
        if dimension.kind == "text":
            return f"{dimension.name}为{'、'.join(map(str, test))}之一"
        return "或".join(_test_in_words(one, dimension) for one in test)
    if not isinstance(test, dict):
        return dimension.words.get(test, f"{dimension.name}为{test}")
    if "absent" in test:
        return f"{dimension.name}{'未填' if test['absent'] else '已填'}"
    if "not" in test:
        return f"除{_test_in_words(test['not'], dimension)}外"
    if "has" in test or "lacks" in test:
        verb, value = ("含", test["has"]) if "has" in test else ("不含", test["lacks"])
        return f"{dimension.name}{verb}{dimension.words.get(value, value)}"
    low, high = test.get("from"), test.get("to")
    if low is None or high is None:
        return f"{dimension.name} {low} 及以上" if high is None else f"{dimension.name} {high} 及以下"
    return f"{dimension.name} {low} 至 {high}"
