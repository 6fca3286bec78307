"""A page of the manual: Markdown with a short head that says where it belongs.

The head stands between two lines of three hyphens, a `key: value` a line: `part` (the part of the manual), `screen`
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
    """A page; `name` is its file's without the ending, `text` its Markdown from the title on."""

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
        """What the program says, as the page quotes it."""
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

    def of_code(self, code: str) -> ManualPage | None:
        """Return the page that explains a problem's code."""
        return next((one for one in self.pages if code in one.codes), None)


def read_page(name: str, content: str) -> ManualPage:
    """Return a page from its file; `ValueError` says what is wrong with it."""
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
