"""The papers beside the receipt: the reckoning, the notice for a later claim, the difference; the recovery key's."""

from collections.abc import Mapping
from pathlib import Path

from gongji.core.engine.later_claim import FULL_PAYMENT
from gongji.core.engine.quote import Quote
from gongji.core.engine.without_benefit import is_without_benefit
from gongji.core.identity import masked
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.packs.language import Pack
from gongji.core.papers.receipt_split import split_of
from gongji.core.papers.slips import (
    Section,
    SlipContent,
    SlipLine,
    claim_slip,
    difference_slip,
    quotation_slip,
    reckoning_slip,
)
from gongji.core.visits import Visit
from gongji.desk.papers import archive
from gongji.desk.papers.archive import PaperSteps
from gongji.desk.papers.printers import paper_for_slips
from gongji.desk.papers.receipts import clinic_of, issuer_of, name_of, pack_of, place_of, visit_of
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.printing.receipt.text import other_info
from gongji.printing.slip import render_slip
from gongji.store import settings
from gongji.store.upload import decisions

ALWAYS_SETTING = "reckoning_slip"
"""Set to "always" where every settlement's reckoning is printed with its receipt."""


def always_explained(session: Session) -> bool:
    """Return whether every settlement's reckoning is printed with its receipt."""
    return settings.get(session.store.reader, ALWAYS_SETTING) == "always"


def slips_with_steps(session: Session, stored: StoredSettlement) -> PaperSteps[tuple[Path, ...]]:
    """Make the slips given out with a settlement's receipt. Raises `GongjiError`.

    The notice for a claim where the patient paid in full, the reckoning where the clinic always gives it.
    """
    if stored.kind == "void":
        return ()
    in_full = any(notice.code == FULL_PAYMENT for part in stored.parts for notice in part.notices)
    found = []
    if in_full:
        found.append((yield from claim_steps(session, stored)))
    if always_explained(session):
        found.append((yield from reckoning_steps(session, stored)))
    return tuple(found)


def reckoning_steps(session: Session, stored: StoredSettlement) -> PaperSteps[Path]:
    """Make 为什么是这个数 for a settlement; raises `GongjiError`."""
    _check_settlement(stored)
    visit = visit_of(session, stored)
    slip = reckoning_slip(stored, name_of(session, visit), issuer_of(session, visit), pack_of(session, stored))
    return (yield from _filed(session, slip, stored, f"{stored.no}-reckoning"))


def print_quotation(session: Session, visit: Visit, quote: Quote, pack: Pack) -> Path:
    """Return the file of a quotation, marked as no receipt. Raises `GongjiError`."""
    at = session.now()
    slip = quotation_slip(quote, visit, name_of(session, visit), issuer_of(session, visit), pack, at)
    place = Path(at[:4], at[5:7], f"quotation-{visit.visit_no}.pdf")
    return archive.show(session, place, render_slip(slip, paper_for_slips(session)))  # it belongs to no settlement


def claim_steps(session: Session, stored: StoredSettlement) -> PaperSteps[Path]:
    """Make the notice for a patient who paid in full: how, until when and with what to claim.

    Raises `GongjiError`; also where the insurance has paid, so that nothing is left to claim.
    """
    _check_settlement(stored)
    if stored.totals.cash_fen != stored.totals.total_fen:
        advice = "不需要报销告知单；要说明金额的，可打印“为什么是这个数”"
        raise GongjiError(f"{stored.no} 不是全额垫付，医保已经当场结算", advice)
    visit = visit_of(session, stored)
    if is_without_benefit(visit.person.status):
        raise GongjiError(f"{stored.no} 是自费或居民医保病人的收费", "没有按职工医保报销的告知单可出")
    entries = [
        ("姓名", name_of(session, visit)),
        ("证件号码", masked(stored.person_id)),
        ("就诊日期", stored.settled_on),
        ("结算号", stored.no),
    ]
    pack, total_fen = pack_of(session, stored), stored.totals.total_fen
    slip = claim_slip(pack, issuer_of(session, visit), entries, stored.no, visit.settled_on, total_fen)
    return (yield from _filed(session, slip, stored, f"{stored.no}-claim"))


def difference_steps(
    session: Session, stored: StoredSettlement, theirs_fen: Mapping[str, int], no: str = ""
) -> PaperSteps[Path]:
    """Make a difference slip; `theirs_fen` has the agency's figures (`Split`'s names, in fen).

    `no` is the slip's own number, which a day's close shows. Raises `GongjiError`, also for a void.
    """
    _check_settlement(stored)
    visit = visit_of(session, stored)
    custom = other_info().of(stored.area)
    ours = split_of(stored.totals, custom.over_price, custom.excluded)
    decided = [one for one in decisions.of_serial(session.store.reader, stored.serial) if no and one.slip_no == no]
    moved = tuple((means, fen) for _, means, fen in decisions.payments_of(session.store.reader, decided))
    issuer = issuer_of(session, visit)
    slip = difference_slip(stored, name_of(session, visit), issuer, ours, theirs_fen, no, moved)
    return (yield from _filed(session, slip, stored, difference_name(stored, no)))


def difference_name(stored: StoredSettlement, no: str) -> str:
    """Return the name, without its suffix, under which a difference slip is stored; `no` is the slip's own number."""
    return f"{stored.no}-difference-{no}" if no else f"{stored.no}-difference"


_PLACE = Path("recovery-key.pdf")
_GROUP = 8


def recovery_sheet(session: Session, secret: str) -> Path:
    """Return the path of the sheet, which is in memory alone while the program runs, never on a disk."""
    groups = " ".join(secret[place : place + _GROUP] for place in range(0, len(secret), _GROUP))
    said = (
        "没有一位操作员能登录时，用它重新设一位管理员：gongji recover --operator 姓名。",
        "输入时不用空格，不分大小写；也可以扫右下的方码。",
        "谁拿到它和数据文件夹，谁就能打开全部数据：装进信封封好，由负责人保管，不要拍照，不要放在电脑旁。",
        "现在请先在“设置 → 操作员”里用“试恢复钥匙”照着输入一次，确认没有印错。",
    )
    slip = SlipContent(
        title="恢复钥匙",
        no="",
        issuer=clinic_of(session),
        entries=(("收费台", session.clinic.counter), ("生成时间", session.now()), ("生成人", session.operator)),
        sections=(
            Section(heading="钥匙", said=(SlipLine(text=groups),)),
            Section(heading="怎么用，怎么收", said=tuple(SlipLine(text=one) for one in said)),
        ),
        signed=("生成人", "负责人"),
        code=secret,
        code_words="恢复钥匙",
    )
    return archive.hold(session, _PLACE, render_slip(slip, paper_for_slips(session)))


def _check_settlement(stored: StoredSettlement) -> None:
    if stored.kind == "void":
        raise GongjiError(f"{stored.no} 是冲销", f"请用它冲销的结算号 {stored.voids}")


def _filed(session: Session, slip: SlipContent, stored: StoredSettlement, name: str) -> PaperSteps[Path]:
    place = place_of(stored).with_name(f"{name}.pdf")
    pdf = render_slip(slip, paper_for_slips(session))
    return (yield from archive.filing_steps(session, place, stored.serial, stored.at, pdf))
