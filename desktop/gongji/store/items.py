"""An item of the catalogue as it stood on a day, in the contract's words, for a line that gives its code alone."""

from collections.abc import Iterable
from typing import Any

from gongji.core.money import plain_e4, plain_ratio
from gongji.store.engine import Connection

_FIND = (
    "SELECT name, category, class, unit_price_e4, prepay_ratio_e12, price_ceiling_e4, negotiated FROM item "
    "WHERE code = ?1 AND starts <= ?2 AND (ends IS NULL OR ends >= ?2) ORDER BY starts DESC LIMIT 1"
)


def as_lines(connection: Connection, codes: Iterable[str], on: str) -> dict[str, dict[str, Any]]:
    """Return the items of these codes in force on a day (ISO), by code; codes that are unknown are left out."""
    found = {}
    for code in codes:
        row = connection.execute(_FIND, (code, on)).fetchone()
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
