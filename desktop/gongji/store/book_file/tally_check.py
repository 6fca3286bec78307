"""The tallies of what the tables hold, read row by row, and the tables that do not hold what their tallies say."""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from msgspec import Struct, msgpack

from gongji.store.book_file.tally import (
    BY_ARRIVAL,
    FROZEN,
    MODULUS,
    SCHEMA,
    Tallies,
    Tally,
    arrival_key,
    chained,
    has_tallies,
    hash_sum,
    kept,
    schema_tally,
    state_of,
    tables,
)
from gongji.store.engine import Connection, blocks
from gongji.store.rows import upsert

_EMPTY = bytes(32)


class Misfit(Struct, frozen=True, kw_only=True):
    """A table that does not hold what its tally says: how many rows there should be and are."""

    table: str
    expected: int
    found: int


def counted(connection: Connection) -> Tallies:
    """Return the tallies of what the tables hold, read row by row."""
    found = {name: _counted(connection, name, columns) for name, columns in tables(connection).items()}
    return {**found, SCHEMA: schema_tally(connection)}


def _counted(connection: Connection, table: str, columns: list[str]) -> Tally:
    some = _rows(connection, table, columns)
    return _run(some) if table in FROZEN else _sum(some)


def _rows(connection: Connection, table: str, columns: list[str]) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a table in blocks, in the order in which they came."""
    names = ", ".join(f't."{one}"' for one in columns)
    keys = BY_ARRIVAL.get(table)
    if keys is None:
        order = ", ".join(f't."{one}"' for one in _key_columns(connection, table))
        statement = f'SELECT {names} FROM main."{table}" AS t ORDER BY {order}'  # noqa: S608  # our own names
        yield from blocks(connection.execute(statement))
        return
    same = " AND ".join(
        f"t.{one} = iif(json_valid(arrival.key), json_extract(arrival.key, '$[{place}]'), NULL)"
        for place, one in enumerate(keys)
    )
    arrivals = connection.execute(
        f'SELECT arrival.key, t.{keys[0]}, {names} FROM arrival LEFT JOIN main."{table}" AS t ON {same} '  # noqa: S608
        "WHERE arrival.source = ? ORDER BY arrival.id",
        (table,),
    )
    for some in blocks(arrivals):
        yield [(row[0],) if row[1] is None else row[2:] for row in some]
    yield [*_never_came(connection, table, keys, names)]


def _never_came(connection: Connection, table: str, keys: tuple[str, ...], names: str) -> Iterator[tuple[Any, ...]]:
    """Yield rows that did not come by the one way to write."""
    (there,) = connection.execute(f'SELECT count(*) FROM main."{table}"').fetchone()  # noqa: S608  # our own names
    came = connection.execute("SELECT count(*) FROM arrival WHERE source = ?", (table,)).fetchone()[0]
    if there <= came:  # where one is missing instead, that shows
        return
    known = {key for (key,) in connection.execute("SELECT key FROM arrival WHERE source = ?", (table,))}
    for row in connection.execute(f'SELECT {", ".join(keys)}, {names} FROM main."{table}" AS t'):  # noqa: S608
        if arrival_key(row[: len(keys)]) not in known:
            yield row[len(keys) :]


def _key_columns(connection: Connection, table: str) -> list[str]:
    info = connection.execute(f'PRAGMA main.table_info("{table}")').fetchall()
    keyed = sorted((int(one[5]), str(one[1])) for one in info if one[5])
    return [name for _, name in keyed] or ["rowid"]


def _run(blocks_: Iterable[list[tuple[Any, ...]]]) -> Tally:
    count, running, encode, empty = 0, _EMPTY, msgpack.encode, hashlib.sha256().copy
    for rows in blocks_:
        count += len(rows)
        for row in rows:
            one = empty()
            one.update(running + encode(row))
            running = one.digest()
    return Tally(count, running)


def _sum(blocks_: Iterable[list[tuple[Any, ...]]]) -> Tally:
    count = total = 0
    for rows in blocks_:
        count += len(rows)
        total += hash_sum(rows)
    return Tally(count, (total % MODULUS).to_bytes(32))


def misfits(connection: Connection, expected: Tallies) -> Iterator[Misfit]:
    """Yield every table that does not hold what its tally says."""
    columns = tables(connection)
    for name in sorted({*columns, SCHEMA, *expected}):
        one = _misfit(connection, name, columns.get(name), expected)
        if one is not None:
            yield one


def misfit(connection: Connection, name: str, expected: Tallies) -> Misfit | None:
    """Return how a table (or `SCHEMA`) does not hold what its tally says; None where it does."""
    return _misfit(connection, name, tables(connection).get(name), expected)


def _misfit(connection: Connection, name: str, columns: list[str] | None, expected: Tallies) -> Misfit | None:
    nothing = Tally(0, _EMPTY)
    mine, other = nothing, expected.get(name, nothing)
    if name == SCHEMA:
        mine = schema_tally(connection)
    elif columns is not None:
        mine = _counted(connection, name, columns)
    return None if mine == other else Misfit(table=name, expected=other.count, found=mine.count)


def prefixes(connection: Connection, table: str, counts: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """Yield the hash that a frozen table had when it held so many rows, for each of these counts that it reaches."""
    wanted, running = {*counts}, _EMPTY
    columns = tables(connection).get(table)
    if 0 in wanted:
        yield 0, running
    some = [] if columns is None else _rows(connection, table, columns)
    for count, row in enumerate(chain.from_iterable(some), 1):
        running = chained(running, row)
        if count in wanted:
            yield count, running


def rebuild(connection: Connection) -> None:
    """Make the tallies again from what the tables hold: only where the schema itself has just been made."""
    if not has_tallies(connection):
        return
    (known,) = connection.execute("SELECT count(*) FROM arrival").fetchone()
    if not known:
        for table, keys in BY_ARRIVAL.items():
            order = ", ".join(keys)
            rows = connection.execute(f"SELECT {order} FROM {table} ORDER BY {order}").fetchall()  # noqa: S608  # our own names
            connection.executemany(
                "INSERT INTO arrival (source, key) VALUES (?, ?)", [(table, arrival_key(row)) for row in rows]
            )
    commits, _ = kept(connection)
    upsert(connection, "tally", {"one": 1, "commits": commits + 1, "state": state_of(counted(connection))}, "one")
