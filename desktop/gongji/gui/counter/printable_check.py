"""字: which characters of what is being entered no paper can show, told before anything is settled."""

from collections.abc import Iterable
from functools import cache

from PySide6.QtGui import QRawFont

from gongji.core.papers.printable import printable, without_glyph
from gongji.gui.kit.style import font


@cache
def _font() -> QRawFont:
    """Return the font that papers are printed in: it is the window's own, which is loaded already."""
    return QRawFont.fromFont(font())


def cannot_be_printed(texts: Iterable[str]) -> str:
    """Say which characters of names cannot be printed, and what to do; nothing where all can be."""
    names = [printable(one) for one in texts]
    missing = without_glyph(names, _font().supportsCharacter) if names else ()
    if not missing:
        return ""
    shown = "、".join(f"{one}（U+{ord(one):04X}）" for one in missing)
    return f"这些字单据上打不出来：{shown}。请改用规范字再结算；照样结算的，账会记下，单子要改好名字后补打。"
