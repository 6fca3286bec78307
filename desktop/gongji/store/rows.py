"""Rows of the book as records and records as rows: a record's fields bear the names of its columns, in their order."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from msgspec import Struct, structs

from gongji.store.engine import Connection

_Record = TypeVar("_Record", bound=Struct)
Values = Sequence[object] | Mapping[str, object]


@cache
def columns(kind: type[Struct]) -> str:
    """Return a record's columns, as a query names them."""
    return ", ".join(kind.__struct_fields__)


def record(kind: type[_Record], row: Sequence[Any]) -> _Record:
    """Return a row as a record; what SQLite has as 0 or 1 is a truth value again where the field is one."""
    values = dict(zip(kind.__struct_fields__, row, strict=True))
    for name in _truths(kind):
        values[name] = bool(values[name])
    return kind(**values)


def record_or_none(kind: type[_Record], row: Sequence[Any] | None) -> _Record | None:
    """Return a row as a record; None for no row."""
    return None if row is None else record(kind, row)


def records(kind: type[_Record], rows: Iterable[Sequence[Any]]) -> list[_Record]:
    """Return rows as records."""
    return [record(kind, row) for row in rows]


@cache
def _truths(kind: type[Struct]) -> tuple[str, ...]:
    return tuple(field.name for field in structs.fields(kind) if field.type is bool)


def select(connection: Connection, kind: type[_Record], rest: str, values: Values = ()) -> list[_Record]:
    """Return the records that `SELECT` their columns finds; `rest` is the query from its FROM on."""
    return records(kind, connection.execute(f"SELECT {columns(kind)} {rest}", values))


def first(connection: Connection, kind: type[_Record], rest: str, values: Values = ()) -> _Record | None:
    """Return the first record of `select`; None where it finds none."""
    return record_or_none(kind, connection.execute(f"SELECT {columns(kind)} {rest}", values).fetchone())


def value(connection: Connection, query: str, values: Values = ()) -> Any:
    """Return what is in the first column of the first row; None where there is no row."""
    row = connection.execute(query, values).fetchone()
    return None if row is None else row[0]


def column(connection: Connection, query: str, values: Values = ()) -> list[Any]:
    """Return what is in the first column of every row."""
    return [row[0] for row in connection.execute(query, values)]


@cache
def _adding(table: str, names: tuple[str, ...], keys: tuple[str, ...] = ()) -> str:
    """Return the statement that inserts a row, or with `keys` changes the one that has the same to it."""
    places = ", ".join("?" * len(names))
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})"  # noqa: S608  # our own names
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
    return f"{statement} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}" if keys else statement


def insert(connection: Connection, table: str, row: Mapping[str, object]) -> int:
    """Insert a row, given by its columns, inside the caller's transaction; return its number (rowid)."""
    return int(connection.execute(_adding(table, tuple(row)), [*row.values()]).lastrowid or 0)


def upsert(connection: Connection, table: str, row: Mapping[str, object], *keys: str) -> None:
    """Insert a row, given by its columns, or change the one that has the same keys to it."""
    connection.execute(_adding(table, tuple(row), keys), [*row.values()])


def exists(connection: Connection, query: str, values: Values = ()) -> bool:
    """Return whether a query finds any row."""
    return connection.execute(query, values).fetchone() is not None


def number(connection: Connection, query: str, values: Values = ()) -> int:
    """Return the whole number that a query finds; it must find a row."""
    return int(connection.execute(query, values).fetchone()[0])


def text_or_none(connection: Connection, query: str, values: Values = ()) -> str | None:
    """Return the text in the first column of the first row; None where there is no row, or NULL in it."""
    found = value(connection, query, values)
    return None if found is None else str(found)
