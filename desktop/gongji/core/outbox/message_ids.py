"""发送方报文ID: institution (12), time (14), serial (4), thirty characters that are never used twice.

Of the 10,000 serials of a second each counter of an institution has some of its own, so that no two ever meet, whatever
their codes: 00 to 09 have 400, 10 to 29 have 100, every other code has 3. They run on and are kept in the book, with
the time, so that neither a crash nor a clock set back can bring one again; a counter that has used all of a second's
goes on with the next.
"""

import datetime
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
    """The last number given: its time (a stamp) and the running part of its serial."""

    at: str
    number: int


def following(last: MessageNumber | None, now: str, most: int) -> MessageNumber:
    """Return the mark after the last one; its time is never before that one's, and a full second goes to the next.

    `most` is how many numbers of a second the counter has (`numbers_of`).
    """
    if last is None or now > last.at:
        return MessageNumber(now, 0 if last is None else (last.number + 1) % most)
    if last.number + 1 < most:
        return MessageNumber(last.at, last.number + 1)
    return MessageNumber(stamp(moment_of(last.at) + _SECOND), 0)


def msgid(institution: str, counter: str, mark: MessageNumber) -> str:
    """Return the number of a message."""
    time = "".join(character for character in mark.at if character.isdigit())
    return f"{institution[:INSTITUTION_LENGTH]:0<12}{time}{numbers_of(counter)[mark.number]:04d}"


def numbers_of(counter: str) -> range:
    """Return the serials of a second that a counter's two characters have for themselves."""
    if counter.isdigit():
        tens, ones = divmod(int(counter), 10)
        if tens == 0:
            return range(ones * _THOUSAND, ones * _THOUSAND + _SINGLE)
        if tens in {1, 2}:
            thousand, half = divmod((tens - 1) * 10 + ones, 2)
            first = thousand * _THOUSAND + _SINGLE + half * _TEENS
            return range(first, first + _TEENS)
    place = int(counter, 36)
    before = sum(min(max(place - tens * 36, 0), 10) for tens in range(3))  # codes with numbers of another size
    thousand, rest = divmod(place - before, _TO_A_THOUSAND)
    first = thousand * _THOUSAND + _SINGLE + 2 * _TEENS + rest * _OTHERS
    return range(first, first + _OTHERS)


def is_of(msgid_: str, institution: str, counter: str) -> bool:
    """Return whether a message's number is one that a counter of an institution may have given."""
    serial = msgid_[-4:]
    mine = msgid_.startswith(f"{institution[:INSTITUTION_LENGTH]:0<12}")
    return mine and serial.isascii() and serial.isdigit() and int(serial) in numbers_of(counter)


def counter_of(number: str, institution: str) -> str | None:
    """Return the counter of an institution that may have given a message's number; None where it is none of its."""
    return next((code for code in _CODES if is_of(number, institution, code)), None) if len(number) == _LENGTH else None
