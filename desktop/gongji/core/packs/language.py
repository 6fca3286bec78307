"""A policy pack as it is written: one edition of one area's rules, with the article behind each figure.

These records are the pack language; `docs/packs.md` explains it with examples. Every operation names its `rule`, every
rule its article, and every article has its gist.
"""

import datetime
import re
from typing import Annotated, Literal

from msgspec import Meta

from gongji.core import strict_records
from gongji.core.packs.accounts import AccountRules, Capitation, Claim, CreditRules, MonthDay
from gongji.core.packs.benefits import Benefit, Undefined
from gongji.core.packs.entries import PackEntry, Reading
from gongji.core.packs.lines import LineRules, PackGate
from gongji.core.visits import Text

AreaCode = Annotated[str, Meta(pattern=r"^[0-9]{6}\Z")]
Period = Literal["year", "month", "day"]

CODE = "code"
"""The one name in an accumulator's `{…}`, or in `split_by`, that is no fact: the line's own code."""

PARAMETER_YEAR = re.compile(r"[12][0-9]{3}")
PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")


class PackSource(PackEntry, frozen=True, kw_only=True):
    """A document; `short` stands before its articles where it is not the main one."""

    title: Text
    number: str = ""
    issued: datetime.date | None = None
    short: str = ""


class PackRule(PackEntry, frozen=True, kw_only=True):
    """A rule: its articles (several joined by 、), whether it is our reading, and why nothing here computes it."""

    article: Text
    title: Text
    reading: Reading = None
    aside: Text | None = None


class NotModelled(PackEntry, frozen=True, kw_only=True):
    """Articles that no rule cites, and why."""

    articles: Annotated[tuple[Text, ...], Meta(min_length=1)]
    why: Text


class Level(PackEntry, frozen=True, kw_only=True):
    """A level of institution; `same_as` names the level whose rules it follows."""

    id: Text
    name: Text
    same_as: Text | None = None
    reading: Reading = None


class Fact(PackEntry, frozen=True, kw_only=True):
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


class Parameter(PackEntry, frozen=True, kw_only=True):
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


class Accumulator(PackEntry, frozen=True, kw_only=True):
    """A running total of a person in this area; `{…}` in its name stands for a fact or for the line's code."""

    name: Text
    counts: Literal["fund", "deductible", "expense"]
    per: Period = "year"


class WorkedCase(PackEntry, frozen=True, kw_only=True):
    """A worked case the pack must pass: a visit as JSON, and its totals or the code it is refused with."""

    name: Text
    visit: Text
    expect: dict[str, Text] = {}
    accumulators: dict[str, Text] = {}
    refused: Text | None = None


class Pack(PackEntry, frozen=True, kw_only=True):
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
    source: dict[str, PackSource]
    gist: dict[str, Text]
    rule: dict[str, PackRule]
    not_modelled: tuple[NotModelled, ...] = ()
    level: Annotated[tuple[Level, ...], Meta(min_length=1)]
    prescriber_level: dict[str, Text] = {}
    prescriber_selected: dict[str, Text] = {}
    fact: dict[str, Fact] = {}
    parameter: dict[str, Parameter] = {}
    accumulator: dict[str, Accumulator]
    lines: LineRules
    gate: tuple[PackGate, ...] = ()
    benefit: dict[str, Benefit]
    undefined: dict[str, Undefined] = {}
    accounts: AccountRules
    credit: CreditRules | None = None
    capitation: Capitation | None = None
    claim: Claim | None = None
    case: tuple[WorkedCase, ...] = ()


strict_records.prepare(Pack)
