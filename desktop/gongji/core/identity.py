"""公民身份号码 (GB 11643-1999): whether it is one, what it says, and how much of it may be shown."""

import datetime
import re
import unicodedata

_SHAPE = re.compile(r"[1-9]\d{16}[\dX]\Z", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_SHOWN_FIRST, _SHOWN_LAST = 4, 4


def check_character(first_17: str) -> str:
    """Return the check character for the first seventeen digits."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def is_identity_number(text: str) -> bool:
    """Return whether a text is an identity number: its shape, its date and its check character."""
    return bool(_SHAPE.match(text)) and birth_date(text) is not None and check_character(text[:17]) == text[17]


def looks_like_identity_number(text: str) -> bool:
    """Return whether a text has the shape and the date of an identity number, whatever its check character."""
    return bool(_SHAPE.match(text)) and birth_date(text) is not None


def birth_date(number: str) -> datetime.date | None:
    """Return the date of birth in an identity number; None when there is none."""
    try:
        return datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex(number: str) -> str:
    """Return 男 or 女 as an identity number says."""
    return "男" if int(number[16]) % 2 else "女"


def masked(number: str) -> str:
    """Return an identity number with its middle hidden: 5303**********0011."""
    hidden = len(number) - _SHOWN_FIRST - _SHOWN_LAST
    if hidden <= 0:
        return "*" * len(number)
    return number[:_SHOWN_FIRST] + "*" * hidden + number[-_SHOWN_LAST:]


_LIKE_A_NUMBER = 14
"""This many digits, and the next character, are treated as an identity number, valid or not."""


def masked_cell(text: str) -> str:
    """Return a cell's text for display: anything like an identity number has its middle hidden."""
    plain = "".join(one for one in unicodedata.normalize("NFKC", text) if one.isalnum())
    return masked(plain) if plain[:_LIKE_A_NUMBER].isdigit() and len(plain) > _LIKE_A_NUMBER else text
