"""The identities of every receipt, checked before anything prints (docs/receipts.md, A1 to A5)."""

from gongji.core.ledger.stored_settlement import FUNDS, TENDERS
from gongji.core.money import MOST_FEN
from gongji.core.papers.receipt import SIGN, Receipt
from gongji.core.papers.receipt_split import Split, fees_of
from gongji.errors import GongjiError


class BrokenReceiptError(GongjiError):
    """The figures of a receipt do not agree: a bug, which must not reach paper."""

    def __init__(self, no: str, identity: str) -> None:
        super().__init__(
            f"{no} 的结算单金额对不上（{identity}），没有打印", "结算已经入账不受影响；请把结算号报给维护人员"
        )


def check_receipt_sums(one: Receipt) -> None:
    """Raise `BrokenReceiptError` unless identities A1 to A5 hold, and the payments and parts come to the same."""
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


_PAYERS = {
    "fund": ("fund",),
    "other": FUNDS[1:],
    "account": ("account_own", "account_family"),
    "cash": TENDERS,
}


def _one_sided(one: Receipt) -> bool:
    """Return whether every figure of a receipt is at least zero, or at most zero on a red one."""
    figures = [getattr(one.split, name) for name in Split.__struct_fields__]
    figures += [line.amount_fen for line in one.lines]
    return all(SIGN[one.kind] * fen >= 0 for fen in figures)
