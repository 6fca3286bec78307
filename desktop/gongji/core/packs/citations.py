"""Finding the articles a person means: "9", "第九条", "二(二)", "社会保险法第三十条"."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from gongji.core.packs.articles import chinese_number

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

    A number means the article or the part of that number, with all items that are cited of it; without a document, of
    whichever it is.
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
    """Return what a number is worth; 0, which no article has, for characters that make none."""
    return int(text) if text.isdecimal() else _NUMBERS.get(text, 0)


def _means(wanted: _Citation, cited: _Citation | None) -> bool:
    return (
        cited is not None
        and wanted.number == cited.number != 0
        and wanted.document in {"", cited.document}
        and wanted.item in {None, cited.item}
    )
