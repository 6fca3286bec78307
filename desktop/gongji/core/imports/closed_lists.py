"""Closed lists of a table: the words of each, and what offices write for them."""

from collections.abc import Callable
from typing import Any

from gongji.core.imports import cells
from gongji.core.imports import values as values_
from gongji.core.imports.cells import Reader
from gongji.core.labels import CATEGORY_WORDS, FEE_CATEGORIES


def words_of(words: dict[str, Any], also: dict[str, Any] | None = None) -> tuple[Reader, Callable[[Any], str]]:
    """Return the reader of a closed list, by its words or synonyms, and its formatter."""
    backwards = {value: word for word, value in words.items()}
    return values_.words(words, also or {}), lambda value: backwards[value]


def several_of(words: dict[str, str]) -> tuple[Reader, Callable[[Any], str]]:
    """Return the reader and the formatter of several members of a closed list in one cell."""
    backwards = {value: word for word, value in words.items()}
    return cells.some_of(words), lambda values: "；".join(backwards[value] for value in values)


YES_NO = words_of(
    {"是": True, "否": False}, {"有": True, "无": False, "√": True, "Y": True, "N": False, "1": True, "0": False}
)


SEX = words_of({"男": "男", "女": "女"}, {"男性": "男", "女性": "女", "1": "男", "2": "女"})  # GB/T 2261.1


STATUS = words_of(
    {"在职": "employed", "退休": "retired", "居民医保": "resident", "自费": "uninsured"},
    dict.fromkeys(("在职职工", "在职人员", "职工在职", "11"), "employed")
    | dict.fromkeys(("退休职工", "退休人员", "职工退休", "12"), "retired")
    | dict.fromkeys(
        ("居民", "城乡居民", "普通居民", "成年居民", "未成年居民", "学生儿童", "中小学生儿童", "大学生", "老年居民"),
        "resident",
    ),
)


INSURANCE = words_of(
    {"职工医保": "employees", "居民医保": "residents"},
    dict.fromkeys(("职工", "职工基本医疗保险", "城镇职工基本医疗保险", "城镇职工医保", "城镇职工", "310"), "employees")
    | dict.fromkeys(
        (
            "居民",
            "城乡居民",
            "城乡居民基本医疗保险",
            "城乡居民医保",
            "居民基本医疗保险",
            "城镇居民基本医疗保险",
            "新农合",
            "390",
        ),
        "residents",
    ),
)


EMPLOYMENT = words_of(
    {"单位": "unit", "灵活就业": "flexible"},
    dict.fromkeys(("单位职工", "企业", "企业职工", "机关事业", "机关事业单位", "用人单位", "单位参保"), "unit")
    | dict.fromkeys(("灵活就业人员", "灵活", "个体", "个人", "个人参保"), "flexible"),
)


SUPPLEMENTS = several_of({"公务员": "civil_servant", "大额": "large_medical"})


RELATION = words_of({
    "父母": "parent", "配偶": "spouse", "子女": "child", "配偶的父母": "spouse_parent", "兄弟姐妹": "sibling",
    "祖父母或外祖父母": "grandparent", "孙子女或外孙子女": "grandchild",
}, {
    "父亲": "parent", "母亲": "parent", "丈夫": "spouse", "妻子": "spouse", "夫妻": "spouse", "儿子": "child",
    "女儿": "child",
    "祖父母": "grandparent", "外祖父母": "grandparent", "孙子女": "grandchild", "外孙子女": "grandchild",
})  # fmt: skip


CATEGORY = words_of(
    {word: name for name, word in CATEGORY_WORDS.items()},
    dict.fromkeys(("西药", "中成药", "中药饮片", "西药中成药", "药"), "drug")
    | dict.fromkeys(("诊疗项目", "医疗服务项目", "服务项目", "医疗服务", "诊疗服务", "服务"), "service")
    | dict.fromkeys(("医用耗材", "材料", "卫生材料", "医用材料"), "consumable"),
)


FEE = words_of({name: name for name in FEE_CATEGORIES})
