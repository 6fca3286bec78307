"""查找: people and items as they are typed, scanned or read from a card."""

import datetime

from gongji.core.scanned_code import CodeKind, ScannedCode, spellings
from gongji.store import pinyin, search
from gongji.store.db import Store
from gongji.store.search import ItemFound, PersonFound

__all__ = ["LIMIT", "ItemFound", "PersonFound", "find_items", "find_items_of_code", "find_people", "load_pinyin"]

LIMIT = 20


def load_pinyin() -> None:
    """Load what names are read by, which takes a while: the first new person or item would have to wait for it."""
    pinyin.load()


def find_people(store: Store, text: str, limit: int = LIMIT) -> list[PersonFound]:
    """Return people by identity number, name, part of the name or pinyin, the most fitting first."""
    return search.find_people(store.reader, text, limit)


def find_items(store: Store, text: str, on_date: datetime.date, limit: int = LIMIT) -> list[ItemFound]:
    """Return items in force on a day by barcode, code, name, part of the name or pinyin, the most fitting first."""
    return search.find_items(store.reader, text, on_date, limit)


def find_items_of_code(store: Store, code: ScannedCode, on_date: datetime.date) -> list[ItemFound]:
    """Return the items in force on a day that carry what was scanned: several where they share it."""
    written = spellings(code.key) if code.kind is CodeKind.ARTICLE else (code.key, code.text.upper())
    return search.items_of_code(store.reader, list(dict.fromkeys((*written, code.text))), on_date)
