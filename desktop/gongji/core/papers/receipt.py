"""结算单 as data: what must stand on a patient's paper; how it looks is `printing`'s."""

from msgspec import Struct

from gongji.core import strict_records
from gongji.core.engine.amounts import Amounts
from gongji.core.money import capitals
from gongji.core.papers.receipt_extra import Item
from gongji.core.papers.receipt_split import Fee, Split

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

    Kept as JSON for as long as the book lasts: a field added later has a default. `in_full` says
    (自费, 居民医保) why no employees' benefit was settled, where none was. `bills` are the numbers
    of the pre-printed forms it stands on, one a form, of the roll `bill_code`: only where it is laid out on such forms.
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
        """What the paper is called."""
        if self.in_full:
            return "门诊退费单（红字）" if self.is_void else "门诊收费单"
        return "门诊医保退费单（红字）" if self.is_void else "门诊医保结算单"

    @property
    def is_void(self) -> bool:
        """Return whether this is a red receipt."""
        return self.kind == "void"

    @property
    def capitals(self) -> str:
        """金额合计 in capitals."""
        return capitals(self.split.total_fen)


strict_records.prepare(Receipt)
