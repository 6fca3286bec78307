"""State passed from one settlement of a visit to the next: accumulators, accounts and open parameters."""

from collections.abc import Mapping

from gongji.core.engine.account_payments import Purse
from gongji.core.engine.parameters import Parameters
from gongji.core.engine.policy import Policy


class RunningTotals:
    """A visit being settled. `accumulators` grows to all that were read or changed, in fen."""

    __slots__ = ("_known", "accumulators", "parameters", "policy", "purse")

    def __init__(self, policy: Policy, known: Mapping[str, int], parameters: Parameters, purse: Purse) -> None:
        """`known` are the person's accumulators of the year, in fen."""
        self.policy = policy
        self.parameters = parameters
        self.purse = purse
        self.accumulators: dict[str, int] = {}
        self._known = known

    def used(self, name: str) -> int:
        """Return an accumulator's value, in fen."""
        fen = self.accumulators.get(name)
        if fen is None:
            fen = self.accumulators[name] = self._known.get(name, 0)
        return fen

    def add(self, name: str, fen: int) -> None:
        """Add an amount in fen to an accumulator."""
        self.accumulators[name] = self.used(name) + fen
