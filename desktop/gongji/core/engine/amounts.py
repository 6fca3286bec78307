"""The fifteen amounts of a settlement, and the identities that must hold among them."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import astuple

from gongji.core.money import yuan


class Amounts(Struct, frozen=True, kw_only=True, gc=False):
    """结算金额, all in fen; the fields are those of the contract, in its order.

    total = self_paid + over_price + prepaid + excluded + eligible; fund_total = fund + civil_servant + large_medical;
    patient = total − fund_total = account_own + account_family + cash.
    """

    total_fen: int
    self_paid_fen: int
    over_price_fen: int
    prepaid_fen: int
    excluded_fen: int
    eligible_fen: int
    deductible_fen: int
    fund_fen: int
    civil_servant_fen: int
    large_medical_fen: int
    fund_total_fen: int
    patient_fen: int
    account_own_fen: int
    account_family_fen: int
    cash_fen: int


AMOUNT_KEYS = tuple(name.removesuffix("_fen") for name in Amounts.__struct_fields__)


def from_fen(values: Sequence[int]) -> Amounts:
    """Return the amounts that fifteen fen stand for, in the order of the fields."""
    return Amounts(**dict(zip(Amounts.__struct_fields__, values, strict=True)))


def only(**fens: int) -> Amounts:
    """Return amounts of which all but these are zero, in fen."""
    return Amounts(**{**dict.fromkeys(Amounts.__struct_fields__, 0), **fens})


class BrokenSumError(AssertionError):
    """The parts of a settlement do not add up: a bug, on which nothing may be built."""


def check_sums(one: Amounts) -> None:
    """Raise `BrokenSumError` unless every fen of the bill is in exactly one place."""
    total, eligible, fund, funds = one.total_fen, one.eligible_fen, one.fund_fen, one.fund_total_fen
    deductible, own, cash = one.deductible_fen, one.account_own_fen, one.cash_fen
    paid = own + one.account_family_fen + cash
    if not (
        one.self_paid_fen + one.over_price_fen + one.prepaid_fen + one.excluded_fen + eligible == total
        and fund + one.civil_servant_fen + one.large_medical_fen == funds <= eligible
        and paid == one.patient_fen == total - funds
        and deductible + fund <= eligible
        and cash >= 0 <= own
        and fund >= 0 <= deductible
        and eligible >= 0
    ):
        raise BrokenSumError(one)


def added(parts: Sequence[Amounts]) -> Amounts:
    """Return the sum of several settlements, amount by amount, in fen."""
    if len(parts) == 1:
        return parts[0]
    return from_fen(list(map(sum, zip(*map(astuple, parts), strict=True))))


def in_yuan(one: Amounts) -> dict[str, str]:
    """Return the amounts in yuan, as the contract prints them."""
    return {
        "total": yuan(one.total_fen),
        "self_paid": yuan(one.self_paid_fen),
        "over_price": yuan(one.over_price_fen),
        "prepaid": yuan(one.prepaid_fen),
        "excluded": yuan(one.excluded_fen),
        "eligible": yuan(one.eligible_fen),
        "deductible": yuan(one.deductible_fen),
        "fund": yuan(one.fund_fen),
        "civil_servant": yuan(one.civil_servant_fen),
        "large_medical": yuan(one.large_medical_fen),
        "fund_total": yuan(one.fund_total_fen),
        "patient": yuan(one.patient_fen),
        "account_own": yuan(one.account_own_fen),
        "account_family": yuan(one.account_family_fen),
        "cash": yuan(one.cash_fen),
    }
