"""差异处理 and 随盘上传 as a window asks for them: under the region the clinic has set, from and to files."""

from collections.abc import Callable
from pathlib import Path

from gongji.core.outbox.differences import Difference
from gongji.desk.carrying import Exported, away, carrier_card, export, trust_carrier
from gongji.desk.counter import Counter
from gongji.desk.differences import Case, adopt, cases, release, retry, reverse
from gongji.desk.returning import Imported, import_answers
from gongji.desk.settings import gateway
from gongji.files import read_whole, write_whole
from gongji.store.packages import Package
from gongji.upload.carriers import Card, read_card
from gongji.upload.profiles import profile

__all__ = ["Card", "Case", "Difference", "Exported", "Imported", "Package"]

Decide = Callable[[Counter, Case, str], str]


def waiting_cases(counter: Counter) -> list[Case]:
    """Return everything that waits for a person."""
    return list(cases(counter, profile(gateway(counter).region)))


def take_theirs(counter: Counter, case: Case, note: str) -> str:
    """Take the platform's figures; return what is to be done in cash."""
    done = adopt(counter, profile(gateway(counter).region), case.no, case.part, note)
    if not done.amount_fen:
        return f"{case.no} 已按平台金额处理，现金不变。"
    fen = abs(done.amount_fen)
    act = "补收" if done.amount_fen > 0 else "退还"
    return f"请向患者{act}现金 {fen // 100}.{fen % 100:02d} 元，差额单号 {done.slip_no}。"


def take_back(counter: Counter, case: Case, note: str) -> str:
    """Void the settlement, to be settled anew."""
    done = reverse(counter, case.no, case.part, note)
    return f"{case.no} 已冲销（{done.stored.no}），请在“收费”里重新结算。"


def try_again(counter: Counter, case: Case, note: str) -> str:
    """Let a record that was put aside be tried again."""
    retry(counter, case.no, case.part, note)
    return f"{case.no} 将先向平台查询，再决定是否重传。"


def let_go_on(counter: Counter, case: Case, note: str) -> str:
    """Let the person's later records go on."""
    release(counter, case.no, case.part, note)
    return f"{case.no} 仍等着处理，这位病人以后的记录先行上传。"


def carrier(counter: Counter) -> Card | None:
    """Return the card of the PC that carries packages to the platform."""
    return carrier_card(counter)


def card_in(path: Path) -> Card:
    """Return the card in a file."""
    return read_card(path)


def give_to(counter: Counter, card: Card) -> None:
    """Give packages to this carrier from now on."""
    trust_carrier(counter, card)


def export_to(counter: Counter, path: Path) -> Exported:
    """Make a package of what waits and write it to a file."""
    one = export(counter, gateway(counter).region)
    write_whole(path, read_whole(one.kept))
    return one


def take_in(counter: Counter, path: Path) -> Imported:
    """Take in the answers that a carrier brings back."""
    return import_answers(counter, read_whole(path), profile)


def packages_away(counter: Counter) -> list[Package]:
    """Return the packages that have left and not come back."""
    return away(counter)
