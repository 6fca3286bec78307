"""A plan's figures with the open parameters filled in: shapes for the kernel and rows of figures."""

from typing import Protocol

from msgspec import Struct

from gongji.core.columns.kernel import CapShape, DeductibleShape, Shape, SupplementShape
from gongji.core.engine.plan import Amount, Plan, PlannedCap, Ratio, Terms
from gongji.core.problems import Problem

ONCE = "\0"
"""The prefix of running totals that last for one settlement."""


class FigureSource(Protocol):
    """The source of figures: open parameters, or symbols for any."""

    missing: list[Problem]

    def fen(self, amount: Amount) -> int:
        """Return an amount in fen."""

    def ratio(self, ratio: Ratio) -> int:
        """Return a ratio in 1/10**12."""


class Resolved(Struct, frozen=True, gc=False):
    """Terms with their figures: ratios in 1/10**12 and amounts in fen, in the order of the shape.

    `names` are those of the running totals, slot by slot. From the layer `bare_from` on a figure is missing: a visit of
    which anything reaches that layer is refused.
    """

    shape: Shape
    ratios: tuple[int, ...]
    amounts: tuple[int, ...]
    names: tuple[str, ...]
    bare_from: int


class ResolvedSupplements(Struct, frozen=True, gc=False):
    """A plan's supplements with their figures: a ratio and its caps' amounts for each, and their totals' names."""

    shapes: tuple[SupplementShape, ...]
    ratios: tuple[int, ...]
    amounts: tuple[int, ...]
    names: tuple[str, ...]


class _Slots(dict[str, int]):
    """Numbers names in the order of their first use."""

    def of(self, name: str | None, place: str) -> int:
        """Return the slot of a running total; without a name, of one that lasts for a settlement."""
        return self.setdefault(f"{ONCE}{place}" if name is None else name, len(self))


def resolve(terms: Terms, parameters: FigureSource, *, account_first: bool) -> Resolved | None:
    """Return terms with their figures; None where one is missing that every visit needs."""
    parameters.missing.clear()  # of the terms before, of which nothing may reach the layer that lacks a figure
    slots = _Slots()
    ratios = [parameters.ratio(one) for one in terms.first_pay]
    amounts = []
    deductible = terms.deductible
    deductible_shape = None
    if deductible is not None:
        amounts.append(parameters.fen(deductible.amount))
        ceiling = None
        if deductible.ceiling is not None and deductible.ceiling_accumulator is not None:
            amounts.append(parameters.fen(deductible.ceiling))
            ceiling = deductible.ceiling_accumulator
        slot = slots.of(deductible.accumulator, "deductible")
        deductible_shape = DeductibleShape(slot, None if ceiling is None else slots.of(ceiling, ""))
    layers = []
    bare_from = len(terms.layers)
    for position, layer in enumerate(terms.layers):
        ratios.append(parameters.ratio(layer.ratio))
        amounts += [parameters.fen(cap.amount) for cap in layer.caps]
        layers.append(_caps(layer.caps, slots))
        if parameters.missing:
            bare_from = min(bare_from, position)
    if bare_from == 0 < len(terms.layers):
        return None
    shape = Shape(len(terms.first_pay), account_first, deductible_shape, tuple(layers), len(slots))
    return Resolved(shape, tuple(ratios), tuple(amounts), tuple(slots), bare_from)


def _caps(caps: tuple[PlannedCap, ...], slots: _Slots) -> tuple[CapShape, ...]:
    return tuple(CapShape(slots.of(cap.accumulator, cap.place), cap.of_expense) for cap in caps)


def resolve_supplements(plan: Plan, parameters: FigureSource) -> ResolvedSupplements | None:
    """Return a plan's supplements with their figures; None where one is missing."""
    parameters.missing.clear()
    slots = _Slots()
    shapes, ratios = [], []
    amounts: list[int] = []
    for one in plan.supplements:
        ratios.append(parameters.ratio(one.layer.ratio))
        amounts += [parameters.fen(cap.amount) for cap in one.layer.caps]
        shapes.append(SupplementShape(one.fund, one.on, _caps(one.layer.caps, slots)))
    if parameters.missing:
        return None
    return ResolvedSupplements(tuple(shapes), tuple(ratios), tuple(amounts), tuple(slots))
