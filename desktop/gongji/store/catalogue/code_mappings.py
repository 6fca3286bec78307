"""目录对照: the national code for each of the clinic's own on a day, which have none, which the payer accepted."""

import datetime
import re
from collections.abc import Iterable

from msgspec import Struct

from gongji.store.engine import Connection
from gongji.store.rows import records, select, value
from gongji.store.search import in_force

_NATIONAL = re.compile(r"[XZ][A-Z][0-9A-Z]{18,22}|T\d{9}|C\d{19}(?:\d{7})?|\d{15}(?:-[0-9A-Z]{1,12})?", re.ASCII)
"""The shapes of national codes: drugs, herbal slices, consumables, services (with what an area appends to them)."""


class CodeMapping(Struct, frozen=True, kw_only=True):
    """A pair of codes with what is reported to the payer; days are ISO, `ends` is None for no end."""

    id: int
    code: str
    national_code: str
    starts: str
    ends: str | None
    name: str
    category: str
    unit: str
    specification: str
    form: str


class UnmappedItem(Struct, frozen=True, kw_only=True):
    """An item in force whose code is neither national nor mapped to one that is."""

    code: str
    name: str
    specification: str
    maker: str


_ON = """SELECT national_code FROM code_mapping AS one WHERE code = ?1 AND starts <= ?2
    AND (ends IS NULL OR ends >= ?2) AND NOT EXISTS (SELECT 1 FROM code_mapping AS newer WHERE newer.code = one.code
    AND newer.starts = one.starts AND newer.id > one.id) ORDER BY starts DESC LIMIT 1"""
_ITEM_ON = f"FROM item WHERE {in_force('item')} ORDER BY name, code"
_TO_TELL = """SELECT one.id, one.code, one.national_code, one.starts, one.ends, item.name, item.category, item.unit,
    item.specification, item.form FROM code_mapping AS one JOIN item ON item.id = (
        SELECT max(id) FROM item WHERE item.code = one.code)
    WHERE NOT EXISTS (SELECT 1 FROM code_mapping AS newer WHERE newer.code = one.code
    AND newer.starts = one.starts AND newer.id > one.id)
    AND NOT EXISTS (SELECT 1 FROM code_mapping_accepted WHERE mapping = one.id)
    ORDER BY one.id LIMIT ?"""


def is_national(code: str) -> bool:
    """Return whether a code has the shape of a national one."""
    return _NATIONAL.fullmatch(code) is not None


def national_codes(connection: Connection, codes: Iterable[str], on: str) -> dict[str, str]:
    """Return the national code of each of these on a day (ISO); those that have no mapping are left out."""
    found = {code: value(connection, _ON, (code, on)) for code in dict.fromkeys(codes)}
    return {code: national for code, national in found.items() if national is not None}


def unmapped_items(connection: Connection, on: datetime.date) -> list[UnmappedItem]:
    """Return the items in force on a day whose codes the payer would not know, by name."""
    day = on.isoformat()
    found = [one for one in select(connection, UnmappedItem, _ITEM_ON, {"on": day}) if not is_national(one.code)]
    mapped = national_codes(connection, (one.code for one in found), day)
    return [one for one in found if one.code not in mapped]


def mappings_to_tell(connection: Connection, most: int) -> list[CodeMapping]:
    """Return the oldest mappings of known items that the payer has not accepted yet."""
    return records(CodeMapping, connection.execute(_TO_TELL, (most,)))


def keep_accepted(connection: Connection, mappings: Iterable[CodeMapping], at: str) -> None:
    """Record that the payer had accepted mappings by a moment (a stamp)."""
    connection.executemany(
        "INSERT OR IGNORE INTO code_mapping_accepted (mapping, at) VALUES (?, ?)", [(one.id, at) for one in mappings]
    )
