"""The facts that rules may depend on: their names, kinds, possible values and Chinese words.

Those of the contract are listed here; a pack adds its levels and its own facts. A fact that was left out is None.
"""

from collections.abc import Mapping
from typing import Any, Literal, get_args

from msgspec import Struct

from gongji.core import visits
from gongji.core.packs.language import Pack, Scheme

Kind = Literal["flag", "choice", "number", "text", "set"]
Scope = Literal["visit", "line", "credit"]


class Dimension(Struct, frozen=True, kw_only=True):
    """A fact rules may depend on. `values` are all there are (for a choice); `words` says them in Chinese."""

    name: str
    kind: Kind
    scope: Scope = "visit"
    words: dict[Any, str] = {}
    optional: bool = False

    @property
    def values(self) -> tuple[Any, ...]:
        """All values of a choice or a flag."""
        return (True, False) if self.kind == "flag" else tuple(self.words)


def _choice(name: str, literal: Any, words: str, *, scope: Scope = "visit", optional: bool = False) -> Dimension:
    pairs = dict(zip(get_args(literal), words.split(), strict=True))
    return Dimension(name=name, kind="choice", scope=scope, words=pairs, optional=optional)


def _flag(yes: str, no: str, *, scope: Scope = "visit") -> Dimension:
    return Dimension(name=yes, kind="flag", scope=scope, words={True: yes, False: no})


CONTRACT: dict[str, Dimension] = {
    "status": _choice("人员状态", visits.Insured, "在职 退休"),
    "employment": _choice("就业形式", visits.Employment, "单位职工 灵活就业"),
    "entitled": _flag("在待遇享受期", "不在待遇享受期"),
    "age": Dimension(name="年龄", kind="number", optional=True),
    "supplements": Dimension(
        name="补充保险",
        kind="set",
        words=dict(zip(get_args(visits.Supplement), ("公务员医疗补助", "大额医疗费用补助"), strict=True)),
    ),
    "registered": Dimension(name="慢性病登记", kind="set"),
    "selected": _flag("在选定机构", "不在选定机构"),
    "institution_type": _choice(
        "机构类型",
        visits.InstitutionType,
        "医院 乡镇卫生院 社区卫生服务中心 社区卫生服务站 村卫生室 诊所 药店 互联网医院",
    ),
    "grade": _choice("等次", visits.Grade, "特等 甲等 乙等 丙等", optional=True),
    "designated": _flag("定点", "非定点"),
    "pooled": _flag("门诊统筹定点", "非门诊统筹定点"),
    "prescribed": _flag("有处方", "无处方"),
    "cause": _choice("就诊原因", visits.Cause, "疾病 工伤 第三人责任 公共卫生 境外就医"),
    "referral": _flag("经转诊", "未转诊"),
    "rescue": _flag("急救抢救", "非急救抢救"),
    "inpatient": _flag("住院期间", "非住院期间"),
    "disease": Dimension(name="病种", kind="text", optional=True),
    "category": _choice("项目类别", visits.Category, "药品 诊疗项目 医用耗材", scope="line"),
    "class": _choice("甲乙丙", visits.Class, "甲类 乙类 丙类", scope="line"),
    "use": _choice("用途", visits.Use, "治疗 公共卫生 体育健身 养生保健 健康体检 产前检查 中医治未病", scope="line"),
    "negotiated": _flag("国家谈判（双通道）药品", "非谈判药品", scope="line"),
    "uncoded": _flag("没有国家医保编码", "有国家医保编码", scope="line"),
    "above_ceiling": _flag("单价高于限价", "单价不高于限价", scope="line"),
    "pension_class": _choice(
        "养老金类别", Literal["government", "enterprise"], "机关事业单位 企业", scope="credit", optional=True
    ),
    "paying_past_retirement_age": _flag("到龄继续按月缴费", "不属到龄续缴", scope="credit"),
}

STATUSES: dict[Scheme, Dimension] = {
    "employees": CONTRACT["status"],
    "residents": _choice("人员状态", Literal["resident"], "居民"),
}
"""The statuses of each scheme's people."""

CREDIT_FACTS = ("status", "employment", "pension_class", "paying_past_retirement_age")
"""The facts known when an account is credited."""


def dimensions(pack: Pack) -> dict[str, Dimension]:
    """Return every fact that rules of this pack may depend on, by name."""
    levels = {level.id: level.name for level in pack.level if level.same_as is None}
    declared = {
        name: Dimension(
            name=fact.name,
            kind=fact.kind if fact.kind in {"choice", "number"} else "flag",
            scope="line" if fact.of == "line" else "visit",
            words={value: value for value in fact.values}
            if fact.kind == "choice"
            else {True: fact.name, False: f"非{fact.name}"},
            optional=fact.kind == "number" or (fact.kind == "choice" and fact.default is None),
        )
        for name, fact in pack.fact.items()
    }
    opened = {
        name: _flag(f"已到{one.name}", f"没有通知或未到{one.name}")
        for name, one in pack.parameter.items()
        if one.kind == "date"
    }
    status = STATUSES[pack.scheme]
    return {
        **declared,
        **opened,
        **CONTRACT,
        "status": status,
        "level": Dimension(name="级别", kind="choice", words=levels),
    }


def in_words(facts: Mapping[str, Any], known: Mapping[str, Dimension]) -> str:
    """Return facts for people: "在职、二级"."""
    return "、".join(value_in_words(known[name], value) for name, value in facts.items()) or "所有情形"


def value_in_words(dimension: Dimension, value: Any) -> str:
    """Return one value of a fact for people."""
    if value is None:
        return f"{dimension.name}未填"
    if isinstance(value, tuple):
        return f"{dimension.name}：{'和'.join(value) or '无'}"
    text = dimension.words.get(value)
    return f"{dimension.name} {value}" if text is None else text
