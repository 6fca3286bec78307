"""The visit as it is handed in, field by field as the command-line contract names them.

Amounts arrive as decimal texts or JSON numbers and become integers while the record is read; a `Visit` is complete
and well formed or it does not exist. What a field may hold only in some areas (levels, benefits, accumulators,
parameters, facts) is the pack's to say and is checked when the visit is quoted.
"""

import datetime
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, ValidationError, convert, field

from gongji.core import strict_records
from gongji.core.care import Care, Directions, Doctor, Prescription, ReferralSlip
from gongji.core.money import E4, E12, PARSERS, Fen
from gongji.core.problems import Problem
from gongji.core.strict_json import JsonNumber
from gongji.core.strict_records import Text

Insured = Literal["employed", "retired"]
Status = Literal[Insured, "resident", "uninsured"]
"""In work or retired under the employees' insurance; under the residents' (居民医保); under none (自费)."""
WITHOUT_BENEFIT = ("resident", "uninsured")
"""Statuses under which nobody but the patient pays: no employees' policy is asked about such a visit."""
Employment = Literal["unit", "flexible"]
Supplement = Literal["civil_servant", "large_medical"]
InstitutionType = Literal[
    "hospital",
    "township_clinic",
    "community_centre",
    "community_station",
    "village_station",
    "clinic",
    "pharmacy",
    "internet_hospital",
]
Grade = Literal["special", "A", "B", "C"]
Category = Literal["drug", "service", "consumable"]
Class = Literal["A", "B", "C"]
Use = Literal["treatment", "public_health", "fitness", "wellness", "checkup", "antenatal", "tcm_prevention"]
Cause = Literal["illness", "work_injury", "third_party", "public_health", "overseas"]


class Institution(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """定点医药机构: where the visit took place."""

    id: Text
    name: str = ""
    type: InstitutionType
    level: Text
    grade: Grade | None = None
    designated: bool = True
    pooled: bool = True


class Prescriber(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """开方机构: who prescribed, or the hospital an internet hospital belongs to."""

    id: Text
    name: str = ""
    level: Text
    grade: Grade | None = None


class SelectionTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """选定机构的年度与变更原因: the year the choice is for; `reason` is why it changed, empty for a first choice."""

    year: Annotated[int, Meta(ge=2000, le=2999)]
    reason: str = ""


class Registrations(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """慢特病登记: diseases the agency has registered for this person."""

    chronic: tuple[str, ...] = ()


class Person(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """参保人: the patient, as insured on the settlement date; `voucher` is the 医保电子凭证 that was shown."""

    id: Text
    name: str = ""
    status: Status
    employment: Employment = "unit"
    birth_date: datetime.date | None = None
    supplements: tuple[Supplement, ...] = ()
    selected_institution: str | None = None
    selection: SelectionTerms | None = None
    entitled: bool = True
    registrations: Registrations = Registrations()
    voucher: str | None = None
    facts: dict[str, Any] = {}

    def __repr__(self) -> str:
        """Show only the end of the identity number."""
        return f"Person(…{self.id[-4:]})"


class FeeLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """收费明细: one line of the bill; the price in 1/10000 yuan, the amount in fen.

    `approved` is what was answered at the counter for a drug of limited use, `trace_codes` are those of its boxes,
    `doctor` is who prescribed it, where another than the visit's; `uncoded` says that it has no national code.
    """

    code: Text
    name: str = ""
    category: Category
    class_: Class = field(name="class")
    unit_price: E4
    quantity: E4
    amount: Fen | None = None
    prepay_ratio: E12 | None = None
    price_ceiling: E4 | None = None
    negotiated: bool = False
    uncoded: bool = False
    drug: Text | None = None
    use: Use = "treatment"
    benefit: Text | None = None
    approved: bool | None = None
    trace_codes: tuple[Text, ...] = ()
    directions: Directions | None = None
    doctor: Doctor | None = None
    facts: dict[str, Any] = {}


class OwnAccount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """个人账户: the patient's own; `limit_fen` is the most to be taken over the visit.

    `current` is what of the balance was credited this year (当年), where an area keeps that apart.
    """

    balance: Fen
    current: Fen | None = None
    limit: Fen | None = None


class FamilyAccount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """共济账户: a relative's; `relation` says what the patient is to its holder, `area` where the holder is insured."""

    id: Text
    relation: Text
    balance: Fen
    limit: Fen | None = None
    authorised: bool = False
    area: str | None = None

    def __repr__(self) -> str:
        """Show only the end of the account's number, which may be its holder's identity number."""
        return f"FamilyAccount(…{self.id[-4:]})"


class Accounts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The accounts offered for this visit, family accounts in the order they are to be used."""

    own: OwnAccount | None = None
    family: tuple[FamilyAccount, ...] = ()


class Visit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """就诊: everything a settlement is computed from, but for the policy.

    `full_payment` (全额垫付) says that the patient pays everything now and claims it later.
    """

    visit_no: Text
    area: Text
    settled_on: datetime.date
    benefit: Text | None = None
    institution: Institution
    prescriber: Prescriber | None = None
    prescription: Prescription | None = None
    person: Person
    disease: str | None = None
    cause: Cause = "illness"
    referral: bool = False
    referral_slip: ReferralSlip | None = None
    rescue: bool = False
    inpatient: bool = False
    full_payment: bool = False
    facts: dict[str, Any] = {}
    lines: Annotated[tuple[FeeLine, ...], Meta(min_length=1)]
    accumulators: dict[str, Fen] = {}
    accounts: Accounts = Accounts()
    parameters: dict[str, Any] = {}
    care: Care | None = None

    def marked_lines(self) -> list[tuple[int, FeeLine]]:
        """Return the lines, with their places, that have a benefit or facts of their own: few visits have any."""
        return [(index, line) for index, line in enumerate(self.lines) if line.benefit or line.facts]


def read_amount(kind: type, value: Any) -> int:
    """Return what was written as `Fen`, `E4` or `E12`; ValueError with a sentence when it cannot be one."""
    parse = PARSERS[kind]
    if type(value) is str:
        return parse(value)
    if type(value) is int and abs(value) < 10**12:  # longer ones are refused by the parser, without a costly str()
        return parse(str(value))
    return parse(value.text if type(value) is JsonNumber else "")


read_known_amount: Callable[[type, Any], int] = lru_cache(1 << 16, typed=True)(read_amount)
"""The same, fast for what is written again and again, as text or as a number.

A list or an object raises TypeError, and anything else that is no amount ValueError.
"""


def read_visit(value: Any) -> Visit | list[Problem]:
    """Return the visit that a decoded JSON value holds, or every problem of its shape."""
    try:
        return convert(value, Visit, dec_hook=read_known_amount)
    except ValidationError:
        return strict_records.read(value, Visit, read_amount)


def read_institution(value: Any) -> Institution | list[Problem]:
    """Return the institution that a decoded JSON value holds, or every problem of its shape."""
    return strict_records.read(value, Institution, read_amount)


def read_line(value: Any) -> FeeLine | list[Problem]:
    """Return the line that a decoded JSON value holds, or every problem of its shape."""
    return strict_records.read(value, FeeLine, read_amount)


strict_records.prepare(Visit, Institution, FeeLine)
