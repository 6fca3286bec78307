"""A benefit's rules resolved for one set of facts: every table's row chosen, every fixed figure known.

Which rows hold depends on a visit's facts and never on its amounts, so a plan is made once for each set of facts and
cached. What is left for a visit is arithmetic.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from gongji.core.money import E12, percent, rounded_to, share_fen
from gongji.core.packs.accounts import AccountBar, NoAccount
from gongji.core.packs.benefits import Benefit, Refuse, Require
from gongji.core.packs.entries import Modify
from gongji.core.packs.lines import LineExclude, LineNotice, LineRefuse, PackGate, Prepay, VisitNotice
from gongji.core.visits import Supplement


class Lookup(Struct, frozen=True):
    """Where an open parameter's value is found; `year` is counted from the settlement's, None where it has no year."""

    name: str
    keys: tuple[str, ...]
    year: int | None

    def path(self, settled_year: int) -> str:
        """Return the parameter's path, like "average_wage.2021"."""
        keys = self.keys if self.year is None else (*self.keys, str(settled_year + self.year))
        return ".".join((self.name, *keys))


class Amount(Struct, frozen=True):
    """An amount in fen: fixed, or `times` a parameter rounded to a step; `plus` is what modifiers add to it.

    `how` says for whom it is and how a fixed one was computed, empty where there is nothing to say; `reading` holds the
    words of our reading of what decided it; `text` says a fixed one, and how, for a sentence.
    """

    rule: str
    fixed: int
    how: str = ""
    parameter: Lookup | None = None
    times: E12 | None = None
    step_fen: int | None = None
    plus: int = 0
    reading: str | None = None
    text: str = ""


class Ratio(Struct, frozen=True):
    """A ratio in 1/10**12: fixed, or a parameter's with the changes of modifiers.

    `how` says for whom it is and what it is made of ("二级，退休 55% + 5%"), empty where there is nothing to say.
    """

    rule: str
    fixed: int
    parameter: Lookup | None
    changes: tuple[Modify, ...]
    how: str = ""
    reading: str | None = None


class PlannedDeductible(Struct, frozen=True):
    """A deductible; without an accumulator it is taken each time. The ceiling bounds what is taken over a year."""

    amount: Amount
    accumulator: str | None
    ceiling: Amount | None
    ceiling_accumulator: str | None
    reading: str | None


class PlannedCap(Struct, frozen=True):
    """A limit on the fund's part or on the expense; where it bounds one settlement, `accumulator` is None."""

    place: str
    title: str
    amount: Amount
    of_expense: bool
    accumulator: str | None
    reading: str | None


class PlannedLayer(Struct, frozen=True):
    """A ratio within caps, and who pays it; `amount` is the key of the amount it adds to.

    `rules` and `reading` are those of the ratio and of all caps.
    """

    name: str
    ratio: Ratio
    caps: tuple[PlannedCap, ...]
    reading: str | None
    amount: str
    rules: str


class PlannedSupplement(Struct, frozen=True):
    """A supplementary insurance that this person has."""

    fund: Supplement
    on: tuple[str, ...]
    layer: PlannedLayer


class Treatment(Struct, frozen=True):
    """What the pack says about lines of one kind under a benefit.

    `settles` is False where every such line is refused; `wants_ratio` says whether it must
    have a prepay ratio of its own (True), must not (False), or may (None). `plain` says that such a line is settled,
    covered, without notice, and open to accounts, `whole` that its whole amount is eligible as well.
    """

    settles: bool
    wants_ratio: bool | None
    prepay: Prepay | None
    excluded: LineExclude | None
    barred: AccountBar | None
    refused: LineRefuse | None
    notices: tuple[LineNotice, ...]
    plain: bool
    whole: bool


class Terms(Struct, frozen=True):
    """What a benefit pays, for one set of facts, in the order of the calculation."""

    first_pay: tuple[Ratio, ...]
    deductible: PlannedDeductible | None
    layers: tuple[PlannedLayer, ...]


class Plan(Struct, frozen=True):
    """A benefit for one set of facts. `terms` and `treatments` are filled as kinds of lines come up."""

    name: str
    benefit: Benefit
    facts: dict[str, Any]
    gates: tuple[PackGate, ...]
    accounts_open: bool
    notices: tuple[VisitNotice, ...]
    no_account: NoAccount | None
    refused: Refuse | None
    needs: tuple[Require, ...]
    supplements: tuple[PlannedSupplement, ...]
    terms: dict[tuple[Any, ...], Terms]
    treatments: dict[tuple[Any, ...], Treatment]


def change_text(change: Modify) -> str:
    """Return what a modifier does to a ratio: "+ 5%", "− 10%", "× 90%"."""
    points = change.points or 0
    text = f"{'−' if points < 0 else '+'} {percent(abs(points))}" if points else ""
    return text if change.times is None else f"{text} × {percent(change.times)}".strip()


def both_readings(one: str | None, other: str | None) -> str | None:
    """Return two readings as one; None where there is none."""
    if not one or not other or one == other:
        return one or other
    return f"{one.removesuffix('。')}；{other}"


def named(template: str, free: Mapping[str, str]) -> str:
    """Return the name of a stream's accumulator: `free` gives the values of "code" and "drug"."""
    for name, value in free.items():
        template = template.replace(f"{{{name}}}", value)
    return template


def joined(rules: Sequence[str]) -> str:
    """Return several rules as a step cites them, each once."""
    return "、".join(dict.fromkeys(rules))


def computed(base_fen: int, times: E12 | None, step_fen: int | None) -> int:
    """Return an amount computed from a base: a ratio of it, rounded to a step, all in fen."""
    fen = base_fen if times is None else share_fen(base_fen, times)
    return fen if step_fen is None else rounded_to(fen, step_fen)
