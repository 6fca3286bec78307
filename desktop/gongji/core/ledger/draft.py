"""录入中的就诊: what a counter's form holds. It need not be complete, never changes in place, and survives as JSON."""

from typing import Any

from msgspec import Struct, to_builtins

from gongji.core import strict_records
from gongji.core.care import Care, Directions, Doctor
from gongji.core.money import yuan


class DraftLine(Struct, frozen=True, kw_only=True):
    """A line of the form: price and quantity as typed, and what distinguishes items of one code.

    `as_of` is the day (ISO) of the catalogue it was taken from; empty where it came from none.
    """

    code: str
    name: str
    category: str
    class_: str
    unit_price: str
    quantity: str
    prepay_ratio: str | None = None
    price_ceiling: str | None = None
    negotiated: bool = False
    unit: str = ""
    specification: str = ""
    maker: str = ""
    use: str = "treatment"
    benefit: str | None = None
    facts: dict[str, Any] = {}
    as_of: str = ""
    approved: bool | None = None
    trace_codes: tuple[str, ...] = ()
    directions: Directions | None = None
    doctor: Doctor | None = None


class AccountChoice(Struct, frozen=True, kw_only=True):
    """Which accounts the patient wants used: the most from the own one (fen; None: all of it), and which relatives'.

    `family` is None for all known ones, in their order.
    """

    own_limit_fen: int | None = None
    family: tuple[str, ...] | None = None


class YearFigures(Struct, frozen=True, kw_only=True):
    """Figures of the patient's year (by accumulator) and own account that were given at the counter, as typed."""

    accumulators: dict[str, str] = {}
    own_balance: str | None = None


class Draft(Struct, frozen=True, kw_only=True):
    """A visit in the form; `person` holds the patient's number and what was entered of the patient.

    `area` and `settled_on` (an ISO day) are None for their defaults: the area the book knows, and today.
    `paid_before` is how the settlement that this one replaces was paid (means and fen): what is kept is paid by it.
    """

    visit_no: str
    person: dict[str, Any] = {}
    area: str | None = None
    settled_on: str | None = None
    prescriber: dict[str, Any] | None = None
    prescription: dict[str, Any] | None = None
    told: YearFigures = YearFigures()
    lines: tuple[DraftLine, ...] = ()
    benefit: str | None = None
    disease: str | None = None
    cause: str = "illness"
    referral: bool = False
    referral_slip: dict[str, Any] | None = None
    rescue: bool = False
    inpatient: bool = False
    facts: dict[str, Any] = {}
    full_payment: bool = False
    accounts: AccountChoice = AccountChoice()
    paid_before: tuple[tuple[str, int], ...] = ()
    care: Care = Care()

    @property
    def person_id(self) -> str | None:
        """The patient's number; None while there is no patient."""
        return self.person.get("id")

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was entered."""
        return not self.person and not self.lines


_IF_ANY = (
    "prescriber", "prescription", "person", "referral", "referral_slip", "rescue", "inpatient", "facts", "full_payment",
)  # fmt: skip
"""Fields of a draft that the contract has by the same names, and is not told where they are empty."""
_OF_A_LINE = (
    "code", "name", "category", "unit_price", "quantity", "prepay_ratio", "price_ceiling", "benefit", "approved",
)  # fmt: skip
"""Fields of a line that the contract has by the same names."""


def draft_to_json(draft: Draft) -> dict[str, Any]:
    """Return a draft in the contract's form, without what was not entered."""
    fields: dict[str, Any] = {
        **{name: getattr(draft, name) for name in ("visit_no", "area", "settled_on", "benefit", "disease")},
        **{name: getattr(draft, name) or None for name in _IF_ANY},
        "cause": None if draft.cause == "illness" else draft.cause,
        "lines": [_line(line) for line in draft.lines],
        "accumulators": draft.told.accumulators or None,
        "accounts": None if draft.told.own_balance is None else {"own": {"balance": draft.told.own_balance}},
        "care": _said(draft.care) or None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _line(line: DraftLine) -> dict[str, Any]:
    fields: dict[str, Any] = {
        **{name: getattr(line, name) for name in _OF_A_LINE},
        "class": line.class_,
        "negotiated": line.negotiated or None,
        "use": None if line.use == "treatment" else line.use,
        "facts": line.facts or None,
        "trace_codes": list(line.trace_codes) or None,
        "directions": _said(line.directions) or None,
        "doctor": _said(line.doctor) or None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _said(record: Struct | None) -> dict[str, Any]:
    """Return a record in the contract's form, without its empty fields."""
    fields = {} if record is None else _without_nothing(to_builtins(record))
    return fields if isinstance(fields, dict) else {}


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nothing(part) for name, part in value.items() if part not in (None, "", (), [])}
    return [_without_nothing(part) for part in value] if isinstance(value, list | tuple) else value


def with_choice(visit: dict[str, Any], choice: AccountChoice) -> dict[str, Any]:
    """Return a filled visit that uses the accounts as the patient chose."""
    accounts = visit.get("accounts")
    if not isinstance(accounts, dict) or choice == AccountChoice():
        return visit
    chosen = {**accounts}
    if choice.own_limit_fen is not None and isinstance(chosen.get("own"), dict):
        chosen["own"] = {**chosen["own"], "limit": yuan(choice.own_limit_fen)}
    if choice.family is not None and isinstance(chosen.get("family"), list):
        by_id = {account.get("id"): account for account in chosen["family"] if isinstance(account, dict)}
        chosen["family"] = [by_id[number] for number in choice.family if number in by_id]
    return {**visit, "accounts": chosen}


strict_records.prepare(Draft)
