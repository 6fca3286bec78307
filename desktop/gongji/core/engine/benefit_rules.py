"""A pack's rules for one benefit, with their conditions compiled: once for an edition, not for each visit.

Which of a pack's gates, exclusions and bars can concern a benefit at all is decided here too.
"""

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from msgspec import Struct

from gongji.core.packs.accounts import AccountBar, NoAccount
from gongji.core.packs.benefits import Refuse, Require
from gongji.core.packs.conditions import Facts, compiled
from gongji.core.packs.language import Pack
from gongji.core.packs.lines import LineExclude, LineNotice, LineRefuse, PackGate, Prepay, VisitNotice

_Said = TypeVar("_Said")


class Conditional(Generic[_Said]):
    """Rules of a pack with conditions, each condition as a function of facts."""

    def __init__(self, rules: Iterable[_Said]) -> None:
        """Make the conditions of these ready."""
        self._tested: list[tuple[Callable[[Facts], bool], _Said]] = [
            (compiled(getattr(rule, "when", None)), rule) for rule in rules
        ]

    def all(self, facts: Facts) -> tuple[_Said, ...]:
        """Return those that hold for these facts, in the pack's order."""
        return tuple([rule for test, rule in self._tested if test(facts)])

    def first(self, facts: Facts) -> _Said | None:
        """Return the first that holds for these facts; None where none does."""
        for test, rule in self._tested:
            if test(facts):
                return rule
        return None


class BenefitRules(Struct, frozen=True, kw_only=True):
    """The rules for a visit, and for a line, under one benefit, by their facts."""

    gates: Conditional[PackGate]
    notices: Conditional[VisitNotice]
    refuses: Conditional[Refuse]
    requires: Conditional[Require]
    no_accounts: Conditional[NoAccount]
    prepays: Conditional[Prepay]
    excludes: Conditional[LineExclude]
    bars: Conditional[AccountBar]
    line_refuses: Conditional[LineRefuse]
    line_notices: Conditional[LineNotice]


def benefit_rules(pack: Pack, name: str) -> BenefitRules:
    """Return a pack's rules for one of its benefits."""
    benefit = pack.benefit[name]
    return BenefitRules(
        gates=Conditional(gate for gate in pack.gate if _concerns(gate, name)),
        notices=Conditional(notice for notice in pack.notice if _concerns(notice, name)),
        refuses=Conditional(benefit.refuse),
        requires=Conditional(benefit.require),
        no_accounts=Conditional(pack.accounts.no_account),
        prepays=Conditional(pack.lines.prepay),
        excludes=Conditional(exclude for exclude in pack.lines.exclude if _concerns(exclude, name)),
        bars=Conditional(pack.accounts.bar),
        line_refuses=Conditional(pack.lines.refuse),
        line_notices=Conditional(pack.lines.notice),
    )


def _concerns(rule: Any, benefit: str) -> bool:
    return not rule.benefits or benefit in rule.benefits
