"""The parts of a PDF that many papers share: the outlines of characters, and the font's names."""

import re
import struct
from collections.abc import Iterator
from itertools import pairwise

_FONT = re.compile(rb"/Length1 (\d+)[^>]*>>\s*stream\r?\n")
_HEAD, _ENTRY = 12, 16
_TRUE_TYPE = b"\x00\x01\x00\x00"
_WORTH_SHARING = 64
Span = tuple[int, int]


def shared_in(pdf: bytes) -> Iterator[Span]:
    """Yield the begin and end of each such part, in order; none for fonts that are compressed or of another kind."""
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
