"""The names of a pack's accumulators: one of its own says what it counts, one with `{…}` stands for many.

"general.fund" is one accumulator; "chronic.{disease}" is one for each disease, "drug.{code}" one for each item.
"""

import re
from collections.abc import Mapping

from gongji.core.packs.dimensions import Dimension
from gongji.core.packs.language import FREE_NAMES, PLACEHOLDER, Accumulator

_MOST_KEPT = 20_000


class AccumulatorNames:
    """Which names of accumulators a pack has; what was answered for a name is cached."""

    def __init__(self, declared: Mapping[str, Accumulator], known: Mapping[str, Dimension]) -> None:
        self._declared = {template: (_pattern(template, known), one) for template, one in declared.items()}
        self._answered: dict[str, bool] = {}

    def __contains__(self, name: str) -> bool:
        """Return whether the pack has an accumulator of that name."""
        answer = self._answered.get(name)
        if answer is None:
            answer = any(pattern.fullmatch(name) for pattern, _ in self._declared.values())
            if len(self._answered) >= _MOST_KEPT:
                self._answered.clear()
            self._answered[name] = answer
        return answer

    def title(self, name: str) -> str:
        """Return an accumulator's title, with the name it has here where it covers several."""
        for template, (pattern, accumulator) in self._declared.items():
            if pattern.fullmatch(name):
                return accumulator.name if template == name else f"{accumulator.name}（{name}）"
        return name


def _pattern(template: str, known: Mapping[str, Dimension]) -> re.Pattern[str]:
    """Return what an accumulator's name may be: a line's code may be anything, a fact only one of its values."""
    parts = [re.escape(part) for part in PLACEHOLDER.split(template)]
    for index, fact in enumerate(PLACEHOLDER.findall(template)):
        values = [".+"] if fact in {*FREE_NAMES, "disease"} else [re.escape(str(value)) for value in known[fact].values]
        parts[2 * index + 1] = f"(?:{'|'.join(values)})"
    return re.compile("".join(parts), re.DOTALL)
