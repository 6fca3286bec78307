"""A cell's content as text: what a person sees in it, with no more digits than Excel keeps."""

import datetime
import math
import re
from functools import lru_cache

Row = tuple[int, list[str], list[tuple[int, str, str]]]
"""A row: its number, its cells, and for each odd cell its place, its kind (below) and what a person sees."""

DATE, ERROR, BOOLEAN, FORMULA, SHOWN = "date", "error", "boolean", "formula", "shown"
"""A date; an error such as #N/A; TRUE or FALSE; a formula; a number that is shown as something else (0011 for 11)."""

LONGEST_CELL = 32_767
"""The most characters in a cell (Excel's own limit)."""

_LONG_NUMBER = 10**15
"""From this magnitude on Excel has rounded a number: it keeps fifteen digits."""
_ESCAPED = re.compile(r"_x((?![Dd][89A-Fa-f])[0-9A-Fa-f]{4})_")  # except half a character, which is none


def plain(cell: str) -> str:
    """Return a cell without what programs put around a number to keep it a text: ="0011", '0011."""
    cell = cell.strip()
    if cell[:2] == '="' and cell[-1] == '"' and len(cell) > 2:  # noqa: PLR2004  # more than the opening
        return cell[2:-1].strip()
    return cell[1:] if cell[:1] == "'" else cell


def without_escapes(text: str) -> str:
    """Return a text of a workbook with the characters that XML cannot hold put back: _x000B_ (ECMA-376, 22.9.2.19)."""
    return text if "_x" not in text else _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


@lru_cache(1 << 14)
def number_text(raw: str) -> str:
    """Return a number of a workbook as a decimal text. Raises ValueError when it is none."""
    if raw.isascii() and raw.isdigit() and len(raw) <= 15:  # noqa: PLR2004  # so many digits Excel keeps
        return str(int(raw))
    return written(float(raw))


def written(value: float) -> str:
    """Return a number as a decimal text; one that Excel has rounded keeps its exponent, to be refused by name.

    Raises `ValueError` for what is no number.
    """
    if not math.isfinite(value):
        raise ValueError(value)
    if value.is_integer():
        return str(int(value)) if abs(value) < _LONG_NUMBER else f"{value:.14E}"
    text = f"{value:.15g}"
    return text if "e" not in text else _small(text) or f"{value:.14E}"


def _small(text: str) -> str | None:
    """Return 1e-05 as 0.00001; None for what is large."""
    digits, _, power = text.partition("e")
    if not power.startswith("-") or digits.startswith("-"):
        return None
    return "0." + "0" * (int(power[1:]) - 1) + digits.replace(".", "")


@lru_cache(1 << 14)
def date_text(raw: str, *, span: bool, epoch_1904: bool) -> tuple[str, tuple[str, str] | None]:
    """Return a date that a workbook stores as days since its epoch, to the nearest second; a time span as a number.

    Raises `ValueError` for a day no calendar has.
    """
    days = float(raw)
    if not math.isfinite(days):
        raise ValueError(raw)
    if span or not 0 <= days < 2_958_466:  # noqa: PLR2004  # 10000-01-01
        return written(days), None
    moment = _epoch(days, epoch_1904=epoch_1904) + datetime.timedelta(seconds=round(days * 86_400))
    return stamp_text(moment), (DATE, raw)


def _epoch(days: float, *, epoch_1904: bool) -> datetime.datetime:
    if epoch_1904:
        return datetime.datetime(1904, 1, 1)  # noqa: DTZ001  # a workbook's days have no zone
    # Excel counts a 29th of February 1900; before it the count is a day less (ECMA-376, 18.17.4.1).
    return datetime.datetime(1899, 12, 31 if days < 60 else 30)  # noqa: DTZ001, PLR2004


def stamp_text(moment: datetime.datetime) -> str:
    """Return a moment as an ISO text, without a time where that is midnight."""
    return str(moment if moment.time() != datetime.time() else moment.date())


def shown_number(text: str, number_format: str) -> str | None:
    """Return how a number (a decimal text) is displayed under a format that pads it or adds to it; None for a fraction.

    Only what makes a code look longer than it is: leading zeros, letters and digits in quotes.
    """
    first = re.sub(r"\[[^\]]*\]", "", number_format.split(";", maxsplit=1)[0])
    quoted = "".join(re.findall(r'"([^"]*)"', first)) + "".join(re.findall(r"\\(.)", first))
    rest = re.sub(r'"[^"]*"|\\.|_.|\*.', "", first)
    zeros = re.match(r"0*", rest)
    width = len(zeros[0]) if zeros else 0
    if not text.isdigit():
        return None
    padded = text.zfill(width)
    prefix = re.match(r'"([^"]*)"', first)
    if any(one.isascii() and one.isalnum() for one in quoted):
        return (prefix[1] if prefix else "") + padded
    return padded
