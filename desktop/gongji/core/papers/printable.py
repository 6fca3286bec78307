"""Names as they can be printed: on one line, and with today's code points instead of old systems' private ones.

GBK systems store some eighty characters of names (䶮 among them) at private code points, U+E815 to U+E864, which no
font has. GB 18030 says which characters they are.
"""

import unicodedata
from collections.abc import Callable, Iterable
from functools import cache

_FIRST, _LAST = 0xE815, 0xE864
_LEAD, _TRAIL, _SKIPPED = 0xFE, 0x50, 0x7F
# Python's GB 18030 is that of 2000, which left these private; GB 18030-2005 and -2022 give them their places.
_SINCE = {
    0xE816: 0x20087, 0xE817: 0x20089, 0xE818: 0x200CC, 0xE81E: 0x9FB4, 0xE826: 0x9FB5, 0xE82B: 0x9FB6, 0xE82C: 0x9FB7,
    0xE831: 0x215D7, 0xE832: 0x9FB8, 0xE83B: 0x2298F, 0xE843: 0x9FB9, 0xE854: 0x9FBA, 0xE855: 0x241FE, 0xE864: 0x9FBB,
}  # fmt: skip


@cache
def _public() -> dict[int, str]:
    """Return the character of each private code point."""
    found = {}
    for code in range(_FIRST, _LAST + 1):
        trail = _TRAIL + code - _FIRST
        trail += trail >= _SKIPPED
        found[code] = bytes((_LEAD, trail)).decode("gb18030")
    return found | {code: chr(public) for code, public in _SINCE.items()}


def printable(text: str) -> str:
    """Return a text on one line, every run of white space or control characters one space, private points public."""
    line = " ".join("".join(one if one >= " " and one != "\x7f" else " " for one in text).split())
    if line.isascii() or not any(_FIRST <= ord(one) <= _LAST for one in line):
        return line
    return line.translate(_public())


def without_glyph(texts: Iterable[str], has_glyph: Callable[[int], bool]) -> list[str]:
    """Return the characters of texts that cannot be printed, each once: no glyph, private use, unassigned, control.

    The texts must have passed `printable`.
    """
    used = dict.fromkeys(character for text in texts for character in text)
    return [one for one in used if unicodedata.category(one) in {"Co", "Cc", "Cs"} or not has_glyph(ord(one))]
