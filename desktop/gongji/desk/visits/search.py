"""查找: people and items as typed, scanned or read from a card; in training data, whom to try first."""

import datetime
from collections.abc import Mapping, Sequence

from msgspec import json

from gongji.core.scanned_code import CodeKind, ScannedCode, spellings
from gongji.files import read_whole, resource_folder
from gongji.store import pinyin, search
from gongji.store.book_file.db import Store
from gongji.store.search import ItemFound, PersonFound
from gongji.store.settlements import settlement_sums

__all__ = [
    "LIMIT",
    "ItemFound",
    "PersonFound",
    "by_use",
    "find_items",
    "find_items_of_code",
    "find_people",
    "item_use",
    "load_pinyin",
    "to_try",
]

LIMIT = 20


def load_pinyin() -> None:
    """Load the pinyin dictionaries, which takes a while: the first new person or item would have to wait for it."""
    pinyin.load()


def find_people(store: Store, text: str, limit: int = LIMIT) -> list[PersonFound]:
    """Return people by number, its last four, telephone, name, part of it or pinyin, best match first."""
    return search.find_people(store.reader, text, limit)


def find_items(store: Store, text: str, on_date: datetime.date, limit: int = LIMIT) -> list[ItemFound]:
    """Return items in force on a day by barcode, code, name, part of the name or pinyin, best match first."""
    return search.find_items(store.reader, text, on_date, limit)


def find_items_of_code(store: Store, code: ScannedCode, on_date: datetime.date) -> list[ItemFound]:
    """Return the items in force on a day with a scanned code: a barcode in any spelling, or their own code."""
    written = spellings(code.key) if code.kind is CodeKind.ARTICLE else (code.key, code.text.upper())
    return search.items_of_code(store.reader, list(dict.fromkeys((*written, code.text))), on_date)


_RECENT = 2_000


def item_use(store: Store) -> dict[str, int]:
    """Return how often each item (its code) was charged lately: frequent ones are offered first."""
    return settlement_sums.item_use(store.reader, _RECENT)


def by_use(found: Sequence[ItemFound], typed: str, use: Mapping[str, int]) -> list[ItemFound]:
    """Return search results, the most used first; an item whose name, code or barcode was typed in full stays first."""

    def rank(one: ItemFound) -> tuple[bool, int]:
        return typed not in {one.name, one.code, one.barcode}, -use.get(one.code, 0)

    return sorted(found, key=rank)


_TO_TRY = 2


def to_try(area: str) -> list[tuple[str, str]]:
    """Return the numbers and names of a patient or two of an area's training data whose visits are worth trying."""
    path = resource_folder() / "training" / area / "visits.jsonl"
    if not path.is_file():
        return []
    visits = [json.decode(line) for line in read_whole(path).splitlines()[:_TO_TRY]]
    return [(visit["person"]["id"], visit["person"]["name"]) for visit in visits]
