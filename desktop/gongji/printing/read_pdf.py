"""Reading PDFs back: their text, their keywords, their pages as images."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2

from gongji.errors import GongjiError

POINTS_PER_INCH = 72
_A_HAIR_LESS = 1 - 1e-6  # pdfium rounds the size up and stretches the page to it: 576.0001 dots must be 576, not 577


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
