"""How each amount of a settlement came about, part by part: one compressed row, read back as it was put in.

Settlements of an older book have a row for each step and notice.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import DecodeError, msgpack

from gongji.core.engine.settlement import Settlement
from gongji.core.engine.trace import Notice, Step
from gongji.store.compressed_text import compressed, plain
from gongji.store.engine import Connection
from gongji.store.errors import StoreError
from gongji.store.older_steps import amount_of


class PartTrace(NamedTuple):
    """The steps and notices of a part."""

    steps: tuple[Step, ...]
    notices: tuple[Notice, ...]


_Kept = list[tuple[list[tuple[str, str, str, int, str | None, str]], list[tuple[str, str, str]]]]


def insert(connection: Connection, serial: int, parts: Iterable[Settlement]) -> None:
    """Keep the steps and notices of a settlement's parts, inside the caller's transaction."""
    kept: _Kept = [
        (
            [(one.rule, one.article, one.text, int(one.amount_fen), one.reading, one.amount) for one in part.trace],
            [(one.code, one.article, one.text) for one in part.notices],
        )
        for part in parts
    ]
    connection.execute("INSERT INTO trace VALUES (?, ?)", (serial, compressed(msgpack.encode(kept))))


def of(connection: Connection, serial: int) -> Sequence[PartTrace]:
    """Return the steps and notices of a settlement's parts; `StoreError` where they cannot be read."""
    row = connection.execute("SELECT parts FROM trace WHERE settlement = ?", (serial,)).fetchone()
    return _of_older(connection, serial) if row is None else read(row[0])


def read(parts: bytes) -> Sequence[PartTrace]:
    """Return the steps and notices that a row keeps; `StoreError` where it cannot be read."""
    try:
        kept = msgpack.decode(plain(parts), type=_Kept)
    except DecodeError as error:
        raise StoreError("SQLITE_CORRUPT") from error
    return [
        PartTrace(tuple(Step(*one) for one in steps), tuple(Notice(*one) for one in notices)) for steps, notices in kept
    ]


def _of_older(connection: Connection, serial: int) -> Sequence[PartTrace]:
    """Return what an older program kept row by row; a step did not always say which amount it explains."""
    found = []
    (parts,) = connection.execute("SELECT count(*) FROM part WHERE settlement = ?", (serial,)).fetchone()
    for index in range(parts):
        steps = connection.execute(
            "SELECT rule, article, text, amount_fen, reading, amount FROM step WHERE settlement = ? AND part = ? "
            "ORDER BY position",
            (serial, index),
        )
        notices = connection.execute(
            "SELECT code, article, text FROM notice WHERE settlement = ? AND part = ? ORDER BY position",
            (serial, index),
        )
        found.append(
            PartTrace(
                tuple(
                    Step(rule, article, text, fen, reading, amount or amount_of(text))
                    for rule, article, text, fen, reading, amount in steps
                ),
                tuple(Notice(*one) for one in notices),
            )
        )
    return found
