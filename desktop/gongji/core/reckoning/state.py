"""What passes from one settlement of a visit to the next: accumulators, accounts and open parameters."""

from collections.abc import Mapping

from gongji.core.money import PPM, share_fen
from gongji.core.packs.entries import changed
from gongji.core.reckoning.parameters import Parameters
from gongji.core.reckoning.plan import Amount, Ratio
from gongji.core.reckoning.policy import Policy
from gongji.core.reckoning.purse import Purse


class Settling:
    """A visit being settled. `accumulators` grows to all that were read or changed, in fen."""

    def __init__(self, policy: Policy, known: Mapping[str, int], parameters: Parameters, purse: Purse) -> None:
        """Start with what is known of the person's year, in fen."""
        self.policy = policy
        self.parameters = parameters
        self.purse = purse
        self.accumulators: dict[str, int] = {}
        self._known = known

    def used(self, name: str | None) -> int:
        """Return what an accumulator stands at, in fen; nothing where there is none."""
        if name is None:
            return 0
        if name not in self.accumulators:
            self.accumulators[name] = self._known.get(name, 0)
        return self.accumulators[name]

    def add(self, name: str | None, fen: int) -> None:
        """Move an accumulator on."""
        if name is not None:
            self.accumulators[name] = self.used(name) + fen

    def fen(self, amount: Amount) -> int:
        """Return an amount's figure in fen."""
        if amount.parameter is None:
            return amount.fixed
        value = self.parameters.value(amount.parameter)
        return max(0, (value if amount.times is None else share_fen(value, amount.times)) + amount.plus)

    def ppm(self, ratio: Ratio) -> int:
        """Return a ratio's figure in ppm; modifiers never make an open parameter more than the whole."""
        if ratio.parameter is None:
            return ratio.fixed
        return min(PPM, changed(self.parameters.value(ratio.parameter), ratio.changes))
