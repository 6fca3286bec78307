"""`gongji find`: people and items as the window's search finds them, in its order."""

import datetime
from argparse import Namespace
from typing import Any

from gongji.cli.io import say
from gongji.cli.session import open_readonly, today_of
from gongji.cli.stored_answers import fields_of
from gongji.core.labels import CLASS_WORDS
from gongji.core.money import percent, price
from gongji.desk.visits.search import find_items, find_people
from gongji.store.search import ItemFound, PersonFound


def find(options: Namespace) -> int:
    """Print what is found, best match first; identity numbers are masked."""
    with open_readonly(options) as (_, store):
        if options.what == "people":
            people = find_people(store, options.text)
            found = [fields_of(one, "number", "name", "sex", "birth_date", "fictitious") for one in people]
            return say(options, {"ok": True, "people": found}, _lines(map(_who, people)))
        on = today_of(options) if options.on is None else datetime.date.fromisoformat(options.on)
        items = find_items(store, options.text, on)
        answer = {"ok": True, "on": on.isoformat(), "items": [_item(one) for one in items]}
        return say(options, answer, _lines(map(_what, items)))


def _lines(found: "map[str]") -> str:
    return "\n".join(found) or "没有找到"


def _who(one: PersonFound) -> str:
    return "  ".join(filter(None, (one.name, one.sex, one.birth_date, one.number)))


def _item(one: ItemFound) -> dict[str, Any]:
    return {
        **fields_of(one, "code", "name", "specification", "maker", "category"),
        "class": one.class_,
        "unit_price": price(one.unit_price_e4),
        "unit": one.unit,
        "prepay_ratio": None if one.prepay_ratio_e12 is None else percent(one.prepay_ratio_e12),
        "barcode": one.barcode,
    }


def _what(one: ItemFound) -> str:
    price_in_words = f"{price(one.unit_price_e4)} 元"
    cells = (one.name, one.specification, CLASS_WORDS[one.class_], price_in_words, one.maker, one.code)
    return "  ".join(filter(None, cells))
