"""A policy pack as it is written: one edition of one area's rules, with the article behind each figure.

These records are the pack language; `docs/packs.md` explains it with examples. Every operation names its `rule`, every
rule its article, and every article has its gist.
"""

import datetime
import re
from typing import Annotated, Literal

from msgspec import Meta

from gongji.core import strict_records
from gongji.core.packs.accounts import AccountRules, Capitation, Claim, CreditRules, MonthDay, SelectionRules
from gongji.core.packs.benefits import Benefit, Undefined
from gongji.core.packs.entries import CitedEntry, PackEntry, Reading
from gongji.core.packs.lines import LineRules, PackGate, VisitNotice
from gongji.core.strict_records import Text

AreaCode = Annotated[str, Meta(pattern=r"^[0-9]{6}\Z")]
Period = Literal["year", "month", "day"]
Scheme = Literal["employees", "residents"]
"""职工医保 or 居民医保: whom a pack is for, by the status of a person."""

DiseaseList = Literal["chronic", "special"]

CODE = "code"
"""In an accumulator's `{…}`, or in `split_by`, a name that is no fact: the line's own code."""

DRUG = "drug"
"""Another: what makes several codes one drug; the line's code where the line does not say."""

FREE_NAMES = (CODE, DRUG)
"""Names in an accumulator's `{…}`, or in `split_by`, whose values a line may choose freely."""

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
    """Articles that no rule cites, and why; `duty` says what they ask of a clinic all the same."""

    articles: Annotated[tuple[Text, ...], Meta(min_length=1)]
    why: Text
    duty: Text | None = None


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
    true when the settlement date is not after / not before it · within: a date, true from that day on for `days` days.
    """

    of: Literal["person", "line", "visit"]
    kind: Literal["flag", "choice", "number", "institution", "until", "since", "within"]
    name: Text
    values: tuple[Text, ...] = ()
    default: Text | None = None
    days: Annotated[int, Meta(ge=1, le=3660)] | None = None


class Disease(PackEntry, frozen=True, kw_only=True):
    """A disease of the area's list: its other names, its national code where known, and which list it is on."""

    name: Text
    of: DiseaseList
    names: tuple[Text, ...] = ()
    code: str = ""


class General(CitedEntry, frozen=True, kw_only=True):
    """A pack's setting of a general exclusion: the rule it is cited by, or (`off`) that it does not hold here."""

    off: bool = False


class Parameter(PackEntry, frozen=True, kw_only=True):
    """A figure the document refers to and does not give; a clinic supplies it from its agency's notice.

    A date is the day from which something holds: a fact of its name is true from then on, false where none is supplied.

    `by` names the facts (or "year", last) it differs by; `fixed` holds those of its figures that a document does give,
    which override what is given. `dated` figures are given by the day from which they hold.
    """

    kind: Literal["money", "ratio", "date"]
    dated: bool = False
    unit: Text
    name: Text
    rule: Text
    by: tuple[Text, ...] = ()
    fixed: dict[str, Text] = {}
    fixed_rule: Text | None = None


class Accumulator(PackEntry, frozen=True, kw_only=True):
    """A running total of a person in this area; `{…}` in its name is replaced by a fact or the line's code."""

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
    """One edition of one area's rules; `revision` counts the corrected texts of the same edition, the first being 1.

    In format 2 the general exclusions hold by themselves (see `general`); in format 1, which only settlements of the
    past were made under, nothing holds but what is written. One that `supersedes` ends the edition before, whatever end
    that one names. `exercise` says that it is one, not a policy to settle by.

    `prescriber_level` and `prescriber_selected` name the types of institution, each with its rule, where the
    prescriber's level counts, and where the prescriber is compared with the selected institution.
    """

    format: Literal[1, 2]
    revision: Annotated[int, Meta(ge=1, le=999)] = 1
    scheme: Scheme = "employees"
    area: AreaCode
    area_name: Text
    starts: datetime.date
    ends: datetime.date | None = None
    open_end: bool = False
    gap: Text | None = None
    supersedes: bool = False
    verified_on: datetime.date
    review_by: datetime.date | None = None
    exercise: Text | None = None
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
    disease: tuple[Disease, ...] = ()
    general: dict[str, General] = {}
    parameter: dict[str, Parameter] = {}
    accumulator: dict[str, Accumulator]
    lines: LineRules
    gate: tuple[PackGate, ...] = ()
    notice: tuple[VisitNotice, ...] = ()
    benefit: dict[str, Benefit]
    undefined: dict[str, Undefined] = {}
    accounts: AccountRules
    credit: CreditRules | None = None
    capitation: Capitation | None = None
    selection: SelectionRules | None = None
    claim: Claim | None = None
    case: tuple[WorkedCase, ...] = ()


strict_records.prepare(Pack)
