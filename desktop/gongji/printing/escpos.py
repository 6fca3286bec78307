"""What a receipt printer is sent: the page as a raster image (ESC/POS), so every character and width is right."""

from collections.abc import Iterator
from typing import Any

from gongji.errors import GongjiError
from gongji.printing.read_pdf import images_of

DOTS_PER_INCH = 203.2
"""Eight dots a millimetre."""

_DARK_BELOW = 150
_RESET = b"\x1b@"
_RASTER = b"\x1dv0\x00"
_FEED_AND_CUT = b"\x1bd\x04\x1dV\x00"
_DRAWER = b"\x1bp\x00\x32\x32"
ASK_WHY_OFFLINE, ASK_PAPER = b"\x10\x04\x02", b"\x10\x04\x04"
"""Questions a printer answers at once with a byte of its own, whatever else it is doing (DLE EOT)."""
_FIXED_BITS, _AS_FIXED = 0b1001_0011, 0b0001_0010
_ANSWERS = {
    ASK_PAPER: ((0x60, "没有纸了"),),
    ASK_WHY_OFFLINE: ((0x04, "上盖没有合上"), (0x20, "没有纸了"), (0x40, "切刀或机头出错")),
}
_MOST_ROWS = 255
"""How tall a band may be: an older printer reads one byte of its height."""
_NO_MULTIPLE = 48
"""A band as tall as a multiple of this is taken for another command by printers that also know the older ESC *."""


class TooWideError(GongjiError):
    """The page has more dots across than the printer."""

    def __init__(self, page: int, printer: int) -> None:
        super().__init__(
            f"纸面宽 {page} 点，打印机只有 {printer} 点，没有打印", "请在设置里改选卷纸宽度或打印机点数，再重打"
        )


def raster_of(pdf: bytes, dots: int) -> bytes:
    """Return a PDF's pages as one raster of a printer that is so many dots wide, then feed and cut.

    Raises `TooWideError` where the page is wider than the printer.
    """
    sent = [_RESET]
    for image in images_of(pdf, DOTS_PER_INCH):
        if image.width > dots:
            raise TooWideError(image.width, dots)
        sent += _bands(image.point(lambda grey: 255 if grey < _DARK_BELOW else 0).convert("1"))
    return b"".join([*sent, _FEED_AND_CUT])


def is_status(answer: int) -> bool:
    """Return whether a byte is an answer: some of its bits never change."""
    return answer & _FIXED_BITS == _AS_FIXED


def trouble_in(question: bytes, answer: int) -> str:
    """Return the trouble that a printer's status byte reports; empty where there is none."""
    return next((why for bits, why in _ANSWERS[question] if answer & bits == bits), "")


def drawer_pulse() -> bytes:
    """Return what opens the cash drawer."""
    return _RESET + _DRAWER


def _bands(image: Any) -> Iterator[bytes]:
    """Yield an image in bands; its white pixels are printed."""
    top = 0
    for height in band_heights(image.height):
        band = image.crop((0, top, image.width, top + height))
        top += height
        across = (band.width + 7) // 8
        size = across.to_bytes(2, "little") + band.height.to_bytes(2, "little")
        yield _RASTER + size + band.tobytes()


def band_heights(rows: int) -> list[int]:
    """Return the heights of the bands of an image: each at most 255 rows and none a multiple of 48."""
    heights = []
    while rows:
        height = min(rows, _MOST_ROWS)
        height -= height % _NO_MULTIPLE == 0  # never to nothing, for a multiple is at least 48
        heights.append(height)
        rows -= height
    return heights
