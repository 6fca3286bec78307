"""What changed between two editions, in sentences for the manager of a clinic."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from msgspec import Struct

from gongji.core.packs.accounts import AccountRules, Capitation, Claim, CreditRow, CreditRules
from gongji.core.packs.benefits import Benefit, Cap, Ceiling, Deductible, FirstPay, Layer, SupplementLayer
from gongji.core.packs.figures import Figure, figures, source_in_words
from gongji.core.packs.language import Pack, Parameter
from gongji.core.packs.lines import Prepay
from gongji.core.packs.other_changes import other_changes
from gongji.core.packs.provisions import PROVISIONS, Provision, provisions

_Told = TypeVar("_Told", Figure, Provision)


def changes(old: Pack, new: Pack) -> list[str]:
    """Return one sentence for each difference."""
    return [
        *_frame(old, new),
        *_benefits(old, new),
        *_figures(old, new),
        *_provisions(old, new),
        *_rules(old, new),
        *other_changes(old, new, _TOLD.get),
    ]


def _frame(old: Pack, new: Pack) -> Iterator[str]:
    if old.area != new.area:
        yield f"统筹区不同：{old.area_name}（{old.area}）→ {new.area_name}（{new.area}）"
    if (old.starts, old.ends) != (new.starts, new.ends):
        yield f"有效期：{_span(old)} → {_span(new)}"
    if new.supersedes and old.ends is not None and old.starts < new.starts <= old.ends:
        yield f"前一版原定到 {old.ends} 为止，自 {new.starts} 起由新版代替"
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
    return [source_in_words(source) for source in (pack.source["main"], *others)]


def _benefits(old: Pack, new: Pack) -> Iterator[str]:
    for name, benefit in new.benefit.items():
        if name not in old.benefit:
            yield f"新增待遇：{benefit.name}"
    for name, benefit in old.benefit.items():
        if name not in new.benefit:
            yield f"取消待遇：{benefit.name}"


def _figures(old: Pack, new: Pack) -> Iterator[str]:
    for gone, come in _differing(figures(old), figures(new)):
        if len(gone) == len(come) == 1:
            yield from _altered(gone[0].what, gone[0], come[0], f"（{_article(come[0], new)}）")
            continue
        yield from (f"新增 {one.what}：{one.says}（{_article(one, new)}）" for one in come)
        yield from (f"取消 {one.what}：原为 {one.says}（原{_article(one, old)}）" for one in gone)


def _provisions(old: Pack, new: Pack) -> Iterator[str]:
    """Yield which circumstances and lines are covered from now on, or no longer."""
    for gone, come in _differing(provisions(old), provisions(new)):
        if len(gone) == len(come) == 1:
            name = f"{come[0].kind}“{come[0].text}”"
            yield from _altered(name, gone[0], come[0])
            if gone[0].reading != come[0].reading:
                yield f"{name}的理解：{gone[0].reading or '无'} → {come[0].reading or '无'}"
            continue
        yield from (f"新增{one.what}（{one.says}）" for one in come)
        yield from (f"取消{one.what}（原为{one.says}）" for one in gone)


def _differing(old: Sequence[_Told], new: Sequence[_Told]) -> Iterator[tuple[list[_Told], list[_Told]]]:
    """Yield what one pack has under each name and the other has not, where there is anything."""
    for what in dict.fromkeys(one.what for one in (*new, *old)):
        gone = [one for one in old if one.what == what and one not in new]
        come = [one for one in new if one.what == what and one not in old]
        if gone or come:
            yield gone, come


def _altered(name: str, old: Figure | Provision, new: Figure | Provision, source: str = "") -> Iterator[str]:
    if old.says != new.says:
        yield f"{name}：{old.says} → {new.says}{source}"
    if old.rule != new.rule:
        yield f"{name}依据的规则：{old.rule} → {new.rule}"


def _article(figure: Figure, pack: Pack) -> str:
    return "、".join(dict.fromkeys(pack.rule[rule].article for rule in figure.rule.split("、")))


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


_TOLD: dict[type[Struct], set[str]] = {
    **{kind: {"rule", "when", "text", "benefits", "accounts", "reading"} for kind in PROVISIONS},
    Prepay: {"rule", "ratio", "when"},
    Benefit: {"name"},
    FirstPay: {"rule", "ratio"},
    Deductible: {"rule", "amount", "modify"},
    Ceiling: {"rule", "amount"},
    Layer: {"rule", "ratio", "modify"},
    SupplementLayer: {"rule", "ratio"},
    Cap: {"rule", "amount", "modify", "increment"},
    AccountRules: {"relations", "holder_area"},
    CreditRules: set(),
    CreditRow: {"when", "otherwise", "rule", "of_base", "yuan", "parameter", "key", "times", "none"},
    Capitation: {"rule", "clearing_rule", "share_of_cap", "band", "direct_rate"},
    Claim: {"rule", "text", "papers", "deadline", "in_principle", "final", "local", "local_closed"},
    Parameter: {"name", "unit", "rule", "fixed", "fixed_rule"},
}
"""Records whose addition and removal have a sentence of their own, and their fields of which every change has one."""
