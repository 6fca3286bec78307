"""Which page explains a sentence of the program: the pages quote what the program says, … for what differs."""

import re
from functools import cached_property

from msgspec import Struct

from gongji.core.manual.manual_page import Manual, ManualPage

_LEAST = 3
"""So many signs of a quoted sentence must be its own before it is looked for inside a longer one."""


class Explained(Struct, frozen=True):
    """Where a sentence is explained, and how it is quoted there."""

    page: ManualPage
    quoted: str


class _Quoted(Struct, frozen=True, dict=True):
    page: ManualPage
    text: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What fits the sentence."""
        return re.compile(".+?".join(map(re.escape, self.text.split("…"))), re.DOTALL)

    @property
    def own(self) -> int:
        """How many signs are the sentence's own."""
        return len(self.text) - self.text.count("…")


class SaidSentences:
    """Every sentence that the manual quotes, the one with most signs of its own first."""

    def __init__(self, manual: Manual) -> None:
        """Collect them from the pages."""
        found = [_Quoted(page, text) for page in manual.pages for text in page.said]
        self._quoted = sorted(found, key=lambda one: -one.own)

    def explained(self, said: str) -> Explained | None:
        """Return where a sentence, alone or among others, is explained; None where no page quotes it."""
        said = said.strip().rstrip("。")
        for one in self._quoted:
            if one.pattern.fullmatch(said):
                return Explained(one.page, one.text)
        for one in self._quoted:
            if one.own >= _LEAST and one.pattern.search(said):
                return Explained(one.page, one.text)
        return None
