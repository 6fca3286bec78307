"""How many people and items the book has.

Finding people and items as typed: first names that begin so, then names that contain it.

Each query walks an index in the wanted order and stops when enough is found, so that a first letter shared by 10,000
names costs no more than a rare name. Names are looked up by words (store.pinyin) and, for any part of a name, in a
full-text index of single characters.
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from functools import cache, partial
from typing import Any, TypeVar

from msgspec import Struct, json

from gongji.core.identity import masked
from gongji.core.imports.cells import SEVERAL
from gongji.store.engine import Connection
from gongji.store.name_words import Named, WordsBeside, words_of
from gongji.store.pinyin import FULL, characters, fold
from gongji.store.rows import record, records


class RowCounts(Struct, frozen=True, kw_only=True):
    """How many people, items and family accounts the book has, and the moment of the newest figure imported."""

    people: int
    items: int
    links: int
    told_until: str | None


def row_counts(connection: Connection) -> RowCounts:
    """Return how much the book has."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM person), (SELECT count(DISTINCT code) FROM item), "
        "(SELECT count(DISTINCT person_id || '/' || account_id) FROM aid_link), "
        "(SELECT max(as_of) FROM snapshot WHERE source <> 'visit')"
    ).fetchone()
    return record(RowCounts, row)


_AFTER = "\U0010ffff"
_LONGEST = 60
_END, _SHORTEST_PHONE = 4, 3

_Found = TypeVar("_Found")
Query = tuple[str, dict[str, str]]


class PersonFound(Struct, frozen=True, kw_only=True):
    """A person as listed; `number` is masked, `id` is not and serves to open the person."""

    rank: int
    id: str
    name: str
    number: str
    sex: str | None
    birth_date: str | None
    fictitious: bool

    def __repr__(self) -> str:
        """Show only the end of the identity number."""
        return f"PersonFound(…{self.id[-4:]})"


class ItemFound(Struct, frozen=True, kw_only=True):
    """An item in force, with what distinguishes similar ones; prices in 1/10000 yuan, the ratio in 1/10**12."""

    id: int
    code: str
    name: str
    category: str
    class_: str
    unit_price_e4: int
    prepay_ratio_e12: int | None
    price_ceiling_e4: int | None
    negotiated: bool
    unit: str
    specification: str
    form: str
    maker: str
    barcode: str
    invented: bool


def find_people(connection: Connection, text: str, limit: int) -> list[PersonFound]:
    """Return people by number, its last four, telephone, name, part of it or pinyin, best match first."""
    _, folded = as_typed(text)
    queries: list[Query] = []
    number = folded.upper()
    if len(number) == _END and number[:-1].isdigit() and (number[-1].isdigit() or number[-1] == "X"):
        queries.append((_PEOPLE_BY_END, {"end": number}))
    if number[:1].isdigit():
        queries.append((_PEOPLE_BY_NUMBER, beginning_with(number)))
    if number.isdigit() and len(number) >= _SHORTEST_PHONE:
        queries.append((_PEOPLE_BY_PHONE, beginning_with(number)))
    queries += name_queries(folded, _PEOPLE_BY_WORD, _PEOPLE_BY_PART)
    return first_found(connection, queries, _person, limit)


def find_items(connection: Connection, text: str, on_date: datetime.date, limit: int) -> list[ItemFound]:
    """Return items in force on a day by barcode, code, name, part of the name or pinyin, best match first."""
    typed, folded = as_typed(text)
    by_code: list[Query] = [
        (_ITEMS_BY_CODE, beginning_with(one)) for one in dict.fromkeys((typed, typed.upper())) if one
    ]
    by_name = name_queries(folded, _ITEMS_BY_WORD, _ITEMS_BY_PART)
    if any(character.isdigit() for character in typed):
        queries = [(_ITEMS_BY_BARCODE, {"barcode": typed}), *by_code, *by_name]
    else:  # letters alone are taken as pinyin before they are tried as the beginning of thousands of codes
        queries = [*by_name[:-1], *by_code, *by_name[-1:]]
    on = {"on": on_date.isoformat()}
    return first_found(connection, [(sql, values | on) for sql, values in queries], partial(record, ItemFound), limit)


def items_of_code(connection: Connection, codes: Sequence[str], on_date: datetime.date) -> list[ItemFound]:
    """Return the items in force on a day whose barcode, or else whose code, is one of these."""
    values = {"codes": json.encode(codes).decode(), "on": on_date.isoformat()}
    queries = [(_ITEMS_OF_BARCODES, values), (_ITEMS_OF_SEVERAL, {**values, "by": SEVERAL})]
    by_barcode = first_found(connection, queries, partial(record, ItemFound), _LONGEST)
    return by_barcode or items_by_code(connection, codes, on_date)


def items_by_code(connection: Connection, codes: Iterable[str], on_date: datetime.date) -> list[ItemFound]:
    """Return the items in force on a day that have one of these codes."""
    values = {"codes": json.encode(sorted(codes)).decode(), "on": on_date.isoformat()}
    return records(ItemFound, connection.execute(_ITEMS_OF_CODES, values))


def as_typed(text: str) -> tuple[str, str]:
    """Return a typed text, unchanged and folded; half a character, which no name has, is dropped."""
    whole = text.encode("utf-8", "ignore").decode()
    return whole.strip()[:_LONGEST], fold(whole)[:_LONGEST]


def name_queries(folded: str, by_word: str, by_part: str) -> list[Query]:
    """Return the queries for a name or its pinyin: by its beginning, then by any part."""
    if not folded:
        return []
    queries = [(by_word, beginning_with(folded))]
    if folded.isascii() and folded.isalpha():
        queries.append((by_word, beginning_with(FULL + folded)))
    return [*queries, (by_part, {"phrase": f'"{characters(folded)}"'})]


def beginning_with(beginning: str) -> dict[str, str]:
    """Return the bounds of all texts that begin so."""
    return {"first": beginning, "after": beginning + _AFTER}


def first_found(
    connection: Connection, queries: Iterable[Query], read: Callable[[Any], _Found], limit: int
) -> list[_Found]:
    """Return the results of the queries, in their order, each row once, up to a limit; the first column is the id."""
    found: dict[int, _Found] = {}
    for sql, values in queries:
        # An unfinished query would block the checkpoint, so the cursor is closed wherever the walk ends.
        with closing(connection.execute(sql, values)) as rows:
            for row in rows:
                if len(found) == limit:
                    return list(found.values())
                if row[0] not in found:
                    found[row[0]] = read(row)
    return list(found.values())


def _person(row: Any) -> PersonFound:
    rank, number, name, sex, birth_date, fictitious = row
    return PersonFound(
        rank=rank,
        id=number,
        name=name,
        number=masked(number),
        sex=sex,
        birth_date=birth_date,
        fictitious=bool(fictitious),
    )


_PERSON = "SELECT person.rank, person.id, person.name, person.sex, person.birth_date, person.fictitious FROM "
_PEOPLE_BY_NUMBER = f"{_PERSON} person WHERE id >= :first AND id < :after ORDER BY id"
_PEOPLE_BY_END = f"{_PERSON} person WHERE substr(id, -4) = :end ORDER BY id"
_PEOPLE_BY_PHONE = f"""{_PERSON} person WHERE phone IS NOT NULL AND replace(replace(phone, '-', ''), ' ', '') >= :first
    AND replace(replace(phone, '-', ''), ' ', '') < :after ORDER BY replace(replace(phone, '-', ''), ' ', ''), id"""
_PEOPLE_BY_WORD = f"""{_PERSON} person_word CROSS JOIN person ON person.rank = person_word.person
    WHERE word >= :first AND word < :after ORDER BY word, person"""
_PEOPLE_BY_PART = f"""{_PERSON} person_name CROSS JOIN person ON person.rank = person_name.rowid
    WHERE person_name MATCH :phrase ORDER BY person_name.rowid"""

_ITEM = """SELECT item.id, item.code, item.name, item.category, item.class, item.unit_price_e4, item.prepay_ratio_e12,
    item.price_ceiling_e4, item.negotiated, item.unit, item.specification, item.form, item.maker, item.barcode,
    item.invented FROM """


def in_force(table: str) -> str:
    """Return the condition for the row of a code that is in force on the day `:on`.

    Of its editions that have begun and not ended by then, the latest.
    """
    return f"""{table}.starts <= :on AND ({table}.ends IS NULL OR {table}.ends >= :on)
    AND NOT EXISTS (SELECT 1 FROM {table} AS later WHERE later.code = {table}.code AND later.starts > {table}.starts
    AND later.starts <= :on AND (later.ends IS NULL OR later.ends >= :on))"""  # noqa: S608  # our own names


_IN_FORCE = in_force("item")
_ITEMS_BY_BARCODE = (
    f"{_ITEM} item WHERE item.barcode = :barcode AND item.barcode <> '' AND {_IN_FORCE} ORDER BY item.id"
)
_ONE_OF = "(SELECT value FROM json_each(:codes))"
_ITEMS_OF_BARCODES = (
    f"{_ITEM} item WHERE item.barcode IN {_ONE_OF} AND item.barcode <> '' AND {_IN_FORCE} ORDER BY item.id"
)
# Of those with several codes, scanned whole: few have any, and there is a scan a second at most.
_HAS_ONE_OF = "EXISTS (SELECT 1 FROM json_each(:codes) WHERE instr(:by || item.barcode || :by, :by || value || :by))"
_ITEMS_OF_SEVERAL = (
    f"{_ITEM} item WHERE item.barcode <> '' AND instr(item.barcode, :by) AND {_HAS_ONE_OF} AND {_IN_FORCE} "
    "ORDER BY item.id"
)
_ITEMS_OF_CODES = f"{_ITEM} item WHERE item.code IN {_ONE_OF} AND {_IN_FORCE} ORDER BY item.id"
_ITEMS_BY_CODE = f"{_ITEM} item WHERE item.code >= :first AND item.code < :after AND {_IN_FORCE} ORDER BY item.code"
_ITEMS_BY_WORD = f"""{_ITEM} item_word CROSS JOIN item ON item.id = item_word.item
    WHERE word >= :first AND word < :after AND {_IN_FORCE} ORDER BY word, item_word.item"""
_ITEMS_BY_PART = f"""{_ITEM} item_name CROSS JOIN item ON item.id = item_name.rowid
    WHERE item_name MATCH :phrase AND {_IN_FORCE} ORDER BY item_name.rowid"""


class NameIndex(Struct, frozen=True, kw_only=True):
    """How names of a table are added to the index and removed again."""

    known: str
    add_word: str
    add_name: str
    forget_words: str
    forget_name: str
    merge: str


@cache
def _index(table: str) -> NameIndex:
    """Return the index of a table's names; its tables are `<table>_word` and `<table>_name`."""
    return NameIndex(
        known=f"SELECT rowid FROM {table}_name WHERE rowid IN (SELECT value FROM json_each(?))",  # noqa: S608  # own names
        add_word=f"INSERT INTO {table}_word VALUES (?, ?)",  # noqa: S608
        add_name=f"INSERT INTO {table}_name (rowid, characters) VALUES (?, ?)",  # noqa: S608
        forget_words=f"DELETE FROM {table}_word WHERE {table} IN (SELECT value FROM json_each(?))",  # noqa: S608
        forget_name=f"DELETE FROM {table}_name WHERE rowid = ?",  # noqa: S608
        merge=f"INSERT INTO {table}_name ({table}_name) VALUES ('optimize')",  # noqa: S608
    )


def index_names(connection: Connection, table: str, named: Named, beside: WordsBeside | None = None) -> None:
    """Make rows of a table ("person", "item", "diagnosis") findable by these names, and no longer by previous ones.

    With a process beside, by the names of the call before; no names at all say that they were the last: then the
    pieces into which many names make the full-text index fall are put together, for all searches look into each.
    """
    index = _index(table)
    found = words_of(table, named) if beside is None else beside.exchange(named)
    numbers = json.encode(found.numbers).decode()
    known = [number for (number,) in connection.execute(index.known, (numbers,))]
    if known:  # words have no index by number, so all are scanned, once a batch: few names ever change
        connection.execute(index.forget_words, (json.encode(known).decode(),))
        connection.executemany(index.forget_name, [(number,) for number in known])
    connection.executemany(index.add_word, found.words)
    connection.executemany(index.add_name, found.characters)
    if beside is not None and not named:
        connection.execute(index.merge)
