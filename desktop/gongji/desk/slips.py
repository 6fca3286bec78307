"""The papers beside the receipt: the reckoning, the notice for a later claim, the difference, reports; kept as PDFs."""

from collections.abc import Mapping
from pathlib import Path

from gongji.core.book.drawer import denomination
from gongji.core.book.receipt_split import split_of
from gongji.core.book.receipt_texts import printable
from gongji.core.book.settled import Stored
from gongji.core.book.slips import Slip, claim_slip, difference_slip, reckoning_slip, report_slip
from gongji.core.reckoning.amounts import AMOUNT_WORDS
from gongji.desk.closing import DayReport, cash_fen
from gongji.desk.counter import Counter
from gongji.desk.papers import clinic_of, issuer_of, pack_of, paper_of, place_of, visit_of
from gongji.errors import GongjiError
from gongji.files import write_whole
from gongji.printing.other import other_info
from gongji.printing.slip import render_slip
from gongji.store import settings

ALWAYS_SETTING = "reckoning_slip"
"""Set to "always" where every settlement's reckoning is printed with its receipt."""


def always_explained(counter: Counter) -> bool:
    """Tell whether every settlement's reckoning is printed with its receipt."""
    return settings.get(counter.store.reader, ALWAYS_SETTING) == "always"


def print_reckoning(counter: Counter, stored: Stored) -> Path:
    """Return the file of 为什么是这个数 for a settlement; raises `GongjiError`."""
    _check_settlement(stored)
    visit = visit_of(counter, stored)
    slip = reckoning_slip(stored, printable(visit.person.name), issuer_of(counter, visit), pack_of(counter, stored))
    return _written(counter, slip, place_of(stored).with_name(f"{stored.no}-reckoning.pdf"))


def print_claim(counter: Counter, stored: Stored) -> Path:
    """Return the file of the notice for somebody who paid in full: how, until when and with what to claim."""
    _check_settlement(stored)
    visit = visit_of(counter, stored)
    entries = [("姓名", printable(visit.person.name)), ("就诊日期", stored.settled_on), ("结算号", stored.no)]
    year, total_fen = int(stored.settled_on[:4]), stored.totals.total_fen
    slip = claim_slip(pack_of(counter, stored), issuer_of(counter, visit), entries, stored.no, year, total_fen)
    return _written(counter, slip, place_of(stored).with_name(f"{stored.no}-claim.pdf"))


def print_difference(counter: Counter, stored: Stored, theirs_fen: Mapping[str, int]) -> Path:
    """Return the file of the slip that evens out what the agency's review came to (`Split`'s names, in fen)."""
    _check_settlement(stored)
    visit = visit_of(counter, stored)
    custom = other_info().of(stored.area)
    ours = split_of(stored.totals, custom.over_price, custom.excluded)
    slip = difference_slip(stored, printable(visit.person.name), issuer_of(counter, visit), ours, theirs_fen)
    return _written(counter, slip, place_of(stored).with_name(f"{stored.no}-difference.pdf"))


def print_report(counter: Counter, report: DayReport, at: str, name: str) -> Path:
    """Return the file of a shift's, day's or month's figures; `at` is a stamp, `name` the file's without its ending."""
    totals = {label: getattr(report.totals, f"{key}_fen") for key, label in AMOUNT_WORDS.items()}
    slip = report_slip(
        f"收费日结 {report.title}",
        clinic_of(counter),
        [
            ("操作员", counter.operator),
            ("制表时间", at),
            ("结算", f"{report.settlements} 笔"),
            ("冲销", f"{report.voids} 笔"),
            ("单据", f"{report.first_receipt} 至 {report.last_receipt}" if report.first_receipt else "未使用"),
            ("作废单据", "、".join(report.voided_receipts) or "无"),
            ("未上传", f"{report.not_uploaded} 笔"),
        ],
        {
            "费用与支付": totals.items(),
            "收款方式": [
                (AMOUNT_WORDS.get(key, _TENDERS.get(key, key)), fen) for key, fen in report.by_means_fen.items()
            ],
            **_drawer(report),
        },
    )
    return _written(counter, slip, Path(at[:4], at[5:7], f"{name}.pdf"))


def _drawer(report: DayReport) -> dict[str, list[tuple[str, int]]]:
    """Return the drawer as it was counted, against what should lie in it."""
    drawer = report.drawer
    if drawer is None:
        return {}
    counted = [(f"{denomination(fen)} × {number}", fen * number) for fen, number in drawer.pieces.items() if number]
    taken_fen = cash_fen(report)
    return {
        "钱箱清点": [
            *counted,
            ("实点", drawer.counted_fen),
            ("备用金", drawer.float_fen),
            ("本班现金", taken_fen),
            ("应有", drawer.expected_fen(taken_fen)),
            ("相差（实点 − 应有）", drawer.difference_fen(taken_fen)),
        ]
    }


_TENDERS = {"wechat": "微信", "alipay": "支付宝", "card": "银行卡"}


def _check_settlement(stored: Stored) -> None:
    if stored.kind == "void":
        raise GongjiError(f"{stored.no} 是冲销", f"请用它冲销的结算号 {stored.voids}")


def _written(counter: Counter, slip: Slip, place: Path) -> Path:
    path = counter.folder.receipts / place
    write_whole(path, render_slip(slip, paper_of(counter)))
    return path
