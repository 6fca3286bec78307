"""Bills of a batch: each line's parts as columns, added up by settlement and by stream of expense."""

from typing import Any

import numpy as np

from gongji.core.columns import kernel
from gongji.core.columns.arithmetic import Column, Integers, RatioColumn, product_fen
from gongji.core.columns.visit_batch import NONE, Batch

OPS = Integers()
_NOTHING = np.zeros(1, dtype=np.int64)
"""Represents a column of zeros."""
_PAID = ("deductible", "fund", "civil_servant", "large_medical", "account_own", "account_family")
_INNER = ("first_paid", "account", "over_cap", "barred")


def column_of(values: Any) -> Column:
    """Return whole numbers as a column."""
    return np.asarray(values, dtype=np.int64)


def evenly(places: Column) -> Any:
    """Return evenly spaced places as a slice, which reads columns without copying."""
    if len(places) < 2:  # noqa: PLR2004  # one place alone has no distance
        return places
    first, step = int(places[0]), int(places[1] - places[0])
    last = int(places[-1])
    if step > 0 and last == first + step * (len(places) - 1) and bool((places[1:] - places[:-1] == step).all()):
        return slice(first, last + 1, step)
    return places


def bills(batch: Batch) -> tuple[dict[str, Column], Column, Column]:
    """Return the amounts of lines, the eligible expense of each unit, and settlements with a wrong line."""
    lines, treatments = batch.lines, batch.treatments
    price, quantity, ceiling = column_of(lines.price), column_of(lines.quantity), column_of(lines.ceiling)
    settlement, unit, given = column_of(lines.settlement), column_of(lines.unit), column_of(lines.amount)
    kind, is_c = np.divmod(column_of(lines.treatment), 2)
    excluded = np.array([one.excluded is not None for one in treatments], dtype=np.bool_)[kind]
    barred = np.array([one.barred is not None for one in treatments], dtype=np.bool_)[kind]
    amount = product_fen(price, quantity)
    above = (ceiling != NONE) & (ceiling < price)
    ratio = column_of(lines.ratio)
    parts = kernel.LineParts(
        _NOTHING, _NOTHING, _NOTHING, amount
    )  # what most lines are: of class A, within their price
    if is_c.any() or above.any() or ratio.any():
        over = np.where(above, product_fen(np.where(above, price - ceiling, 0), quantity), 0)
        parts = kernel.line(OPS, is_c == 1, amount, over, RatioColumn.of(ratio))
    eligible = np.where(excluded, 0, parts.left) if excluded.any() else parts.left
    rows = {
        "total": amount,
        "self_paid": parts.self_paid,
        "over_price": parts.over_price,
        "prepaid": parts.prepaid,
        "excluded": parts.left - eligible if excluded.any() else _NOTHING,
        "eligible": eligible,
        "barred": np.where(barred, amount, 0) if barred.any() else _NOTHING,
    }
    count = len(batch.settlements.visit)
    starts = None if count == len(settlement) else np.flatnonzero(np.diff(settlement, prepend=-1))
    amounts: dict[str, Column] = {}
    for name in (*rows, *_PAID, *_INNER):
        row = rows.get(name, _NOTHING)
        if row is _NOTHING or not count:
            amounts[name] = np.zeros(count, dtype=np.int64)
        else:
            amounts[name] = row.copy() if starts is None else np.add.reduceat(row, starts)
    eligible_of_unit = np.zeros(batch.count_units, dtype=np.int64)
    in_stream = unit != NONE
    if bool(in_stream.all()):
        _add_up(eligible_of_unit, unit, eligible)
    else:
        _add_up(eligible_of_unit, unit[in_stream], eligible[in_stream])
    wrong: Column = settlement[(given != NONE) & (given != amount)]
    return amounts, eligible_of_unit, wrong


def _add_up(sums: Column, places: Column, fen: Column) -> None:
    """Add amounts to the sums at their places; runs of equal places are added at once."""
    spaced = evenly(places)
    if isinstance(spaced, slice):
        sums[spaced] += fen
    elif places.size and bool((places[1:] >= places[:-1]).all()):
        starts = np.flatnonzero(np.diff(places, prepend=-1))
        sums[places[starts]] += np.add.reduceat(fen, starts)
    else:
        np.add.at(sums, places, fen)
