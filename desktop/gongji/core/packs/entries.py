"""The common parts of a pack: entries, table rows, modifiers, and how figures are written.

Money is written in yuan ("30.00"), ratios in per cent ("65%"), and neither is ever a TOML float. `when` says for which
facts a row or an operation holds (see `conditions`). `records` walks all parts of a pack.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from msgspec import Meta, Struct

from gongji.core.money import E12, E12_PER_POINT, FEN_PER_YUAN, PARSERS, Fen, parse_fen, parse_percent, share_fen
from gongji.core.problems import join
from gongji.core.strict_records import Text

Reading = Text | None
"""The words of our reading, where a document could be read otherwise."""
LARGEST_FIGURE = 10**12


class Points(int):
    """A change of a ratio in 1/10**12, written in points with its sign: "+5" or "-10"."""


class SignedFen(int):
    """A change of an amount in fen, written in yuan with its sign: "-300"."""


class PackEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of all parts of a pack: unknown keys are refused, nothing changes after reading."""


class CitedEntry(PackEntry, frozen=True, kw_only=True):
    """The base of parts that begin with the rule they are under."""

    rule: Text


class NoticeEntry(PackEntry, frozen=True, kw_only=True):
    """The base of parts that give a notice: its code, its rule, for which facts, and its sentence."""

    notice: Text
    rule: Text
    when: Any
    text: Text


class PackRow(PackEntry, frozen=True, kw_only=True):
    """A row of a table: exactly one must hold for the facts; `otherwise` holds when no other does."""

    when: Any = None
    otherwise: bool = False
    rule: Text | None = None


class AmountRow(PackRow, frozen=True, kw_only=True):
    """An amount: `yuan`, or an open parameter (of the settlement year + `year`), taken `times`; or none at all.

    `key` names the parameter's figure outright where it is not the one for the visit's own facts; `round_to` rounds
    the computed amount, half up, to whole multiples of so many yuan.
    """

    yuan: Fen | None = None
    parameter: Text | None = None
    key: Text | None = None
    year: Annotated[int, Meta(ge=-10, le=1)] | None = None
    times: E12 | None = None
    round_to: Fen | None = None
    none: bool = False


class RatioRow(PackRow, frozen=True, kw_only=True):
    """A ratio, or the open parameter that holds it."""

    ratio: E12 | None = None
    parameter: Text | None = None


class Modify(PackEntry, frozen=True, kw_only=True):
    """A change for some: `points` or `times` of a ratio, `yuan` of an amount; never below zero."""

    when: Any
    rule: Text
    points: Points | None = None
    times: E12 | None = None
    yuan: SignedFen | None = None


def changed(ratio_e12: int, changes: Sequence[Modify]) -> int:
    """Return a ratio after its modifiers, in their order; never below zero."""
    for change in changes:
        ratio_e12 += change.points or 0
        ratio_e12 = max(0, ratio_e12 if change.times is None else share_fen(ratio_e12, change.times))
    return ratio_e12


def _signed(text: str, parse: Any, unit: int) -> int:
    if text[:1] not in {"+", "-"}:
        raise ValueError('应带正负号，例如 "+5" 或 "-10"')
    size = int(parse(text[1:])) * unit // FEN_PER_YUAN
    return -size if text[0] == "-" else size


def read_figure(kind: type, value: Any) -> int:
    """Return a figure of a pack as its type. Raises ValueError with a sentence when it cannot be one."""
    text = str(value) if type(value) is int and abs(value) < LARGEST_FIGURE else value
    if not isinstance(text, str):
        raise ValueError("应写成带引号的文字，金额如 30.00，比例如 65%")  # noqa: TRY004  # a fault of the pack, not of us
    if kind is E12:
        return parse_percent(text)
    if kind is Points:
        return Points(_signed(text, parse_fen, E12_PER_POINT))
    if kind is SignedFen:
        return SignedFen(_signed(text, parse_fen, FEN_PER_YUAN))
    return PARSERS[kind](text)


_NESTING = (Struct, tuple, dict)
_walked: dict[str, tuple[Any, tuple[tuple[str, Struct], ...]]] = {}
"""What was walked last under a path: some thirty checks of a pack walk it one after another."""


def records(value: Struct, path: str = "") -> tuple[tuple[str, Struct], ...]:
    """Return every record inside a record, which never changes, with its path, the record itself first."""
    known = _walked.get(path)
    if known is None or known[0] is not value:
        known = _walked[path] = (value, tuple(_inside(value, path)))
    return known[1]


def _inside(value: Any, path: str) -> Iterator[tuple[str, Struct]]:
    if isinstance(value, Struct):
        yield path, value
        for name in value.__struct_fields__:
            part = getattr(value, name)
            if isinstance(part, _NESTING):
                yield from _inside(part, join(path, name))
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            if isinstance(part, _NESTING):
                yield from _inside(part, join(path, index))
    elif isinstance(value, dict):
        for key, part in value.items():
            if isinstance(part, _NESTING):
                yield from _inside(part, join(path, key))
