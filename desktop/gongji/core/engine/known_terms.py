"""A plan's terms with the open parameters filled in: every figure, and its text for sentences, computed once.

A plan says where a figure comes from; the figures are the same for all visits that bring the same
parameters. So terms are computed once for a plan and a set of parameters, and a visit only meets integers and texts.
A missing figure is reported where it is needed: a visit that never reaches a layer is not refused for its figures
(G16).
"""

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from gongji.core.engine.parameters import Parameters
from gongji.core.engine.plan import (
    PlannedCap,
    PlannedDeductible,
    PlannedLayer,
    PlannedSupplement,
    Ratio,
    Terms,
    both_readings,
)
from gongji.core.money import percent
from gongji.core.problems import Problem

Citing = Callable[[str], tuple[str, str | None]]
"""Returns the articles of rules (joined by 、), and the words of the reading where one of them is ours."""


class Cited(Struct, frozen=True, gc=False):
    """What a step cites: its rules, their articles, and the words of our reading."""

    rule: str
    article: str
    reading: str | None


class KnownFirstPay(Struct, frozen=True, gc=False):
    """A share moved to the patient first, in 1/10**12; `head` and `times` surround the expense in its sentence."""

    ratio_e12: int
    head: str
    times: str
    cited: Cited
    missing: tuple[Problem, ...]


class KnownDeductible(Struct, frozen=True, gc=False):
    """A deductible in fen, and its ceiling; `what` begins its sentence, `limit` says the amount and how it came about.

    `accumulator` is None where it is taken each time, `ceiling_fen` where there is no ceiling for these facts.
    """

    limit_fen: int
    accumulator: str | None
    what: str
    limit: str
    ceiling_fen: int | None
    ceiling_accumulator: str | None
    cited: Cited
    missing: tuple[Problem, ...]


class KnownCap(Struct, frozen=True, gc=False):
    """A cap in fen; `limit` says the amount and how it came about."""

    place: str
    title: str
    of_expense: bool
    accumulator: str | None
    limit_fen: int
    limit: str


class KnownLayer(Struct, frozen=True, gc=False):
    """A layer's ratio in 1/10**12 and its caps; `head` and `times` surround the base in its sentence."""

    amount: str
    ratio_e12: int
    head: str
    times: str
    caps: tuple[KnownCap, ...]
    cited: Cited
    missing: tuple[Problem, ...]


class KnownTerms(Struct, frozen=True, gc=False):
    """What a benefit pays with every figure known, in the order of the calculation."""

    first_pay: tuple[KnownFirstPay, ...]
    deductible: KnownDeductible | None
    layers: tuple[KnownLayer, ...]


def known_terms(terms: Terms, parameters: Parameters, citing: Citing) -> KnownTerms:
    """Return terms with the parameters' figures; what is missing is noted in the parts that need it."""
    reader = _Reader(parameters, citing)
    return KnownTerms(
        tuple([reader.first_pay(ratio) for ratio in terms.first_pay]),
        None if terms.deductible is None else reader.deductible(terms.deductible),
        tuple([reader.layer(layer) for layer in terms.layers]),
    )


def known_supplements(
    planned: tuple[PlannedSupplement, ...], parameters: Parameters, citing: Citing
) -> tuple[KnownLayer, ...]:
    """Return the layers of supplements with the parameters' figures."""
    reader = _Reader(parameters, citing)
    return tuple([reader.layer(supplement.layer) for supplement in planned])


class _Reader:
    """Reads figures; what one of its parts lacks is noted for that part."""

    def __init__(self, parameters: Parameters, citing: Citing) -> None:
        self._parameters = replace(parameters, missing=[])
        self._citing = citing

    def first_pay(self, ratio: Ratio) -> KnownFirstPay:
        e12 = self._parameters.ratio(ratio)
        by = f"（{ratio.how}）" if ratio.how else ""
        cited = self._cited(ratio.rule, ratio.reading)
        return KnownFirstPay(e12, f"先由个人自付{by}：", f" × {percent(e12)} = ", cited, self._missing())

    def deductible(self, planned: PlannedDeductible) -> KnownDeductible:
        limit_fen = self._parameters.fen(planned.amount)
        return KnownDeductible(
            limit_fen,
            planned.accumulator,
            "起付标准（每次）" if planned.accumulator is None else "年度起付标准",
            self._parameters.shown(planned.amount),
            None if planned.ceiling is None else self._parameters.fen(planned.ceiling),
            planned.ceiling_accumulator,
            self._cited(planned.amount.rule, both_readings(planned.reading, planned.amount.reading)),
            self._missing(),
        )

    def layer(self, planned: PlannedLayer) -> KnownLayer:
        e12 = self._parameters.ratio(planned.ratio)
        caps = tuple([self._cap(cap) for cap in planned.caps])
        how = self._parameters.how(planned.ratio)
        head = f"{planned.name}（{how}）：" if how else f"{planned.name}："
        cited = self._cited(planned.rules, planned.reading)
        return KnownLayer(planned.amount, e12, head, f" × {percent(e12)} = ", caps, cited, self._missing())

    def _cap(self, cap: PlannedCap) -> KnownCap:
        fen = self._parameters.fen(cap.amount)
        return KnownCap(cap.place, cap.title, cap.of_expense, cap.accumulator, fen, self._parameters.shown(cap.amount))

    def _cited(self, rules: str, reading: str | None) -> Cited:
        articles, ours = self._citing(rules)
        return Cited(rules, articles, ours if reading is None else both_readings(reading, ours))

    def _missing(self) -> tuple[Problem, ...]:
        missing = tuple(self._parameters.missing)
        self._parameters.missing.clear()
        return missing
