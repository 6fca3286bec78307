"""差异处理 and 随盘上传 for the window: with the region that the clinic has set, from and to files."""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from gongji.core.ledger.giving_back import in_words
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.outbox.differences import Difference, amounts_after
from gongji.core.progress import Progress
from gongji.desk.region_profile import region_profile
from gongji.desk.session import Session
from gongji.desk.settlements.find import find
from gongji.desk.settlements.refund import Refunded, prepared
from gongji.desk.upload.differences import DifferenceCase, adopt, cases, release, retry, reverse
from gongji.desk.upload.kept_gateway import gateway
from gongji.desk.upload.stick import Exported, away, carrier_card, export, give_up, is_past_use, trust_carrier
from gongji.desk.upload.stick_answers import Imported, import_answers
from gongji.files import read_whole, write_whole
from gongji.payer.regions import Profile
from gongji.payer.stick.carrier import CarrierCard, read_card
from gongji.store import decisions
from gongji.store.stick_packages import Package

__all__ = ["CarrierCard", "Difference", "DifferenceCase", "Exported", "Imported", "Package", "is_past_use"]

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
    told = f"请向患者{act}{words} 元，差额单号 {done.slip_no}；已记入本班日结。"
    return Decision(told=told, slip=slip)


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


def carrier(session: Session) -> CarrierCard | None:
    """Return the card of the PC that carries packages to the platform."""
    return carrier_card(session)


def card_in(path: Path) -> CarrierCard:
    """Return the card in a file."""
    return read_card(path)


def give_to(session: Session, card: CarrierCard) -> None:
    """Give packages to this carrier from now on."""
    trust_carrier(session, card)


def export_to(session: Session, path: Path, progress: Progress | None = None) -> Exported:
    """Make a package of what waits and write it to a file. Raises `StoppedError` where `progress` stops it."""
    one = export(session, gateway(session).region, progress)
    write_whole(path, read_whole(one.kept))
    return one


def take_in(session: Session, path: Path) -> Imported:
    """Import the answers that a carrier brings back."""
    return import_answers(session, read_whole(path))


def packages_away(session: Session) -> list[Package]:
    """Return the packages that have left and not come back."""
    return away(session)


def take_back_package(session: Session, one: Package, *, destroyed: bool) -> int:
    """Take back a package's lanes without its answers; return how many legs are asked after first."""
    return give_up(session, one.serial, destroyed=destroyed)
