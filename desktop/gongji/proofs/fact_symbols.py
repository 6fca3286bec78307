"""`when` for z3: the facts of a visit as unknown symbols, and a condition as a formula over them."""

from collections.abc import Mapping
from typing import Any

import z3

from gongji.core.packs.conditions import alternatives
from gongji.core.packs.dimensions import Dimension

_LEFT_OUT = -1


class FactSymbols:
    """A symbol for each fact, and the constraints on all facts (`domain`)."""

    def __init__(self, known: Mapping[str, Dimension]) -> None:
        self._known = known
        self._symbols: dict[str, Any] = {}
        self._texts: dict[tuple[str, str], int] = {}
        self.domain: list[Any] = []

    def holds(self, when: Any) -> Any:
        """Return the formula of a condition."""
        return z3.Or(
            [z3.And([self._passes(name, test) for name, test in table.items()]) for table in alternatives(when)]
        )

    def given(self, name: str) -> Any:
        """Return the formula that a fact is given: neither left out nor an empty set."""
        dimension = self._known[name]
        if dimension.kind == "set":
            return z3.Not(self._member(name, None))
        return self._symbol(name) != _LEFT_OUT

    def _passes(self, name: str, test: Any) -> Any:
        if isinstance(test, list):
            return z3.Or([self._passes(name, one) for one in test])
        if isinstance(test, dict):
            return self._table(name, test)
        if self._known[name].kind == "flag":
            return self._symbol(name) if test else z3.Not(self._symbol(name))
        return self._symbol(name) == self._value(name, test)

    def _table(self, name: str, test: dict[str, Any]) -> Any:
        if "absent" in test:
            return self._symbol(name) == _LEFT_OUT if test["absent"] else self._symbol(name) != _LEFT_OUT
        if "not" in test:
            return z3.Not(self._passes(name, test["not"]))
        if "has" in test or "lacks" in test:
            member = self._member(name, test["has"] if "has" in test else test["lacks"])
            return member if "has" in test else z3.Not(member)
        number = self._symbol(name)
        low, high = test.get("from", 0), test.get("to")
        return z3.And(number >= low, True if high is None else number <= high)

    def _symbol(self, name: str) -> Any:
        if name in self._symbols:
            return self._symbols[name]
        dimension = self._known[name]
        if dimension.kind == "flag":
            made: Any = z3.Bool(name)
        else:
            made = z3.Int(name)
            lowest = _LEFT_OUT if dimension.optional else 0
            self.domain.append(made >= lowest)
            if dimension.kind == "choice":
                self.domain.append(made < len(dimension.values))
        self._symbols[name] = made
        return made

    def _value(self, name: str, value: Any) -> int:
        """Return the number that represents a value; any other number represents a text that no rule names."""
        dimension = self._known[name]
        if dimension.kind == "choice":
            return dimension.values.index(value)
        return self._texts.setdefault((name, str(value)), len(self._texts))

    def _member(self, name: str, value: str | None) -> Any:
        """Return the formula that a set contains a value, or for None that it is empty."""
        if value is not None:
            key = f"{name}:{value}"
            if key not in self._symbols:
                self._symbols[key] = z3.Bool(key)
                self.domain.append(z3.Implies(self._symbols[key], z3.Not(self._member(name, None))))
            return self._symbols[key]
        return self._symbols.setdefault(f"{name}:", z3.Bool(f"{name}:"))
