"""待遇: what is paid for lines settled under a benefit, in the order of the calculation."""

from typing import Annotated, Any, Literal

from msgspec import Meta

from gongji.core.money import Fen
from gongji.core.packs.entries import AmountRow, CitedEntry, Modify, PackEntry, RatioRow, Reading
from gongji.core.strict_records import Text
from gongji.core.visits import Supplement

Residual = Literal["deductible", "share", "over_cap"]
"""The parts of the eligible expense that the fund leaves to the patient."""


class Increment(PackEntry, frozen=True, kw_only=True):
    """`each` yuan more for every registered disease beyond so many, up to `at_most` in all."""

    each: Fen
    beyond: int
    at_most: Fen | None = None
    of: Literal["registered"] = "registered"


class Ceiling(CitedEntry, frozen=True, kw_only=True):
    """The most that deductibles take over a period."""

    accumulator: Text
    amount: tuple[AmountRow, ...]


class Deductible(CitedEntry, frozen=True, kw_only=True):
    """起付标准: each time (per settlement) or until the accumulator has reached it (per year)."""

    per: Literal["settlement", "year"]
    amount: tuple[AmountRow, ...]
    accumulator: Text | None = None
    ceiling: Ceiling | None = None
    modify: tuple[Modify, ...] = ()
    reading: Reading = None


class Cap(CitedEntry, frozen=True, kw_only=True):
    """最高支付限额: bounds what the fund pays or the expense that counts; per settlement without an accumulator."""

    of: Literal["fund", "eligible"] = "fund"
    accumulator: Text | None = None
    amount: tuple[AmountRow, ...]
    increment: Increment | None = None
    modify: tuple[Modify, ...] = ()
    reading: Reading = None


class Layer(PackEntry, frozen=True, kw_only=True):
    """A share of the expense paid within caps; what the caps cut off goes to the next layer. `name` is who pays."""

    name: Text = "统筹基金"
    rule: Text
    ratio: tuple[RatioRow, ...]
    modify: tuple[Modify, ...] = ()
    cap: tuple[Cap, ...] = ()
    uncapped: bool = False
    reading: Reading = None


class SupplementLayer(PackEntry, frozen=True, kw_only=True):
    """补充保险: pays a share of what the fund left of the eligible expense, in the parts named by `on`.

    `name` is who pays, where the area has a further fund of its own; `fund` is the amount it adds to.
    """

    name: Text | None = None
    fund: Supplement
    rule: Text
    when: Any = None
    on: Annotated[tuple[Residual, ...], Meta(min_length=1)]
    ratio: tuple[RatioRow, ...]
    cap: tuple[Cap, ...] = ()
    uncapped: bool = False
    reading: Reading = None


class FirstPay(CitedEntry, frozen=True, kw_only=True):
    """A share of the eligible expense the patient bears before the deductible (for care outside the area, say)."""

    ratio: tuple[RatioRow, ...]


class Require(PackEntry, frozen=True, kw_only=True):
    """A fact that must have been given before this benefit can be settled."""

    field: Text
    rule: Text
    text: Text
    when: Any = None


class Refuse(PackEntry, frozen=True, kw_only=True):
    """Circumstances in which this benefit is refused."""

    code: Literal["invalid_input", "benefit_not_defined"]
    rule: Text
    text: Text
    when: Any


class Benefit(PackEntry, frozen=True, kw_only=True):
    """待遇: what is paid for the lines settled under it; `lines` is the rule their classification is cited by here."""

    name: Text
    lines: Text | None = None
    require: tuple[Require, ...] = ()
    refuse: tuple[Refuse, ...] = ()
    split_by: tuple[Text, ...] = ()
    first_pay: tuple[FirstPay, ...] = ()
    deductible: Deductible | None = None
    pay: Annotated[tuple[Layer, ...], Meta(min_length=1)]
    supplement: tuple[SupplementLayer, ...] = ()


class Undefined(PackEntry, frozen=True, kw_only=True):
    """A benefit the document leaves to other documents."""

    name: Text
    rule: Text
    text: Text
