"""A page of the manual: Markdown with a short head that says where it belongs.

The head is between two lines of three hyphens, one `key: value` a line: `part` (the part of the manual), `screen`
(the screen whose F1 opens it), `windows` (the titles of the sheets whose F1 opens it, parted by ；) and `codes` (the
codes of problems it explains, parted by spaces). The title is the first heading. In the text 「…」 quotes what the
program says, … in it for what differs from case to case; 〔…〕 names a button or a box to tick.
"""

import re
from functools import cached_property

from msgspec import Struct

_FENCE = "---"
_KEYS = {"part", "screen", "windows", "codes"}
_QUOTED = re.compile("「([^」]+)」")
_MARKS = re.compile(r"!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|[*`\[]|^#+ |^> ?|^- ", re.MULTILINE)


class ManualPage(Struct, frozen=True, kw_only=True, dict=True):
    """A page: `name` is its file's name without the suffix, `text` its Markdown from the title on."""

    name: str
    part: str
    title: str
    text: str
    screen: str = ""
    windows: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    @cached_property
    def plain(self) -> str:
        """The text without the signs of Markdown, to look through."""
        return _MARKS.sub("", self.text)

    @property
    def said(self) -> list[str]:
        """The sentences of the program that the page quotes."""
        return _QUOTED.findall(self.text)


class Manual(Struct, frozen=True):
    """All pages in their order."""

    pages: tuple[ManualPage, ...]

    @property
    def parts(self) -> list[str]:
        """The parts, in the order of their first pages."""
        return list(dict.fromkeys(page.part for page in self.pages))

    def page(self, name: str) -> ManualPage | None:
        """Return the page of a name."""
        return next((one for one in self.pages if one.name == name), None)

    def of_screen(self, screen: str) -> ManualPage | None:
        """Return the page that F1 opens on a screen."""
        return next((one for one in self.pages if one.screen == screen), None)

    def of_window(self, title: str) -> ManualPage | None:
        """Return the page that F1 opens in a sheet; … in a listed title stands for what differs."""
        return next((one for one in self.pages if any(_fits(title, window) for window in one.windows)), None)


def read_page(name: str, content: str) -> ManualPage:
    """Return a page from its file. Raises ValueError that says what is wrong with it."""
    lines = content.replace("\r\n", "\n").split("\n")
    if lines[0] != _FENCE or _FENCE not in lines[1:]:
        raise ValueError(f"{name}: no head between two lines of ---")
    end = lines.index(_FENCE, 1)
    head = {}
    for line in lines[1:end]:
        key, _, value = line.partition(":")
        if key not in _KEYS or not value.strip():
            raise ValueError(f"{name}: {line!r} is none of {sorted(_KEYS)} with a value")
        head[key] = value.strip()
    text = "\n".join(lines[end + 1 :]).strip() + "\n"
    title = text.partition("\n")[0]
    if not title.startswith("# ") or "part" not in head:
        raise ValueError(f"{name}: a page begins with a title (# …) and names its part")
    return ManualPage(
        name=name,
        part=head["part"],
        title=title.removeprefix("# ").strip(),
        text=text,
        screen=head.get("screen", ""),
        windows=tuple(filter(None, head.get("windows", "").split("；"))),
        codes=tuple(head.get("codes", "").split()),
    )


def _fits(title: str, window: str) -> bool:
    pattern = ".*".join(map(re.escape, window.split("…")))
    return re.fullmatch(pattern, title, re.DOTALL) is not None


_TITLE, _HEADING = 100, 10
_HEADINGS = re.compile(r"^#+ .*$", re.MULTILINE)
_BEFORE, _AFTER = 8, 22


class Hit(Struct, frozen=True):
    """A page that was found, and the position of the first word on it."""

    page: ManualPage
    excerpt: str


def search(manual: Manual, typed: str) -> list[Hit]:
    """Return the pages that contain every word typed, best match first; none for empty input."""
    words = typed.casefold().split()
    if not words:
        return []
    found = [(score, page) for page in manual.pages if (score := _score(page, words))]
    found.sort(key=lambda one: -one[0])  # equally good pages keep their order
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


_LEAST = 3
"""A quoted sentence needs this many characters of its own before it is looked for inside a longer text."""


class Explained(Struct, frozen=True):
    """Where a sentence is explained, and how it is quoted there."""

    page: ManualPage
    quoted: str


class _Quoted(Struct, frozen=True, dict=True):
    page: ManualPage
    text: str

    @cached_property
    def _parts(self) -> list[str]:
        return self.text.split("…")

    def is_whole(self, said: str) -> bool:
        """Return whether a text is the sentence, with at least one character in each place of a …."""
        first, *others = self._parts
        if not others:
            return said == first
        last = others.pop()
        end = _end_of(others, said, len(first)) if said.startswith(first) else -1
        return 0 <= end < len(said) - len(last) and said.endswith(last)

    def is_in(self, said: str) -> bool:
        """Return whether a text contains the sentence.

        The first place of each part decides: an expression that tries all of them would take hours for a page pasted
        into the search.
        """
        first, *others = self._parts
        at = said.find(first)
        return at >= 0 and _end_of(others, said, at + len(first)) >= 0

    @property
    def own(self) -> int:
        """How many characters are fixed, not a placeholder."""
        return len(self.text) - self.text.count("…")


def _end_of(parts: list[str], said: str, end: int) -> int:
    """Return where the last of some parts ends, each at least one character after the one before; -1 if nowhere."""
    for part in parts:
        at = said.find(part, end + 1)
        if at < 0:
            return -1
        end = at + len(part)
    return end


class SaidSentences:
    """Every sentence that the manual quotes, the one with the most fixed characters first."""

    def __init__(self, manual: Manual) -> None:
        found = [_Quoted(page, text) for page in manual.pages for text in page.said]
        self._quoted = sorted(found, key=lambda one: -one.own)

    def explained(self, said: str) -> Explained | None:
        """Return where a sentence, alone or inside a longer text, is explained; None where no page quotes it."""
        said = said.strip().rstrip("。")
        for one in self._quoted:
            if one.is_whole(said):
                return Explained(one.page, one.text)
        for one in self._quoted:
            if one.own >= _LEAST and one.is_in(said):
                return Explained(one.page, one.text)
        return None
