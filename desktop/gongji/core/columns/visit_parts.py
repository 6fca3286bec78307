"""A visit split for columns: for each benefit its plan, its lines' treatments, its streams with their figures.

Refusals are the engine's: a visit with any problem, or with a missing figure, is not split.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import mul
from typing import Any, TypeVar

from msgspec import Struct

from gongji.core.columns.arithmetic import LARGEST_FACTOR, LARGEST_FEN
from gongji.core.columns.terms import Resolved, ResolvedSupplements, resolve, resolve_supplements
from gongji.core.engine.bill import stream_of, treatments_of
from gongji.core.engine.facts import fact_problems
from gongji.core.engine.parameters import Parameters
from gongji.core.engine.plan import Plan, Terms, Treatment
from gongji.core.engine.policy import Frame, Policy
from gongji.core.engine.visit_checks import Knows, visit_problems
from gongji.core.packs.language import FREE_NAMES
from gongji.core.visits import FeeLine, Visit

_LARGEST_E8 = LARGEST_FEN * 10**6

Stream = tuple[Any, ...]
_Planned = TypeVar("_Planned", Terms, Plan)
_Figures = TypeVar("_Figures", Resolved, ResolvedSupplements)


class BenefitPart(Struct, gc=False):
    """One benefit's lines of a visit, with their prices and quantities in 1/10,000.

    `of_line` is None for a line that belongs to no stream.
    """

    plan: Plan
    lines: Sequence[FeeLine]
    prices: Sequence[int] = ()
    quantities: Sequence[int] = ()
    treatments: list[Treatment] = []
    of_line: list[Stream | None] = []
    streams: dict[Stream, Resolved] = {}
    supplements: ResolvedSupplements | None = None


class VisitParts:
    """Splits visits under one policy; figures are resolved once for each set of open parameters."""

    def __init__(self, policy: Policy, knows: Knows) -> None:
        self._policy = policy
        self._knows = knows
        self._resolve = partial(resolve, account_first=policy.pack.accounts.before_deductible is not None)
        # What a key's ids identify is kept with the value, so that no id is used again.
        self._resolved: dict[tuple[int, int, int], tuple[Terms | Plan, Mapping[str, int], Any]] = {}
        self._same: dict[Any, Any] = {}

    def of(self, visit: Visit) -> tuple[list[BenefitPart], Parameters] | None:
        """Return a visit's benefits in order of first lines, and its parameters; None where it needs the engine."""
        policy = self._policy
        if not policy.is_for(visit.person.status):
            return None
        marked = visit.marked_lines()
        if visit_problems(visit, policy, self._knows, marked) or fact_problems(visit, policy.pack, marked):
            return None
        parameters, unreadable = policy.parameters(
            visit.parameters, policy.year_from(visit.settled_on).year, on=visit.settled_on
        )
        if unreadable:
            return None
        frame = policy.frame(visit, parameters)
        usual = visit.benefit or policy.pack.default_benefit
        is_mixed = bool(marked) and any(line.benefit for _, line in marked)
        by_benefit = _by_benefit(visit, usual) if is_mixed else {usual: visit.lines}
        parts = []
        for name, lines in by_benefit.items():
            part = self._part(name, lines, frame, visit, parameters)
            if part is None:
                return None
            parts.append(part)
        return parts, parameters

    def _part(
        self, name: str, lines: Sequence[FeeLine], frame: Frame, visit: Visit, parameters: Parameters
    ) -> BenefitPart | None:
        if name not in self._policy.pack.benefit:
            return None
        plan = frame.plans.get(name)
        if plan is None:
            plan = frame.plans[name] = self._policy.plan(name, frame.facts)
        if plan.needs or plan.refused is not None or (not plan.gates and frame.unlisted.get(name)):
            return None
        prices, quantities = [line.unit_price for line in lines], [line.quantity for line in lines]
        if max(prices) >= LARGEST_FACTOR or max(quantities) >= LARGEST_FACTOR:
            return None
        if sum(map(mul, prices, quantities)) >= _LARGEST_E8:
            return None
        part = BenefitPart(plan, lines, prices, quantities)
        part.treatments = treatments_of(lines, plan, self._policy, visit)
        for treatment in part.treatments:
            if not treatment.settles:
                return None
        if plan.gates or visit.full_payment:
            return part
        return part if self._streams(part, visit, parameters) else None

    def _streams(self, part: BenefitPart, visit: Visit, parameters: Parameters) -> bool:
        """Resolve a part's streams and supplements; False where a figure is missing."""
        plan = part.plan
        split_by = plan.benefit.split_by
        if not split_by:
            part.of_line = [() if treatment.excluded is None else None for treatment in part.treatments]
            wanted: list[Stream] = [()]
        else:
            part.of_line = [
                stream_of(line, visit, self._policy, split_by) if treatment.excluded is None else None
                for line, treatment in zip(part.lines, part.treatments, strict=True)
            ]
            wanted = list(dict.fromkeys(stream for stream in part.of_line if stream is not None))
        for stream in wanted:
            values: Stream = ()
            if split_by:
                values = tuple(value for name, value in zip(split_by, stream, strict=True) if name not in FREE_NAMES)
            resolved = self._once(self._resolve, self._policy.terms(plan, values), parameters)
            if resolved is None:
                return False
            part.streams[stream] = resolved
        if (
            split_by
            and set(split_by) <= set(FREE_NAMES)
            and not wanted
            and self._once(self._resolve, self._policy.terms(plan), parameters) is None
        ):
            return False
        if plan.supplements:
            part.supplements = self._once(resolve_supplements, plan, parameters)
        return not plan.supplements or part.supplements is not None

    def _once(
        self, resolve: Callable[[_Planned, Parameters], _Figures | None], planned: _Planned, parameters: Parameters
    ) -> _Figures | None:
        """Return the figures of terms, or of a plan's supplements: resolved the first time, and equal ones the same."""
        key = (id(planned), id(parameters.values), parameters.year)
        found = self._resolved.get(key)
        if found is None:
            resolved = resolve(planned, parameters)
            if resolved is not None:
                resolved = self._same.setdefault(resolved, resolved)
            found = self._resolved[key] = (planned, parameters.values, resolved)
        figures: _Figures | None = found[2]
        return figures


def _by_benefit(visit: Visit, usual: str) -> dict[str, list[FeeLine]]:
    """Return the lines under each benefit, in order of first lines (G11)."""
    groups: dict[str, list[FeeLine]] = {}
    for line in visit.lines:
        groups.setdefault(line.benefit or usual, []).append(line)
    return groups
