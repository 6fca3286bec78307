"""How each amount of a settlement came about, part by part: one compressed row, read back as it was put in.

Settlements of an older book have a row for each step and notice.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import DecodeError, msgpack

from gongji.core.engine.settlement import Settlement
from gongji.core.engine.trace import Notice, Step
from gongji.store.compressed_text import compressed, plain
from gongji.store.engine import Connection
from gongji.store.errors import StoreError

_BEGINNINGS = (
    (r"丙类项目全自费", "self_paid"),
    (r"超过限价", "over_price"),
    (r"乙类先行自付|.*先由个人自付：", "prepaid"),
    (r"不予支付", "excluded"),
    (r"政策范围内费用", "eligible"),
    (r"统筹基金不支付", "fund"),
    (r"本人个人账户可用", "account_own"),
    (r"第 \d+ 个共济账户可用", "account_family"),
    (r"公务员医疗补助", "civil_servant"),
    (r"大额医疗费用补助", "large_medical"),
    (r".*起付标准", "deductible"),
    (r".* × \S+% = ", "fund"),
)
_PATTERNS = tuple((re.compile(pattern, re.DOTALL), name) for pattern, name in _BEGINNINGS)


def amount_of(text: str) -> str:
    """Return the key of the amount that a step with this sentence explains; what bars an account is about cash."""
    return next((name for pattern, name in _PATTERNS if pattern.match(text)), "cash")


class PartTrace(NamedTuple):
    """The steps and notices of a part."""

    steps: tuple[Step, ...]
    notices: tuple[Notice, ...]


_Kept = list[tuple[list[tuple[str, str, str, int, str | None, str]], list[tuple[str, str, str]]]]
_DECODER = msgpack.Decoder(_Kept)


def insert(connection: Connection, serial: int, parts: Iterable[Settlement]) -> None:
    """Store the steps and notices of a settlement's parts, inside the caller's transaction."""
    kept: _Kept = [
        (
            [(one.rule, one.article, one.text, int(one.amount_fen), one.reading, one.amount) for one in part.trace],
            [(one.code, one.article, one.text) for one in part.notices],
        )
        for part in parts
    ]
    connection.execute("INSERT INTO trace VALUES (?, ?)", (serial, compressed(msgpack.encode(kept))))


def of(connection: Connection, serial: int) -> Sequence[PartTrace]:
    """Return the steps and notices of a settlement's parts. Raises `StoreError` where they cannot be read."""
    row = connection.execute("SELECT parts FROM trace WHERE settlement = ?", (serial,)).fetchone()
    return _of_older(connection, serial) if row is None else read(row[0])


def read(parts: bytes) -> Sequence[PartTrace]:
    """Return the steps and notices that a row keeps. Raises `StoreError` where it cannot be read."""
    kept = _unpacked(parts)
    return [
        PartTrace(tuple(Step(*one) for one in steps), tuple(Notice(*one) for one in notices)) for steps, notices in kept
    ]


def is_readable(parts: bytes) -> bool:
    """Return whether what a row keeps can be read: the same as reading it, with nothing made of it."""
    try:
        _unpacked(parts)
    except StoreError:
        return False
    return True


def _unpacked(parts: bytes) -> _Kept:
    try:
        return _DECODER.decode(plain(parts))
    except DecodeError as error:
        raise StoreError("SQLITE_CORRUPT") from error


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
