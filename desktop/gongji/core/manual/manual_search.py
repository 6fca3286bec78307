"""Looking through the manual: every word typed must stand on a page; titles count most, headings more than text."""

import re

from msgspec import Struct

from gongji.core.manual.manual_page import Manual, ManualPage

_TITLE, _HEADING = 100, 10
_HEADINGS = re.compile(r"^#+ .*$", re.MULTILINE)
_BEFORE, _AFTER = 8, 22


class Hit(Struct, frozen=True):
    """A page that was found, and the place on it where the first word stands."""

    page: ManualPage
    excerpt: str


def search(manual: Manual, typed: str) -> list[Hit]:
    """Return the pages on which everything typed stands, the most fitting first; none for nothing typed."""
    words = typed.casefold().split()
    if not words:
        return []
    found = [(score, page) for page in manual.pages if (score := _score(page, words))]
    found.sort(key=lambda one: -one[0])  # pages that fit alike stay in their order
    return [Hit(page, _excerpt(page, words[0])) for _, page in found]


def _score(page: ManualPage, words: list[str]) -> int:
    text, title = page.plain.casefold(), page.title.casefold()
    if not all(word in text for word in words):
        return 0
    headings = "\n".join(_HEADINGS.findall(page.text)).casefold()
    return sum(
        _TITLE * (word in title) + _HEADING * headings.count(word) + min(_HEADING, text.count(word)) for word in words
    )


def _excerpt(page: ManualPage, word: str) -> str:
    body = " ".join(page.plain.partition("\n")[2].split())
    place = body.casefold().find(word)
    if place < 0:
        return body[:_AFTER]
    first = max(0, place - _BEFORE)
    return ("…" if first else "") + body[first : place + len(word) + _AFTER]
