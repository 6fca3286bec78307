"""What visits settle at, all at once and without steps: to hold what is stored against, and nothing else."""

from collections.abc import Callable, Sequence

import numpy as np

from gongji.core.columns.settle_batch import settle
from gongji.core.columns.visit_batch import Batch
from gongji.core.engine.amounts import AMOUNT_KEYS
from gongji.core.engine.policy import Policy
from gongji.core.visits import Visit

Fens = tuple[int, ...]
"""Fifteen amounts in fen in the order of `AMOUNT_KEYS`."""


def settled_again(
    visits: Sequence[Visit], policy: Policy, knows: Callable[[str, str], bool]
) -> list[list[Fens] | None]:
    """Return what each visit's parts come to, each visit by itself; None for one that is the engine's to settle."""
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
