"""The embedded font: what it can print, how wide a text is, where a text may be broken.

A missing glyph would silently be drawn as a box, so `unprintable` is called before anything is printed.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from gongji.core.papers.printable import without_glyph
from gongji.errors import GongjiError
from gongji.files import resource_folder

FONT = "NotoSansSC"
MM_PER_POINT = 25.4 / 72
_FILE = "NotoSansSC-Regular.ttf"
_NOT_FIRST = set("，。；：、！？）》」』”’％%·…")
_NOT_LAST = set("（《「『“‘〔【")
_WORD = re.compile(r"[A-Za-z0-9.,+\-_/@%*]+|.", re.DOTALL)
_ASTRAL = re.compile(r"<([0-9A-F]+)> <([0-9A-F]{5,6})>")


class UnprintableError(GongjiError):
    """A text holds characters the font has no glyph for."""

    def __init__(self, characters: Iterable[str]) -> None:
        shown = "、".join(f"{one}（U+{ord(one):04X}）" for one in characters)
        super().__init__(
            f"打印字体里没有这些字：{shown}，没有打印", "请在资料里改用规范字后补打，或手写结算单；结算已经入账不受影响"
        )


@cache
def font() -> TTFont:
    """Return the font, read once and registered with the PDF writer.

    Raises `GongjiError` where it is missing or damaged.
    """
    _mend_text_of_rare_characters()
    path = resource_folder() / "fonts" / _FILE
    try:
        found = TTFont(FONT, str(path), asciiReadable=False)  # only the letters that are used
    except (OSError, TTFError) as error:
        raise GongjiError(
            f"打印字体 {path.name} 缺失或已损坏，没有打印", "请重新安装程序；结算已经入账不受影响"
        ) from error
    pdfmetrics.registerFont(found)
    return found


def _mend_text_of_rare_characters() -> None:
    """Make reportlab write characters above U+FFFF as UTF-16 in the table from which a PDF's text is read back.

    reportlab 5.1.0 writes their five digits, of which readers take the first four: 𬱖 came back as another character.
    """
    written = ttfonts.makeToUnicodeCMap

    def mended(fontname: str, subset: Any) -> str:
        return _ASTRAL.sub(lambda found: f"<{found[1]}> <{_utf16(int(found[2], 16))}>", written(fontname, subset))

    ttfonts.makeToUnicodeCMap = mended


def _utf16(code: int) -> str:
    return chr(code).encode("utf-16-be").hex().upper()


def unprintable(texts: Iterable[str]) -> list[str]:
    """Return the characters of these texts that cannot be printed, each once: no glyph, private use, no character."""
    return without_glyph(texts, font().face.charToGlyph.__contains__)


def check_printable(texts: Iterable[str]) -> None:
    """Raise `UnprintableError` unless every character can be printed."""
    missing = unprintable(texts)
    if missing:
        raise UnprintableError(missing)


@lru_cache(1 << 14)
def width_mm(text: str, size: float) -> float:
    """Return how wide a text is at a size in points, in mm."""
    return font().stringWidth(text, size) * MM_PER_POINT


def wrapped(text: str, room_mm: float, size: float) -> list[str]:
    """Return a text in lines no wider than the given width; words and figures stay whole where they fit a line."""
    if width_mm(text, size) <= room_mm:
        return [text]
    lines, line = list[str](), list[str]()
    for word in _words(text, room_mm, size):
        if not line or width_mm("".join(line) + word, size) <= room_mm:
            line.append(word)
            continue
        goes_along = word in _NOT_FIRST or line[-1] in _NOT_LAST  # no line begins with a comma or ends in a bracket
        taken = [line.pop()] if goes_along and len(line) > 1 else []
        lines.append("".join(line))
        line = [*taken, word] if taken else [word.lstrip()]
    return [*lines, "".join(line)]


def _words(text: str, room_mm: float, size: float) -> Iterator[str]:
    for word in _WORD.findall(text):
        if width_mm(word, size) <= room_mm:
            yield word
        else:
            yield from word


def shortened(text: str, room_mm: float, size: float) -> str:
    """Return as much of a text as fits the given width, ended by an ellipsis where it was cut."""
    if width_mm(text, size) <= room_mm:
        return text
    while text and width_mm(text + "…", size) > room_mm:
        text = text[:-1]
    return text + "…"
