"""What is on a page: texts, lines, square codes and pictures, placed in mm from its top left corner, y downwards.

Layouts make marks; `pdf` draws them. `frame` marks are those a pre-printed form already has.
"""

from typing import Literal, NamedTuple

import segno

Align = Literal["left", "centre", "right"]
Tone = Literal["ink", "muted", "red"]


class Text(NamedTuple):
    """A text; `y` is its base line, `size` in points."""

    x: float
    y: float
    text: str
    size: float
    align: Align = "left"
    tone: Tone = "ink"
    bold: bool = False
    frame: bool = False


class RuledLine(NamedTuple):
    """A line of a width in points."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = 0.4
    tone: Tone = "ink"
    frame: bool = True


class Square(NamedTuple):
    """A square code, its quiet zone left to the layout; `modules` row by row, true for dark."""

    x: float
    y: float
    side: float
    modules: tuple[tuple[bool, ...], ...]
    frame: bool = False


class Picture(NamedTuple):
    """A picture from a file (PNG), drawn at a given size."""

    x: float
    y: float
    width: float
    height: float
    path: str
    frame: bool = False


Mark = Text | RuledLine | Square | Picture


class PrintedPage(NamedTuple):
    """A page in mm and its marks; `watermark` is drawn across it, very light.

    `contents` are the entries of the reader's own table of contents that lead to this page: depth (from 0) and words.
    """

    width: float
    height: float
    marks: tuple[Mark, ...]
    watermark: str = ""
    contents: tuple[tuple[int, str], ...] = ()


def texts_of(pages: tuple[PrintedPage, ...]) -> list[str]:
    """Return every text on pages."""
    return [mark.text for page in pages for mark in page.marks if isinstance(mark, Text)]


def moved(mark: Mark, x: float, y: float) -> Mark:
    """Return a mark moved to the right and down, in mm."""
    if isinstance(mark, RuledLine):
        return mark._replace(x1=mark.x1 + x, x2=mark.x2 + x, y1=mark.y1 + y, y2=mark.y2 + y)
    return mark._replace(x=mark.x + x, y=mark.y + y)


QUIET_MODULES = 4


def modules_of(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the modules of a text's QR code without its quiet zone, row by row, true for dark."""
    code = segno.make_qr(text, error="m", boost_error=False)
    return tuple(tuple(bool(one) for one in row) for row in code.matrix)
