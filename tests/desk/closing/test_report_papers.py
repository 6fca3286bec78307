"""The square code on a day's close, read from the page as a printer gets it, by a decoder of somebody else's."""

import pytest
import zxingcpp

from gongji.core.ledger.audit import read_anchor
from gongji.desk.closing.report_papers import report_steps
from gongji.desk.closing.shifts import close_shift
from gongji.desk.papers.archive import made
from gongji.desk.papers.receipts import PAPER_SETTING
from gongji.desk.session import Session
from gongji.printing.escpos import DOTS_PER_INCH
from gongji.printing.paper_sizes import PAPERS
from gongji.printing.read_pdf import images_of
from gongji.store import audit, settings
from tests.desk.closing.test_shifts import settle

OFFICE_DOTS_PER_INCH = 300


@pytest.mark.parametrize("paper", PAPERS)
def test_the_code_on_the_day_s_close_is_the_line_that_the_book_gave(session: Session, paper: str) -> None:
    """At 300 dots to the inch on sheets; on rolls at the printer's own dots, each of them black or white."""
    with session.store.write() as connection:
        settings.put(connection, PAPER_SETTING, paper)
    settle(session, "V1")
    closing, report = close_shift(session)
    pdf = made(report_steps(session, report, closing.at, "closing")).read_bytes()
    pages = images_of(pdf, DOTS_PER_INCH if PAPERS[paper].is_roll else OFFICE_DOTS_PER_INCH)
    if PAPERS[paper].is_roll:
        pages = [one.point(lambda grey: 255 if grey >= 128 else 0) for one in pages]
    square = zxingcpp.BarcodeFormats(
        zxingcpp.BarcodeFormat.QRCode
    )  # among all kinds it now and then takes letters for stripes
    found = [code.text for one in pages for code in zxingcpp.read_barcodes(one, square)]
    (given,) = audit.anchors(session.store.reader)
    assert found == [given.line]
    kept = read_anchor(found[0])
    assert kept is not None
    assert kept.sums_fen["cash"] == report.by_means_fen["cash"]
