"""A document's text cut by article, so that a citation can be shown in the document's own words.

Two ways of numbering are known: 第九条, with （一） … inside an article, and parts 一、 with （一） … inside a part. A
citation names an article ("第九条", "二") or an item of one ("第二十条(一)", "二(五)"). A number counts as a heading
only where the previous number has come, so a reference at the beginning of a wrapped line is not taken for one.

Also finding the articles a person means: "9", "第九条", "二(二)", "社会保险法第三十条".
"""

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import NamedTuple

_DIGITS = "零一二三四五六七八九"
_ARTICLE = re.compile(r"\s*第([零一二三四五六七八九十百]+)条(?=[\s　]|$)")
_PART = re.compile(r"\s*([一二三四五六七八九十]+)、")
_ITEM = re.compile(r"\s*[（(]([一二三四五六七八九十]+)[)）]")
_CHAPTER = re.compile(r"\s*第[一二三四五六七八九十]+[章节](?:[\s　][^，。；：]*)?")
_FOOTER = re.compile(r"\s*(?:(—|-)\s*[0-9]+\s*(—|-)|-{3,})\s*")
_END = re.compile(r"\s*抄\s*送[：:]")
_MARKS = re.compile(r"[*#`]+")
_NOTHING = re.compile(r"[\s　*#`]+")


def chinese_number(number: int) -> str:
    """Return a number up to 199 as documents write it: 9 → "九", 21 → "二十一", 112 → "一百一十二"."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = "一百" if hundreds else ""
    if tens:
        text += ("一" if hundreds and tens == 1 else "" if tens == 1 else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def squeezed(text: str) -> str:
    """Return a text without white space and marks, to find a title in it however it was wrapped."""
    return _NOTHING.sub("", text)


def cut(text: str) -> dict[str, str]:
    """Return the articles of a document and the items inside them, by the way they are cited."""
    lines = [_MARKS.sub("", line).rstrip() for line in text.splitlines()]
    lines = list(takewhile(lambda line: not _END.match(line), lines))
    heading, unit = (_ARTICLE, "第{}条") if any(_ARTICLE.match(line) for line in lines) else (_PART, "{}")
    articles: dict[str, str] = {}
    for name, body in _sections(lines, heading, unit):
        articles[name] = _joined(body)
        for item, part in _sections(body[1:] if heading is _PART else body, _ITEM, f"{name}({{}})"):
            articles[item] = _joined(part)
    return articles


def _sections(lines: list[str], heading: re.Pattern[str], unit: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each numbered section with its lines; text before the first, and chapter headings, are left out."""
    number, body = 0, list[str]()
    for line in lines:
        match = heading.match(line)
        if match and match[1] == chinese_number(number + 1):
            if number:
                yield unit.format(chinese_number(number)), body
            number, body = number + 1, [line]
        elif number and not _CHAPTER.fullmatch(line) and not _FOOTER.fullmatch(line):
            body.append(line)
    if number:
        yield unit.format(chinese_number(number)), body


def _joined(lines: list[str]) -> str:
    """Join the lines of a section, which printing wrapped; a new paragraph starts after a full stop or at an item."""
    paragraphs: list[str] = []
    for line in lines:
        text = line.strip()
        if not text:
            continue
        if paragraphs and not _ITEM.match(text) and paragraphs[-1][-1] not in "。：；:;":
            paragraphs[-1] += text
        else:
            paragraphs.append(text)
    return "\n".join(paragraphs)


_NUMBERS = {chinese_number(number): number for number in range(1, 200)}
_NUMBER = "[0-9]{1,3}|[零一二三四五六七八九十百]+"
_CITATION = re.compile(
    rf"(?P<document>.*?)(?:第(?P<article>{_NUMBER})条|(?P<part>{_NUMBER}))(?:\((?P<item>{_NUMBER})\))?"
)


class _Citation(NamedTuple):
    """An article as cited: of which document, its number, and the item inside it."""

    document: str
    number: int
    item: int | None


def articles_meant(name: str, cited: Iterable[str]) -> list[str]:
    """Return those of the cited articles that a name means.

    A number means the article or the part of that number, with all its cited items; without a document, of
    any of them.
    """
    wanted = _read(name.strip().replace("（", "(").replace("）", ")"))
    return [one for one in cited if one == name or (wanted is not None and _means(wanted, _read(one)))]


def _read(text: str) -> _Citation | None:
    match = _CITATION.fullmatch(text)
    if match is None:
        return None
    item = match["item"]
    number = _number(match["article"] or match["part"])
    return _Citation(match["document"], number, None if item is None else _number(item))


def _number(text: str) -> int:
    """Return a Chinese or Arabic number; 0, which no article has, for other characters."""
    return int(text) if text.isdecimal() else _NUMBERS.get(text, 0)


def _means(wanted: _Citation, cited: _Citation | None) -> bool:
    return (
        cited is not None
        and wanted.number == cited.number != 0
        and wanted.document in {"", cited.document}
        and wanted.item in {None, cited.item}
    )
