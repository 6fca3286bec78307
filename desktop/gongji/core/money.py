"""Money, prices, quantities and ratios as integers whose names carry the unit, and the only place that rounds.

==========  =======================================  ==================
type        unit                                     written as
==========  =======================================  ==================
`Fen`       1/100 yuan                               "12.50"
`E4`        1/10000 (a unit price in yuan, a count)  "1.2500"
`Ppm`       parts per million (10,000 are one point) "0.65", "65%"
==========  =======================================  ==================
"""

import re
from collections.abc import Callable
from functools import lru_cache

FEN_PER_YUAN = 100
PPM = 1_000_000
PPM_PER_POINT = 10_000
_E8_PER_FEN = 1_000_000  # a price in 1/10000 times a quantity in 1/10000, in fen

_DECIMAL = re.compile(r"([0-9]{1,10})(?:\.([0-9]{1,6}))?")
_CACHED = 1 << 16


class Fen(int):
    """An amount of money in fen, never negative."""


class E4(int):
    """A unit price or a quantity in ten-thousandths, never negative."""


class Ppm(int):
    """A ratio between 0 and 1 in parts per million."""


def _scaled(text: str, decimals: int) -> int:
    """Return a decimal text as an integer in units of 10**-decimals; ValueError when it is not one or is too fine."""
    match = _DECIMAL.fullmatch(text)
    if match is None or len(match[2] or "") > decimals:
        raise ValueError(text)
    return int(match[1] + (match[2] or "").ljust(decimals, "0"))


@lru_cache(_CACHED)
def parse_fen(text: str) -> Fen:
    """Read "12.50" as 1250 fen; at most two decimals and ten digits before them."""
    try:
        return Fen(_scaled(text, 2))
    except ValueError:
        raise ValueError("应为不小于 0、最多两位小数的金额（元），例如 12.50") from None


@lru_cache(_CACHED)
def parse_e4(text: str) -> E4:
    """Read a unit price or a quantity; at most four decimals and ten digits before them."""
    try:
        return E4(_scaled(text, 4))
    except ValueError:
        raise ValueError("应为不小于 0、最多四位小数的数，例如 1.25") from None


@lru_cache(_CACHED)
def parse_ppm(text: str) -> Ppm:
    """Read "0.65" as 650,000 ppm; between 0 and 1, at most six decimals."""
    try:
        value = _scaled(text, 6)
    except ValueError:
        value = PPM + 1
    if value > PPM:
        raise ValueError("应为 0 到 1 之间、最多六位小数的比例，例如 0.65")
    return Ppm(value)


def parse_percent(text: str) -> Ppm:
    """Read "65%" as 650,000 ppm; between 0% and 100%, at most four decimals."""
    try:
        value = _scaled(text.removesuffix("%"), 4) if text.endswith("%") else PPM + 1
    except ValueError:
        value = PPM + 1
    if value > PPM:
        raise ValueError('应为 "0%" 到 "100%" 之间、最多四位小数的比例，例如 "65%"')
    return Ppm(value)


PARSERS: dict[type, Callable[[str], int]] = {Fen: parse_fen, E4: parse_e4, Ppm: parse_ppm}


def round_half_up(numerator: int, denominator: int) -> int:
    """Return numerator ÷ denominator to the nearest whole, a half going up; numerator ≥ 0, denominator > 0."""
    return (2 * numerator + denominator) // (2 * denominator)


def line_fen(unit_price_e4: int, quantity_e4: int) -> int:
    """Return unit price × quantity in fen, half up."""
    return (unit_price_e4 * quantity_e4 + _E8_PER_FEN // 2) // _E8_PER_FEN


def share_fen(base_fen: int, ratio_ppm: int) -> int:
    """Return base × ratio in fen, half up."""
    return (base_fen * ratio_ppm + PPM // 2) // PPM


def rounded_to(fen: int, step_fen: int) -> int:
    """Return the nearest multiple of a step, half up, in fen; the step is above 0."""
    return round_half_up(fen, step_fen) * step_fen


def base_fen(share: int, ratio_ppm: int) -> int:
    """Return the base whose share it is, share ÷ ratio in fen, half up; the ratio is above 0."""
    return round_half_up(share * PPM, ratio_ppm)


_CENTS = tuple(f".{fen:02d}" for fen in range(FEN_PER_YUAN))


def yuan(fen: int) -> str:
    """Return fen as yuan with two decimals: 1250 → "12.50"."""
    return f"{fen // FEN_PER_YUAN}{_CENTS[fen % FEN_PER_YUAN]}"


@lru_cache(_CACHED)
def plain_e4(value_e4: int) -> str:
    """Return a quantity without needless zeros: 12500 → "1.25", 240000 → "24"."""
    return f"{value_e4 // 10_000}.{value_e4 % 10_000:04d}".rstrip("0").rstrip(".")


@lru_cache(_CACHED)
def price(price_e4: int) -> str:
    """Return a unit price with two decimals, or as many as it has: 186000 → "18.60", 12345 → "1.2345"."""
    text = f"{price_e4 // 10_000}.{price_e4 % 10_000:04d}"
    return text[:-2] if text.endswith("00") else text.rstrip("0")


@lru_cache(_CACHED)
def percent(ratio_ppm: int) -> str:
    """Return a ratio for people: 650,000 → "65%", 28,000 → "2.8%"."""
    return f"{ratio_ppm // PPM_PER_POINT}.{ratio_ppm % PPM_PER_POINT:04d}".rstrip("0").rstrip(".") + "%"


def fraction_text(numerator: int, denominator: int, decimals: int) -> str:
    """Return numerator ÷ denominator as a decimal text with so many decimals, half up."""
    scaled = round_half_up(numerator * 10**decimals, denominator)
    return f"{scaled // 10**decimals}.{scaled % 10**decimals:0{decimals}d}"
