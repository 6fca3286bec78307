"""What offices write into the cells of a table, understood: 丙类, 乙类10%, 1,280.00元, a city by name, 9999-12-31."""

import datetime
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from gongji.core.imports import cells
from gongji.core.money import E4, E12, Fen, parse_e4, parse_fen, parse_percent
from gongji.core.typed import plain_number, wide_to_plain

_CLASS = re.compile(
    r"(甲|乙|丙|自费|目录外|0?1|0?2|0?3)(?:类|类药品|类项目)?[（(:：,，、\s]*(?:先行|个人)*(?:自付)?"
    r"(?:比例)?[:：\s]*([0-9.]+%)?[)）]?\Z"
)
_CLASSES = {"甲": "A", "乙": "B", "丙": "C", "自费": "C", "目录外": "C", "1": "A", "2": "B", "3": "C"}
_FOR_EVER = {"长期", "永久", "长期有效", "无期限", "至今"}
_NO_END = re.compile(r"9999[-/.年]?12[-/.月]?31日?(?:[ T].*)?\Z")


class ClassAndRatio(str):
    """A class (A, B, C) and the share borne first that was written beside it, if any (1/10**12)."""

    __slots__ = ("ratio",)
    ratio: E12 | None


@lru_cache(1 << 10)
def item_class(given: str) -> ClassAndRatio:
    """Read 甲, 乙类, 丙类, 乙类10%, 自费, or the national codes 01 to 03. Raises ValueError for anything else."""
    found = _CLASS.match(wide_to_plain(given).replace(" ", ""))
    if found is None:
        raise ValueError("应为 甲、乙、丙 之一（也可写作 甲类、乙类10%、丙类、自费）")
    one = ClassAndRatio(_CLASSES[found[1].lstrip("0")])
    try:
        one.ratio = None if found[2] is None else parse_percent(found[2])
    except ValueError:
        raise ValueError(f"“{found[2]}”不是 0% 到 100% 之间的比例，请改正") from None
    return one


def price(given: str) -> E4:
    """Read a unit price in yuan: 1,280.00, 50元, full-width digits."""
    return parse_e4(plain_number(given))


def amount(given: str) -> Fen:
    """Read an amount in yuan."""
    return parse_fen(plain_number(given))


def ratio(given: str) -> E12:
    """Read a ratio between 0 and 1, written as one or as a percentage, with full-width signs or not."""
    return cells.ratio(wide_to_plain(given))


@lru_cache(1 << 10)
def last_day(given: str) -> datetime.date | None:
    """Read a last day; None for one that never comes: 9999-12-31, 长期."""
    return None if is_no_end(given) else cells.day(wide_to_plain(given))


def is_no_end(given: str) -> bool:
    """Return whether a text says that there is no last day."""
    plain = wide_to_plain(given)
    return plain in _FOR_EVER or bool(_NO_END.match(plain))


@lru_cache(1 << 10)
def phone(given: str) -> str:
    """Read a telephone number, in digits with dashes or without. Raises ValueError for anything else."""
    plain = "".join(wide_to_plain(given).replace("（", "(").replace("）", ")").split())
    if not re.fullmatch(r"\+?[0-9()-]{3,25}", plain, re.ASCII):
        raise ValueError("应为电话号码（数字，可有短横线）；有几个的只留一个")
    return plain


def words(choice: Mapping[str, Any], also: Mapping[str, Any]) -> cells.Reader:
    """Return the reader of a column that holds one of these words, or of others that mean the same."""
    every = {**also, **choice}
    told = "、".join(choice)

    def read(given: str) -> Any:
        plain = wide_to_plain(given).replace(" ", "")
        coded = plain.partition("-")[2] if plain[:1].isdigit() and "-" in plain else plain
        for one in (plain, coded):
            if one in every:
                return every[one]
        raise ValueError(f"应为 {told} 之一")

    return read


def area_of(given: str, areas: Mapping[str, str]) -> str:
    """Return the code of an insured area written as six digits or by its name, with or without 市 and its province.

    `areas` holds the codes by name. Raises ValueError.
    """
    plain = "".join(wide_to_plain(given).split())
    if re.fullmatch(r"[0-9]{6}", plain):
        return plain
    found = {code for name, code in areas.items() if _same_area(plain, name)}
    if len(found) == 1:
        return found.pop()
    known = "、".join(f"{name} {code}" for name, code in sorted(areas.items(), key=lambda one: one[1]))
    raise ValueError(
        f"应为六位数字的统筹区代码或名称（现有政策包的：{known}）" if known else "应为六位数字的统筹区代码"
    )


def _same_area(given: str, name: str) -> bool:
    short = name.removesuffix("市").removesuffix("地区")
    return given in {name, short, f"{short}市"} or (
        given.endswith((name, f"{short}市"))
        and given.removesuffix(name).removesuffix(f"{short}市").endswith(("省", "区"))
    )
