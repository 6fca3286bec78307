"""Settling a batch: round by round, so that what a visit moves is known to the next of its sequence."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from gongji.core.columns import kernel
from gongji.core.columns.arithmetic import Column, RatioColumn
from gongji.core.columns.bill_columns import OPS, bills, column_of, evenly
from gongji.core.columns.kernel import Shape, ShapeFigures
from gongji.core.columns.terms import Resolved, ResolvedSupplements
from gongji.core.columns.visit_batch import NONE, Batch, StreamColumns

Flags = NDArray[np.bool_]


class SettledBatch(Struct):
    """The results of a batch: a row for each settlement, amounts in fen under the names of `Amounts`.

    `visit` is the settlement's visit, in the order of adding; `refused` marks the visits that the engine has to settle
    after all, because they turn out to need a missing figure. `moved` is what each running total moved.
    """

    visit: Column
    amounts: dict[str, Column]
    refused: Flags
    moved: Column


class _Left(Struct):
    """State between rounds, in fen: what running totals moved, and what is left in accounts."""

    visit: Column
    amounts: dict[str, Column]
    eligible_of_unit: Column
    moved: Column
    own: Column
    family: Column
    open: Flags
    refused: Flags


def settle(batch: Batch) -> SettledBatch:
    """Return what every visit of a batch settles at, exact to the fen."""
    visit, rounds = column_of(batch.settlements.visit), column_of(batch.settlements.round)
    amounts, eligible_of_unit, wrong = bills(batch)
    refused = np.zeros(len(batch), dtype=np.bool_)
    refused[visit[wrong]] = True
    pool = _Left(
        visit=visit,
        amounts=amounts,
        eligible_of_unit=eligible_of_unit,
        moved=np.zeros(batch.count_totals, dtype=np.int64),
        own=column_of(batch.own_fen).copy(),
        family=column_of(batch.family_fen).copy(),
        open=np.array(batch.settlements.accounts_open, dtype=np.bool_),
        refused=refused,
    )
    streams: dict[int, list[tuple[int, _Streams, slice]]] = {}
    for shape, units in batch.units.items():
        laid = _Streams(shape, units, batch.terms(shape), rounds)
        for round_, order, rows in laid.turns():
            streams.setdefault(round_, []).append((order, laid, rows))
    closings = _closings(batch, rounds)
    before = _moved_before(batch, rounds)
    for round_ in range(int(rounds.max(initial=-1)) + 1):
        for _, laid, rows in sorted(streams.get(round_, ()), key=lambda one: one[0]):
            laid.pay(rows, pool)
        for closing in closings.get(round_, ()):
            closing.close(pool)
        if round_ in before:
            totals, fen = before[round_]
            np.subtract.at(pool.moved, totals, fen)
    return SettledBatch(visit, _finished(amounts), refused, pool.moved)


class _Streams:
    """The units of one shape, in the order of their turns, with their figures as columns."""

    def __init__(self, shape: Shape, units: StreamColumns, terms: list[Resolved], rounds: Column) -> None:
        settlement, order = column_of(units.settlement), column_of(units.order)
        by_turn: Any = slice(None)
        if order.any() or rounds.any():
            by_turn = np.lexsort((order, rounds[settlement]))
        self._shape = shape
        self._settlement, self._order = settlement[by_turn], order[by_turn]
        self._round = rounds[self._settlement]
        self._unit, self._row = column_of(units.unit)[by_turn], column_of(units.terms)[by_turn]
        self._totals = column_of(units.totals).reshape(len(settlement), shape.slots)[by_turn]
        self._known = column_of(units.known).reshape(len(settlement), shape.slots)[by_turn]
        self._ratios = [RatioColumn.of(column_of(one)) for one in zip(*(one.ratios for one in terms), strict=True)]
        self._amounts = [column_of(one) for one in zip(*(one.amounts for one in terms), strict=True)]
        self._bare_from = column_of([one.bare_from for one in terms])
        self._may_be_bare = bool((self._bare_from < len(shape.layers)).any())

    def turns(self) -> Iterator[tuple[int, int, slice]]:
        """Yield each round and order with its rows."""
        changes = np.flatnonzero(np.diff(self._round) | np.diff(self._order)) + 1
        edges = [0, *changes.tolist(), len(self._round)]
        for first, end in pairwise(edges):
            yield int(self._round[first]), int(self._order[first]), slice(first, end)

    def pay(self, rows: slice, pool: _Left) -> None:
        """Compute what the fund pays of these units' expense."""
        shape, settlement = self._shape, evenly(self._settlement[rows])
        figures = self._figures(self._row[rows])
        totals = [evenly(self._totals[rows, slot]) for slot in range(shape.slots)]
        used = [np.maximum(0, self._known[rows, slot] + pool.moved[totals[slot]]) for slot in range(shape.slots)]
        before = list(used)
        visit = evenly(pool.visit[settlement])
        eligible = pool.eligible_of_unit[evenly(self._unit[rows])]
        paid = kernel.stream(OPS, shape, figures, eligible, used, pool.own[visit] if shape.account_first else 0)
        for slot in range(shape.slots):
            pool.moved[totals[slot]] += used[slot] - before[slot]
        if shape.account_first:
            pool.own[visit] -= paid.account
        amounts = pool.amounts
        for name in ("first_paid", "account", "deductible", "fund", "over_cap"):
            fen = getattr(paid, name)
            if not isinstance(fen, int):
                amounts[name][settlement] += fen
        if self._may_be_bare:
            bare_from = self._bare_from[self._row[rows]]
            for position, left in enumerate(paid.left_before[1:], 1):
                pool.refused[pool.visit[settlement][(left > 0) & (bare_from <= position)]] = True

    def _figures(self, terms: Column) -> ShapeFigures:
        """Return the figures of these terms: as columns, or as single numbers where all have the same."""
        row: Any = terms if (terms != terms[0]).any() else terms[0]
        ratios, amounts = [one.at(row) for one in self._ratios], [one[row] for one in self._amounts]
        return kernel.figures_of(self._shape, ratios, amounts)


class _Closing(Struct):
    """The settlements of one round that have the same supplements, if any."""

    rows: Column
    supplements: ResolvedSupplements | None
    totals: Column
    known: Column

    def close(self, pool: _Left) -> None:
        """Compute what supplements and accounts pay of what the fund left."""
        rows, amounts = evenly(self.rows), pool.amounts
        fund = amounts["fund"][rows]
        if self.supplements is not None:
            fund = fund + self._supplement(self.supplements, pool)
        visit = evenly(pool.visit[rows])
        due = amounts["total"][rows] - fund - amounts["barred"][rows] - amounts["account"][rows]
        due = np.where(pool.open[rows], np.maximum(0, due), 0)
        own, family = kernel.accounts(OPS, due, pool.own[visit], pool.family[visit])
        pool.own[visit] -= own
        pool.family[visit] -= family
        amounts["account_own"][rows] = own
        amounts["account_family"][rows] = family

    def _supplement(self, one: ResolvedSupplements, pool: _Left) -> Column:
        rows, amounts = self.rows, pool.amounts
        known = {name: amounts[name][rows] for name in ("deductible", "over_cap")}
        eligible = amounts["eligible"][rows] - amounts["first_paid"][rows]
        share = eligible - amounts["account"][rows] - amounts["fund"][rows] - sum(known.values())
        used = [np.maximum(0, self.known[:, at] + pool.moved[self.totals[:, at]]) for at in range(len(one.names))]
        before = list(used)
        limits = iter(column_of(one.amounts))
        figures = [
            (RatioColumn.of(column_of(ratio)), [next(limits) for _ in shape.caps])
            for ratio, shape in zip(one.ratios, one.shapes, strict=True)
        ]
        paid = kernel.supplements(OPS, one.shapes, figures, {**known, "share": share}, used)
        for at in range(len(one.names)):
            pool.moved[self.totals[:, at]] += used[at] - before[at]
        for shape, fen in zip(one.shapes, paid, strict=True):
            amounts[shape.fund][rows] += fen
        return np.asarray(sum(paid[1:], start=paid[0]))


def _closings(batch: Batch, rounds: Column) -> dict[int, list[_Closing]]:
    """Return by round the settlements to close, those with the same supplements together."""
    number = column_of(batch.settlements.supplements)
    alike = not rounds.any() and not (number[1:] != number[:-1]).any()
    by_turn = np.arange(len(number)) if alike else np.lexsort((number, rounds))
    edges = np.flatnonzero(np.diff(rounds[by_turn]) | np.diff(number[by_turn])) + 1
    found: dict[int, list[_Closing]] = {}
    for rows in np.split(by_turn, edges) if len(by_turn) else ():
        which = int(number[rows[0]])
        one = None if which == NONE else batch.supplements[which]
        width = 0 if one is None else len(one.names)
        totals = column_of([batch.settlements.totals[row] for row in rows] if width else [])
        known = column_of([batch.settlements.known[row] for row in rows] if width else [])
        closing = _Closing(rows, one, totals.reshape(-1, max(width, 1)), known.reshape(-1, max(width, 1)))
        found.setdefault(int(rounds[rows[0]]), []).append(closing)
    return found


def _moved_before(batch: Batch, rounds: Column) -> dict[int, tuple[Column, Column]]:
    """Return by round the running totals from which to subtract what was moved before, and how much in fen."""
    if not batch.moved_before:
        return {}
    settlement, totals, fen = column_of(batch.moved_before).reshape(-1, 3).T
    turn = rounds[settlement]
    return {int(one): (totals[turn == one], fen[turn == one]) for one in np.unique(turn)}


def _finished(amounts: dict[str, Column]) -> dict[str, Column]:
    """Return the fifteen amounts, those that are sums of others included."""
    first_paid = amounts.pop("first_paid")
    amounts["prepaid"] = amounts["prepaid"] + first_paid
    amounts["eligible"] = amounts["eligible"] - first_paid
    amounts["account_own"] = amounts["account_own"] + amounts.pop("account")
    del amounts["over_cap"], amounts["barred"]
    amounts["fund_total"] = amounts["fund"] + amounts["civil_servant"] + amounts["large_medical"]
    amounts["patient"] = amounts["total"] - amounts["fund_total"]
    amounts["cash"] = amounts["patient"] - amounts["account_own"] - amounts["account_family"]
    return amounts
