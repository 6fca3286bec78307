"""Tallies: the content of every table in a few bytes, updated with every row by the one way to write (Store.write).

An append-only table has a count and a running hash, SHA-256 over the previous hash and the row, so that
its first n rows can be checked for ever. Every other table has a count and a sum of the hashes of its rows,
modulo 2**256. The schema and the file's header have a hash, made only where the schema is made: in migrations. The
root is one hash over all of these.

The rows are counted by temporary triggers of the writing connection (`running_tally`). A row written by any other
connection, or a dropped trigger, CHECK or index, is not in the tallies, and `tally_check.misfits` finds it.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Any

from msgspec import DecodeError, Struct, json, msgpack

from gongji.store.engine import Connection
from gongji.store.migrations import STEPS

_EMPTY_HASH = hashlib.sha256()
"""Copied for each hash: OpenSSL takes as long to begin one as to hash a row."""
MODULUS = 1 << 256
SCHEMA = "(schema)"
# Frozen tables whose rows do not come in the order of their own key.
BY_ARRIVAL = {
    "policy_text": ("sha256",),
    "acceptance": ("serial",),
    "attempt": ("msgid",),
    "answer": ("msgid",),
    "platform_figure": ("msgid",),
    "reprint": ("settlement", "nth"),
}
_NEVER_UPDATED = re.compile(r"CREATE TRIGGER (\w+)_never_update\b")
FROZEN = frozenset(
    match[1] for statements in STEPS.values() for statement in statements if (match := _NEVER_UPDATED.match(statement))
)
"""Tables that are only ever added to, as the program knows them: a book cannot say otherwise."""


class Tally(Struct, frozen=True, array_like=True):
    """How many rows a table has, and their hash."""

    count: int
    hash: bytes


Tallies = dict[str, Tally]
"""The tally of every table by its name, and under `SCHEMA` of the schema and the header."""


def root(tallies: Tallies) -> bytes:
    """Return the one hash over all tallies."""
    return hashlib.sha256(state_of(tallies)).digest()


def packed_tally(name: str, one: Tally) -> bytes:
    """Return a table's tally as the state keeps it."""
    return msgpack.encode((name, one.count, one.hash))


def state_bytes(packed: Iterable[bytes]) -> bytes:
    """Return the tallies as the book keeps them: a MessagePack array of each table's name, count and hash, by name."""
    each = list(packed)
    return b"\xdd" + len(each).to_bytes(4) + b"".join(each)


def has_tallies(connection: Connection) -> bool:
    """Return whether the book keeps tallies: one of an older program does not yet."""
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'tally'").fetchone() is not None


def kept(connection: Connection) -> tuple[int, Tallies]:
    """Return after how many transactions the tallies are, and the tallies as the book keeps them."""
    row = connection.execute("SELECT commits, state FROM tally").fetchone()
    if row is None:
        return 0, {}
    return int(row[0]), read_state(row[1])


def state_of(tallies: Tallies) -> bytes:
    """Return tallies as the book keeps them; their root is the SHA-256 of it."""
    return state_bytes(packed_tally(name, tallies[name]) for name in sorted(tallies))


def read_state(state: bytes) -> Tallies:
    """Return the tallies that a book has kept; empty where they cannot be read."""
    try:
        found = msgpack.decode(state, type=list[tuple[str, int, bytes]])
    except DecodeError:
        return {}
    return {name: Tally(count, hash_) for name, count, hash_ in found}


def tables(connection: Connection) -> dict[str, list[str]]:
    """Return the names of the columns of every table that is tallied.

    A full-text index is made from tables that are. The tally itself cannot be.
    """
    rows = connection.execute("SELECT name, sql FROM main.sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    virtual = tuple(f"{name}_" for name, sql in rows if sql and sql.startswith("CREATE VIRTUAL"))
    names = [
        name
        for name, sql in rows
        if sql
        and not sql.startswith("CREATE VIRTUAL")
        and name != "tally"
        and not name.startswith("sqlite_")
        and not (virtual and name.startswith(virtual))
    ]
    return {
        name: [str(one[1]) for one in connection.execute(f'PRAGMA main.table_info("{name}")').fetchall()]
        for name in names
    }


def schema_tally(connection: Connection) -> Tally:
    """Return the tally of the schema and of what the file's header says of it."""
    rows = connection.execute(
        "SELECT type, name, tbl_name, sql FROM main.sqlite_master "
        "WHERE NOT (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4')) ORDER BY type, name"
    ).fetchall()
    header = [connection.execute(f"PRAGMA main.{one}").fetchone()[0] for one in ("application_id", "user_version")]
    return Tally(len(rows), hashlib.sha256(msgpack.encode((rows, header))).digest())


def arrival_key(values: Iterable[Any]) -> str:
    """Return the key under which a row of a table in `BY_ARRIVAL` is kept in the order of coming."""
    return json.encode(list(values)).decode()


def exchanged(one: Tally, before: tuple[Any, ...] | None, after: tuple[Any, ...]) -> Tally:
    """Return the tally of a table that is not append-only after a row `before` (None for none) was replaced."""
    count, total = one.count + 1, int.from_bytes(one.hash) + hash_sum([after])
    if before is not None:
        count, total = count - 1, total - hash_sum([before])
    return Tally(count, (total % MODULUS).to_bytes(32))


def chained(running: bytes, row: tuple[Any, ...]) -> bytes:
    """Return the running hash of an append-only table after a further row."""
    one = _EMPTY_HASH.copy()
    one.update(running + msgpack.encode(row))
    return one.digest()


def hash_sum(rows: Iterable[tuple[Any, ...]]) -> int:
    """Return the sum of the hashes of rows."""
    total, encode, empty, number = 0, msgpack.encode, _EMPTY_HASH.copy, int.from_bytes
    for row in rows:
        one = empty()
        one.update(encode(row))
        total += number(one.digest())
    return total
