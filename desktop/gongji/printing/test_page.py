"""试打页: rulers from the top left corner, to read a printer's offsets off, and characters to look at."""

from gongji.core.money import capitals
from gongji.printing.layout.blocks import money
from gongji.printing.layout.fonts import wrapped
from gongji.printing.layout.marks import Mark, PrintedPage, RuledLine, Text
from gongji.printing.layout.pdf import AS_IT_IS, PrintOffset, pdf_of
from gongji.printing.paper_sizes import PAPERS

_SIZE = 6.0
_LONG, _MIDDLE, _SHORT = 4.0, 3.0, 1.8
_SAMPLE_FEN = 123_456_78
_ROLL_HEIGHT = 80.0
_SAMPLES = ("永和九年 0123456789", money(_SAMPLE_FEN), capitals(_SAMPLE_FEN), "罕见字 𬱖 㛃 䶮 𫖯 喆 堃 頔 翀 犇")


def ruler_page(paper: str, fit: PrintOffset = AS_IT_IS) -> bytes:
    """Return the test page of a paper as PDF."""
    chosen = PAPERS[paper]
    height = chosen.height or _ROLL_HEIGHT
    marks: list[Mark] = [*_ruler(chosen.width, across=True), *_ruler(height, across=False)]
    marks += _crosses(chosen.width, height)
    marks += [
        RuledLine(chosen.left, chosen.top, chosen.width - chosen.right, chosen.top),
        RuledLine(chosen.left, height - chosen.bottom, chosen.width - chosen.right, height - chosen.bottom),
    ]
    texts = (
        line for text in (f"试打页 {chosen.title}", *_SAMPLES) for line in wrapped(text, chosen.width - 13, chosen.size)
    )
    marks += [Text(12, 12 + index * chosen.pitch, text, chosen.size) for index, text in enumerate(texts)]
    return pdf_of((PrintedPage(chosen.width, height, tuple(marks)),), f"试打页 {chosen.title}", fit)


def _ruler(length: float, *, across: bool) -> list[Mark]:
    """Return a ruler in mm along the top or the left edge, figures every ten."""
    marks: list[Mark] = []
    for place in range(int(length) + 1):
        high = _LONG if place % 10 == 0 else _MIDDLE if place % 5 == 0 else _SHORT
        marks.append(RuledLine(place, 0, place, high, 0.3) if across else RuledLine(0, place, high, place, 0.3))
        if place % 10 == 0 and place:
            marks.append(
                Text(place, _LONG + 2.2, str(place), _SIZE, "centre")
                if across
                else Text(_LONG + 0.6, place + 0.8, str(place), _SIZE)
            )
    return marks


def _crosses(width: float, height: float) -> list[Mark]:
    """Return a small cross every 50 mm, to see how much the printer stretches."""
    marks: list[Mark] = []
    for x in range(50, int(width), 50):
        for y in range(50, int(height), 50):
            marks += [RuledLine(x - 2, y, x + 2, y, 0.3), RuledLine(x, y - 2, x, y + 2, 0.3)]
    return marks
