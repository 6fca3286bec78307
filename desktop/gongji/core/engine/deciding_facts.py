"""The facts on which a plan depends, so that visits alike in them share one."""

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from msgspec import Struct

from gongji.core.engine.facts import LEVEL_GIVEN, RATED
from gongji.core.packs.benefits import Increment, Refuse, Require
from gongji.core.packs.conditions import Facts, names_used
from gongji.core.packs.dimensions import Dimension
from gongji.core.packs.entries import records
from gongji.core.packs.language import PLACEHOLDER, Pack


class DecidingFacts:
    """Which facts of a visit decide a benefit's plan: all of them, those for lines, those for payment."""

    def __init__(self, pack: Pack, benefit: str, known: Mapping[str, Dimension]) -> None:
        """Find the facts that rules for a benefit ask about."""
        lines, paid, others = set[str](), set[str](), set[str]()
        for path, record in records(pack):
            asked = names_used(getattr(record, "when", None))
            if isinstance(record, Require):
                asked.add(record.field)
            if path.startswith(("lines.", "accounts.bar.")):
                lines |= asked
            elif path.startswith(f"benefit.{benefit}.") and not isinstance(record, Require | Refuse):
                paid |= asked | _names_in(record, pack)
            elif not path.startswith(("benefit.", "credit.", "capitation.")) or path.startswith(f"benefit.{benefit}."):
                others |= asked
        level = {"level", LEVEL_GIVEN, RATED}

        def values(names: set[str]) -> Callable[[Facts], Any]:
            of_visits = {name for name in names if name in known and known[name].scope == "visit"}
            asked = sorted(of_visits | (level if {"level", "grade"} & of_visits else set()))
            return itemgetter(*asked) if asked else _nothing

        self.of_lines, self.of_terms, self.all = values(lines), values(paid), values(lines | paid | others)


def _nothing(_: Facts) -> None:
    """Return None, where no fact decides anything."""


def _names_in(record: Struct, pack: Pack) -> set[str]:
    """Return the facts that a record's figures depend on besides its condition."""
    names = set[str]()
    if isinstance(record, Increment):
        names.add(record.of)
    parameter = getattr(record, "parameter", None)
    if isinstance(parameter, str):
        names |= set(pack.parameter[parameter].by)
    accumulator = getattr(record, "accumulator", None)
    if isinstance(accumulator, str):
        names |= set(PLACEHOLDER.findall(accumulator))
    return names
