"""结算与冲销 as the book holds them, and how a void follows from the settlement it reverses."""

from msgspec import Struct

from gongji.core.engine.account_payments import FamilyPayment
from gongji.core.engine.amounts import Amounts, added
from gongji.core.engine.settlement import Settlement
from gongji.core.ledger.ledger import FigureKey

FUNDS = ("fund", "civil_servant", "large_medical")
TENDERS = ("cash", "wechat", "alipay", "card")


class Payment(Struct, frozen=True, kw_only=True):
    """Who paid how much, in fen, of which part (its position), by which means; `account_id` for accounts."""

    part: int
    means: str
    account_id: str | None
    amount_fen: int


class Movement(Struct, frozen=True, kw_only=True):
    """What a figure was moved by and stood at afterwards, in fen."""

    key: FigureKey
    amount_fen: int
    after_fen: int


class StoredSettlement(Struct, frozen=True, kw_only=True):
    """A settlement or void, whole. For a void every amount is below zero or zero and `voids` is the other's number."""

    serial: int
    no: str
    kind: str
    voids: str | None
    voided_by: str | None
    visit_no: str
    person_id: str
    area: str
    settled_on: str
    year_from: str
    policy: str
    operator: str
    at: str
    reason: str
    receipt_no: str
    totals: Amounts
    parts: tuple[Settlement, ...]
    payments: tuple[Payment, ...]
    moved: tuple[Movement, ...]
    given_sha256: str
    state: str
    policy_revision: int = 1


class TenderError(ValueError):
    """What was handed over does not come to what is due."""


def payments(
    parts: tuple[Settlement, ...], tender: tuple[tuple[str, int], ...], own_account: str
) -> tuple[Payment, ...]:
    """Return every payment of a visit's parts; `tender` is how the cash due was paid: means and fen.

    Raises `TenderError` unless the tender comes to the cash due of all parts exactly.
    """
    due_fen = sum(part.amounts.cash_fen for part in parts)
    if sum(fen for _, fen in tender) != due_fen or any(fen < 0 for _, fen in tender):
        raise TenderError(tender, due_fen)
    purse = [(means, fen) for means, fen in tender if fen]
    found: list[Payment] = []
    for index, part in enumerate(parts):
        found += _stated(index, part, own_account)
        taken, purse = _taken(purse, part.amounts.cash_fen)
        found += [Payment(part=index, means=means, account_id=None, amount_fen=fen) for means, fen in taken]
    return tuple(payment for payment in found if payment.amount_fen)


def _stated(index: int, part: Settlement, own_account: str) -> list[Payment]:
    """Return what the funds and the accounts pay of a part."""
    amounts = part.amounts
    funds = [(name, None, getattr(amounts, f"{name}_fen")) for name in FUNDS]
    accounts = [("account_family", one.id, one.amount_fen) for one in part.family_payments]
    stated = [*funds, ("account_own", own_account, amounts.account_own_fen), *accounts]
    return [Payment(part=index, means=means, account_id=account, amount_fen=fen) for means, account, fen in stated]


def _taken(purse: list[tuple[str, int]], due_fen: int) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """Return what is taken out of a purse for what is due, first means first, and what is left in it."""
    taken, left = [], []
    for means, fen in purse:
        now_fen = min(fen, due_fen)
        due_fen -= now_fen
        taken.append((means, now_fen))
        left.append((means, fen - now_fen))
    return [one for one in taken if one[1]], [one for one in left if one[1]]


def mirrored(amounts: Amounts) -> Amounts:
    """Return the opposite of amounts."""
    return Amounts(**{name: -getattr(amounts, name) for name in Amounts.__struct_fields__})


def mirrored_parts(parts: tuple[Settlement, ...]) -> tuple[Settlement, ...]:
    """Return the opposite of a settlement's parts; why is told by the settlement they reverse."""
    return tuple(
        Settlement(
            benefit=part.benefit,
            amounts=mirrored(part.amounts),
            family_payments=tuple(FamilyPayment(one.id, -one.amount_fen) for one in part.family_payments),
            trace=(),
            notices=(),
        )
        for part in parts
    )


def mirrored_payments(paid: tuple[Payment, ...]) -> tuple[Payment, ...]:
    """Return the opposite of payments: money goes back the way it came."""
    return tuple(
        Payment(part=one.part, means=one.means, account_id=one.account_id, amount_fen=-one.amount_fen) for one in paid
    )


def check_parts(totals: Amounts, parts: tuple[Settlement, ...], paid: tuple[Payment, ...]) -> None:
    """Raise `AssertionError` unless the parts come to the totals and the payments to both."""
    assert totals == added([part.amounts for part in parts]), totals
    for index, part in enumerate(parts):
        mine = [one for one in paid if one.part == index]
        by_means = {means: sum(one.amount_fen for one in mine if one.means == means) for means in _ALL_MEANS}
        amounts = part.amounts
        assert all(by_means[name] == getattr(amounts, f"{name}_fen") for name in _STATED), (amounts, by_means)
        assert sum(by_means[name] for name in TENDERS) == amounts.cash_fen, (amounts, by_means)


_STATED = (*FUNDS, "account_own", "account_family")
_ALL_MEANS = (*_STATED, *TENDERS)
