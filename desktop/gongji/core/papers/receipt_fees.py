"""收费项目类别: under which of the official headings of an outpatient bill a line stands."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

FEE_CATEGORIES = (
    "诊察费", "检查费", "化验费", "治疗费", "手术费", "卫生材料费", "西药费", "中药饮片", "中成药费", "一般诊疗费",
    "挂号费", "其他门（急）诊收费",
)  # fmt: skip
"""The official headings in the official order (财综〔2019〕29号)."""

OTHER_FEES = FEE_CATEGORIES[-1]
_BY_CATEGORY = {"drug": "西药费", "consumable": "卫生材料费", "service": OTHER_FEES}
# What a service's or drug's own name gives away, first match first; only asked where the catalogue says nothing.
_BY_NAME = (
    ("service", "一般诊疗费", "一般诊疗费"),
    ("service", "诊察费", "诊察费"),
    ("service", "挂号费", "挂号费"),
    ("drug", "饮片", "中药饮片"),
)


class Fee(Struct, frozen=True, kw_only=True):
    """A heading and what the lines under it come to, in fen."""

    category: str
    amount_fen: int


def fee_category(code: str, name: str, category: str, catalogue: Mapping[str, str]) -> str:
    """Return the heading of a line: the catalogue's by the item's code, else what name and kind of item say.

    A heading in the catalogue that is none of the official ones goes under the last, "其他门（急）诊收费".
    """
    known = catalogue.get(code)
    if known:
        return known if known in FEE_CATEGORIES else OTHER_FEES
    for kind, part, heading in _BY_NAME:
        if kind == category and part in name:
            return heading
    return _BY_CATEGORY[category]


def fees_of(amounts: Iterable[tuple[str, int]]) -> tuple[Fee, ...]:
    """Return each heading that occurs with its sum, in the official order, from headings and amounts in fen."""
    sums: dict[str, int] = {}
    for heading, fen in amounts:
        sums[heading] = sums.get(heading, 0) + fen
    return tuple(Fee(category=one, amount_fen=sums[one]) for one in FEE_CATEGORIES if one in sums)
