"""Reading PDFs back: their text, their keywords, their pages as images, the parts that many papers share."""

import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pypdfium2

from gongji.errors import GongjiError

POINTS_PER_INCH = 72
_A_HAIR_LESS = 1 - 1e-6  # pdfium rounds the size up and stretches the page to it: 576.0001 dots must be 576, not 577
_FONT = re.compile(rb"/Length1 (\d+)[^>]*>>\s*stream\r?\n")
_HEAD, _ENTRY = 12, 16
_TRUE_TYPE = b"\x00\x01\x00\x00"
_WORTH_SHARING = 64
Span = tuple[int, int]


@contextmanager
def opened(pdf: bytes) -> Iterator[Any]:
    """Open a PDF and close it again. Raises `GongjiError` where it is none."""
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise GongjiError("这个文件不是 PDF，或已损坏", "请选择结算单的 PDF 文件") from error
    try:
        yield document
    finally:
        document.close()


def text_of(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    with opened(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def keywords_of(pdf: bytes) -> str:
    """Return the keywords of a PDF, where a paper carries its square code's text."""
    with opened(pdf) as document:
        return str(document.get_metadata_value("Keywords"))


def images_of(pdf: bytes, dots_per_inch: float) -> list[Any]:
    """Return each page as a grey image (Pillow's)."""
    scale = dots_per_inch / POINTS_PER_INCH * _A_HAIR_LESS
    with opened(pdf) as document:
        return [page.render(scale=scale, grayscale=True).to_pil().convert("L") for page in document]


def shared_in(pdf: bytes) -> Iterator[Span]:
    """Yield the begin and end of each part that many papers share: outlines of characters, the font's names.

    They come in order; there are none for fonts that are compressed or of another kind.
    """
    for found in _FONT.finditer(pdf):
        begin = found.end()
        font = pdf[begin : begin + int(found[1])]
        if font.startswith(_TRUE_TYPE):
            yield from sorted((begin + first, begin + last) for first, last in _parts(font))


def _parts(font: bytes) -> Iterator[Span]:
    """Yield the outlines in a TrueType font, by its own index, and its table of names."""
    tables = {}
    for place in range(_HEAD, _HEAD + _ENTRY * int.from_bytes(font[4:6]), _ENTRY):
        name, _, begin, length = struct.unpack(">4s3L", font[place : place + _ENTRY])
        tables[name] = (begin, length)
    if not {b"glyf", b"loca", b"head", b"name"} <= tables.keys():
        return
    begin, length = tables[b"name"]
    yield begin, begin + length
    is_long = font[tables[b"head"][0] + 50 : tables[b"head"][0] + 52] == b"\x00\x01"
    begin, length = tables[b"loca"]
    size, times = (4, 1) if is_long else (2, 2)
    index = [int.from_bytes(font[at : at + size]) * times for at in range(begin, begin + length // size * size, size)]
    start = tables[b"glyf"][0]
    for first, last in pairwise(index):
        if last - first >= _WORTH_SHARING:
            yield start + first, start + last
