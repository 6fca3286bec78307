"""Radicals in place of characters: text copied from a PDF has ⻢ for 马 and ⼈ for 人, which no search finds.

Kangxi radicals (U+2F00 to U+2FD5) have a compatibility mapping in Unicode; those of the CJK Radicals Supplement (U+2E80
to U+2EF3) have none, so the characters written the same way are listed here, by Unicode's EquivalentUnifiedIdeograph.
"""

import re
import unicodedata

_ANY = re.compile("[\u2e80-\u2fdf]")
_SUPPLEMENT = str.maketrans(
    "⺁⺇⺎⺏⺐⺒⺓⺛⺝⺞⺟⺠⺩⺪⺬⺺⺽⻁⻃⻄⻅⻆⻇⻉⻊⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳⺫",
    "厂几兀尣尢巳幺旡月歹母民王疋示聿臼虎覀西见角角贝足车長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟目",
)


def without_radicals(text: str) -> str:
    """Return a text with each radical replaced by the character it looks like; radicals without one stay."""
    if _ANY.search(text) is None:
        return text
    return _ANY.sub(lambda found: unicodedata.normalize("NFKC", found[0].translate(_SUPPLEMENT)), text)


def radical_in(text: str) -> str | None:
    """Return the first radical in a text, if any."""
    found = _ANY.search(text)
    return None if found is None else found[0]
