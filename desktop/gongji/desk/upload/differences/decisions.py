"""差异处理 for the window: what a person decides, with the region that the clinic has set, and the result in words."""

from collections.abc import Callable

from msgspec import Struct

from gongji.core.ledger.giving_back import in_words
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.outbox.differences import Difference, amounts_after
from gongji.desk.region_profile import region_profile
from gongji.desk.session import Session
from gongji.desk.settlements.find import find
from gongji.desk.settlements.refund import Refunded, prepared
from gongji.desk.upload.differences.differences import DifferenceCase, adopt, cases, release, retry, reverse
from gongji.desk.upload.gateway.kept_gateway import gateway
from gongji.payer.regions import Profile
from gongji.store.upload import decisions

__all__ = ["Difference", "DifferenceCase"]

Decide = Callable[[Session, DifferenceCase, str], "Decision"]


class Decision(Struct, frozen=True, kw_only=True):
    """The decision in words; its slip's figures if there is one, what was voided and prepared if anything."""

    told: str
    slip: "DifferencePaper | None" = None
    refunded: Refunded | None = None


class DifferencePaper(Struct, frozen=True, kw_only=True):
    """The input of a difference slip: the settlement, the agency's figures (`Split`'s names, fen), its number."""

    stored: StoredSettlement
    theirs_fen: dict[str, int]
    no: str


def _profile(session: Session) -> Profile:
    return region_profile(session.store.reader, gateway(session).region)


def waiting_cases(session: Session) -> list[DifferenceCase]:
    """Return everything that waits for a person."""
    return list(cases(session, _profile(session)))


def take_theirs(session: Session, case: DifferenceCase, note: str) -> Decision:
    """Adopt the platform's figures; a slip says what is collected or given back."""
    assert case.difference is not None
    stored = find(session.store, case.no)
    done = adopt(session, _profile(session), case.no, case.part, note)
    slip = DifferencePaper(
        stored=stored, theirs_fen=amounts_after(stored.totals, case.difference), no=done.slip_no or ""
    )
    if not done.amount_fen:
        return Decision(told=f"{case.no} 已按平台金额处理，患者付的现金不变。", slip=slip)
    act = "补收" if done.amount_fen > 0 else "退还"
    moved = decisions.payments_of(session.store.reader, [done])
    words = in_words(tuple((means, fen) for _, means, fen in moved))
    sentence = f"请向患者{act}{words} 元，差额单号 {done.slip_no}；已记入本班日结。"
    return Decision(told=sentence, slip=slip)


def take_back(session: Session, case: DifferenceCase, note: str) -> Decision:
    """Void the settlement, and prepare the same visit to be settled again. Raises `GongjiError` where it cannot be."""
    stored = find(session.store, case.no)
    draft = prepared(session, stored, {})
    done = reverse(session, case.no, case.part, note, draft)
    return Decision(told=f"{case.no} 已冲销（{done.voided.stored.no}），请核对后重新结算。", refunded=done)


def try_again(session: Session, case: DifferenceCase, note: str) -> Decision:
    """Let a record in quarantine be tried again."""
    retry(session, case.no, case.part, note)
    return Decision(told=f"{case.no} 将先向平台查询，再决定是否重传。")


def let_go_on(session: Session, case: DifferenceCase, note: str) -> Decision:
    """Let the person's later records be sent."""
    release(session, case.no, case.part, note)
    return Decision(told=f"{case.no} 仍等着处理，这位病人以后的记录先行上传。")
