"""The two splits of a bill that a receipt shows: who paid it, and what kind of burden the patient's part is.

They are two readings of the same total (receipt-standard A3 and A4): neither is ever derived from the other.
"""

from typing import Literal

from msgspec import Struct

from gongji.core.engine.amounts import Amounts

Burden = Literal["self_pay", "own_expense"]


class Split(Struct, frozen=True, kw_only=True):
    """统筹、其他、账户、现金 and 自付、自费, in fen; the account is the patient's own and the family's together."""

    total_fen: int
    fund_fen: int
    other_fen: int
    account_fen: int
    cash_fen: int
    self_pay_fen: int
    own_expense_fen: int


def split_of(amounts: Amounts, over_price: Burden, excluded: Burden) -> Split:
    """Return both splits of a settlement's amounts.

    自费 is what lies outside the catalogue; 自付 is the patient's share inside it: first pay, deductible, ratio, over
    the cap. Whether what is over the price ceiling, or not covered by this benefit, counts as one or the other is the
    area's custom.
    """
    own_fen = amounts.self_paid_fen
    own_fen += amounts.over_price_fen if over_price == "own_expense" else 0
    own_fen += amounts.excluded_fen if excluded == "own_expense" else 0
    inside_fen = amounts.prepaid_fen + amounts.eligible_fen - amounts.fund_total_fen
    inside_fen += amounts.over_price_fen if over_price == "self_pay" else 0
    inside_fen += amounts.excluded_fen if excluded == "self_pay" else 0
    return Split(
        total_fen=amounts.total_fen,
        fund_fen=amounts.fund_fen,
        other_fen=amounts.civil_servant_fen + amounts.large_medical_fen,
        account_fen=amounts.account_own_fen + amounts.account_family_fen,
        cash_fen=amounts.cash_fen,
        self_pay_fen=inside_fen,
        own_expense_fen=own_fen,
    )
