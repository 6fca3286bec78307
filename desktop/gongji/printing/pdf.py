"""结算单 as PDF bytes, on any paper."""

from gongji.core.book.receipt_records import Receipt
from gongji.core.book.receipt_sums import check_receipt_sums
from gongji.printing.marks import Page
from gongji.printing.papers import PAPERS
from gongji.printing.receipt_roll import roll
from gongji.printing.receipt_sheet import sheet
from gongji.printing.writing import AS_IT_IS, Fit, pdf_of

DEFAULT_PAPER = "A5"


def render(receipt: Receipt, paper: str = DEFAULT_PAPER, fit: Fit = AS_IT_IS) -> bytes:
    """Return a receipt on a paper (`papers.PAPERS`); the same receipt always gives the same bytes.

    Raises `BrokenReceiptError` where its figures do not agree and `UnprintableError` where the font lacks a character,
    both before anything is drawn.
    """
    check_receipt_sums(receipt)
    return pdf_of(pages_of_receipt(receipt, paper), f"{receipt.title} {receipt.no}", fit, receipt.code)


def pages_of_receipt(receipt: Receipt, paper: str) -> tuple[Page, ...]:
    """Return the marks of a receipt on a paper."""
    chosen = PAPERS[paper]
    return roll(receipt, chosen) if chosen.is_roll else sheet(receipt, chosen)
