"""The arithmetic of a settlement, written once for any kind of number: columns of fen, or symbols of a proof.

It computes what `engine.bill`, `engine.fund` and `engine.settlement` do, without their sentences. `Arithmetic` supplies
the operations that Python's operators do not; amounts are in fen, ratios in 1/10**12. What is static (how many layers,
which caps, which running totals they share) is in a `Shape`, what differs by person is in
`ShapeFigures`. Nothing is changed in place: columns are shared between states.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from msgspec import Struct

Number = Any
"""A column of integers, or a symbol; whatever the arithmetic works on."""


class Arithmetic(Protocol):
    """The operations that the kernel needs of a kind of number."""

    def least(self, one: Number, other: Number) -> Number:
        """Return the smaller of two."""

    def most(self, one: Number, other: Number) -> Number:
        """Return the larger of two."""

    def where(self, condition: Number, one: Number, other: Number) -> Number:
        """Return one where the condition holds, the other elsewhere."""

    def share(self, base_fen: Number, ratio_e12: Number) -> Number:
        """Return base × ratio in fen, half up."""

    def base(self, share_fen: Number, ratio_e12: Number) -> Number:
        """Return share ÷ ratio in fen, half up; anything where the ratio is 0."""


class CapShape(Struct, frozen=True):
    """A cap: the slot of its running total, and whether it bounds the expense instead of what is paid."""

    slot: int
    of_expense: bool


class DeductibleShape(Struct, frozen=True):
    """A deductible and its ceiling: the slots of their running totals."""

    slot: int
    ceiling_slot: int | None


class Shape(Struct, frozen=True):
    """The static part of `plan.Terms`: slots number the running totals that its figures bound."""

    first_pay: int
    account_first: bool
    deductible: DeductibleShape | None
    layers: tuple[tuple[CapShape, ...], ...]
    slots: int


class SupplementShape(Struct, frozen=True):
    """The static part of `plan.PlannedSupplement`."""

    fund: str
    on: tuple[str, ...]
    caps: tuple[CapShape, ...]


class ShapeFigures(Struct):
    """The figures of a shape, each a number: ratios in 1/10**12, limits in fen, one row of limits for each layer."""

    first_pay: Sequence[Number]
    deductible: Number
    ceiling: Number
    ratios: Sequence[Number]
    limits: Sequence[Sequence[Number]]


def figures_of(shape: Shape, ratios: Sequence[Number], amounts: Iterable[Number]) -> ShapeFigures:
    """Return a shape's figures from its ratios and amounts in its own order (those of `terms.Resolved`)."""
    rest, deductible = iter(amounts), shape.deductible
    return ShapeFigures(
        first_pay=ratios[: shape.first_pay],
        deductible=0 if deductible is None else next(rest),
        ceiling=0 if deductible is None or deductible.ceiling_slot is None else next(rest),
        ratios=ratios[shape.first_pay :],
        limits=[[next(rest) for _ in caps] for caps in shape.layers],
    )


class Streamed(Struct):
    """Where the eligible expense of one stream has gone, in fen; `left_before` is what reached each layer."""

    first_paid: Number
    account: Number
    deductible: Number
    fund: Number
    over_cap: Number
    left_before: list[Number]


class LineParts(Struct):
    """The parts of a line, in fen."""

    self_paid: Number
    over_price: Number
    prepaid: Number
    left: Number


def line(ops: Arithmetic, is_c: Number, amount: Number, over: Number, ratio_e12: Number) -> LineParts:
    """Take the self-paid, over-price and prepaid parts out of a line; the ratio is 0 but for class B."""
    self_paid = ops.where(is_c, amount, 0)
    over_price = ops.where(is_c, 0, over)
    within = amount - self_paid - over_price
    prepaid = ops.share(within, ratio_e12)
    return LineParts(self_paid, over_price, prepaid, within - prepaid)


def stream(
    ops: Arithmetic, shape: Shape, figures: ShapeFigures, eligible: Number, used: list[Number], own_left: Number
) -> Streamed:
    """Pass eligible expense through first pay, account, deductible and layers; `used` is updated, slot by slot."""
    whole, first_paid = eligible, 0
    for ratio in figures.first_pay:
        part = ops.share(whole, ratio)
        whole, first_paid = whole - part, first_paid + part
    account = ops.least(whole, own_left) if shape.account_first else 0
    whole = whole - account
    taken = 0
    if shape.deductible is not None:
        taken = _deductible(ops, shape.deductible, figures, whole, used)
    left, fund, over_cap = whole - taken, 0, 0
    left_before = []
    last = len(shape.layers) - 1
    for position, caps in enumerate(shape.layers):
        left_before.append(left)
        limits = figures.limits[position]
        paid, wanted, consumed = _layer(
            ops, caps, figures.ratios[position], limits, left, used, flows_on=position < last
        )
        fund = fund + paid
        if position == last:
            over_cap = wanted - paid + left - consumed
        left = left - consumed
    return Streamed(first_paid, account, taken, fund, over_cap, left_before)


def _deductible(
    ops: Arithmetic, shape: DeductibleShape, figures: ShapeFigures, expense: Number, used: list[Number]
) -> Number:
    taken = ops.least(expense, ops.most(0, figures.deductible - used[shape.slot]))
    ceiling = shape.ceiling_slot
    if ceiling is not None:
        taken = ops.least(taken, ops.most(0, figures.ceiling - used[ceiling]))
    used[shape.slot] = used[shape.slot] + taken
    if ceiling is not None and ceiling != shape.slot:
        used[ceiling] = used[ceiling] + taken
    return taken


def _layer(
    ops: Arithmetic,
    caps: Sequence[CapShape],
    ratio: Number,
    limits: Sequence[Number],
    expense: Number,
    used: list[Number],
    *,
    flows_on: bool,
) -> tuple[Number, Number, Number]:
    """Return what a layer pays, what it would pay by its ratio, and what it consumes of the expense."""
    rooms = [ops.most(0, limit - used[cap.slot]) for cap, limit in zip(caps, limits, strict=True)]
    counted = expense
    for cap, room in zip(caps, rooms, strict=True):
        if cap.of_expense:
            counted = ops.least(counted, room)
    wanted = paid = ops.share(counted, ratio)
    for cap, room in zip(caps, rooms, strict=True):
        if not cap.of_expense:
            paid = ops.least(paid, room)
    consumed = counted
    if flows_on and not all(cap.of_expense for cap in caps):
        consumed = ops.where(paid < wanted, ops.base(paid, ratio), counted)
    for cap in caps:
        used[cap.slot] = used[cap.slot] + (consumed if cap.of_expense else paid)
    return paid, wanted, consumed


def supplements(
    ops: Arithmetic,
    shapes: Sequence[SupplementShape],
    figures: Sequence[tuple[Number, Sequence[Number]]],
    residuals: dict[str, Number],
    used: list[Number],
) -> list[Number]:
    """Return what each supplement pays, in order; `residuals` holds the parts of the expense the fund left, in fen."""
    paid: list[Number] = []
    for shape, (ratio, limits) in zip(shapes, figures, strict=True):
        base = sum(residuals[part] for part in shape.on)
        for other, fen in zip(shapes, paid, strict=False):
            if set(other.on).issubset(shape.on):
                base = base - fen
        paid.append(_layer(ops, shape.caps, ratio, limits, base, used, flows_on=False)[0])
    return paid


def accounts(ops: Arithmetic, due: Number, own_left: Number, family_left: Number) -> tuple[Number, Number]:
    """Return what the own account and the family accounts pay of what is due, in fen."""
    own = ops.least(due, own_left)
    return own, ops.least(due - own, family_left)
