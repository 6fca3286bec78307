"""A policy pack as it is written: one edition of one area's rules, with the article behind each figure.

These records are the pack language; `docs/packs.md` explains it with examples. Every operation names its `rule`, every
rule its article, every article has its gist. `when` says for which facts a row or an operation holds (see
`conditions`). Money is written in yuan ("30.00"), ratios in per cent ("65%"), and neither is ever a TOML float.
"""

import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from gongji.core.money import FEN_PER_YUAN, PARSERS, PPM_PER_POINT, Fen, Ppm, parse_fen, parse_percent
from gongji.core.visits import Supplement, Text

AreaCode = Annotated[str, Meta(pattern=r"^[0-9]{6}$")]
MonthDay = Annotated[str, Meta(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
Reading = Text | None
Residual = Literal["deductible", "share", "over_cap"]
Period = Literal["year", "month", "day"]


class Points(int):
    """A change of a ratio in ppm, written in points with its sign: "+5" or "-10"."""


class SignedFen(int):
    """A change of an amount in fen, written in yuan with its sign: "-300"."""


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all parts of a pack have in common: unknown keys are refused, nothing changes after reading."""


class Source(Entry, frozen=True, kw_only=True):
    """A document; `short` stands before its articles where it is not the main one."""

    title: Text
    number: str = ""
    issued: datetime.date | None = None
    short: str = ""


class Rule(Entry, frozen=True, kw_only=True):
    """A rule: its articles (several joined by 、), whether it is our reading, and why nothing here computes it."""

    article: Text
    title: Text
    reading: Reading = None
    aside: Text | None = None


class NotModelled(Entry, frozen=True, kw_only=True):
    """Articles that no rule cites, and why."""

    articles: Annotated[tuple[Text, ...], Meta(min_length=1)]
    why: Text


class Level(Entry, frozen=True, kw_only=True):
    """A level of institution; `same_as` names the level whose rules it follows."""

    id: Text
    name: Text
    same_as: Text | None = None


class Fact(Entry, frozen=True, kw_only=True):
    """Something that only this area asks about a person, a line or a visit.

    flag: true or false, false when left out · choice: one of `values`, `default` when left out · number: a whole
    number · institution: an institution's id, true when it is where the visit takes place · until / since: a date,
    true when the settlement date is not after / not before it.
    """

    of: Literal["person", "line", "visit"]
    kind: Literal["flag", "choice", "number", "institution", "until", "since"]
    name: Text
    values: tuple[Text, ...] = ()
    default: Text | None = None


class Parameter(Entry, frozen=True, kw_only=True):
    """A figure the document refers to and does not give; a clinic supplies it from its agency's notice.

    `by` names the facts (or "year", last) it differs by; `fixed` holds those of its figures that a document does give,
    which stand whatever is supplied.
    """

    kind: Literal["money", "ratio"]
    unit: Text
    name: Text
    rule: Text
    by: tuple[Text, ...] = ()
    fixed: dict[str, Text] = {}
    fixed_rule: Text | None = None


class Accumulator(Entry, frozen=True, kw_only=True):
    """A running total of a person in this area; `{…}` in its name stands for a fact or for the line's code."""

    name: Text
    counts: Literal["fund", "deductible", "expense"]
    per: Period = "year"


class Row(Entry, frozen=True, kw_only=True):
    """A row of a table: exactly one must hold for the facts; `otherwise` holds when no other does."""

    when: Any = None
    otherwise: bool = False
    rule: Text | None = None


class AmountRow(Row, frozen=True, kw_only=True):
    """An amount: `yuan`, or an open parameter (of the settlement year + `year`), taken `times`; or none at all.

    `key` names the parameter's figure outright where it is not the one for the visit's own facts.
    """

    yuan: Fen | None = None
    parameter: Text | None = None
    key: Text | None = None
    year: int | None = None
    times: Ppm | None = None
    none: bool = False


class RatioRow(Row, frozen=True, kw_only=True):
    """A ratio, or the open parameter that holds it."""

    ratio: Ppm | None = None
    parameter: Text | None = None


class Modify(Entry, frozen=True, kw_only=True):
    """A change for some: `points` or `times` of a ratio, `yuan` of an amount; never below zero."""

    when: Any
    rule: Text
    points: Points | None = None
    times: Ppm | None = None
    yuan: SignedFen | None = None


class Increment(Entry, frozen=True, kw_only=True):
    """`each` yuan more for every registered disease beyond so many, up to `at_most` in all."""

    each: Fen
    beyond: int
    at_most: Fen | None = None
    of: Literal["registered"] = "registered"


class Ceiling(Entry, frozen=True, kw_only=True):
    """The most that deductibles take over a period."""

    rule: Text
    accumulator: Text
    amount: tuple[AmountRow, ...]


class Deductible(Entry, frozen=True, kw_only=True):
    """起付标准: each time (per settlement) or until the accumulator has reached it (per year)."""

    rule: Text
    per: Literal["settlement", "year"]
    amount: tuple[AmountRow, ...]
    accumulator: Text | None = None
    ceiling: Ceiling | None = None
    modify: tuple[Modify, ...] = ()
    reading: Reading = None


class Cap(Entry, frozen=True, kw_only=True):
    """最高支付限额: bounds what the fund pays or the expense that counts; per settlement without an accumulator."""

    rule: Text
    of: Literal["fund", "eligible"] = "fund"
    accumulator: Text | None = None
    amount: tuple[AmountRow, ...]
    increment: Increment | None = None
    modify: tuple[Modify, ...] = ()
    reading: Reading = None


class Layer(Entry, frozen=True, kw_only=True):
    """A share of the expense paid within caps; what the caps cut off goes to the next layer."""

    rule: Text
    ratio: tuple[RatioRow, ...]
    modify: tuple[Modify, ...] = ()
    cap: tuple[Cap, ...] = ()
    uncapped: bool = False
    reading: Reading = None


class SupplementLayer(Entry, frozen=True, kw_only=True):
    """补充保险: pays a share of what the fund left of the eligible expense, in the parts named by `on`."""

    fund: Supplement
    rule: Text
    when: Any = None
    on: Annotated[tuple[Residual, ...], Meta(min_length=1)]
    ratio: tuple[RatioRow, ...]
    cap: tuple[Cap, ...] = ()
    uncapped: bool = False
    reading: Reading = None


class FirstPay(Entry, frozen=True, kw_only=True):
    """A share of the eligible expense the patient bears before the deductible (out of area, say)."""

    rule: Text
    ratio: tuple[RatioRow, ...]


class Require(Entry, frozen=True, kw_only=True):
    """An input this benefit needs before it can be settled."""

    field: Literal["disease", "registered", "grade", "age", "pension_class"]
    rule: Text
    text: Text
    when: Any = None


class Refuse(Entry, frozen=True, kw_only=True):
    """Circumstances in which this benefit is refused."""

    code: Literal["invalid_input", "benefit_not_defined"]
    rule: Text
    text: Text
    when: Any


class Benefit(Entry, frozen=True, kw_only=True):
    """待遇: what is paid for the lines settled under it."""

    name: Text
    require: tuple[Require, ...] = ()
    refuse: tuple[Refuse, ...] = ()
    split_by: tuple[Text, ...] = ()
    first_pay: tuple[FirstPay, ...] = ()
    deductible: Deductible | None = None
    pay: Annotated[tuple[Layer, ...], Meta(min_length=1)]
    supplement: tuple[SupplementLayer, ...] = ()


class Undefined(Entry, frozen=True, kw_only=True):
    """A benefit the document leaves to other documents."""

    name: Text
    rule: Text
    text: Text


class Prepay(Entry, frozen=True, kw_only=True):
    """先行自付: the ratio for class B lines without their own; with `replaces` (a notice) for all of them."""

    rule: Text
    ratio: Ppm
    when: Any = None
    replaces: Text | None = None


class LineExclude(Entry, frozen=True, kw_only=True):
    """不予支付范围: lines that these benefits (all, when none is named) do not cover."""

    rule: Text
    when: Any
    text: Text
    benefits: tuple[Text, ...] = ()
    reading: Reading = None


class LineRefuse(Entry, frozen=True, kw_only=True):
    """Lines that cannot be settled at all; `field` is what to mend."""

    rule: Text
    field: Literal["category", "use", "class", "negotiated"]
    when: Any
    text: Text


class LineRules(Entry, frozen=True, kw_only=True):
    """明细: `rule` is what makes a line's expense eligible at all."""

    rule: Text
    prepay: tuple[Prepay, ...] = ()
    refuse: tuple[LineRefuse, ...] = ()
    exclude: tuple[LineExclude, ...] = ()


class Gate(Entry, frozen=True, kw_only=True):
    """Circumstances in which the fund pays nothing for a whole settlement, and whether accounts still may."""

    notice: Text
    rule: Text
    when: Any
    text: Text
    benefits: tuple[Text, ...] = ()
    accounts: bool = True
    reading: Reading = None


class Relations(Entry, frozen=True, kw_only=True):
    """Who may use a family account from a date on, by what the patient is to its holder."""

    rule: Text
    allowed: Annotated[tuple[Text, ...], Meta(min_length=1)]
    starts: datetime.date | None = None


class Bar(Entry, frozen=True, kw_only=True):
    """Lines that accounts may not pay."""

    rule: Text
    when: Any
    text: Text
    reading: Reading = None


class NoAccount(Entry, frozen=True, kw_only=True):
    """People who have no account of their own."""

    notice: Text
    rule: Text
    when: Any
    text: Text


class HolderArea(Entry, frozen=True, kw_only=True):
    """Where the holder of a family account must be insured: the beginning of the area code."""

    rule: Text
    prefix: Annotated[str, Meta(pattern=r"^[0-9]{2,6}$")]


class AccountRules(Entry, frozen=True, kw_only=True):
    """个人账户与家庭共济: order, relations, and what accounts may not pay."""

    rule: Text
    relations: Annotated[tuple[Relations, ...], Meta(min_length=1)]
    refused_notice: Text
    holder_area: HolderArea | None = None
    bar: tuple[Bar, ...] = ()
    no_account: tuple[NoAccount, ...] = ()
    before_deductible: Text | None = None


class CreditRow(Row, frozen=True, kw_only=True):
    """A month's credit: a share of the contribution base, a fixed sum, a parameter times a ratio, none, or not said."""

    of_base: Ppm | None = None
    yuan: Fen | None = None
    parameter: Text | None = None
    key: Text | None = None
    times: Ppm | None = None
    none: bool = False
    undefined: Text | None = None


class Credit(Entry, frozen=True, kw_only=True):
    """个人账户计入: what is credited to an account in a month."""

    row: Annotated[tuple[CreditRow, ...], Meta(min_length=1)]
    require: tuple[Require, ...] = ()


class Band(Entry, frozen=True, kw_only=True):
    """The share of the surplus an institution keeps while the use rate is `below`; the last band has no end."""

    kept: Ppm
    below: Ppm | None = None


class DirectRate(Entry, frozen=True, kw_only=True):
    """直接结算率: the rate below which each point short (or part of one) takes a point off the kept share."""

    at_least: Ppm
    points_off: Ppm


class Capitation(Entry, frozen=True, kw_only=True):
    """定额包干: prepayment per person a year as a share of a benefit's cap, and the clearing at the year's end."""

    rule: Text
    clearing_rule: Text
    benefit: Text
    share_of_cap: Ppm
    band: Annotated[tuple[Band, ...], Meta(min_length=1)]
    direct_rate: DirectRate


class Claim(Entry, frozen=True, kw_only=True):
    """手工报销: how a patient who paid in full claims later; `deadline` is a month and day of the next year."""

    rule: Text
    text: Text
    papers: tuple[Text, ...] = ()
    deadline: MonthDay | None = None
    final: bool = False


class Case(Entry, frozen=True, kw_only=True):
    """A worked case the pack must pass: a visit as JSON, and its totals or the code it is refused with."""

    name: Text
    visit: Text
    expect: dict[str, Text] = {}
    accumulators: dict[str, Text] = {}
    refused: Text | None = None


class Pack(Entry, frozen=True, kw_only=True):
    """One edition of one area's rules.

    `prescriber_level` and `prescriber_selected` name the types of institution, each with its rule, where the
    prescriber's level counts, and where the prescriber is compared with the selected institution.
    """

    format: Literal[1]
    area: AreaCode
    area_name: Text
    starts: datetime.date
    ends: datetime.date | None = None
    open_end: bool = False
    gap: Text | None = None
    verified_on: datetime.date
    year_starts: MonthDay = "01-01"
    default_benefit: Text
    source: dict[str, Source]
    gist: dict[str, Text]
    rule: dict[str, Rule]
    not_modelled: tuple[NotModelled, ...] = ()
    level: Annotated[tuple[Level, ...], Meta(min_length=1)]
    prescriber_level: dict[str, Text] = {}
    prescriber_selected: dict[str, Text] = {}
    fact: dict[str, Fact] = {}
    parameter: dict[str, Parameter] = {}
    accumulator: dict[str, Accumulator]
    lines: LineRules
    gate: tuple[Gate, ...] = ()
    benefit: dict[str, Benefit]
    undefined: dict[str, Undefined] = {}
    accounts: AccountRules
    credit: Credit | None = None
    capitation: Capitation | None = None
    claim: Claim | None = None
    case: tuple[Case, ...] = ()


def _signed(text: str, parse: Any, unit: int) -> int:
    if text[:1] not in {"+", "-"}:
        raise ValueError('应带正负号，例如 "+5" 或 "-10"')
    size = int(parse(text[1:])) * unit // FEN_PER_YUAN
    return -size if text[0] == "-" else size


def read_figure(kind: type, value: Any) -> int:
    """Return a figure of a pack as its type; ValueError with a sentence when it cannot be one."""
    text = str(value) if type(value) is int else value
    if not isinstance(text, str):
        raise ValueError("应写成带引号的文字，金额如 30.00，比例如 65%")  # noqa: TRY004  # a fault of the pack, not of us
    if kind is Ppm:
        return parse_percent(text)
    if kind is Points:
        return Points(_signed(text, parse_fen, PPM_PER_POINT))
    if kind is SignedFen:
        return SignedFen(_signed(text, parse_fen, FEN_PER_YUAN))
    return PARSERS[kind](text)
