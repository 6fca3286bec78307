"""Visits as columns: a row for each line, for each stream of expense, for each settlement, for each visit."""

from array import array
from collections.abc import Hashable, Mapping

from msgspec import Struct, field

from gongji.core.columns.kernel import Shape
from gongji.core.columns.terms import ONCE, Resolved, ResolvedSupplements
from gongji.core.columns.visit_parts import BenefitPart, VisitParts
from gongji.core.engine.account_payments import Purse
from gongji.core.engine.plan import Treatment, named
from gongji.core.engine.policy import Policy
from gongji.core.engine.visit_checks import Knows
from gongji.core.packs.language import FREE_NAMES
from gongji.core.visits import FeeLine, Visit

NONE = -1
"""In a column, no value: no unit, no price ceiling, no ratio, no amount."""


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
    """A row for each settlement: its visit, its round within its sequence, what is open to it, its supplements."""

    visit: "array[int]" = field(default_factory=column)
    round: "array[int]" = field(default_factory=column)
    benefit: list[str] = []
    accounts_open: bytearray = field(default_factory=bytearray)
    pays: list[bool] = []
    supplements: "array[int]" = field(default_factory=column)
    totals: list[list[int]] = []
    known: list[list[int]] = []


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


class Batch:
    """Visits added so far, under one policy.

    Visits of one sequence (a person's benefit year, say) are consecutive: what one moves is known to the next.
    """

    def __init__(self, policy: Policy, knows: Knows) -> None:
        self.policy = policy
        self.lines, self.settlements = LineColumns(), SettlementColumns()
        self.units: dict[Shape, StreamColumns] = {}
        self.own_fen = column()
        self.family_fen = column()
        self.totals: dict[tuple[Hashable, str], int] = {}
        self.moved_before = column()
        self.count_units = 0
        self._parts = VisitParts(policy, knows)
        self._rounds: dict[Hashable, int] = {}
        self._terms: dict[Shape, Numbering] = {}
        self._placed: dict[int, tuple[StreamColumns, int]] = {}
        self._supplements = Numbering()
        self._treatments = Numbering()

    def __len__(self) -> int:
        """Return how many visits were added."""
        return len(self.own_fen)

    @property
    def treatments(self) -> list[Treatment]:
        """The treatments, by the numbers that lines have."""
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
        whose: Hashable = ("visit", number) if sequence is None else sequence
        own_fen = family_fen = 0
        if visit.accounts.own is not None or visit.accounts.family:
            own_fen, family_fen = Purse(visit, self.policy, parts[0].plan.no_account, parameters).left_fen
        self.own_fen.append(own_fen)
        self.family_fen.append(family_fen)
        first = self._rounds.get(whose, 0)
        self._rounds[whose] = first + len(parts)
        for place, part in enumerate(parts):
            self._add(part, visit, number, whose, first + place)
        last = len(self.settlements.visit) - 1
        if moved_before:
            for name, fen in moved_before.items():
                self.moved_before.extend((last, self._total(whose, name), fen))
        return True

    def _add(self, part: BenefitPart, visit: Visit, number: int, whose: Hashable, round_: int) -> None:
        rows = self.settlements
        settlement = len(rows.visit)
        rows.visit.append(number)
        rows.round.append(round_)
        rows.benefit.append(part.plan.name)
        rows.accounts_open.append(part.plan.accounts_open and not visit.full_payment)
        rows.pays.append(not part.plan.gates and not visit.full_payment)
        first_unit = self.count_units
        units = {stream: first_unit + order for order, stream in enumerate(part.streams)}
        self.count_units += len(units)
        split_by = part.plan.benefit.split_by
        for order, (stream, resolved) in enumerate(part.streams.items()):
            free = {}
            if split_by:
                free = {name: str(stream[split_by.index(name)]) for name in FREE_NAMES if name in split_by}
            columns, terms = self._placed.get(id(resolved)) or self._place(resolved)
            columns.unit.append(first_unit + order)
            columns.settlement.append(settlement)
            columns.order.append(order)
            columns.terms.append(terms)
            totals, known = self._slots(resolved.names, free, visit, whose, settlement)
            columns.totals.extend(totals)
            columns.known.extend(known)
        self._add_supplements(part.supplements, visit, whose, settlement)
        of_line = [NONE if stream is None else units[stream] for stream in part.of_line] or [NONE] * len(part.lines)
        self._add_lines(part, of_line, settlement)

    def _place(self, resolved: Resolved) -> tuple[StreamColumns, int]:
        """Return the columns of the units that have these terms, and the terms' number there, for good."""
        shape = resolved.shape
        columns = self.units.setdefault(shape, StreamColumns())
        placed = self._placed[id(resolved)] = columns, self._terms.setdefault(shape, Numbering()).of(resolved)
        return placed

    def _add_supplements(self, one: ResolvedSupplements | None, visit: Visit, whose: Hashable, settlement: int) -> None:
        rows = self.settlements
        rows.supplements.append(NONE if one is None else self._supplements.of(one))
        totals, known = ([], []) if one is None else self._slots(one.names, {}, visit, whose, settlement)
        rows.totals.append(totals)
        rows.known.append(known)

    def _add_lines(self, part: BenefitPart, units: list[int], settlement: int) -> None:
        """Add a settlement's lines, column by column: a tenth of the calls that line by line would take."""
        rows, number = self.lines, self._treatments.of
        lines, treatments = part.lines, part.treatments
        rows.settlement.extend([settlement] * len(lines))
        rows.unit.extend(units)
        rows.treatment.extend(
            [2 * number(treatment) + (line.class_ == "C") for line, treatment in zip(lines, treatments, strict=True)]
        )
        rows.price.extend(part.prices)
        rows.quantity.extend(part.quantities)
        rows.ceiling.extend([NONE if line.price_ceiling is None else line.price_ceiling for line in lines])
        rows.ratio.extend(
            [
                _ratio(line, treatment) if line.class_ == "B" else 0
                for line, treatment in zip(lines, treatments, strict=True)
            ]
        )
        rows.amount.extend([NONE if line.amount is None else line.amount for line in lines])

    def _slots(
        self, names: tuple[str, ...], free: Mapping[str, str], visit: Visit, whose: Hashable, settlement: int
    ) -> tuple[list[int], list[int]]:
        """Return the numbers of running totals, and what the visit knows of each in fen."""
        totals, known = [], []
        for template in names:
            if template.startswith(ONCE):
                totals.append(self._total((whose, settlement), template))
                known.append(0)
                continue
            name = named(template, free) if free else template
            totals.append(self._total(whose, name))
            known.append(visit.accumulators.get(name, 0))
        return totals, known

    def _total(self, whose: Hashable, name: str) -> int:
        return self.totals.setdefault((whose, name), len(self.totals))


def _ratio(line: FeeLine, treatment: Treatment) -> int:
    """Return the prepay ratio of a class B line in 1/10**12: its own, or the pack's."""
    prepay = treatment.prepay
    if prepay is not None and (line.prepay_ratio is None or prepay.replaces):
        return prepay.ratio
    return line.prepay_ratio or 0
