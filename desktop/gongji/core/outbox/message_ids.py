"""发送方报文ID: institution (12), time (14), serial (4), thirty characters that are never used twice.

The serial's first digit is the counter's, so that several counters of one institution can never meet; the other three
run on and are kept in the book, with the time, so that neither a crash nor a clock set back can bring one again.
"""

import datetime

from msgspec import Struct

from gongji.core.dates import moment_of, stamp

_ROUND = 1000
_SECOND = datetime.timedelta(seconds=1)
INSTITUTION_LENGTH = 12


class MessageNumber(Struct, frozen=True):
    """The last number given: its time (a stamp) and the running part of its serial."""

    at: str
    number: int


def following(last: MessageNumber | None, now: str) -> MessageNumber:
    """Return the mark after the last one; its time is never before that one's, and a full second goes to the next."""
    if last is None or now > last.at:
        return MessageNumber(now, 0 if last is None else (last.number + 1) % _ROUND)
    if last.number + 1 < _ROUND:
        return MessageNumber(last.at, last.number + 1)
    return MessageNumber(stamp(moment_of(last.at) + _SECOND), 0)


def msgid(institution: str, counter: str, mark: MessageNumber) -> str:
    """Return the number of a message."""
    digits = "".join(character for character in mark.at if character.isdigit())
    return f"{institution[:INSTITUTION_LENGTH]:0<12}{digits}{counter_digit(counter)}{mark.number:03d}"


def counter_digit(counter: str) -> int:
    """Return the digit a counter's two characters go by in a message's number."""
    return int(counter, 36) % 10
