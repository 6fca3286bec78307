"""How a receipt divides a bill: the official heading of each line, and the two splits of the whole.

The splits, who paid and what kind of burden the patient's part is, are two readings of the same total
(docs/receipts.md, A3 and A4): neither is ever derived from the other.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from gongji.core.engine.amounts import Amounts
from gongji.core.labels import FEE_CATEGORIES

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


OTHER_FEES = FEE_CATEGORIES[-1]
_BY_CATEGORY = {"drug": "西药费", "consumable": "卫生材料费", "service": OTHER_FEES}
# Headings by a service's or drug's own name, first match first; only used where the catalogue has none.
_BY_NAME = (
    ("service", "一般诊疗费", "一般诊疗费"),
    ("service", "诊察费", "诊察费"),
    ("service", "挂号费", "挂号费"),
    ("drug", "饮片", "中药饮片"),
)


class Fee(Struct, frozen=True, kw_only=True):
    """A heading and the sum of its lines, in fen."""

    category: str
    amount_fen: int


def fee_category(code: str, name: str, category: str, catalogue: Mapping[str, str]) -> str:
    """Return the heading of a line: the catalogue's by the item's code, else by name and kind of item.

    A heading in the catalogue that is none of the official ones goes under the last, "其他门（急）诊收费".
    """
    known = catalogue.get(code)
    if known:
        return known if known in FEE_CATEGORIES else OTHER_FEES
    for kind, part, heading in _BY_NAME:
        if kind == category and part in name:
            return heading
    return _BY_CATEGORY[category]


def fees_of(amounts: Iterable[tuple[str, int]]) -> tuple[Fee, ...]:
    """Return each heading that occurs with its sum, in the official order, from headings and amounts in fen."""
    sums: dict[str, int] = {}
    for heading, fen in amounts:
        sums[heading] = sums.get(heading, 0) + fen
    return tuple(Fee(category=one, amount_fen=sums[one]) for one in FEE_CATEGORIES if one in sums)
