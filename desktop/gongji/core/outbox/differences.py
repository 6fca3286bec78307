"""差异: our figures beside the platform's, the likely cause, and how the difference is settled. Pure."""

from msgspec import Struct

from gongji.core.engine.amounts import Amounts
from gongji.core.money import yuan
from gongji.core.outbox.payer_figures import FIGURE_WORDS, Figures, differing

_CATALOGUE = ("total", "self_paid", "over_price", "prepaid")
_STATUS = ("civil_servant", "large_medical", "other_funds")


class ComparedAmount(Struct, frozen=True, kw_only=True):
    """One figure, ours and theirs, in fen."""

    name: str
    word: str
    ours_fen: int
    theirs_fen: int


class Difference(Struct, frozen=True, kw_only=True):
    """What differs, the likely cause, and what the patient is to pay (above zero) or to get back, in fen.

    `lines` are all figures side by side; `cash_fen` and `account_fen` say how the patient's part changes.
    """

    lines: tuple[ComparedAmount, ...]
    differing: tuple[str, ...]
    cause: str
    cash_fen: int
    account_fen: int

    @property
    def kind(self) -> str:
        """Return the action: "collect" or "refund" in cash, else the platform's figures are simply "adopt"ed."""
        return "collect" if self.cash_fen > 0 else "refund" if self.cash_fen < 0 else "adopt"

    @property
    def advice(self) -> str:
        """Return what to do, in a sentence."""
        match self.kind:
            case "collect":
                return f"按平台金额，患者还应交现金 {yuan(self.cash_fen)}；补收并出差额单，或冲销后重新结算"
            case "refund":
                return f"按平台金额，应退患者现金 {yuan(-self.cash_fen)}；退款并出差额单，或冲销后重新结算"
            case _:
                return "患者付的现金不变；核对后采用平台金额即可"


def amounts_after(ours: Amounts, difference: Difference) -> dict[str, int]:
    """Return the whole settlement's amounts in fen after one part takes the platform's figures (`Split`'s names).

    `ours` are the amounts of the whole; the other parts stay.
    """
    by_fen = {line.name: line.theirs_fen - line.ours_fen for line in difference.lines}
    other_fen = ours.civil_servant_fen + ours.large_medical_fen
    return {
        "total_fen": ours.total_fen + by_fen["total"],
        "fund_fen": ours.fund_fen + by_fen["fund"],
        "other_fen": other_fen + by_fen["civil_servant"] + by_fen["large_medical"] + by_fen["other_funds"],
        "account_fen": ours.account_own_fen + ours.account_family_fen + by_fen["account"],
        "cash_fen": ours.cash_fen + by_fen["cash"],
    }


class DifferenceContext(Struct, frozen=True, kw_only=True):
    """What else is known: whether the platform's accumulators ran ahead of ours, whether a status differs."""

    ran_ahead: bool | None = None
    status_differs: bool | None = None


def compared(ours: Figures, theirs: Figures, around: DifferenceContext) -> Difference:
    """Return the difference between our figures and the platform's."""
    names = [name.removesuffix("_fen") for name in Figures.__struct_fields__]
    differing_figures = differing(ours, theirs)
    return Difference(
        lines=tuple(
            ComparedAmount(
                name=name,
                word=FIGURE_WORDS[name],
                ours_fen=getattr(ours, f"{name}_fen"),
                theirs_fen=getattr(theirs, f"{name}_fen"),
            )
            for name in names
        ),
        differing=differing_figures,
        cause=_cause(differing_figures, around),
        cash_fen=theirs.cash_fen - ours.cash_fen,
        account_fen=theirs.account_fen - ours.account_fen,
    )


def _cause(differing_figures: tuple[str, ...], around: DifferenceContext) -> str:
    """Return the likely cause: the first figure in the order of the calculation that differs."""
    if not differing_figures:
        return "没有差异"
    if set(differing_figures) <= {"account", "family", "cash"}:
        return "个人账户余额不同：账户在别处用过，或本机的余额已旧"
    if any(name in differing_figures for name in _CATALOGUE):
        return "目录不同：甲乙丙类、先行自付比例或限价与平台不一致，请更新三目录"
    if around.status_differs or any(name in differing_figures for name in _STATUS):
        return "人员身份不同：在职退休、公务员或大额补助与平台登记不一致，请核对人员信息"
    if around.ran_ahead or "deductible" in differing_figures:
        return "患者在别处就诊过：平台的年度累计比本机所知的多，起付标准或限额因此不同"
    return "年度累计不同：很可能患者在别处就诊过，本机的累计已旧"
