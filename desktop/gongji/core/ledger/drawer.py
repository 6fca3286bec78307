"""钱箱: the cash counted in the drawer by denomination, against what should be there."""

from collections.abc import Mapping

from msgspec import Struct

DENOMINATIONS_FEN = (100_00, 50_00, 20_00, 10_00, 5_00, 1_00, 50, 10)
"""Notes and coins in use, in fen, the largest first."""


def denomination(fen: int) -> str:
    """Return what a note or coin is called."""
    return f"{fen // 100} 元" if fen >= 100 else f"{fen // 10} 角"  # noqa: PLR2004  # fen a yuan


_HANDED_OVER_FEN = (5_00, 10_00, 50_00, 100_00)
_TWENTY_FEN = 20_00
MOST_SUGGESTED = 3


def likely_notes(due_fen: int) -> tuple[int, ...]:
    """Return the amounts, in fen and rising, that somebody who pays a sum in cash most likely gives.

    The next multiples of five, ten, fifty and a hundred yuan, and a twenty where that is enough.
    """
    if due_fen <= 0:
        return ()
    above = {-(-due_fen // step) * step for step in _HANDED_OVER_FEN}
    above |= {_TWENTY_FEN} if due_fen < _TWENTY_FEN else set()
    return tuple(sorted(fen for fen in above if fen != due_fen)[:MOST_SUGGESTED])


class Drawer(Struct, frozen=True, kw_only=True):
    """A drawer as counted: pieces by denomination (fen), and the float at the shift's beginning."""

    pieces: Mapping[int, int] = {}
    float_fen: int = 0

    @property
    def counted_fen(self) -> int:
        """What was counted."""
        return sum(fen * number for fen, number in self.pieces.items())

    def expected_fen(self, cash_fen: int) -> int:
        """Return what should be in the drawer, in fen, when the shift took so much cash."""
        return self.float_fen + cash_fen

    def difference_fen(self, cash_fen: int) -> int:
        """Return the surplus in fen, below zero for a shortage."""
        return self.counted_fen - self.expected_fen(cash_fen)
