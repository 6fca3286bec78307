"""补充通知: what a notice changes of an edition, figure by figure, and which figures of a pack can be changed."""

import datetime
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from gongji.core.money import E12, E12_PER_POINT, Fen, parse_fen, parse_percent, percent, yuan
from gongji.core.packs.accounts import RELATIONS, Claim, HolderArea, Relations
from gongji.core.packs.entries import Points, SignedFen, read_figure
from gongji.core.packs.figures import figures
from gongji.core.packs.language import Pack, Parameter
from gongji.core.strict_records import is_iso_date
from gongji.core.typed import figure_as_written, typed_day, wide_to_plain

FigurePath = tuple[str | int, ...]
"""A place in a pack: names and positions, from the outside in."""

FigureKind = Literal["money", "ratio", "points", "signed", "date", "day", "relations", "text"]
WRITTEN_AS: dict[FigureKind, str] = {
    "money": "元，如 200.00",
    "ratio": "比例，如 65%",
    "points": "百分点，如 +5",
    "signed": "增减的元，如 -300",
    "date": "日期，如 2027-01-01",
    "day": "月-日，如 06-30",
    "relations": "关系，用顿号隔开，如 配偶、父母、子女",
    "text": "一句话",
}
"""How a figure of each kind is written."""

_HAS_YEAR = re.compile(r"\d{4}", re.ASCII)

RELATION_WORDS = {word: name for name, word in RELATIONS.items()}


class EditableFigure(Struct, frozen=True, kw_only=True):
    """A figure that a notice may change: its place, its name, how it is written, the rule it is under.

    `rule_path` is where the rule's name is; None where there is none.
    """

    path: FigurePath
    what: str
    kind: FigureKind
    text: str
    rule_path: FigurePath | None


class FigureChange(Struct, frozen=True, kw_only=True):
    """A figure's new value as written, and the notice's article that says so, with its gist in one sentence."""

    path: FigurePath
    value: str
    article: str
    gist: str


class CaseChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A worked case's result after the notice, computed by hand: its new name, amounts and totals.

    A notice's file has the same fields (`[[case]]`).
    """

    case: str
    name: str
    expect: dict[str, str] = {}
    accumulators: dict[str, str] = {}


class Amendment(Struct, frozen=True, kw_only=True):
    """A notice and everything it changes of the edition before; `ends` is None where it has no end.

    `revision` is 2, 3 … where a text of the edition it makes was given out before and is corrected.
    """

    title: str
    number: str
    issued: datetime.date
    short: str
    starts: datetime.date
    ends: datetime.date | None
    verified_on: datetime.date
    changes: tuple[FigureChange, ...]
    cases: tuple[CaseChange, ...] = ()
    revision: int = 1


def value_as_written(kind: FigureKind, text: str) -> str:
    """Return a new value as a pack writes it, however it is typed: full-width, 1,280元, 20270101, 6月30日.

    Of any other text that is returned, `value_fault` says what is wrong with it.
    """
    if kind in {"relations", "text"}:
        return text.strip()
    if kind not in {"date", "day"}:
        return figure_as_written(text)
    leap = datetime.date(2024, 1, 1)
    try:
        if bool(_HAS_YEAR.match(wide_to_plain(text))) != (kind == "date"):
            return text.strip()
        found = typed_day(text, leap, "ahead")
    except ValueError:
        return text.strip()
    return found.isoformat() if kind == "date" else f"{found:%m-%d}"


def value_fault(kind: FigureKind, text: str) -> str:
    """Return how a new value should be written where it is not; empty where it is."""
    try:
        match kind:
            case "money":
                parse_fen(text)
            case "ratio":
                parse_percent(text)
            case "points" | "signed":
                read_figure(Points if kind == "points" else SignedFen, text)
            case "date" | "day" if not is_iso_date(text if kind == "date" else f"2023-{text}"):
                return f"应写作{WRITTEN_AS[kind]}"
            case "relations":
                unknown = [word for word in text.split("、") if word not in RELATION_WORDS]
                return f"没有“{'、'.join(unknown)}”这种关系，可写 {'、'.join(RELATION_WORDS)}" if unknown else ""
            case "text":
                return "" if text else "请写一句话"
    except ValueError:
        return f"应写作{WRITTEN_AS[kind]}"
    return ""


def editable_figures(pack: Pack) -> list[EditableFigure]:
    """Return every figure, date and relation of a pack that a notice may change, in the pack's order."""
    return [
        EditableFigure(
            path=path, what=_what(pack, path, value), kind=kind, text=_written(kind, value), rule_path=rule_path
        )
        for path, kind, value, rule_path in _leaves(pack, (), None)
    ]


def _leaves(
    value: Any, path: FigurePath, rule_path: FigurePath | None
) -> Iterator[tuple[FigurePath, FigureKind, Any, FigurePath | None]]:
    """Yield every figure inside a value: its place, kind, name, and the place of its rule's name."""
    if isinstance(value, Struct):
        fields = value.__struct_fields__
        outer = (*path, "rule") if "rule" in fields else rule_path
        inner = (*path, "clearing_rule") if "clearing_rule" in fields else outer
        for name in fields:
            part = getattr(value, name)
            kind = _kind(value, name, part)
            if isinstance(value, Parameter) and name == "fixed":
                figure: FigureKind = "money" if value.kind == "money" else "ratio"
                for key, text in value.fixed.items():
                    yield (*path, name, key), figure, text, (*path, "fixed_rule")
            elif kind is not None:
                yield (*path, name), kind, part, outer
            elif not isinstance(part, str):
                yield from _leaves(part, (*path, name), inner)
    elif isinstance(value, tuple):
        for place, part in enumerate(value):
            yield from _leaves(part, (*path, place), rule_path)
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(part, (*path, key), rule_path)


_FIGURES: dict[type, FigureKind] = {Fen: "money", E12: "ratio", Points: "points", SignedFen: "signed"}


def _kind(record: Struct, name: str, value: Any) -> FigureKind | None:
    if isinstance(record, Relations) and value is not None and name in {"allowed", "starts"}:
        return "relations" if name == "allowed" else "date"
    if isinstance(record, Claim) and value is not None and name in {"deadline", "text"}:
        return "day" if name == "deadline" else "text"
    if isinstance(record, HolderArea) and name == "prefix":
        return "text"
    return _FIGURES.get(type(value))


def _written(kind: FigureKind, value: Any) -> str:
    """Return a figure as a pack writes it, relations in words."""
    if isinstance(value, str):
        return value
    if kind == "relations":
        return "、".join(RELATIONS[one] for one in value)
    if kind in {"points", "signed"}:
        sign, size = ("-" if value < 0 else "+"), abs(int(value))
        return f"{sign}{percent(size).removesuffix('%')}" if kind == "points" else f"{sign}{yuan(size)}"
    return yuan(value) if kind == "money" else percent(value) if kind == "ratio" else str(value)


_PARTS = {
    "at_most": "（加到最多）",
    "below": "（分界）",
    "at_least": "（界线）",
    "starts": "（从哪一天起）",
    "times": "（乘以）",
    "round_to": "（取整到）",
}
"""What distinguishes figures that one sentence describes."""


def _what(pack: Pack, path: FigurePath, value: Any) -> str:
    """Return a figure's name as in the comparison of editions, found by changing it."""
    before, after = figures(pack), figures(with_value(pack, path, _other(value)))
    names = [one.what for one in before if one not in after] or [one.what for one in after if one not in before]
    name = names[0] if names else " ".join(str(part) for part in path)
    return name + _PARTS.get(str(path[-1]), "")


_TURNED = str.maketrans("0123456789", "1032547698")
_DAY = re.compile(r"\d\d-\d\d")


def _other(value: Any) -> Any:
    """Return another value of the same kind, to see what it changes."""
    if isinstance(value, SignedFen | Fen):
        return type(value)(value + 1)
    if isinstance(value, E12 | Points):
        return type(value)(value + (E12_PER_POINT if value < 50 * E12_PER_POINT else -E12_PER_POINT))
    if isinstance(value, datetime.date):
        return value + datetime.timedelta(days=1)
    if isinstance(value, tuple):
        return value[1:] or ("sibling",)
    if value.isdigit():
        return value.translate(_TURNED)
    return "01-01" if value != "01-01" and _DAY.fullmatch(value) else f"{value}。"


def with_value(value: Any, path: FigurePath, new: Any) -> Any:
    """Return a record, list or table with another value at a path."""
    if not path:
        return new
    first, rest = path[0], path[1:]
    if isinstance(value, Struct):
        return replace(value, **{str(first): with_value(getattr(value, str(first)), rest, new)})
    if isinstance(value, tuple):
        return tuple(with_value(part, rest, new) if place == first else part for place, part in enumerate(value))
    assert isinstance(value, Mapping)
    return {**value, first: with_value(value[first], rest, new)}
