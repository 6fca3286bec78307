"""What makes papers, in one place: it brings a library with it that takes long to load, so the window opens without it.

Everything here is called from the writer's or the device's thread, the first time soon after the window is open.
"""

from pathlib import Path

from gongji.core.engine.quote import Quote
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.packs.language import Pack
from gongji.core.visits import Visit
from gongji.desk.papers.archive import bytes_of
from gongji.desk.papers.chosen_printer import chosen_printer
from gongji.desk.papers.printers import as_sent, job, printers_set_up, reprint_on
from gongji.desk.papers.receipts import print_receipt
from gongji.desk.papers.recovery_sheet import recovery_sheet
from gongji.desk.papers.slips import print_quotation, print_reckoning, slips_with
from gongji.desk.records import SettlementRecord, record_of
from gongji.desk.session import Session


def make(counter: Session, stored: StoredSettlement) -> Path:
    """Make a settlement's paper and what is handed out with it."""
    path = print_receipt(counter, stored)
    slips_with(counter, stored)
    return path


def again(counter: Session, stored: StoredSettlement) -> Path:
    """补打: return the same paper as the chosen printer has its paper, marked and counted."""
    return reprint_on(counter, stored, chosen_printer(counter))


def explain(counter: Session, stored: StoredSettlement) -> Path:
    """Return the reckoning of a settlement on paper."""
    return print_reckoning(counter, stored)


def quotation(counter: Session, visit: Visit, quote: Quote, pack: Pack) -> Path:
    """Return what a visit would come to on paper, before it is settled."""
    return print_quotation(counter, visit, quote, pack)


def recovery(counter: Session, secret: str) -> Path:
    """Return the sheet with a recovery key, in memory alone."""
    return recovery_sheet(counter, secret)


def record(counter: Session, no: str) -> SettlementRecord:
    """Return a settlement whole, by its number."""
    return record_of(counter, no)


def for_printer(counter: Session, stored: StoredSettlement, name: str) -> tuple[bytes, ...]:
    """Return what a printer is sent for a settlement: its receipt, and what is handed out with it."""
    slips = [as_sent(counter, bytes_of(counter, path), name) for path in slips_with(counter, stored)]
    return (job(counter, stored, name), *slips)


def file_for_printer(counter: Session, path: Path, name: str) -> bytes:
    """Return what a printer is sent of a paper's file."""
    return as_sent(counter, bytes_of(counter, path), name)


def printers(counter: Session) -> list[str]:
    """Return the printers that were set up here, receipt printers at an address among them."""
    return printers_set_up(counter)
