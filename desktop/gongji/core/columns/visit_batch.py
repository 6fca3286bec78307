"""Visits as columns: a row for each line, for each stream of expense, for each settlement, for each visit."""

from array import array
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct, field

from gongji.core.columns.kernel import Shape
from gongji.core.columns.terms import ONCE, Resolved, ResolvedSupplements
from gongji.core.columns.visit_parts import BenefitPart, Stream, VisitParts
from gongji.core.engine.account_payments import Purse
from gongji.core.engine.plan import Treatment, named
from gongji.core.engine.policy import Policy
from gongji.core.engine.visit_checks import Knows
from gongji.core.packs.language import FREE_NAMES
from gongji.core.visits import FeeLine, Visit

NONE = -1
"""In a column, no value: no unit, no price ceiling, no ratio, no amount."""
_LINES_AT_ONCE = 500


def column() -> "array[int]":
    """Return an empty column of 64-bit integers."""
    return array("q")


class LineColumns(Struct):
    """A row for each line; prices and quantities in 1/10,000, amounts in fen, ratios in 1/10**12."""

    settlement: "array[int]" = field(default_factory=column)
    unit: "array[int]" = field(default_factory=column)
    treatment: "array[int]" = field(default_factory=column)
    price: "array[int]" = field(default_factory=column)
    quantity: "array[int]" = field(default_factory=column)
    ceiling: "array[int]" = field(default_factory=column)
    ratio: "array[int]" = field(default_factory=column)
    amount: "array[int]" = field(default_factory=column)


class StreamColumns(Struct):
    """A row for each stream of one shape; `totals` and `known` (fen) have one for each slot of the shape."""

    unit: "array[int]" = field(default_factory=column)
    settlement: "array[int]" = field(default_factory=column)
    order: "array[int]" = field(default_factory=column)
    terms: "array[int]" = field(default_factory=column)
    totals: "array[int]" = field(default_factory=column)
    known: "array[int]" = field(default_factory=column)


class SettlementColumns(Struct):
    """A row for each settlement: its visit, its round within its sequence, what is open to it, its supplements.

    `totals` and `known` (fen) are those of its supplements, for the settlements that have any.
    """

    visit: "array[int]" = field(default_factory=column)
    round: "array[int]" = field(default_factory=column)
    accounts_open: bytearray = field(default_factory=bytearray)
    supplements: "array[int]" = field(default_factory=column)
    totals: dict[int, list[int]] = {}
    known: dict[int, list[int]] = {}


class Numbering(dict[int, int]):
    """Numbers objects by identity and keeps them alive."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[object] = []

    def of(self, one: object) -> int:
        """Return an object's number."""
        number = self.get(id(one))
        if number is None:
            number = self[id(one)] = len(self.all)
            self.all.append(one)
        return number

    def of_all(self, some: Sequence[object]) -> list[int]:
        """Return the numbers of many objects."""
        for one in {id(one): one for one in some}.values():
            self.of(one)
        return [self[id(one)] for one in some]


class _Placed(NamedTuple):
    """Where the units are that have some terms: their columns, the terms' number there, and the names of its slots."""

    columns: StreamColumns
    terms: int
    names: tuple[str, ...]


class Batch:
    """Visits added so far, under one policy.

    Visits of one sequence (a person's benefit year, say) are consecutive: what one moves is known to the next.
    """

    def __init__(self, policy: Policy, knows: Knows) -> None:
        self.policy = policy
        self.settlements = SettlementColumns()
        self.units: dict[Shape, StreamColumns] = {}
        self.own_fen = column()
        self.family_fen = column()
        self.totals: dict[Hashable, dict[str, int]] = {}
        """The numbers of the running totals of each sequence, by name."""
        self.count_totals = 0
        self.moved_before = column()
        self.count_units = 0
        self._parts = VisitParts(policy, knows)
        self._lines = LineColumns()
        self._waiting: list[tuple[int, BenefitPart, list[int]]] = []
        """Settlements whose lines are still to be added, with the unit of each: hundreds at once take a third."""
        self._rounds: dict[Hashable, int] = {}
        self._terms: dict[Shape, Numbering] = {}
        self._placed: dict[int, _Placed] = {}
        self._supplements = Numbering()
        self._treatments = Numbering()

    def __len__(self) -> int:
        """Return how many visits were added."""
        return len(self.own_fen)

    @property
    def lines(self) -> LineColumns:
        """The lines of all settlements."""
        self._add_lines()
        return self._lines

    @property
    def treatments(self) -> list[Treatment]:
        """The treatments, by the numbers that lines have."""
        self._add_lines()
        return [one for one in self._treatments.all if isinstance(one, Treatment)]

    @property
    def supplements(self) -> list[ResolvedSupplements]:
        """The supplements, by the numbers that settlements have."""
        return [one for one in self._supplements.all if isinstance(one, ResolvedSupplements)]

    def terms(self, shape: Shape) -> list[Resolved]:
        """Return the terms, by the numbers that units of a shape have."""
        return [one for one in self._terms[shape].all if isinstance(one, Resolved)]

    def take(self, visit: Visit, sequence: Hashable = None, moved_before: Mapping[str, int] | None = None) -> bool:
        """Add a visit; False, and nothing added, where it needs the engine.

        `sequence` names the sequence it belongs to, by default itself alone. `moved_before` is what it moved when it
        was settled, in fen by running total: what later visits of the sequence know includes that.
        """
        found = self._parts.of(visit)
        if found is None:
            return False
        parts, parameters = found
        number = len(self.own_fen)
        own_fen = family_fen = first = 0
        if visit.accounts.own is not None or visit.accounts.family:
            own_fen, family_fen = Purse(visit, self.policy, parts[0].plan.no_account, parameters).left_fen
        self.own_fen.append(own_fen)
        self.family_fen.append(family_fen)
        if sequence is not None:
            first = self._rounds.get(sequence, 0)
            self._rounds[sequence] = first + len(parts)
        totals = self.totals.setdefault(("visit", number) if sequence is None else sequence, {})
        for round_, part in enumerate(parts, first):
            self._add(part, visit, (number, round_), totals)
        if moved_before:
            last = len(self.settlements.visit) - 1
            for name, fen in moved_before.items():
                self.moved_before.extend((last, self._numbers((name,), totals)[0], fen))
        return True

    def _add(self, part: BenefitPart, visit: Visit, place: tuple[int, int], totals: dict[str, int]) -> None:
        """Add a settlement, of the visit of a number and in the round of its sequence."""
        rows = self.settlements
        settlement = len(rows.visit)
        number, round_ = place
        rows.visit.append(number)
        rows.round.append(round_)
        rows.accounts_open.append(part.plan.accounts_open and not visit.full_payment)
        unit = first_unit = self.count_units
        split_by = part.plan.benefit.split_by
        once: dict[str, int] = {}
        units: dict[Stream | None, int] = {None: NONE}
        for stream, resolved in part.streams.items():
            columns, terms, names = self._placed.get(id(resolved)) or self._place(resolved)
            if split_by:
                names = _named(names, split_by, stream)
            columns.unit.append(unit)
            columns.settlement.append(settlement)
            columns.order.append(unit - first_unit)
            columns.terms.append(terms)
            columns.totals.extend(self._numbers(names, totals, once))
            columns.known.extend(_known(names, visit.accumulators))
            units[stream] = unit
            unit += 1
        self.count_units = unit
        supplements = part.supplements
        rows.supplements.append(NONE if supplements is None else self._supplements.of(supplements))
        if supplements is not None:
            rows.totals[settlement] = self._numbers(supplements.names, totals, once)
            rows.known[settlement] = _known(supplements.names, visit.accumulators)
        of_line = [units[stream] for stream in part.of_line] or [NONE] * len(part.lines)
        self._waiting.append((settlement, part, of_line))
        if len(self._waiting) == _LINES_AT_ONCE:
            self._add_lines()

    def _place(self, resolved: Resolved) -> _Placed:
        """Return the columns of the units that have these terms, and the terms' number there, for good."""
        shape = resolved.shape
        columns = self.units.setdefault(shape, StreamColumns())
        number = self._terms.setdefault(shape, Numbering()).of(resolved)
        placed = self._placed[id(resolved)] = _Placed(columns, number, resolved.names)
        return placed

    def _add_lines(self) -> None:
        """Add the lines of the settlements that wait, column by column."""
        waiting, rows = self._waiting, self._lines
        if not waiting:
            return
        lines = [line for _, part, _ in waiting for line in part.lines]
        treatments = [one for _, part, _ in waiting for one in part.treatments]
        numbers = self._treatments.of_all(treatments)
        rows.settlement.extend([settlement for settlement, part, _ in waiting for _ in part.lines])
        rows.unit.extend([unit for _, _, of_line in waiting for unit in of_line])
        rows.treatment.extend([2 * one + (line.class_ == "C") for line, one in zip(lines, numbers, strict=True)])
        rows.price.extend([price for _, part, _ in waiting for price in part.prices])
        rows.quantity.extend([quantity for _, part, _ in waiting for quantity in part.quantities])
        rows.ceiling.extend([NONE if line.price_ceiling is None else line.price_ceiling for line in lines])
        rows.ratio.extend(
            [
                _ratio(line, treatment) if line.class_ == "B" else 0
                for line, treatment in zip(lines, treatments, strict=True)
            ]
        )
        rows.amount.extend([NONE if line.amount is None else line.amount for line in lines])
        waiting.clear()

    def _numbers(self, names: Iterable[str], totals: dict[str, int], once: dict[str, int] | None = None) -> list[int]:
        """Return the numbers of running totals of a sequence, or of those that last for a settlement alone."""
        found = []
        for name in names:
            mine = once if once is not None and name[:1] == ONCE else totals
            number = mine.get(name)
            if number is None:
                number = mine[name] = self.count_totals
                self.count_totals += 1
            found.append(number)
        return found


def _known(names: tuple[str, ...], known: Mapping[str, int]) -> list[int]:
    """Return what a visit knows of each of these running totals, in fen; nothing of those that begin with it."""
    return [known.get(name, 0) for name in names] if known else [0] * len(names)


def _named(names: tuple[str, ...], split_by: tuple[str, ...], stream: Stream) -> tuple[str, ...]:
    """Return the names of the running totals of one stream, where they are named after what the benefit splits by."""
    free = {name: str(stream[split_by.index(name)]) for name in FREE_NAMES if name in split_by}
    return tuple([named(name, free) for name in names]) if free else names


def _ratio(line: FeeLine, treatment: Treatment) -> int:
    """Return the prepay ratio of a class B line in 1/10**12: its own, or the pack's."""
    prepay = treatment.prepay
    if prepay is not None and (line.prepay_ratio is None or prepay.replaces):
        return prepay.ratio
    return line.prepay_ratio or 0
