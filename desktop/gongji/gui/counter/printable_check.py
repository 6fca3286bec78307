"""字: which characters of what is being entered no paper can show, told before anything is settled."""

from collections.abc import Iterable
from functools import cache

from PySide6.QtGui import QRawFont

from gongji.core.papers.printable import printable, without_glyph
from gongji.files import resource_folder
from gongji.gui.kit.style import FONT_FILE

_ANY_SIZE = 12.0


@cache
def _font() -> QRawFont:
    """Return the font that papers are printed in; it is the window's own."""
    return QRawFont(str(resource_folder() / "fonts" / FONT_FILE), _ANY_SIZE)


def cannot_be_printed(texts: Iterable[str]) -> str:
    """Say which characters of names cannot be printed, and what to do; nothing where all can be."""
    missing = without_glyph(map(printable, texts), _font().supportsCharacter)
    if not missing:
        return ""
    shown = "、".join(f"{one}（U+{ord(one):04X}）" for one in missing)
    return f"这些字单据上打不出来：{shown}。请改用规范字再结算；照样结算的，账会记下，单子要改好名字后补打。"
