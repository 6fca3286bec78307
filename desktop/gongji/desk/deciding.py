"""差异处理 and 随盘上传 as a window asks for them: under the region the clinic has set, from and to files."""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from gongji.core.book.settled import Stored
from gongji.core.money import yuan
from gongji.core.outbox.differences import Difference, evened
from gongji.core.progress import Progress
from gongji.desk.carrying import Exported, away, carrier_card, export, give_up, is_past_use, trust_carrier
from gongji.desk.counter import Counter
from gongji.desk.differences import Case, adopt, cases, release, retry, reverse
from gongji.desk.finding import find
from gongji.desk.gateways import gateway
from gongji.desk.holding import HeldVisit, keep
from gongji.desk.papers import visit_of
from gongji.desk.refunding import Refunded, prepared
from gongji.desk.returning import Imported, import_answers
from gongji.files import read_whole, write_whole
from gongji.store.packages import Package
from gongji.upload.carriers import Card, read_card
from gongji.upload.profiles import profile

__all__ = ["Card", "Case", "Difference", "Exported", "Imported", "Package", "is_past_use"]

Decide = Callable[[Counter, Case, str], "Decided"]


class Decided(Struct, frozen=True, kw_only=True):
    """What was decided, in words; its slip's figures where there is one, what was voided and prepared where it was."""

    told: str
    slip: "Slip | None" = None
    refunded: Refunded | None = None


class Slip(Struct, frozen=True, kw_only=True):
    """What a difference slip is made from: the settlement, the agency's figures (`Split`'s names, fen), its number."""

    stored: Stored
    theirs_fen: dict[str, int]
    no: str


def waiting_cases(counter: Counter) -> list[Case]:
    """Return everything that waits for a person."""
    return list(cases(counter, profile(gateway(counter).region)))


def take_theirs(counter: Counter, case: Case, note: str) -> Decided:
    """Take the platform's figures; a slip tells what is collected or given back."""
    assert case.difference is not None
    stored = find(counter.store, case.no)
    done = adopt(counter, profile(gateway(counter).region), case.no, case.part, note)
    slip = Slip(stored=stored, theirs_fen=evened(stored.totals, case.difference), no=done.slip_no or "")
    if not done.amount_fen:
        return Decided(told=f"{case.no} 已按平台金额处理，患者付的现金不变。", slip=slip)
    act = "补收" if done.amount_fen > 0 else "退还"
    told = f"请向患者{act}现金 {yuan(abs(done.amount_fen))} 元，差额单号 {done.slip_no}；已记入本班日结。"
    return Decided(told=told, slip=slip)


def take_back(counter: Counter, case: Case, note: str) -> Decided:
    """Void the settlement, and prepare the same visit to be settled anew; `GongjiError` where it cannot be."""
    stored = find(counter.store, case.no)
    draft = prepared(counter, stored, {})
    voided = reverse(counter, case.no, case.part, note)
    told = f"{case.no} 已冲销（{voided.stored.no}），请核对后重新结算。"
    if draft is None or voided.again:
        return Decided(told=told, refunded=Refunded(voided=voided, prepared=None))
    label = f"{visit_of(counter, stored).person.name} · {case.no} 冲销后重新结算"
    keep(counter, draft, label, aside=True)
    held = HeldVisit(draft=draft, label=label, at=counter.now(), aside=True)
    return Decided(told=told, refunded=Refunded(voided=voided, prepared=held))


def try_again(counter: Counter, case: Case, note: str) -> Decided:
    """Let a record that was put aside be tried again."""
    retry(counter, case.no, case.part, note)
    return Decided(told=f"{case.no} 将先向平台查询，再决定是否重传。")


def let_go_on(counter: Counter, case: Case, note: str) -> Decided:
    """Let the person's later records go on."""
    release(counter, case.no, case.part, note)
    return Decided(told=f"{case.no} 仍等着处理，这位病人以后的记录先行上传。")


def carrier(counter: Counter) -> Card | None:
    """Return the card of the PC that carries packages to the platform."""
    return carrier_card(counter)


def card_in(path: Path) -> Card:
    """Return the card in a file."""
    return read_card(path)


def give_to(counter: Counter, card: Card) -> None:
    """Give packages to this carrier from now on."""
    trust_carrier(counter, card)


def export_to(counter: Counter, path: Path, progress: Progress | None = None) -> Exported:
    """Make a package of what waits and write it to a file; `StoppedError` where `progress` stops it."""
    one = export(counter, gateway(counter).region, progress)
    write_whole(path, read_whole(one.kept))
    return one


def take_in(counter: Counter, path: Path) -> Imported:
    """Take in the answers that a carrier brings back."""
    return import_answers(counter, read_whole(path), profile)


def packages_away(counter: Counter) -> list[Package]:
    """Return the packages that have left and not come back."""
    return away(counter)


def take_back_package(counter: Counter, one: Package, *, destroyed: bool) -> int:
    """Take back what a package holds without its answers; return how many legs are asked after first."""
    return give_up(counter, one.serial, destroyed=destroyed)
