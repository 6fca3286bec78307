"""Pages of marks as PDF bytes: fonts embedded, the same marks always the same bytes."""

import io
from itertools import groupby
from typing import Literal, NamedTuple

from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from gongji.printing.layout.fonts import FONT, check_printable, font
from gongji.printing.layout.marks import Mark, Picture, PrintedPage, RuledLine, Square, Text, Tone, texts_of

_TONES: dict[Tone, tuple[float, float, float]] = {
    "ink": (0, 0, 0),
    "muted": (0.35, 0.35, 0.35),
    "red": (0.75, 0.05, 0.05),
}
_WATERMARK = (0.9, 0.9, 0.9)
_WATERMARK_POINTS = 60
_BOLD_STROKE = 0.014  # of the size: a bold text is drawn with its outline
_FILLED: Literal[0] = 0
_FILLED_AND_OUTLINED: Literal[2] = 2

rl_config.useA85 = 0  # pages as bytes, not as text a quarter longer


class PrintOffset(NamedTuple):
    """How pages are fitted to a printer: moved in mm, stretched; and which marks are left out on pre-printed forms."""

    right: float = 0
    down: float = 0
    scale_x: float = 1
    scale_y: float = 1
    show: Literal["all", "data", "frame"] = "all"


AS_IT_IS = PrintOffset()


def pdf_of(pages: tuple[PrintedPage, ...], title: str, fit: PrintOffset = AS_IT_IS, keywords: str = "") -> bytes:
    """Return pages as a PDF. Raises `UnprintableError` before anything is drawn where the font lacks a character.

    The pages are compressed, the font is not: the book stores the outlines that many papers share only once.
    """
    check_printable(texts_of(pages))
    font()
    buffer = io.BytesIO()
    canvas = Canvas(
        buffer,
        initialFontName=FONT,  # type: ignore[arg-type]  # the stubs take it for a number
        initialFontSize=9,
        pageCompression=1,
        invariant=True,
    )
    canvas.setTitle(title)
    canvas.setCreator("Gongji")
    canvas.setKeywords(keywords)
    for number, page in enumerate(pages):
        canvas.setPageSize((page.width * mm, page.height * mm))
        for place, (depth, words) in enumerate(page.contents):
            canvas.bookmarkPage(key := f"{number}.{place}")
            canvas.addOutlineEntry(words, key, depth, closed=depth > 0)
        _draw(canvas, page, fit)
        canvas.showPage()
    canvas.setPageCompression(0)  # for what follows: the font
    canvas.save()
    return buffer.getvalue()


def _draw(canvas: Canvas, page: PrintedPage, fit: PrintOffset) -> None:
    """Draw a page; from here on lengths are in mm from the top left corner, y downwards."""
    if page.watermark:
        _watermark(canvas, page)
    canvas.translate(fit.right * mm, page.height * mm - fit.down * mm)
    canvas.scale(fit.scale_x, fit.scale_y)
    shown = [mark for mark in page.marks if fit.show == "all" or mark.frame == (fit.show == "frame")]
    for look, marks in groupby(shown, _look_of_text):
        if look is not None:
            _texts(canvas, *look, [mark for mark in marks if isinstance(mark, Text)])
            continue
        for mark in marks:
            if isinstance(mark, RuledLine):
                canvas.setStrokeColorRGB(*_TONES[mark.tone])
                canvas.setLineWidth(mark.width)
                canvas.line(mark.x1 * mm, -mark.y1 * mm, mark.x2 * mm, -mark.y2 * mm)
            elif isinstance(mark, Square):
                _square(canvas, mark)
            elif isinstance(mark, Picture):
                bottom = -(mark.y + mark.height) * mm
                canvas.drawImage(mark.path, mark.x * mm, bottom, mark.width * mm, mark.height * mm)


def _look_of_text(mark: Mark) -> tuple[Tone, float] | None:
    """Return a text's tone and outline width: consecutive texts of one look are drawn together."""
    return (mark.tone, mark.size * _BOLD_STROKE if mark.bold else 0) if isinstance(mark, Text) else None


def _texts(canvas: Canvas, tone: Tone, outline: float, marks: list[Text]) -> None:
    canvas.saveState()
    canvas.setFillColorRGB(*_TONES[tone])
    canvas.setStrokeColorRGB(*_TONES[tone])
    canvas.setLineWidth(outline)
    drawn = canvas.beginText()
    drawn.setTextRenderMode(_FILLED_AND_OUTLINED if outline else _FILLED)
    for mark in marks:
        x = mark.x * mm
        if mark.align != "left":
            width = font().stringWidth(mark.text, mark.size)
            x -= width if mark.align == "right" else width / 2
        drawn.setFont(FONT, mark.size)
        drawn.setTextOrigin(x, -mark.y * mm)
        drawn.textOut(mark.text)
    canvas.drawText(drawn)
    canvas.restoreState()


def _square(canvas: Canvas, mark: Square) -> None:
    """Draw a code, each row's adjacent dark modules as one bar, so that no hair lines show between them."""
    module = mark.side * mm / len(mark.modules)
    canvas.saveState()
    canvas.setFillColorRGB(*_TONES["ink"])
    canvas.transform(module, 0, 0, -module, mark.x * mm, -mark.y * mm)
    path = canvas.beginPath()
    for row, modules in enumerate(mark.modules):
        start = None
        for column, dark in enumerate((*modules, False)):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                path.rect(start, row, column - start, 1)
                start = None
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()


def _watermark(canvas: Canvas, page: PrintedPage) -> None:
    canvas.saveState()
    canvas.translate(page.width * mm / 2, page.height * mm / 2)
    canvas.rotate(25)
    canvas.setFillColorRGB(*_WATERMARK)
    canvas.setFont(FONT, _WATERMARK_POINTS)
    canvas.drawCentredString(0, -_WATERMARK_POINTS / 3, page.watermark)
    canvas.restoreState()
