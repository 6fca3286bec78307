"""The platform's figures of a settlement, and which of them differ from ours."""

from msgspec import Struct

from gongji.core.engine.amounts import Amounts
from gongji.core.labels import AMOUNT_WORDS


class Figures(Struct, frozen=True, kw_only=True):
    """The platform's figures for one visit, in fen; each with the wire's field name beside it.

    `account_fen` includes family accounts; `other_funds_fen` is every fund that this program does not compute;
    `in_scope_fen` is our eligible, `self_paid_fen` our self-paid plus what is excluded in the area.
    """

    total_fen: int  # medfee_sumamt
    self_paid_fen: int  # fulamt_ownpay_amt
    over_price_fen: int  # overlmt_selfpay
    prepaid_fen: int  # preselfpay_amt
    in_scope_fen: int  # inscp_scp_amt
    deductible_fen: int  # act_pay_dedc
    fund_fen: int  # hifp_pay
    civil_servant_fen: int  # cvlserv_pay
    large_medical_fen: int  # hifob_pay
    other_funds_fen: int  # hifes_pay + hifmi_pay + maf_pay + oth_pay (+ hifdm_pay)
    fund_total_fen: int  # fund_pay_sumamt
    hospital_fen: int  # hosp_part_amt
    patient_fen: int  # psn_part_amt
    account_fen: int  # acct_pay, with acct_mulaid_pay
    family_fen: int  # acct_mulaid_pay
    cash_fen: int  # psn_cash_pay


FIGURE_WORDS = {
    **{name: word for name, word in AMOUNT_WORDS.items() if name not in {"excluded", "eligible", "account_own"}},
    "self_paid": "全自费（含不予支付）",
    "in_scope": "符合政策范围",
    "other_funds": "其他基金",
    "hospital": "医院负担",
    "account": "个人账户（含共济）",
    "family": "其中共济账户",
}
"""What each figure is called."""


def figures_of(ours: Amounts, *, excluded_is_self_paid: bool = True) -> Figures:
    """Return our amounts of one benefit's settlement under the platform's names.

    Regions differ in where excluded amounts count: paid wholly by the patient, or in scope and not reimbursed.
    """
    own_fen, scope_fen = (ours.excluded_fen, 0) if excluded_is_self_paid else (0, ours.excluded_fen)
    of_one_name = {name: getattr(ours, name) for name in Figures.__struct_fields__ if hasattr(ours, name)}
    others = {
        "self_paid_fen": ours.self_paid_fen + own_fen,
        "in_scope_fen": ours.eligible_fen + scope_fen,
        "other_funds_fen": 0,
        "hospital_fen": 0,
        "account_fen": ours.account_own_fen + ours.account_family_fen,
        "family_fen": ours.account_family_fen,
    }
    return Figures(**{**of_one_name, **others})


def differing(ours: Figures, theirs: Figures) -> tuple[str, ...]:
    """Return the names of the figures that differ, without their unit, in order."""
    names = Figures.__struct_fields__
    return tuple(name.removesuffix("_fen") for name in names if getattr(ours, name) != getattr(theirs, name))
