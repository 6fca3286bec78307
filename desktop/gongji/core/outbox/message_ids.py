"""发送方报文ID: institution (12), time (14), serial (4): thirty characters that are never used twice.

Each counter of an institution has its own range of the 10,000 serials of a second, so that no two counters collide:
codes 00 to 09 have 400 each, 10 to 29 have 100, every other code has 3. The last one is stored in the book with
its time, so that neither a crash nor a clock set back repeats one; a counter that has used up a second's range
continues with the next second.
"""

import datetime
from functools import cache
from itertools import product
from string import ascii_uppercase, digits

from msgspec import Struct

from gongji.core.dates import moment_of, stamp

_THOUSAND = 1000
_SINGLE, _TEENS, _OTHERS = 400, 100, 3
_TO_A_THOUSAND = 127  # of the other codes
_SECOND = datetime.timedelta(seconds=1)
INSTITUTION_LENGTH = 12
_LENGTH = 30
_CODES = ["".join(pair) for pair in product(digits + ascii_uppercase, repeat=2)]


class MessageNumber(Struct, frozen=True):
    """The last number given: its time (a stamp) and its position in the counter's range."""

    at: str
    number: int


def following(last: MessageNumber | None, now: str, most: int) -> MessageNumber:
    """Return the number after the last one; its time never goes back, and a full second moves on to the next.

    `most` is the size of the counter's range (`numbers_of`).
    """
    if last is None or now > last.at:
        return MessageNumber(now, 0 if last is None else (last.number + 1) % most)
    if last.number + 1 < most:
        return MessageNumber(last.at, last.number + 1)
    return MessageNumber(stamp(moment_of(last.at) + _SECOND), 0)


def msgid(institution: str, counter: str, mark: MessageNumber) -> str:
    """Return the number of a message."""
    time = "".join(filter(str.isdigit, mark.at))
    return f"{institution[:INSTITUTION_LENGTH]:0<12}{time}{numbers_of(counter)[mark.number]:04d}"


@cache
def numbers_of(counter: str) -> range:
    """Return a counter's range of serials within a second."""
    if counter.isdigit():
        tens, ones = divmod(int(counter), 10)
        if tens == 0:
            return range(ones * _THOUSAND, ones * _THOUSAND + _SINGLE)
        if tens in {1, 2}:
            thousand, half = divmod((tens - 1) * 10 + ones, 2)
            first = thousand * _THOUSAND + _SINGLE + half * _TEENS
            return range(first, first + _TEENS)
    place = int(counter, 36)
    before = sum(min(max(place - tens * 36, 0), 10) for tens in range(3))  # codes whose ranges have another size
    thousand, rest = divmod(place - before, _TO_A_THOUSAND)
    first = thousand * _THOUSAND + _SINGLE + 2 * _TEENS + rest * _OTHERS
    return range(first, first + _OTHERS)


def is_of(msgid_: str, institution: str, counter: str) -> bool:
    """Return whether a counter of an institution can have given this message id."""
    serial = msgid_[-4:]
    mine = msgid_.startswith(f"{institution[:INSTITUTION_LENGTH]:0<12}")
    return mine and serial.isascii() and serial.isdigit() and int(serial) in numbers_of(counter)


def counter_of(number: str, institution: str) -> str | None:
    """Return which counter of an institution gave a message id; None where none of its can have."""
    return next((code for code in _CODES if is_of(number, institution, code)), None) if len(number) == _LENGTH else None
