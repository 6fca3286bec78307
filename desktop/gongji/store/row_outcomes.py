"""A row that an import brings beside what the book has: what it would change, and storing it."""

from collections import Counter
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

from msgspec import Struct, to_builtins

from gongji.store.engine import Connection
from gongji.store.name_words import WordsBeside
from gongji.store.rows import insert, upsert, value
from gongji.store.search import index_names


class RowOutcome(Enum):
    """The outcome of an imported row: it adds something, changes what was stored, or repeats it."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


Fates = Counter[RowOutcome]


def outcome_of(known: Sequence[Any] | None, content: Sequence[Any]) -> RowOutcome:
    """Return what a row's content would change, beside what is stored; None where nothing is."""
    if known is None:
        return RowOutcome.NEW
    return RowOutcome.UNCHANGED if tuple(known) == tuple(content) else RowOutcome.CHANGED


class ImportSource(Struct, frozen=True):
    """The time of the rows (a stamp) and their source; `beside` works out the words of their names meanwhile.

    With `beside`, names are findable once an empty batch of rows has been stored.
    """

    at: str
    name: str
    beside: WordsBeside | None = None


class RowImporter(Struct, frozen=True):
    """How rows of a kind are compared with the book and stored; `names` is the table whose names are findable."""

    fate: Callable[[Connection, Any], RowOutcome]
    keep: Callable[[Connection, Sequence[Any], ImportSource], Fates]
    names: str | None = None


def one_by_one(
    fate: Callable[[Connection, Any], RowOutcome],
    store: Callable[[Connection, Any, ImportSource], int | None],
    names: str | None = None,
) -> RowImporter:
    """Return how rows are stored one after another, those that change nothing left out.

    `store` returns the number of a row whose name is still to be indexed, where the names of the table are findable.
    """

    def keep(connection: Connection, rows: Sequence[Any], source: ImportSource) -> Fates:
        fates, named = Fates(), dict[int, str]()
        for row in rows:
            outcome = fate(connection, row)
            fates[outcome] += 1
            number = store(connection, row, source) if outcome is not RowOutcome.UNCHANGED else None
            if names is not None and number is not None:
                named[number] = row.name
        if names is not None:
            index_names(connection, names, list(named.items()), source.beside)
        return fates

    return RowImporter(fate, keep, names)


def of_table(
    table: str,
    *keys: str,
    told: Sequence[str] = (),
    as_columns: Callable[[Any], dict[str, Any]] = to_builtins,
    names: str | None = None,
) -> RowImporter:
    """Return how rows are stored whose columns say all there is, and which are the same row by their keys.

    A row replaces an earlier one; in a table that also has what is `told` of the source ("at", "source"), it is added.
    """
    same = f"WHERE {' AND '.join(f'{name} = ?' for name in keys)}"

    def fate(connection: Connection, row: Any) -> RowOutcome:
        columns = as_columns(row)
        content = [name for name in columns if name not in keys]
        query = f"SELECT {', '.join(content)} FROM {table} {same} ORDER BY id DESC LIMIT 1"  # noqa: S608  # our own
        known = connection.execute(query, [columns[name] for name in keys]).fetchone()
        return outcome_of(known, [columns[name] for name in content])

    def store(connection: Connection, row: Any, source: ImportSource) -> int | None:
        columns = as_columns(row)
        if told:
            said = {"at": source.at, "source": source.name}
            return insert(connection, table, {**columns, **{name: said[name] for name in told}})
        upsert(connection, table, columns, *keys)
        number: int | None = value(connection, f"SELECT id FROM {table} {same}", [columns[name] for name in keys])  # noqa: S608  # our own
        return number

    return one_by_one(fate, store, names)
