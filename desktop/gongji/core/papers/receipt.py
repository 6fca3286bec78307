"""结算单 as data, and the identities that its figures must satisfy (docs/receipts.md); how it looks is `printing`'s."""

from msgspec import Struct

from gongji.core import strict_records
from gongji.core.engine.amounts import Amounts
from gongji.core.ledger.stored_settlement import FUNDS, TENDERS
from gongji.core.money import MOST_FEN, capitals
from gongji.core.papers.receipt_extra import Item
from gongji.core.papers.receipt_split import Fee, Split, fees_of
from gongji.errors import GongjiError

NOT_FISCAL = "本单是医保结算凭单，不是财政票据，不能代替医疗收费票据。"
NOT_INSURED = "本单是收费凭单，不是财政票据，不能代替医疗收费票据；本次没有按职工医保结算。"
OFFLINE = "本单由脱机结算系统按当地政策计算，最终以医保经办机构审核为准；审核有出入的，按多退少补办理。"
SIGN = {"settle": 1, "void": -1}
"""The sign of every figure on a receipt of a kind."""


class Issuer(Struct, frozen=True, kw_only=True):
    """收款单位: the clinic as a paper names it; `type` in the contract's form."""

    id: str
    name: str
    type: str
    training: bool


class ReceiptLine(Struct, frozen=True, kw_only=True):
    """收费明细: a line of the bill; price and quantity in 1/10000, amount in fen; below zero on a red receipt."""

    code: str
    name: str
    unit: str
    class_: str
    fee_category: str
    benefit: str
    unit_price_e4: int
    quantity_e4: int
    amount_fen: int


class ReceiptPayment(Struct, frozen=True, kw_only=True):
    """Who or what paid, in the words of a paper, and how much in fen."""

    means: str
    label: str
    amount_fen: int


class ReceiptPart(Struct, frozen=True, kw_only=True):
    """One benefit's settlement among several of a visit."""

    name: str
    amounts: Amounts


class ReceiptNotice(Struct, frozen=True, kw_only=True):
    """A sentence for the patient and the article it rests on."""

    text: str
    article: str = ""


class Receipt(Struct, frozen=True, kw_only=True):
    """结算单, or for `kind` "void" the red receipt (退费单) of `original_no`; amounts in fen, times as stamps.

    Stored as JSON for as long as the book exists: a field added later has a default. `in_full` says
    (自费, 居民医保) why no employees' benefit was settled, where none was. `bills` are the numbers
    of the pre-printed forms it is printed on, one a form, of the roll `bill_code`: only where it uses such forms.
    """

    kind: str
    no: str
    receipt_no: str
    original_no: str
    original_receipt_no: str
    reason: str
    visit_no: str
    at: str
    settled_on: str
    issuer: Issuer
    patient_name: str
    patient_id: str
    area: str
    area_name: str
    policy: str
    operator: str
    checker: str
    lines: tuple[ReceiptLine, ...]
    fees: tuple[Fee, ...]
    split: Split
    payments: tuple[ReceiptPayment, ...]
    parts: tuple[ReceiptPart, ...]
    other: tuple[Item, ...]
    notices: tuple[ReceiptNotice, ...]
    seal: str
    offline: bool = True
    code: str = ""
    in_full: str = ""
    bill_code: str = ""
    bills: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The receipt's title."""
        if self.in_full:
            return "门诊退费单（红字）" if self.is_void else "门诊收费单"
        return "门诊医保退费单（红字）" if self.is_void else "门诊医保结算单"

    @property
    def is_void(self) -> bool:
        """Return whether this is a red receipt."""
        return self.kind == "void"

    @property
    def capitals(self) -> str:
        """金额合计 as 大写金额."""
        return capitals(self.split.total_fen)


strict_records.prepare(Receipt)


class BrokenReceiptError(GongjiError):
    """The figures of a receipt do not agree: a bug, which must not reach paper."""

    def __init__(self, no: str, identity: str) -> None:
        super().__init__(
            f"{no} 的结算单金额对不上（{identity}），没有打印", "结算已经入账不受影响；请把结算号报给维护人员"
        )


def check_receipt_sums(one: Receipt) -> None:
    """Raise `BrokenReceiptError` unless identities A1 to A5 hold, and the payments and parts add up to the same."""
    split = one.split
    by_heading = fees_of((line.fee_category, line.amount_fen) for line in one.lines)
    paid = {
        means: sum(pay.amount_fen for pay in one.payments if pay.means in names) for means, names in _PAYERS.items()
    }
    identities = {
        "A1 合计等于各项之和": split.total_fen == sum(fee.amount_fen for fee in one.fees),
        "A2 各项等于其明细之和": one.fees == by_heading,
        "A3 合计等于各方支付之和": split.total_fen
        == split.fund_fen + split.other_fen + split.account_fen + split.cash_fen,
        "A4 合计等于基金、自付、自费之和": split.total_fen
        == split.fund_fen + split.other_fen + split.self_pay_fen + split.own_expense_fen,
        "A5 自付自费等于账户与现金": split.self_pay_fen + split.own_expense_fen == split.account_fen + split.cash_fen,
        "各方支付逐项相符": all(paid[means] == getattr(split, f"{means}_fen") for means in _PAYERS),
        "各待遇之和等于合计": split.total_fen == sum(part.amounts.total_fen for part in one.parts),
        "正负一致": _one_sided(one),
        "合计在大写金额的范围内": abs(split.total_fen) <= MOST_FEN,
    }
    for identity, holds in identities.items():
        if not holds:
            raise BrokenReceiptError(one.no, identity)


_PAYERS = {"fund": ("fund",), "other": FUNDS[1:], "account": ("account_own", "account_family"), "cash": TENDERS}


def _one_sided(one: Receipt) -> bool:
    """Return whether every figure of a receipt is at least zero, or at most zero on a red one."""
    figures = [getattr(one.split, name) for name in Split.__struct_fields__]
    figures += [line.amount_fen for line in one.lines]
    return all(SIGN[one.kind] * fen >= 0 for fen in figures)
