"""The commands about paper: is it genuine, print it again, the slips beside it, the month's statement."""

import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from gongji.cli.io import DONE, REFUSED, say
from gongji.cli.session import open_readonly, open_session, today_of
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.money import yuan
from gongji.desk.closing.pharmacy_ledgers import export_pharmacy_ledgers, pharmacy_ledgers
from gongji.desk.closing.report_papers import statement_steps
from gongji.desk.closing.statistics import Period, statistics_of
from gongji.desk.papers.archive import PaperSteps, bytes_of, made
from gongji.desk.papers.receipts import receipt_steps, reprint_steps
from gongji.desk.papers.slips import claim_steps, reckoning_steps
from gongji.desk.papers.verify_receipt import check_receipt
from gongji.desk.session import Session
from gongji.desk.settlements.find import find
from gongji.desk.upload.differences.difference_slips import difference_slip_of, difference_slip_steps
from gongji.errors import GongjiError
from gongji.files import read_whole, write_whole


def _latest_difference(session: Session, stored: StoredSettlement) -> PaperSteps[Path]:
    found = difference_slip_of(session.store.reader, stored)
    if not found:
        raise GongjiError(f"{stored.no} 没有按平台金额处理过的差额", "差异先在“差异处理”里处理，才有差额单")
    return difference_slip_steps(session, stored, found[-1])


_SLIPS = {"reckoning": reckoning_steps, "claim": claim_steps, "difference": _latest_difference}


def check(options: Namespace) -> int:
    """Print whether a receipt is genuine: from its PDF, or the text of its square code."""
    given = sys.stdin.buffer.read() if options.file == Path("-") else read_whole(options.file)
    with open_readonly(options) as (_, store):
        verdict = check_receipt(store, given)
    settlement = None if verdict.stored is None else verdict.stored.no
    answer = {"ok": verdict.genuine, "settlement_no": settlement, "sentences": list(verdict.sentences)}
    say(options, answer, "\n".join(verdict.sentences))
    return DONE if verdict.genuine else REFUSED


def write_paper(options: Namespace) -> int:
    """Write a settlement's or void's receipt to the given path, wherever papers are kept otherwise."""
    with open_session(options) as counter:
        path = made(receipt_steps(counter, find(counter.store, options.number)))
        write_whole(options.file, bytes_of(counter, path))
    return say(options, {"ok": True, "file": str(options.file)}, str(options.file))


def again(options: Namespace) -> int:
    """Print a receipt again, marked and counted."""
    return _printed(options, "receipt", reprint_steps)


def slip(options: Namespace) -> int:
    """Print a settlement's reckoning slip, the notice for a later claim, or its latest difference slip again."""
    return _printed(options, "slip", _SLIPS[options.kind])


def _printed(options: Namespace, name: str, steps: Callable[[Session, StoredSettlement], PaperSteps[Path]]) -> int:
    with open_session(options) as counter:
        path = made(steps(counter, find(counter.store, options.number)))
        paper = path.relative_to(counter.folder.path).as_posix()
    return say(options, {"ok": True, "settlement_no": options.number, name: paper}, paper)


def statement(options: Namespace) -> int:
    """Print the statement of a month, or of a year."""
    period = _period(options)
    with open_session(options) as counter:
        found = statistics_of(counter, period)
        path = made(statement_steps(counter, found, counter.now()))
        paper = path.relative_to(counter.folder.path).as_posix()
    totals = found.whole.totals
    answer = {
        "ok": True,
        "period": f"{period.year}-{period.month:02d}" if period.month else str(period.year),
        "visits": found.whole.visits,
        "total": yuan(totals.total_fen),
        "fund_total": yuan(totals.fund_total_fen),
        "statement": paper,
    }
    sums = f"{found.whole.visits} 人次，总费用 {yuan(totals.total_fen)}，基金合计 {yuan(totals.fund_total_fen)}"
    return say(options, answer, f"{period.title}：{sums}\n{paper}")


def pharmacy_ledger(options: Namespace) -> int:
    """Write the ledgers a pharmacy reports, of a month or a year, as a workbook."""
    period = _period(options)
    with open_session(options) as counter:
        found = pharmacy_ledgers(counter, period)
        export_pharmacy_ledgers(counter, found, options.workbook)
    answer = {"ok": True, "prescription_rows": len(found.prescriptions), "items": len(found.sold)}
    sums = f"流转处方 {len(found.prescriptions)} 行，销售 {len(found.sold)} 种"
    return say(options, {**answer, "workbook": str(options.workbook)}, f"{period.title}：{sums}\n{options.workbook}")


def _period(options: Namespace) -> Period:
    if options.year is not None:
        return Period(int(options.year))
    if options.month is not None:
        year, month = options.month.split("-")
        return Period(int(year), int(month))
    today = today_of(options)
    return Period(today.year, today.month).later(-1)
