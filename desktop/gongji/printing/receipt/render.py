"""结算单 as PDF bytes, on any paper."""

from gongji.core.papers.receipt import Receipt, check_receipt_sums
from gongji.printing.layout.marks import PrintedPage
from gongji.printing.layout.pdf import AS_IT_IS, PrintOffset, pdf_of
from gongji.printing.paper_sizes import PAPERS
from gongji.printing.receipt.roll import roll
from gongji.printing.receipt.sheet import sheet

DEFAULT_PAPER = "A5"


def render(receipt: Receipt, paper: str = DEFAULT_PAPER, fit: PrintOffset = AS_IT_IS) -> bytes:
    """Return a receipt on a paper (`paper_sizes.PAPERS`); the same receipt always gives the same bytes.

    Raises `BrokenReceiptError` where its figures do not agree and `UnprintableError` where the font lacks a character,
    both before anything is drawn.
    """
    check_receipt_sums(receipt)
    return pdf_of(pages_of_receipt(receipt, paper), f"{receipt.title} {receipt.no}", fit, receipt.code)


def pages_of_receipt(receipt: Receipt, paper: str) -> tuple[PrintedPage, ...]:
    """Return the marks of a receipt on a paper."""
    chosen = PAPERS[paper]
    return roll(receipt, chosen) if chosen.is_roll else sheet(receipt, chosen)
