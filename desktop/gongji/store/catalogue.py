"""三目录 in the book: keeping items, each row an edition of an item from a day on."""

from enum import Enum
from typing import Any

from gongji.core.book.rows import ItemRow
from gongji.store.engine import Connection


class Fate(Enum):
    """What becomes of a row that is told: it says something new, changes what was kept, or says the same."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


_FIND = """SELECT id, name, category, class, unit_price_e4, prepay_ratio_e12, price_ceiling_e4, negotiated, unit,
    specification, form, maker, fee_category, barcode, ends, invented FROM item WHERE code = ? AND starts = ?"""
_ADD = """INSERT INTO item (name, category, class, unit_price_e4, prepay_ratio_e12, price_ceiling_e4, negotiated, unit,
    specification, form, maker, fee_category, barcode, ends, invented, code, starts)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_CHANGE = """UPDATE item SET (name, category, class, unit_price_e4, prepay_ratio_e12, price_ceiling_e4, negotiated,
    unit, specification, form, maker, fee_category, barcode, ends, invented)
    = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?"""


def fate_of_item(connection: Connection, row: ItemRow) -> Fate:
    """Return what would become of an item."""
    return _fate(_find(connection, row), row)


def save_item(connection: Connection, row: ItemRow) -> tuple[Fate, int | None]:
    """Keep an item; return what became of it, and its number where its name is yet to be indexed."""
    known = _find(connection, row)
    fate = _fate(known, row)
    if known is None:
        return fate, connection.execute(_ADD, (*_content(row), row.code, row.starts.isoformat())).lastrowid
    if fate is Fate.CHANGED:
        connection.execute(_CHANGE, (*_content(row), known[0]))
    return fate, known[0] if known[1] != row.name else None


def _find(connection: Connection, row: ItemRow) -> tuple[Any, ...] | None:
    found: tuple[Any, ...] | None = connection.execute(_FIND, (row.code, row.starts.isoformat())).fetchone()
    return found


def _fate(known: tuple[Any, ...] | None, row: ItemRow) -> Fate:
    if known is None:
        return Fate.NEW
    return Fate.UNCHANGED if known[1:] == _content(row) else Fate.CHANGED


def _content(row: ItemRow) -> tuple[Any, ...]:
    return (
        row.name,
        row.category,
        row.class_,
        row.unit_price,
        row.prepay_ratio,
        row.price_ceiling,
        row.negotiated,
        row.unit,
        row.specification,
        row.form,
        row.maker,
        row.fee_category,
        row.barcode,
        None if row.ends is None else row.ends.isoformat(),
        row.invented,
    )
