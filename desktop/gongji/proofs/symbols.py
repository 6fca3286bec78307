"""The kernel's operations over unknown whole numbers, for z3 to reason about.

A share and a base are new numbers, held to what rounding half up means. Of an open parameter's ratio, which may be any
between 0 and 1, what holds of every ratio is said: a share lies between nothing and the whole, grows with what it is
taken of and by no more than that, and what is short of a base's share comes from less than the base.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import z3
from msgspec import Struct

from gongji.core.money import E12_ONE, yuan

PROVED, REFUTED, UNKNOWN, EXCEPTION = "proved", "refuted", "unknown", "exception"
_MILLISECONDS = 20_000


class OpenRatio(Struct):
    """A ratio that nobody knows yet: the shares and bases taken by it so far."""

    name: str
    shares: list[tuple[Any, Any]] = []


class Symbols:
    """The operations, and the constraints on the numbers they made (`facts`)."""

    def __init__(self) -> None:
        self.facts: list[Any] = []
        self._count = 0

    def number(self, name: str) -> Any:
        """Return a new number that is not below 0."""
        self._count += 1
        made = z3.Int(f"{name}_{self._count}")
        self.facts.append(made >= 0)
        return made

    @staticmethod
    def least(one: Any, other: Any) -> Any:
        """Return the smaller of two."""
        return z3.If(one <= other, one, other)

    @staticmethod
    def most(one: Any, other: Any) -> Any:
        """Return the larger of two."""
        return z3.If(one >= other, one, other)

    @staticmethod
    def where(condition: Any, one: Any, other: Any) -> Any:
        """Return one where the condition holds, the other elsewhere."""
        return z3.If(condition, one, other)

    def share(self, base: Any, ratio: Any) -> Any:
        """Return base × ratio, half up."""
        if isinstance(ratio, OpenRatio):
            return self._open_share(base, ratio)
        part, whole = Fraction(int(ratio), E12_ONE).as_integer_ratio()
        if part == 0:
            return z3.IntVal(0)
        if part == whole:
            return base
        made = self.number("share")
        self.facts += [2 * whole * made <= 2 * part * base + whole, 2 * part * base + whole < 2 * whole * (made + 1)]
        return made

    def base(self, share: Any, ratio: Any) -> Any:
        """Return share ÷ ratio, half up; any number where the ratio is 0."""
        made = self.number("base")
        if isinstance(ratio, OpenRatio):
            for base, known in ratio.shares:
                self.facts.append(z3.Implies(share < known, made <= base))
            return made
        part, whole = Fraction(int(ratio), E12_ONE).as_integer_ratio()
        if part:
            self.facts += [
                2 * part * made <= 2 * whole * share + part,
                2 * whole * share + part < 2 * part * (made + 1),
            ]
        return made

    def _open_share(self, base: Any, ratio: OpenRatio) -> Any:
        made = self.number("share")
        self.facts.append(made <= base)
        for other, known in ratio.shares:
            more = z3.And(known <= made, made - known <= base - other)
            less = z3.And(made <= known, known - made <= other - base)
            self.facts += [z3.Implies(other <= base, more), z3.Implies(base <= other, less)]
        ratio.shares.append((base, made))
        return made


class ProofClaim(Struct, frozen=True, kw_only=True):
    """A claim about a place in a pack, whether it is proved, and an example where it is refuted."""

    place: str
    text: str
    verdict: str
    example: str = ""


def decided(place: str, text: str, given: Sequence[Any], claim: Any, shown: dict[str, Any]) -> ProofClaim:
    """Return a claim with its verdict by z3: proved where its negation has no solution."""
    solver = z3.Solver()
    solver.set("timeout", _MILLISECONDS)
    solver.add(*given, z3.Not(claim))
    found = solver.check()
    if found == z3.unsat:
        return ProofClaim(place=place, text=text, verdict=PROVED)
    if found == z3.unknown:
        return ProofClaim(place=place, text=text, verdict=UNKNOWN)
    model = solver.model()
    example = "，".join(f"{word} {_value(model, one)}" for word, one in shown.items())
    return ProofClaim(place=place, text=text, verdict=REFUTED, example=example)


def _value(model: Any, one: Any) -> str:
    found = model.eval(one, model_completion=True)
    return yuan(found.as_long()) if z3.is_int_value(found) else str(found)
