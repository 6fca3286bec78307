"""Closed lists of a table: the words of each, and what offices write for them."""

from collections.abc import Callable
from typing import Any

from gongji.core.imports import cells
from gongji.core.imports import values as values_
from gongji.core.imports.cells import Reader
from gongji.core.labels import CATEGORY_WORDS, FEE_CATEGORIES


def words_of(words: dict[str, Any], also: dict[str, str] | None = None) -> tuple[Reader, Callable[[Any], str]]:
    """Return the reader of a closed list and its formatter; `also` gives synonyms of its words, parted by spaces."""
    backwards = {value: word for word, value in words.items()}
    synonyms = {other: words[word] for word, others in (also or {}).items() for other in others.split()}
    return values_.words(words, synonyms), lambda value: backwards[value]


def several_of(words: dict[str, str]) -> tuple[Reader, Callable[[Any], str]]:
    """Return the reader and the formatter of several members of a closed list in one cell."""
    backwards = {value: word for word, value in words.items()}
    return cells.some_of(words), lambda values: "；".join(backwards[value] for value in values)


YES_NO = words_of({"是": True, "否": False}, {"是": "有 √ Y 1", "否": "无 N 0"})
SEX = words_of({"男": "男", "女": "女"}, {"男": "男性 1", "女": "女性 2"})  # GB/T 2261.1
STATUS = words_of(
    {"在职": "employed", "退休": "retired", "居民医保": "resident", "自费": "uninsured"},
    {
        "在职": "在职职工 在职人员 职工在职 11",
        "退休": "退休职工 退休人员 职工退休 12",
        "居民医保": "居民 城乡居民 普通居民 成年居民 未成年居民 学生儿童 中小学生儿童 大学生 老年居民",
    },
)
INSURANCE = words_of(
    {"职工医保": "employees", "居民医保": "residents"},
    {
        "职工医保": "职工 职工基本医疗保险 城镇职工基本医疗保险 城镇职工医保 城镇职工 310",
        "居民医保": (
            "居民 城乡居民 城乡居民基本医疗保险 城乡居民医保 居民基本医疗保险 城镇居民基本医疗保险 新农合 390"
        ),
    },
)
EMPLOYMENT = words_of(
    {"单位": "unit", "灵活就业": "flexible"},
    {
        "单位": "单位职工 企业 企业职工 机关事业 机关事业单位 用人单位 单位参保",
        "灵活就业": "灵活就业人员 灵活 个体 个人 个人参保",
    },
)
SUPPLEMENTS = several_of({"公务员": "civil_servant", "大额": "large_medical"})
RELATION = words_of({
    "父母": "parent", "配偶": "spouse", "子女": "child", "配偶的父母": "spouse_parent", "兄弟姐妹": "sibling",
    "祖父母或外祖父母": "grandparent", "孙子女或外孙子女": "grandchild",
}, {
    "父母": "父亲 母亲", "配偶": "丈夫 妻子 夫妻", "子女": "儿子 女儿",
    "祖父母或外祖父母": "祖父母 外祖父母", "孙子女或外孙子女": "孙子女 外孙子女",
})  # fmt: skip
CATEGORY = words_of(
    {word: name for name, word in CATEGORY_WORDS.items()},
    {
        "药品": "西药 中成药 中药饮片 西药中成药 药",
        "诊疗": "诊疗项目 医疗服务项目 服务项目 医疗服务 诊疗服务 服务",
        "耗材": "医用耗材 材料 卫生材料 医用材料",
    },
)
FEE = words_of({name: name for name in FEE_CATEGORIES})
