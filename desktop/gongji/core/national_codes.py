"""Which codes of items are national ones (国家医疗保障信息业务编码): by how each kind of them is written.

Western and Chinese patent drugs begin with X or Z, herbs with T, consumables with C, services with two noughts.
"""

import re

from gongji.core.visits import Category

_WRITTEN: dict[Category, re.Pattern[str]] = {
    "drug": re.compile(r"[XZT][0-9A-Z]{9,29}"),
    "service": re.compile(r"00[0-9]{7,13}(-[0-9A-Z]{1,20})?"),
    "consumable": re.compile(r"C[0-9A-Z-]{9,39}"),
}


def has_national_code(category: Category, code: str) -> bool:
    """Tell whether an item's code is written as the national ones of its category are."""
    return _WRITTEN[category].fullmatch(code) is not None
