"""Numbers and days as people write them: full-width digits, 50元, 1,280.00, .5, 12。5, 20261120, 11-20.

Nothing is guessed: what is not understood raises ValueError with a Chinese sentence that names what is wrong. Only 0 to
9 and their full-width forms are digits; ², ① and 二 are none.
"""

import datetime
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Literal

from gongji.core.money import parse_percent, plain_ratio
from gongji.core.problems import quoted

Lean = Literal["back", "near", "ahead"]
"""Which date is meant when the year is omitted: the last one up to today, the nearest, or the next from today."""

_WIDE = str.maketrans("０１２３４５６７８９．。，－−＋—／％\u3000\u00a0", "0123456789..,--+-/%  ")
_UNITS = re.compile(r"\A[¥￥]\s*|\s*(?:元整|元|块)\Z")
_NUMBER = re.compile(r"([0-9]*)(?:\.([0-9]*))?", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?", re.ASCII)
_FULL_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))\Z", re.ASCII)
_YEARS = 8
"""How many years around today are searched: two 29ths of February can be eight years apart."""
_MONTH = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})月?|(\d{2}))\Z", re.ASCII)
_SHORT_DAY = re.compile(r"(\d{1,2})[-/.月](\d{1,2})日?\Z", re.ASCII)


def wide_to_plain(text: str) -> str:
    """Return a text with full-width digits and number signs as plain ones, stripped."""
    return text.translate(_WIDE).strip()


@lru_cache(1 << 12)
def plain_number(text: str) -> str:
    """Return a number not below zero as the decimal text that `core.money` reads: "1,280.00元" is "1280.00".

    Raises ValueError with a Chinese sentence for anything else.
    """
    plain = _UNITS.sub("", wide_to_plain(text)).strip()
    if "," in plain:
        if _GROUPED.fullmatch(plain) is None:
            raise ValueError("逗号的位置不对（千位分隔，每三位一个），请核对")
        plain = plain.replace(",", "")
    found = _NUMBER.fullmatch(plain)
    if found is None or not (found[1] or found[2]):
        raise ValueError(_why_no_number(plain))
    return (found[1] or "0") + (f".{found[2]}" if found[2] else "")


def whole_number(text: str, most: int) -> int | None:
    """Return a whole number of at most `most`, in plain or full-width digits; None for anything else."""
    plain = wide_to_plain(text)
    if not (plain.isascii() and plain.isdigit()) or len(plain.lstrip("0")) > len(str(most)):
        return None
    found = int(plain.lstrip("0") or "0")
    return found if found <= most else None


def figure_as_written(text: str) -> str:
    """Return a figure in plain form, with its sign and percent sign: "１，２８０元" is "1280".

    Anything else is returned in plain characters, to be refused by its reader.
    """
    plain = wide_to_plain(text)
    sign, percent = plain[:1] if plain[:1] in ("+", "-") else "", "%" if plain[-1:] == "%" else ""
    try:
        return sign + plain_number(plain[len(sign) : len(plain) - len(percent)]) + percent
    except ValueError:
        return plain


def ratio_as_written(text: str) -> str:
    """Return a ratio as the contract writes it: "0.65", also where it is typed as ６５％; other texts in plain form."""
    plain = figure_as_written(text)
    try:
        return plain_ratio(parse_percent(plain)) if plain.endswith("%") else plain
    except ValueError:
        return plain


def month_as_written(text: str) -> str:
    """Return a month as 2026-11, however it is written: 202611, 2026.11, 2026年11月; other texts in plain form."""
    plain = wide_to_plain(text).replace(" ", "")
    found = _MONTH.match(plain)
    return plain if found is None else f"{found[1]}-{int(found[2] or found[3]):02d}"


def odd_sign(text: str) -> str:
    """Return the first character that no number has; empty if there is none or it is invisible."""
    plain = _UNITS.sub("", wide_to_plain(text)).strip()
    odd = next((one for one in plain if not (one.isascii() and one.isdigit()) and one not in ".,"), "")
    return odd if odd.isprintable() and not odd.isspace() else ""


def _why_no_number(plain: str) -> str:
    if not plain:
        return "应为数字，例如 12.50"
    if plain[0] == "-":
        return "应为不小于 0 的数，请改正"
    odd = next((one for one in plain if not (one.isascii() and one.isdigit()) and one != "."), None)
    if odd is None:
        return "小数点不止一个，请改正"
    shown = quoted(odd) if odd.isprintable() and not odd.isspace() else "看不见的字符"
    return f"应为数字，“{shown}”不是 0 到 9，请改正"


def typed_day(text: str, today: datetime.date, lean: Lean = "back") -> datetime.date:
    """Return a typed day; without a year, the date before, after or nearest to today, as `lean` says.

    Raises ValueError when it is no day or does not exist.
    """
    plain = wide_to_plain(text).replace(" ", "")
    full = _FULL_DAY.match(plain)
    if full is not None:
        year, month, day, joined_month, joined_day = full.groups()
        return _day(int(year), int(month or joined_month), int(day or joined_day))
    short = _SHORT_DAY.match(plain)
    if short is None:
        raise ValueError("应为日期，例如 2026-11-20、20261120 或 11-20")
    found = [one for one in _of_years(today.year, int(short[1]), int(short[2])) if _leans(one, today, lean)]
    if not found:
        raise ValueError("没有这一天，请核对日期")
    return min(found, key=lambda one: abs(one - today))


def _of_years(year: int, month: int, day: int) -> Iterator[datetime.date]:
    """Yield a day in each year around in which it exists: a 29th of February is in leap years only."""
    for one in range(year - _YEARS, year + _YEARS + 1):
        with suppress(ValueError):
            yield datetime.date(one, month, day)


def _leans(one: datetime.date, today: datetime.date, lean: Lean) -> bool:
    return lean == "near" or (one <= today if lean == "back" else one >= today)


def _day(year: int, month: int, day: int) -> datetime.date:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise ValueError("没有这一天，请核对日期") from None
