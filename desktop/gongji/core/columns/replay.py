"""A year of visits settled again under another edition: by columns where they can, by the engine where not.

Each visit knows what it knew when it was settled, less what earlier visits of the same person moved then, plus what
they move under the other edition. Figures of the year from other sources stay. Visits are also settled
again one by one, to check what is stored.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from gongji.core.columns.settle_batch import settle
from gongji.core.columns.visit_batch import Batch
from gongji.core.engine.amounts import AMOUNT_KEYS
from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote, quote
from gongji.core.engine.visit_checks import Knows
from gongji.core.money import Fen
from gongji.core.problems import Problem
from gongji.core.visits import Visit

Past = tuple[Visit, Mapping[str, int]]
"""A visit as it was settled, and what it moved then: fen by running total."""


class ReplayOutcome(Struct, frozen=True, gc=False):
    """A visit's result under the other edition, in fen; `problem` is why it is refused, with nothing paid."""

    fund_total_fen: int
    account_fen: int
    cash_fen: int
    problem: Problem | None = None


class Replay:
    """Adds visits in the order in which they were settled, and settles them all again."""

    def __init__(self, policy: Policy, knows: Knows) -> None:
        self._policy, self._knows = policy, knows
        self._batch = Batch(policy, knows)
        self._rows: list[int] = []
        self._sequences: list[Hashable] = []
        self._by_engine: set[Hashable] = set()

    @property
    def count(self) -> int:
        """How many visits were added."""
        return len(self._rows)

    def take(self, visit: Visit, sequence: Hashable, moved: Mapping[str, int]) -> None:
        """Add a visit of a person's benefit year, with what it moved when it was settled."""
        row = -1
        if sequence not in self._by_engine:
            row = len(self._batch)
            if not self._batch.take(visit, sequence, moved):
                self._by_engine.add(sequence)
                row = -1
        self._rows.append(row)
        self._sequences.append(sequence)

    def outcomes(self, again: Callable[[Sequence[int]], Iterable[Past]]) -> tuple[list[ReplayOutcome], int]:
        """Return the result of every visit, in the order of adding, and how many the engine settled.

        `again` returns visits that were added, by their place in that order: where columns cannot compute every visit
        of a person, all of that person's are settled one by one.
        """
        settled = settle(self._batch)
        for row, sequence in zip(self._rows, self._sequences, strict=True):
            if row >= 0 and settled.refused[row]:
                self._by_engine.add(sequence)
        sums = {}
        for name in ("fund_total", "account_own", "account_family", "cash"):
            whole = np.zeros(len(self._batch), dtype=np.int64)
            np.add.at(whole, settled.visit, settled.amounts[name])
            sums[name] = whole.tolist()
        places: dict[Hashable, list[int]] = {}
        found: list[ReplayOutcome] = []
        for place, (row, sequence) in enumerate(zip(self._rows, self._sequences, strict=True)):
            if sequence in self._by_engine:
                places.setdefault(sequence, []).append(place)
                found.append(ReplayOutcome(0, 0, 0))
                continue
            account = sums["account_own"][row] + sums["account_family"][row]
            found.append(ReplayOutcome(sums["fund_total"][row], account, sums["cash"][row]))
        for theirs in places.values():
            quotes = one_by_one(again(theirs), self._policy, self._knows)
            for place, one in zip(theirs, quotes, strict=True):
                found[place] = _outcome(one)
        return found, sum(map(len, places.values()))


def one_by_one(past: Iterable[Past], policy: Policy, knows: Knows) -> Iterator[Quote | list[Problem]]:
    """Yield the results of one person's visits of a benefit year, in order, each after what earlier ones moved."""
    shift: dict[str, int] = {}
    for visit, moved in past:
        known = dict(visit.accumulators)
        for name, fen in shift.items():
            known[name] = Fen(max(0, known.get(name, 0) + fen))
        one = quote(replace(visit, accumulators=known), policy, knows)
        for name, fen in moved.items():
            shift[name] = shift.get(name, 0) - fen
        if isinstance(one, Quote):
            for name, after in one.accumulators.items():
                shift[name] = shift.get(name, 0) + after - known.get(name, 0)
        yield one


def _outcome(one: Quote | list[Problem]) -> ReplayOutcome:
    if not isinstance(one, Quote):
        return ReplayOutcome(0, 0, 0, one[0])
    totals = one.totals
    return ReplayOutcome(totals.fund_total_fen, totals.account_own_fen + totals.account_family_fen, totals.cash_fen)


Fens = tuple[int, ...]
"""Fifteen amounts in fen in the order of `AMOUNT_KEYS`."""


def settled_again(
    visits: Sequence[Visit], policy: Policy, knows: Callable[[str, str], bool]
) -> list[list[Fens] | None]:
    """Return the results of each visit's parts, each visit by itself; None for one that needs the engine."""
    batch = Batch(policy, knows)
    taken = [place for place, visit in enumerate(visits) if batch.take(visit)]
    found: list[list[Fens] | None] = [None] * len(visits)
    if not taken:
        return found
    settled = settle(batch)
    rows = np.stack([settled.amounts[name] for name in AMOUNT_KEYS], axis=1).tolist()
    for number, row in zip(settled.visit.tolist(), rows, strict=True):
        if settled.refused[number]:
            continue
        place = taken[number]
        parts = found[place]
        if parts is None:
            parts = found[place] = []
        parts.append(tuple(row))
    return found
