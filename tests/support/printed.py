"""Papers made on the spot, as a command makes them: the file of each."""

from pathlib import Path

from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.desk.closing.report_papers import statement_steps
from gongji.desk.closing.statistics import Statistics
from gongji.desk.papers.archive import made
from gongji.desk.papers.receipts import receipt_steps, reprint_steps
from gongji.desk.papers.slips import claim_steps, reckoning_steps
from gongji.desk.session import Session


def print_receipt(session: Session, stored: StoredSettlement) -> Path:
    return made(receipt_steps(session, stored))


def reprint(session: Session, stored: StoredSettlement, pdf: bytes | None = None) -> Path:
    return made(reprint_steps(session, stored, pdf))


def print_reckoning(session: Session, stored: StoredSettlement) -> Path:
    return made(reckoning_steps(session, stored))


def print_claim(session: Session, stored: StoredSettlement) -> Path:
    return made(claim_steps(session, stored))


def print_statement(session: Session, one: Statistics, at: str) -> Path:
    return made(statement_steps(session, one, at))
