"""The kernel's operations on columns of 64-bit integers, exact to the fen for amounts up to `LARGEST_FEN`."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gongji.core.money import E12_ONE, base_fen

Column = NDArray[np.int64]

LARGEST_FEN = 10**12
"""The largest bill that columns take; a larger one goes to the engine, whose integers are unbounded."""

LARGEST_FACTOR = 2**31
"""Prices and quantities (in 1/10,000) stay below this, so that their product fits."""

_MILLION = 10**6
_E8_PER_FEN = 10**6
_SAFE = 2**62


class RatioColumn(NamedTuple):
    """A column of ratios in 1/10**12: the values, in millionths, and the remainder below a millionth, if any.

    A pack's own ratios are whole millionths.
    """

    e12: Column
    upper: Column
    lower: Column | None

    @classmethod
    def of(cls, e12: Column) -> "RatioColumn":
        """Return a column of ratios prepared for multiplication."""
        upper, lower = np.divmod(e12, _MILLION)
        return cls(e12, upper, lower if lower.any() else None)

    def at(self, rows: Any) -> "RatioColumn":
        """Return the ratios of some rows."""
        return RatioColumn(self.e12[rows], self.upper[rows], None if self.lower is None else self.lower[rows])


class Integers:
    """The operations on columns."""

    @staticmethod
    def least(one: Any, other: Any) -> Any:
        """Return the smaller of two, element by element."""
        return np.minimum(one, other)

    @staticmethod
    def most(one: Any, other: Any) -> Any:
        """Return the larger of two, element by element."""
        return np.maximum(one, other)

    @staticmethod
    def where(condition: Any, one: Any, other: Any) -> Any:
        """Return one where the condition holds, the other elsewhere."""
        return np.where(condition, one, other)

    @staticmethod
    def share(base: Any, ratio: "RatioColumn") -> Any:
        """Return base × ratio in fen, half up; no product exceeds 64 bits."""
        product = base * ratio.upper
        if ratio.lower is not None:
            product = product + base * ratio.lower // _MILLION
        return (product + _MILLION // 2) // _MILLION

    @staticmethod
    def base(share: Any, ratio: "RatioColumn") -> Any:
        """Return share ÷ ratio in fen, half up; 0 where the ratio is 0."""
        share, e12 = np.broadcast_arrays(share, ratio.e12)
        common = np.maximum(np.gcd(e12, E12_ONE), 1)
        divisor, times = np.maximum(e12 // common, 1), E12_ONE // common
        if share.size == 0 or int(share.max()) * int(times.max()) < _SAFE // 2:
            return np.where(e12 > 0, (2 * share * times + divisor) // (2 * divisor), 0)
        exact = [base_fen(int(fen), int(one)) if one else 0 for fen, one in zip(share.flat, e12.flat, strict=True)]
        return np.array(exact, dtype=np.int64).reshape(share.shape)


def product_fen(price_e4: Column, quantity_e4: Column) -> Column:
    """Return price × quantity in fen, half up; both below `LARGEST_FACTOR`."""
    product: Column = (price_e4 * quantity_e4 + _E8_PER_FEN // 2) // _E8_PER_FEN
    return product
