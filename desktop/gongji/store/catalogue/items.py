"""Catalogue items on a day, in the contract's form, for lines that give only a code.

三目录 in the book: storing items, each row a dated edition of an item; and 限定支付范围, by code and day.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import json

from gongji.core.imports.rows import ItemRow
from gongji.core.money import E4, E12, plain_e4, plain_ratio
from gongji.store.engine import Connection
from gongji.store.row_outcomes import RowOutcome, outcome_of
from gongji.store.rows import number, value

_FIND_LINES = (
    "SELECT name, category, class, unit_price_e4, prepay_ratio_e12, price_ceiling_e4, negotiated FROM item "
    "WHERE code = ?1 AND starts <= ?2 AND (ends IS NULL OR ends >= ?2) ORDER BY starts DESC LIMIT 1"
)


def as_lines(connection: Connection, codes: Iterable[str], on: str) -> dict[str, dict[str, Any]]:
    """Return the items of these codes in force on a day (ISO), by code; unknown codes are left out."""
    found = {}
    for code in codes:
        row = connection.execute(_FIND_LINES, (code, on)).fetchone()
        if row is not None:
            name, category, class_, price_e4, ratio_e12, ceiling_e4, negotiated = row
            found[code] = {
                "name": name,
                "category": category,
                "class": class_,
                "unit_price": plain_e4(price_e4),
                "prepay_ratio": None if ratio_e12 is None else plain_ratio(ratio_e12),
                "price_ceiling": None if ceiling_e4 is None else plain_e4(ceiling_e4),
                "negotiated": bool(negotiated),
            }
    return found


_CONTENT = (
    "name", "category", "class", "unit_price_e4", "prepay_ratio_e12", "price_ceiling_e4", "negotiated", "unit",
    "specification", "form", "maker", "fee_category", "barcode", "ends", "invented",
)  # fmt: skip
_FIELDS = (
    "name", "category", "class_", "unit_price", "prepay_ratio", "price_ceiling", "negotiated", "unit",
    "specification", "form", "maker", "fee_category", "barcode", "ends", "invented",
)  # fmt: skip
"""The fields of an `ItemRow` that these columns have."""
_NAMES, _PLACES = ", ".join(_CONTENT), ", ".join("?" * len(_CONTENT))
_FIND = f"SELECT {_NAMES} FROM item WHERE code = ? AND starts = ?"  # noqa: S608  # our own names
_FIND_ALL = f"SELECT id, code, starts, {_NAMES} FROM item WHERE code IN (SELECT value FROM json_each(?))"  # noqa: S608
_ADD = f"INSERT INTO item (id, {_NAMES}, code, starts) VALUES (?, {_PLACES}, ?, ?)"  # noqa: S608
_CHANGE = f"UPDATE item SET ({_NAMES}) = ({_PLACES}) WHERE id = ?"  # noqa: S608
_EDITIONS = f"SELECT {_NAMES}, starts FROM item WHERE code = ? ORDER BY starts"  # noqa: S608


def fate_of_item(connection: Connection, row: ItemRow) -> RowOutcome:
    """Return what an item would change."""
    known = connection.execute(_FIND, (row.code, row.starts.isoformat())).fetchone()
    return outcome_of(known, _content(row))


def save_items(connection: Connection, rows: Sequence[ItemRow]) -> tuple[list[RowOutcome], list[tuple[int, str]]]:
    """Store items; return the outcome of each, and the number and name of those still to be indexed.

    No two of them may be the same edition of an item.
    """
    codes = json.encode(list({row.code for row in rows})).decode()
    known = {(one[1], one[2]): one for one in connection.execute(_FIND_ALL, (codes,))}
    last = number(connection, "SELECT coalesce(max(id), 0) FROM item")
    fates, named, new = [], [], []
    for row in rows:
        content = _content(row)
        found = known.get((row.code, row.starts.isoformat()))
        if found is None:
            last += 1
            new.append((last, *content, row.code, row.starts.isoformat()))
            named.append((last, row.name))
            fates.append(RowOutcome.NEW)
        elif found[3:] == content:
            fates.append(RowOutcome.UNCHANGED)
        else:
            connection.execute(_CHANGE, (*content, found[0]))
            fates.append(RowOutcome.CHANGED)
            if found[3] != row.name:
                named.append((found[0], row.name))
    connection.executemany(_ADD, new)
    return fates, named


def editions(connection: Connection, code: str) -> list[ItemRow]:
    """Return every edition of an item, the earliest first."""
    found = connection.execute(_EDITIONS, (code,))
    return [_edition(code, row) for row in found]


def _edition(code: str, row: tuple[Any, ...]) -> ItemRow:
    values = dict(zip((*_FIELDS, "starts"), row, strict=True))
    ratio, ceiling, ends = values["prepay_ratio"], values["price_ceiling"], values["ends"]
    return ItemRow(
        **{
            **values,
            "code": code,
            "unit_price": E4(values["unit_price"]),
            "prepay_ratio": None if ratio is None else E12(ratio),
            "price_ceiling": None if ceiling is None else E4(ceiling),
            "negotiated": bool(values["negotiated"]),
            "invented": bool(values["invented"]),
            "starts": datetime.date.fromisoformat(values["starts"]),
            "ends": None if ends is None else datetime.date.fromisoformat(ends),
        }
    )


def _content(row: ItemRow) -> tuple[Any, ...]:
    """Return the columns of an item, as plain numbers: others are first looked up as types of somebody's own."""
    return (
        row.name,
        row.category,
        row.class_,
        int(row.unit_price),
        None if row.prepay_ratio is None else int(row.prepay_ratio),
        None if row.price_ceiling is None else int(row.price_ceiling),
        int(row.negotiated),
        row.unit,
        row.specification,
        row.form,
        row.maker,
        row.fee_category,
        row.barcode,
        None if row.ends is None else row.ends.isoformat(),
        int(row.invented),
    )


_ON = "SELECT text FROM restriction WHERE code = ? AND starts <= ? ORDER BY starts DESC, id DESC LIMIT 1"


def restrictions_on(connection: Connection, codes: Iterable[str], on: str) -> dict[str, str]:
    """Return the payment limits of these codes on a day (ISO); those without a limit are left out."""
    found = {code: value(connection, _ON, (code, on)) for code in dict.fromkeys(codes)}
    return {code: text for code, text in found.items() if text}
