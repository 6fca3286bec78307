"""What changed between two editions, in sentences for the manager of a clinic."""

from collections.abc import Iterator

from gongji.core.packs.dimensions import dimensions
from gongji.core.packs.figures import Figure, figures, when_in_words
from gongji.core.packs.language import Pack

_SECTIONS = {
    "level": "机构级别",
    "prescriber_level": "按开方机构级别结算的机构",
    "prescriber_selected": "按开方机构比对选定机构的机构",
    "fact": "本地专用的事实",
    "parameter": "开放参数",
    "accumulator": "年度累计",
    "lines": "明细的处理",
    "gate": "统筹不付的情形",
    "benefit": "待遇",
    "undefined": "未规定的待遇",
    "accounts": "个人账户",
    "credit": "个人账户计入",
    "capitation": "定额包干",
    "claim": "手工报销",
    "gist": "要旨",
    "not_modelled": "未建模的条文",
}


def changes(old: Pack, new: Pack) -> list[str]:
    """Return one sentence for each difference; a part whose change has no sentence of its own is named all the same."""
    told = [*_frame(old, new), *_benefits(old, new), *_figures(old, new), *_conditions(old, new), *_rules(old, new)]
    altered = [name for section, name in _SECTIONS.items() if getattr(old, section) != getattr(new, section)]
    if altered:
        told.append(f"写法有改动、请对照两版的部分：{'、'.join(altered)}")
    return told


def _frame(old: Pack, new: Pack) -> Iterator[str]:
    if old.area != new.area:
        yield f"统筹区不同：{old.area_name}（{old.area}）→ {new.area_name}（{new.area}）"
    if (old.starts, old.ends) != (new.starts, new.ends):
        yield f"有效期：{_span(old)} → {_span(new)}"
    if old.year_starts != new.year_starts:
        yield f"待遇年度的第一天：{old.year_starts} → {new.year_starts}"
    if old.area == new.area and old.area_name != new.area_name:
        yield f"统筹区名称：{old.area_name} → {new.area_name}"
    if old.default_benefit != new.default_benefit:
        names = [pack.benefit[pack.default_benefit].name for pack in (old, new)]
        yield f"没有写明待遇的就诊：按{names[0]} → 按{names[1]}"
    (before, *others_before), (after, *others_after) = _sources(old), _sources(new)
    if before != after:
        yield f"依据文件：{before} → {after}"
    yield from (f"新增依据文件：{title}" for title in others_after if title not in others_before)
    yield from (f"不再依据文件：{title}" for title in others_before if title not in others_after)


def _span(pack: Pack) -> str:
    return f"{pack.starts} 起" if pack.ends is None else f"{pack.starts} 至 {pack.ends}"


def _sources(pack: Pack) -> list[str]:
    """Return the documents a pack rests on, the main one first."""
    others = [source for name, source in pack.source.items() if name != "main"]
    return [f"《{source.title}》{source.number}" for source in (pack.source["main"], *others)]


def _benefits(old: Pack, new: Pack) -> Iterator[str]:
    for name, benefit in new.benefit.items():
        if name not in old.benefit:
            yield f"新增待遇：{benefit.name}"
    for name, benefit in old.benefit.items():
        if name not in new.benefit:
            yield f"取消待遇：{benefit.name}"


def _figures(old: Pack, new: Pack) -> Iterator[str]:
    before, after = {one.what: one for one in figures(old)}, {one.what: one for one in figures(new)}
    for what, figure in after.items():
        earlier = before.get(what)
        if earlier is None:
            yield f"新增 {what}：{figure.says}（{_article(figure, new)}）"
        elif earlier.says != figure.says:
            yield f"{what}：{earlier.says} → {figure.says}（{_article(figure, new)}）"
    for what, figure in before.items():
        if what not in after:
            yield f"取消 {what}：原为 {figure.says}（原{_article(figure, old)}）"


def _article(figure: Figure, pack: Pack) -> str:
    return "、".join(dict.fromkeys(pack.rule[rule].article for rule in figure.rule.split("、")))


def _conditions(old: Pack, new: Pack) -> Iterator[str]:
    """Say which circumstances and lines stopped or started being covered."""
    for kind, section in (("统筹不付的情形", _gates), ("不予支付的明细", _excludes)):
        before, after = section(old), section(new)
        yield from (f"新增{kind}：{text}（{after[text]}）" for text in after if text not in before)
        yield from (f"取消{kind}：{text}" for text in before if text not in after)
        for text in after:
            if text in before and before[text] != after[text]:
                yield f"{kind}“{text}”：{before[text]} → {after[text]}"


def _gates(pack: Pack) -> dict[str, str]:
    known = dimensions(pack)
    return {
        one.text: f"{when_in_words(one.when, known)}；账户{'可' if one.accounts else '不可'}付" for one in pack.gate
    }


def _excludes(pack: Pack) -> dict[str, str]:
    known = dimensions(pack)
    return {one.text: when_in_words(one.when, known) for one in pack.lines.exclude}


def _rules(old: Pack, new: Pack) -> Iterator[str]:
    for name, rule in new.rule.items():
        earlier = old.rule.get(name)
        if earlier is None:
            yield f"新增规则 {name}（{rule.article}）：{rule.title}"
            continue
        for what, before, after in (
            ("名称", earlier.title, rule.title),
            ("条文", earlier.article, rule.article),
            ("理解", earlier.reading or "无", rule.reading or "无"),
            ("说明", earlier.aside or "无", rule.aside or "无"),
        ):
            if before != after:
                yield f"规则 {name}（{rule.title}）的{what}：{before} → {after}"
    for name, rule in old.rule.items():
        if name not in new.rule:
            yield f"取消规则 {name}（{rule.article}）：{rule.title}"
