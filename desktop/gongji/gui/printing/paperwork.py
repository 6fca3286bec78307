"""What makes papers, in one place: it brings a library with it that takes long to load, so the window opens without it.

Everything here is called from the device's thread, which hands over to the writer's what is to be stored; first of all
soon after the window is open. Only `store_at_close` is the writer's from its beginning to its end.
"""

from pathlib import Path

from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.desk.papers.archive import PaperSteps, bytes_of, made
from gongji.desk.papers.paper_files import chosen_printer
from gongji.desk.papers.printers import as_sent, job_steps, reprint_on_steps
from gongji.desk.papers.receipts import receipt_steps
from gongji.desk.papers.slips import print_quotation, reckoning_steps, recovery_sheet, slips_with_steps
from gongji.desk.records import record_of
from gongji.desk.session import Session

__all__ = [
    "again", "handed_out", "print_quotation", "reckoning_steps", "record_of", "recovery_sheet", "store_at_close",
]  # fmt: skip


def handed_out(session: Session, stored: StoredSettlement, name: str) -> PaperSteps[tuple[bytes, ...]]:
    """Make a settlement's paper and what goes with it, once; return what a printer is sent, nothing without one."""
    yield from receipt_steps(session, stored)
    slips = yield from slips_with_steps(session, stored)
    if not name:
        return ()
    receipt = yield from job_steps(session, stored, name)
    return (receipt, *(as_sent(session, bytes_of(session, path), name) for path in slips))


def store_at_close(session: Session, stored: StoredSettlement) -> None:
    """Make a settlement's paper and what goes with it where the window closes before it could: nothing is printed."""
    made(handed_out(session, stored, ""))


def again(session: Session, stored: StoredSettlement) -> PaperSteps[Path]:
    """补打: make the same paper as the chosen printer has its paper, marked and counted."""
    return reprint_on_steps(session, stored, chosen_printer(session))
