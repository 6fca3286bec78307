"""Money, prices, quantities and ratios as integers whose names carry the unit. The only module that rounds.

大写金额 is how a bill has to write an amount, so that no stroke added later can change it.

==========  ============================================  ==================
type        unit                                          written as
==========  ============================================  ==================
`Fen`       1/100 yuan                                    "12.50"
`E4`        1/10,000 (a unit price in yuan, a quantity)   "1.2500"
`E12`       1/10**12 (a ratio between 0 and 1)            "0.65", "65%"
==========  ============================================  ==================
"""

import re
from collections.abc import Callable
from functools import lru_cache

FEN_PER_YUAN = 100
E12_ONE = 10**12
E12_PER_POINT = 10**10
_E8_PER_FEN = 10**6  # a price in 1/10,000 times a quantity in 1/10,000, in fen

_DECIMAL = re.compile(r"([0-9]+)(?:\.([0-9]+))?")
_MOST_DIGITS = 10
_CACHED = 1 << 16


class Fen(int):
    """An amount of money in fen, never negative."""


class E4(int):
    """A unit price or a quantity in ten-thousandths, never negative."""


class E12(int):
    """A ratio between 0 and 1 in 1/10**12."""


def _scaled(text: str, decimals: int) -> int | None:
    """Return a decimal text in units of 10**-decimals; None if it is no number, too fine or over ten digits."""
    match = _DECIMAL.fullmatch(text)
    if match is None or len(match[1]) > _MOST_DIGITS or len(match[2] or "") > decimals:
        return None
    return int(match[1] + (match[2] or "").ljust(decimals, "0"))


@lru_cache(_CACHED)
def parse_fen(text: str) -> Fen:
    """Return the fen of a text in yuan: "12.50" is 1250. Raises ValueError with a Chinese sentence."""
    value = _scaled(text, 2)
    if value is None:
        raise ValueError("应为不小于 0、小数最多两位、整数最多十位的金额（元），例如 12.50")
    return Fen(value)


@lru_cache(_CACHED)
def parse_e4(text: str) -> E4:
    """Return a unit price (yuan) or a quantity in 1/10,000. Raises ValueError with a Chinese sentence."""
    value = _scaled(text, 4)
    if value is None:
        raise ValueError("应为不小于 0、小数最多四位、整数最多十位的数，例如 1.25")
    return E4(value)


@lru_cache(_CACHED)
def parse_ratio(text: str) -> E12:
    """Return a ratio written as a fraction, "0.65". Raises ValueError with a Chinese sentence."""
    value = _scaled(text, 12)
    if value is None or value > E12_ONE:
        raise ValueError("应为 0 到 1 之间、小数最多十二位的比例，例如 0.65")
    return E12(value)


def parse_percent(text: str) -> E12:
    """Return a ratio written as a percentage, "65%". Raises ValueError with a Chinese sentence."""
    value = _scaled(text.removesuffix("%"), 4) if text.endswith("%") else None
    if value is None or value * (E12_PER_POINT // 10**4) > E12_ONE:
        raise ValueError('应为 "0%" 到 "100%" 之间、小数最多四位的比例，例如 "65%"')
    return E12(value * (E12_PER_POINT // 10**4))


PARSERS: dict[type, Callable[[str], int]] = {Fen: parse_fen, E4: parse_e4, E12: parse_ratio}


def round_half_up(numerator: int, denominator: int) -> int:
    """Return numerator ÷ denominator to the nearest whole, a half going up; numerator ≥ 0, denominator > 0."""
    return (2 * numerator + denominator) // (2 * denominator)


def line_fen(unit_price_e4: int, quantity_e4: int) -> int:
    """Return unit price × quantity in fen, half up."""
    return (unit_price_e4 * quantity_e4 + _E8_PER_FEN // 2) // _E8_PER_FEN


def share_fen(base_fen: int, ratio_e12: int) -> int:
    """Return base × ratio in fen, half up."""
    return (base_fen * ratio_e12 + E12_ONE // 2) // E12_ONE


def product_text(base_fen: int, ratio_e12: int) -> str:
    """Return base × ratio as text in yuan: "89.70", or with its rounding "53.328，四舍五入 53.33"."""
    whole_fen, rest_e12 = divmod(base_fen * ratio_e12, E12_ONE)
    if not rest_e12:
        return yuan(whole_fen)
    return f"{yuan(whole_fen)}{_decimals(rest_e12)}，四舍五入 {yuan(whole_fen + (2 * rest_e12 >= E12_ONE))}"


def rounded_to(fen: int, step_fen: int) -> int:
    """Return the nearest multiple of a step, half up, in fen; the step is above 0."""
    return round_half_up(fen, step_fen) * step_fen


def base_fen(share: int, ratio_e12: int) -> int:
    """Return the base in fen of which `share` fen is the given ratio: share ÷ ratio, half up; the ratio is above 0."""
    return round_half_up(share * E12_ONE, ratio_e12)


def quotient_text(share: int, ratio_e12: int) -> str:
    """Return share ÷ ratio as text in yuan, from fen: "16.67", or with its rounding "16.6666…，四舍五入 16.67"."""
    numerator, rounded = share * E12_ONE, yuan(base_fen(share, ratio_e12))
    if numerator % ratio_e12 == 0:
        return rounded
    whole, rest = divmod(numerator * FEN_PER_YUAN // ratio_e12, FEN_PER_YUAN**2)
    return f"{whole}.{rest:04d}…，四舍五入 {rounded}"


_CENTS = tuple(f".{fen:02d}" for fen in range(FEN_PER_YUAN))


class _Texts(dict[int, str]):
    """A cache of integers as text; emptied when it grows too large.

    An amount is written many times for one visit: in its sentences, its steps, its totals.
    """

    def __init__(self, written: Callable[[int], str]) -> None:
        super().__init__()
        self._written = written

    def __missing__(self, value: int) -> str:
        if len(self) >= _CACHED:
            self.clear()
        text = self[value] = self._written(value)
        return text


class _Yuan(dict[int, str]):
    """The same for amounts, written here: nearly every visit has some that none before had."""

    def __missing__(self, fen: int) -> str:
        if len(self) >= _CACHED:
            self.clear()
        whole, cents = divmod(fen if fen >= 0 else -fen, FEN_PER_YUAN)
        text = self[fen] = f"{'' if fen >= 0 else '-'}{whole}{_CENTS[cents]}"
        return text


def _plain_e4(value_e4: int) -> str:
    return f"{value_e4 // 10_000}.{value_e4 % 10_000:04d}".rstrip("0").rstrip(".")


def _price(price_e4: int) -> str:
    text = f"{price_e4 // 10_000}.{price_e4 % 10_000:04d}"
    return text[:-2] if text.endswith("00") else text.rstrip("0")


def _percent(ratio_e12: int) -> str:
    return f"{ratio_e12 // E12_PER_POINT}.{ratio_e12 % E12_PER_POINT:010d}".rstrip("0").rstrip(".") + "%"


_decimals = _Texts(lambda rest_e12: f"{rest_e12:012d}".rstrip("0")).__getitem__
yuan = _Yuan().__getitem__
"""Return fen as yuan with two decimals: 1250 → "12.50", −50 → "-0.50"."""
plain_e4 = _Texts(_plain_e4).__getitem__
"""Return a quantity without needless zeros: 12500 → "1.25", 240000 → "24"."""
price = _Texts(_price).__getitem__
"""Return a unit price with two decimals, or as many as it has: 186000 → "18.60", 12345 → "1.2345"."""
percent = _Texts(_percent).__getitem__
"""Return a ratio for people: "65%", "2.8%"."""


def grouped(fen: int) -> str:
    """Return fen as yuan for a screen, its thousands apart, below zero with a minus: 123456 → "1,234.56"."""
    sign, fen = ("−", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // FEN_PER_YUAN:,}{_CENTS[fen % FEN_PER_YUAN]}"


def plain_ratio(ratio_e12: int) -> str:
    """Return a ratio as it is read: 650000000000 → "0.65"."""
    return f"{ratio_e12 // E12_ONE}.{ratio_e12 % E12_ONE:012d}".rstrip("0").rstrip(".")


def fraction_text(numerator: int, denominator: int, decimals: int) -> str:
    """Return numerator ÷ denominator as a decimal text with so many decimals, half up."""
    scaled = round_half_up(numerator * 10**decimals, denominator)
    return f"{scaled // 10**decimals}.{scaled % 10**decimals:0{decimals}d}"


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_GROUP_UNITS = ("", "万", "亿")
_GROUP = 10_000
_THOUSAND = 1000
MOST_FEN = _GROUP ** len(_GROUP_UNITS) * FEN_PER_YUAN - 1
"""The largest amount that 大写 can express here, in fen: one fen below a 万亿 yuan."""


def capitals(fen: int) -> str:
    """Return an amount in fen as 大写金额: 140950 → 壹仟肆佰零玖元伍角整; a negative one begins with 负.

    Raises ValueError beyond `MOST_FEN`.
    """
    if abs(fen) > MOST_FEN:
        raise ValueError(fen)
    if fen < 0:
        return "负" + capitals(-fen)
    yuan, cents = divmod(fen, FEN_PER_YUAN)
    jiao, last = divmod(cents, 10)
    text = _whole(yuan) + "元" if yuan or not cents else ""
    if not cents:
        return text + "整"
    if text and (not jiao or yuan % 10 == 0):
        text += "零"
    if jiao:
        text += _DIGITS[jiao] + "角"
    return text + (_DIGITS[last] + "分" if last else "整")


def _whole(number: int) -> str:
    """Return whole yuan, in groups of four digits."""
    text, skipped = "", False
    for place in reversed(range(len(_GROUP_UNITS))):
        group = number // _GROUP**place % _GROUP
        if group:
            gap = text and (skipped or group < _THOUSAND)
            text += ("零" if gap else "") + _four(group) + _GROUP_UNITS[place]
        skipped = not group
    return text or "零"


def _four(group: int) -> str:
    """Return a number of one to four digits; inner zeros are said once, leading and trailing ones not."""
    text = ""
    for digit, place in zip(f"{group:04d}", _PLACES, strict=True):
        if digit != "0":
            text += _DIGITS[int(digit)] + place
        elif text and not text.endswith("零"):
            text += "零"
    return text.rstrip("零")
