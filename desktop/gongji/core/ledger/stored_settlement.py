"""结算与冲销 as the book holds them: their numbers, the record the queue carries, and how a void follows.

A counter's numbers carry its code and a serial that is never used again. A record is the settlement or void whole, in
our own words, its bytes frozen when it is made.
"""

import datetime
import re
from collections.abc import Iterator
from typing import Any

from msgspec import DecodeError, Struct, json
from msgspec import json as fast_json
from msgspec.structs import replace

from gongji.core.engine.amounts import Amounts, added
from gongji.core.engine.quote import Quote
from gongji.core.engine.settlement import Settlement
from gongji.core.labels import TENDER_WORDS
from gongji.core.ledger.ledger import FigureKey, account_key, accumulator_key
from gongji.core.strict_json import decode
from gongji.core.visits import Visit, read_known_amount, read_visit
from gongji.errors import GongjiError

FUNDS = ("fund", "civil_servant", "large_medical")
TENDERS = tuple(TENDER_WORDS)


class Payment(Struct, frozen=True, kw_only=True):
    """Who paid how much, in fen, of which part (its position), by which means; `account_id` for accounts."""

    part: int
    means: str
    account_id: str | None
    amount_fen: int


class Movement(Struct, frozen=True, kw_only=True):
    """How much a figure moved, and its value afterwards, in fen."""

    key: FigureKey
    amount_fen: int
    after_fen: int


class StoredSettlement(Struct, frozen=True, kw_only=True):
    """A settlement or void, whole. A void's amounts are zero or negative and `voids` is the settlement's number."""

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
    """The amounts paid by each means do not add up to the cash due."""


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
    payments: list[Payment] = []
    for index, part in enumerate(parts):
        payments += _stated(index, part, own_account)
        taken, purse = _taken(purse, part.amounts.cash_fen)
        payments += [Payment(part=index, means=means, account_id=None, amount_fen=fen) for means, fen in taken]
    return tuple(payment for payment in payments if payment.amount_fen)


def _stated(index: int, part: Settlement, own_account: str) -> list[Payment]:
    """Return what the funds and the accounts pay of a part."""
    amounts = part.amounts
    funds = [(name, None, getattr(amounts, f"{name}_fen")) for name in FUNDS]
    accounts = [("account_family", payment.id, payment.amount_fen) for payment in part.family_payments]
    stated = [*funds, ("account_own", own_account, amounts.account_own_fen), *accounts]
    return [Payment(part=index, means=means, account_id=account, amount_fen=fen) for means, account, fen in stated]


def _taken(purse: list[tuple[str, int]], due_fen: int) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """Return the payments for an amount due, first means first, and what is left of the purse."""
    taken, left = [], []
    for means, fen in purse:
        now_fen = min(fen, due_fen)
        due_fen -= now_fen
        taken.append((means, now_fen))
        left.append((means, fen - now_fen))
    return [payment for payment in taken if payment[1]], [payment for payment in left if payment[1]]


def movements(visit: Visit, quote: Quote, paid: tuple[Payment, ...]) -> Iterator[Movement]:
    """Yield how much the settlement moves the person's year and the accounts used."""
    year_from = quote.year_from.isoformat()
    for name, after_fen in quote.accumulators.items():
        before_fen = visit.accumulators.get(name, 0)
        key = accumulator_key(visit.person.id, visit.area, year_from, name)
        yield Movement(key=key, amount_fen=after_fen - before_fen, after_fen=after_fen)
    balances = {account.id: int(account.balance) for account in visit.accounts.family}
    if visit.accounts.own is not None:
        balances[visit.person.id] = int(visit.accounts.own.balance)
    for account_id, balance_fen in balances.items():
        used_fen = sum(payment.amount_fen for payment in paid if payment.account_id == account_id)
        if used_fen:
            yield Movement(key=account_key(account_id), amount_fen=-used_fen, after_fen=balance_fen - used_fen)


def mirrored(amounts: Amounts) -> Amounts:
    """Return the opposite of amounts."""
    return Amounts(**{name: -getattr(amounts, name) for name in Amounts.__struct_fields__})


def mirrored_parts(parts: tuple[Settlement, ...]) -> tuple[Settlement, ...]:
    """Return the negative of a settlement's parts, without their trace: the settlement has it."""
    return tuple(
        replace(
            part,
            amounts=mirrored(part.amounts),
            family_payments=tuple(replace(one, amount_fen=-one.amount_fen) for one in part.family_payments),
            trace=(),
            notices=(),
        )
        for part in parts
    )


def mirrored_payments(paid: tuple[Payment, ...]) -> tuple[Payment, ...]:
    """Return the negative of payments: money goes back by the same means."""
    return tuple(replace(payment, amount_fen=-payment.amount_fen) for payment in paid)


def check_parts(totals: Amounts, parts: tuple[Settlement, ...], paid: tuple[Payment, ...]) -> None:
    """Raise `AssertionError` unless the parts add up to the totals and the payments to both."""
    assert totals == added([part.amounts for part in parts]), totals
    for index, part in enumerate(parts):
        of_part = [payment for payment in paid if payment.part == index]
        by_means = {
            means: sum(payment.amount_fen for payment in of_part if payment.means == means) for means in _ALL_MEANS
        }
        amounts = part.amounts
        assert all(by_means[name] == getattr(amounts, f"{name}_fen") for name in _STATED), (amounts, by_means)
        assert sum(by_means[name] for name in TENDERS) == amounts.cash_fen, (amounts, by_means)


_STATED = (*FUNDS, "account_own", "account_family")
_ALL_MEANS = (*_STATED, *TENDERS)


COUNTER_CODE = re.compile(r"[0-9A-Z]{2}\Z", re.ASCII)


def settlement_no(counter: str, day: datetime.date, serial: int) -> str:
    """Return the number of a settlement or a void: counter, day, serial."""
    return f"{counter}-{day:%Y%m%d}-{serial:06d}"


def receipt_no(counter: str, serial: int) -> str:
    """Return the number of a receipt."""
    return f"{counter}{serial:08d}"


_DECODER = fast_json.Decoder(Visit, dec_hook=read_known_amount)


def settled_body(no: str, body: bytes) -> Visit:
    """Return the visit of a stored settlement. Raises `GongjiError` where what the book holds cannot be read."""
    try:
        return _DECODER.decode(body)
    except DecodeError:  # stored by another writer of JSON: read as when it was settled
        value, problems = decode(body)
        read = problems or read_visit(value)
        if not isinstance(read, Visit):
            raise GongjiError(
                f"{no} 所存的就诊读不出来", "请联系维护人员核对数据文件（命令行：gongji verify）"
            ) from None
        return read


def claim_key(institution: str, counter: str, epoch: int, serial: int) -> str:
    """Return the permanent key of a record; the epoch rises when a book is restored from a copy."""
    return f"{institution}-{counter}-{epoch}-{serial}"


def lane_of(person_id: str, year_from: str) -> str:
    """Return the lane whose records are sent one after another: one person's benefit year."""
    return f"{person_id}/{year_from}"


_OF_A_RECORD = (
    "kind", "voids", "visit_no", "receipt_no", "person_id", "area", "settled_on", "year_from", "policy", "operator",
    "at", "reason", "totals", "payments",
)  # fmt: skip
"""What a record has from the settlement or void as it is."""


def record_body(key: str, stored: StoredSettlement, visit: bytes | None, original_key: str | None) -> bytes:
    """Return a record's bytes; amounts in fen, `visit` as it was settled (none for a void)."""
    record: dict[str, Any] = {
        **{name: getattr(stored, name) for name in _OF_A_RECORD},
        "claim_key": key,
        "original": original_key,
        "settlement_no": stored.no,
        "parts": [{"benefit": part.benefit, "amounts": part.amounts} for part in stored.parts],
        "visit": None if visit is None else json.decode(visit),
    }
    return json.encode(record, enc_hook=_fen, order="deterministic")


def _fen(value: Any) -> int:
    """Return a marked amount as a plain number."""
    if isinstance(value, int):
        return int(value)
    raise TypeError(type(value))
