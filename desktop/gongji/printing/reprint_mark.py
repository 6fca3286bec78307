"""补打: the same bytes, with a line at the top of every page that marks the reprint."""

import io

import pypdfium2

from gongji.printing.layout.fonts import MM_PER_POINT
from gongji.printing.layout.marks import PrintedPage, Text
from gongji.printing.layout.pdf import pdf_of
from gongji.printing.paper_sizes import PAPERS
from gongji.printing.read_pdf import opened

_SIZE = 7.0
_X, _Y = 2.0, 3.4
_Y_ON_A_ROLL = 4.5
_HAIR = 0.5  # pages are whole points
_WIDTH_OF_A_ROLL = 80.0


def stamped(pdf: bytes, text: str) -> bytes:
    """Return a PDF with a text at the top of every page, in the margin that all papers leave there."""
    with opened(pdf) as document:
        for index in range(len(document)):
            page = document[index]
            width, height = (points * MM_PER_POINT for points in page.get_size())
            size = _SIZE if width > _WIDTH_OF_A_ROLL else _SIZE * 0.85
            mark = Text(*_place(width, height), text, size, bold=True)
            over = pypdfium2.PdfDocument(pdf_of((PrintedPage(width, height, (mark,)),), text))
            page.insert_obj(over.page_as_xobject(0, document).as_pageobject())
            page.gen_content()
            over.close()
        buffer = io.BytesIO()
        document.save(buffer)
    return buffer.getvalue()


def _place(width: float, height: float) -> tuple[float, float]:
    """Return the line's position on a page of a size in mm: just above the paper's own content."""
    for paper in PAPERS.values():
        if abs(paper.width - width) < _HAIR and (paper.is_roll or abs(paper.height - height) < _HAIR):
            return paper.left, _Y_ON_A_ROLL if paper.is_roll else paper.top - _HAIR
    return _X, _Y
