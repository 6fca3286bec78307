"""Tables of a pack: every row gives one figure, and for every kind of person and place exactly one row holds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gongji.core.money import PPM, percent
from gongji.core.packs.accounts import CreditRow
from gongji.core.packs.benefits import Require
from gongji.core.packs.conditions import cells, holds, names_used, pick, unmet
from gongji.core.packs.dimensions import Dimension, in_words
from gongji.core.packs.entries import AmountRow, Modify, RatioRow, Row, changed
from gongji.core.packs.language import Pack
from gongji.core.packs.records import records
from gongji.core.problems import Problem, invalid

_FIGURES: dict[type, tuple[str, ...]] = {
    AmountRow: ("yuan", "parameter", "none"),
    RatioRow: ("ratio", "parameter"),
    CreditRow: ("of_base", "yuan", "parameter", "none", "undefined"),
}
_MOST_NAMED = 3


def table_problems(pack: Pack, known: Mapping[str, Dimension]) -> Iterator[Problem]:
    """Return the problems of every table of a pack whose names are all right."""
    for path, record in records(pack):
        if isinstance(record, Row):
            yield from _row_problems(path, record)
    for name, benefit in pack.benefit.items():
        for path, record in records(benefit, f"benefit.{name}"):
            for field in ("amount", "ratio"):
                rows = getattr(record, field, None)
                if isinstance(rows, tuple):
                    modify = getattr(record, "modify", ())
                    yield from _gaps(f"{path}.{field}", rows, benefit.require, known)
                    yield from _ratios(f"{path}.{field}", rows, modify, benefit.require, known)
    if pack.credit is not None:
        yield from _gaps("credit.row", pack.credit.row, pack.credit.require, known)
    yield from _barred_yet_paid(pack, known)


def _row_problems(path: str, row: Row) -> Iterator[Problem]:
    figures = _FIGURES[type(row)]
    given = [name for name in figures if getattr(row, name) is not None and getattr(row, name) is not False]
    if len(given) != 1:
        yield invalid(path, f"每一行须写 {'、'.join(figures)} 中的一个")
    for name in ("year", "key"):
        if getattr(row, name, None) is not None and "parameter" not in given:
            yield invalid(f"{path}.{name}", f"{name} 只能与 parameter 同用")


def _cells(
    rows: Sequence[Row],
    modify: Sequence[Modify],
    require: Sequence[Require],
    known: Mapping[str, Dimension],
) -> Iterator[dict[str, Any]]:
    """Yield the kinds of facts these rows can tell apart, without those for which something required is missing."""
    names = {name for row in rows for name in names_used(row.when)}
    names |= {name for change in modify for name in names_used(change.when)}
    asked = [one for one in require if one.field in names]
    names |= {name for one in asked for name in names_used(one.when)}
    whens = [*(row.when for row in rows), *(one.when for one in modify), *(one.when for one in asked)]
    for cell in cells(sorted(names), known, whens):
        if not any(True for _ in unmet(asked, cell)):
            yield cell


def _gaps(
    path: str, rows: Sequence[Row], require: Sequence[Require], known: Mapping[str, Dimension]
) -> Iterator[Problem]:
    """Report kinds of facts for which no row holds, or more than one."""
    missing: list[str] = []
    doubled: list[str] = []
    for cell in _cells(rows, (), require, known):
        found = len(pick(rows, cell))
        if found != 1:
            (doubled if found else missing).append(in_words(cell, known))
    if missing:
        yield invalid(path, f"没有一行适用于：{_few(missing)}")
    if doubled:
        yield invalid(path, f"不止一行适用于：{_few(doubled)}")


def _ratios(
    path: str,
    rows: Sequence[Row],
    modify: Sequence[Modify],
    require: Sequence[Require],
    known: Mapping[str, Dimension],
) -> Iterator[Problem]:
    """Report kinds of facts for which modifiers make a ratio more than the whole."""
    if not modify or not path.endswith(".ratio"):
        return
    over = []
    for cell in _cells(rows, modify, require, known):
        for row in pick(rows, cell)[:1]:
            ratio_ppm = changed(getattr(row, "ratio", None) or 0, [one for one in modify if holds(one.when, cell)])
            if ratio_ppm > PPM:
                over.append(f"{in_words(cell, known)}（{percent(ratio_ppm)}）")
    if over:
        yield invalid(path, f"加减之后比例超过 100%：{_few(over)}")


def _barred_yet_paid(pack: Pack, known: Mapping[str, Dimension]) -> Iterator[Problem]:
    """Report lines that accounts may not pay though the fund does: whose part is then the patient's, nobody says."""
    excludes = [one for one in pack.lines.exclude if not one.benefits]
    for index, bar in enumerate(pack.accounts.bar):
        whens = [bar.when, *(one.when for one in excludes)]
        names = {name for when in whens for name in names_used(when)}
        paid = [
            in_words(cell, known)
            for cell in cells(sorted(names), known, whens)
            if holds(bar.when, cell) and not any(holds(one.when, cell) for one in excludes)
        ]
        if paid:
            yield invalid(f"accounts.bar.{index}", f"个人账户不能付的明细，统筹也应不付（lines.exclude）：{_few(paid)}")


def _few(texts: list[str]) -> str:
    more = f"；等共 {len(texts)} 种情形" if len(texts) > _MOST_NAMED else ""
    return "；".join(texts[:_MOST_NAMED]) + more
