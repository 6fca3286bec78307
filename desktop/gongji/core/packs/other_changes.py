"""What differs between packs beside figures, provisions and rules: levels, totals, gists, what a benefit rests on."""

from collections.abc import Callable, Iterator, Mapping
from itertools import zip_longest
from typing import Any

from msgspec import Struct

from gongji.core.packs.dimensions import CONTRACT, dimensions
from gongji.core.packs.figures import when_in_words
from gongji.core.packs.language import Pack

DescribedFields = Callable[[type[Struct]], set[str] | None]
"""Returns the fields of a kind of record whose changes have sentences elsewhere; None for an unknown kind."""

_SECTIONS = {
    "prescriber_level": "按开方机构级别结算的机构",
    "prescriber_selected": "按开方机构比对选定机构的机构",
    "fact": "本地专用的事实",
    "disease": "病种目录",
    "general": "通用的不予支付",
    "parameter": "须另行填写的数额",
    "lines": "明细的处理",
    "gate": "统筹不付的情形",
    "notice": "结算时的提醒",
    "benefit": "待遇",
    "undefined": "未规定的待遇",
    "accounts": "个人账户",
    "credit": "个人账户计入",
    "capitation": "定额包干",
    "claim": "手工报销",
    "selection": "选定机构",
}
_FIELDS = {
    "accumulator": "所占的年度累计",
    "accounts": "账户可不可付",
    "advice": "患者可以怎样办",
    "allowed": "允许的关系",
    "authorising": "在哪里授权",
    "by": "分哪些情况",
    "beyond": "从第几个病种起",
    "code": "编码",
    "counts": "记的是什么",
    "each": "每增加一个",
    "field": "要改正的项",
    "fund": "由谁付",
    "kind": "种类",
    "name": "名称",
    "names": "别名",
    "none": "没有这个数额",
    "of": "约束的是什么",
    "on": "基数",
    "otherwise": "其余情形",
    "parameter": "引用的参数",
    "per": "按什么期间",
    "reading": "理解",
    "replaces": "代替目录比例时的提醒",
    "rule": "依据的规则",
    "split_by": "按什么分开算",
    "text": "说明",
    "uncapped": "不设限额",
    "values": "取值",
    "when": "适用情形",
    "year": "取哪一年",
    "row": "各行",
    "undefined": "没有规定时的说明",
    "exclude": "不予支付的明细",
    "prepay": "先行自付",
    "require": "须先填写的项",
    "pay": "支付",
    "cap": "限额",
    "deductible": "起付标准",
    "supplement": "补充保险",
    "amount": "数额",
    "ratio": "比例",
    "modify": "增减",
    "refuse": "不能结算的情形",
    "bar": "账户不能付的明细",
    "reasons": "可以变更的原因",
    "relations": "共济账户的使用人",
    "no_account": "没有个人账户的人",
    "before_deductible": "起付标准之前先用账户",
    "ceiling": "全年合计的上限",
}
_VALUES = {
    "deductible": "起付标准",
    "share": "个人分担部分",
    "over_cap": "超限额部分",
    "expense": "费用",
    "eligible": "政策范围内费用",
    "fund": "统筹支付",
    "settlement": "每次",
    "year": "每年",
    "month": "每月",
    "day": "每天",
    **CONTRACT["supplements"].words,
    **CONTRACT["institution_type"].words,
}
_LONGEST = 60
_PATH = " · "


def other_changes(old: Pack, new: Pack, told: DescribedFields) -> Iterator[str]:
    """Yield a sentence for each change that is none of a figure, provision or rule."""
    yield from _levels(old, new)
    yield from _accumulators(old, new)
    yield from _texts("要旨", old.gist, new.gist)
    for before, after in _pairs_of(old.not_modelled, new.not_modelled):
        yield f"未写入计算的条文：{_articles(before)} → {_articles(after)}"
    for section, word in _SECTIONS.items():
        before, after = getattr(old, section), getattr(new, section)
        yield from _differing(before, after, [word], old, new, told)


def _levels(old: Pack, new: Pack) -> Iterator[str]:
    names = {one.id: one.name for pack in (old, new) for one in pack.level}
    before, after = {one.id: one for one in old.level}, {one.id: one for one in new.level}
    for level, one in after.items():
        if level not in before:
            yield f"新增机构级别“{one.name}”"
            continue
        earlier = before[level]
        if earlier.name != one.name:
            yield f"机构级别“{earlier.name}”改称“{one.name}”"
        if earlier.same_as != one.same_as:
            yield f"机构级别“{one.name}”：{_same_as(earlier.same_as, names)} → {_same_as(one.same_as, names)}"
        if earlier.reading != one.reading:
            yield f"机构级别“{one.name}”的理解：{earlier.reading or '无'} → {one.reading or '无'}"
    yield from (f"取消机构级别“{one.name}”" for level, one in before.items() if level not in after)


def _same_as(level: str | None, names: Mapping[str, str]) -> str:
    return "有自己的规定" if level is None else f"按“{names.get(level, level)}”的规定"


def _accumulators(old: Pack, new: Pack) -> Iterator[str]:
    for name, one in new.accumulator.items():
        earlier = old.accumulator.get(name)
        if earlier is None:
            same = [other for other, each in old.accumulator.items() if other not in new.accumulator and each == one]
            yield (
                f"年度累计“{one.name}”的编号：{same[0]} → {name}；以前用掉的不会接着算"
                if same
                else f"新增年度累计“{one.name}”（{name}）"
            )
            continue
        if earlier.name != one.name:
            yield f"年度累计 {name} 改称：{earlier.name} → {one.name}"
        for field in ("counts", "per"):
            before, after = getattr(earlier, field), getattr(one, field)
            if before != after:
                yield f"年度累计“{one.name}”{_FIELDS[field]}：{_VALUES[before]} → {_VALUES[after]}"
    for name, one in old.accumulator.items():
        if name not in new.accumulator and one not in new.accumulator.values():
            yield f"取消年度累计“{one.name}”（{name}）"


def _texts(what: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for article, text in new.items():
        if article not in old:
            yield f"新增{what} {article}：{text}"
        elif old[article] != text:
            yield f"{what} {article}：{old[article]} → {text}"
    yield from (f"取消{what} {article}" for article in old if article not in new)


def _articles(one: Any) -> str:
    return "无" if one is None else f"{'、'.join(one.articles)}（{one.why}）"


def _pairs_of(old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[tuple[Any, Any]]:
    """Yield what is in one list only, side by side; None where the other has no more."""
    gone, come = [one for one in old if one not in new], [one for one in new if one not in old]
    yield from zip_longest(gone, come)


def _differing(
    old: Any, new: Any, where: list[str], packs_old: Pack, packs_new: Pack, told: DescribedFields
) -> Iterator[str]:
    """Yield what differs inside two values, field by field, in words."""
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            inside = [*where, _name_of(key, old.get(key) or new.get(key))]
            yield from _differing(old.get(key), new.get(key), inside, packs_old, packs_new, told)
    elif isinstance(old, tuple) and isinstance(new, tuple) and any(isinstance(one, Struct) for one in (*old, *new)):
        pairs = list(_pairs_of(old, new))
        if not pairs:
            yield f"{_PATH.join(where)}：先后次序有变"
        for before, after in pairs:
            yield from _differing(before, after, where, packs_old, packs_new, told)
    elif isinstance(old, Struct) and type(old) is type(new):
        names = told(type(old)) or set()
        for field in old.__struct_fields__:
            if field not in names:
                inside = [*where, _FIELDS.get(field, field)]
                yield from _differing(getattr(old, field), getattr(new, field), inside, packs_old, packs_new, told)
    elif isinstance(old or new, Struct):
        if told(type(old or new)) is None:
            yield f"{'新增' if old is None else '取消'}{_PATH.join(dict.fromkeys([*where, _name_of('', old or new)]))}"
    else:
        yield f"{_PATH.join(where)}：{_value(old, packs_old)} → {_value(new, packs_new)}"


def _name_of(key: str, one: Any) -> str:
    """Return the name of something: its own name or title, else its key."""
    for field in ("name", "title", "text"):
        found = getattr(one, field, None)
        if isinstance(found, str):
            return f"“{found}”"
    return _VALUES.get(key, key) or "一项"


def _value(value: Any, pack: Pack) -> str:
    if isinstance(value, dict | list):
        return when_in_words(value, dimensions(pack))
    if value in {None, (), ""}:
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(_value(one, pack) for one in value)
    text = str(value)
    known = pack.accumulator.get(text)
    if known is not None:
        return f"“{known.name}”"
    text = _VALUES.get(text, text)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
