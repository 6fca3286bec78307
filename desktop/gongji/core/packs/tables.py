"""Tables of a pack: every row gives one figure, and for every kind of person and place exactly one row holds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gongji.core.money import E12_ONE, percent
from gongji.core.packs.accounts import CreditRow
from gongji.core.packs.benefits import Require
from gongji.core.packs.conditions import TooManyCellsError, cells, compiled, holds, names_used, pick, unmet
from gongji.core.packs.dimensions import Dimension, in_words
from gongji.core.packs.entries import AmountRow, Modify, PackRow, RatioRow, changed, records
from gongji.core.packs.language import Pack
from gongji.core.problems import Problem, invalid

_FIGURES: dict[type, dict[str, tuple[str, ...]]] = {
    AmountRow: {"yuan": (), "parameter": ("year", "key", "times", "round_to"), "none": ()},
    RatioRow: {"ratio": (), "parameter": ()},
    CreditRow: {"of_base": (), "yuan": (), "parameter": ("key", "times"), "none": (), "undefined": ()},
}
"""What a row may hold, exactly one of them, and what may accompany it."""

_MOST_NAMED = 3


class PackTable(NamedTuple):
    """Rows of a benefit or of the credit, their modifiers, and the facts required where they are used."""

    path: str
    rows: Sequence[PackRow]
    modify: Sequence[Modify]
    require: Sequence[Require]


def table_problems(pack: Pack, known: Mapping[str, Dimension]) -> Iterator[Problem]:
    """Return the problems of every table of a pack whose names are all right."""
    for path, record in records(pack):
        if isinstance(record, PackRow):
            yield from _row_problems(path, record)
    for table in tables_of(pack):
        try:
            yield from _gaps(table, known)
            yield from _modified(table, known)
            yield from _looked_up(table, pack, known)
        except TooManyCellsError as error:
            yield invalid(table.path, f"条件能分出 {error.count} 种情形，太多，无法逐一核对，请拆开写")
    try:
        yield from _barred_yet_paid(pack, known)
    except TooManyCellsError as error:
        yield invalid("accounts.bar", f"条件能分出 {error.count} 种情形，太多，无法逐一核对，请拆开写")


def tables_of(pack: Pack) -> Iterator[PackTable]:
    """Yield every table of a pack: those of its benefits, then that of the credit."""
    for name, benefit in pack.benefit.items():
        for path, record in records(benefit, f"benefit.{name}"):
            for field in ("amount", "ratio"):
                rows = getattr(record, field, None)
                if isinstance(rows, tuple):
                    yield PackTable(f"{path}.{field}", rows, getattr(record, "modify", ()), benefit.require)
    if pack.credit is not None:
        yield PackTable("credit.row", pack.credit.row, (), pack.credit.require)


def _row_problems(path: str, row: PackRow) -> Iterator[Problem]:
    figures = _FIGURES[type(row)]
    given = [name for name in figures if getattr(row, name) is not None and getattr(row, name) is not False]
    if len(given) != 1:
        yield invalid(path, f"每一行须写 {'、'.join(figures)} 中的一个")
        return
    beside = {name for names in figures.values() for name in names} - set(figures[given[0]])
    for name in sorted(beside):
        if getattr(row, name) is not None:
            yield invalid(f"{path}.{name}", f"{name} 不能与 {given[0]} 同用")


def _cells(
    table: PackTable, known: Mapping[str, Dimension], *, modified: bool, also: frozenset[str] = frozenset()
) -> Iterator[dict[str, Any]]:
    """Yield the kinds of facts that these rows, and the named facts, distinguish.

    Those that lack a required fact are left out.
    """
    whens = [row.when for row in table.rows] + [one.when for one in table.modify if modified]
    names = {name for when in whens for name in names_used(when)} | also
    asked = [one for one in table.require if one.field in names]
    whens += [one.when for one in asked]
    names |= {name for one in asked for name in names_used(one.when)}
    for cell in cells(sorted(names), known, whens):
        if not any(True for _ in unmet(asked, cell)):
            yield cell


def _gaps(table: PackTable, known: Mapping[str, Dimension]) -> Iterator[Problem]:
    """Report kinds of facts for which no row holds, or more than one."""
    missing: list[str] = []
    doubled: list[str] = []
    for cell in _cells(table, known, modified=False):
        found = len(pick(table.rows, cell))
        if found != 1:
            (doubled if found else missing).append(in_words(cell, known))
    if missing:
        yield invalid(table.path, f"没有一行适用于：{_few(missing)}")
    if doubled:
        yield invalid(table.path, f"不止一行适用于：{_few(doubled)}")


def _modified(table: PackTable, known: Mapping[str, Dimension]) -> Iterator[Problem]:
    """Report kinds of facts for which modifiers make a ratio more than the whole, or modify a missing one."""
    if not table.modify:
        return
    over: list[str] = []
    nothing: list[str] = []
    for cell in _cells(table, known, modified=True):
        changes = [one for one in table.modify if holds(one.when, cell)]
        for row in pick(table.rows, cell)[:1]:
            if isinstance(row, RatioRow) and changed(row.ratio or 0, changes) > E12_ONE:
                over.append(f"{in_words(cell, known)}（{percent(changed(row.ratio or 0, changes))}）")
            if isinstance(row, AmountRow) and row.none and changes:
                nothing.append(in_words(cell, known))
    if over:
        yield invalid(table.path, f"加减之后比例超过 100%：{_few(over)}")
    if nothing:
        yield invalid(table.path, f"没有这个数额的人不能再加减：{_few(nothing)}")


def _looked_up(table: PackTable, pack: Pack, known: Mapping[str, Dimension]) -> Iterator[Problem]:
    """Report people whose credit is a parameter's figure by a fact that may be left out."""
    by: dict[str, tuple[str, ...]] = {}
    for row in table.rows:
        if isinstance(row, CreditRow) and row.parameter is not None and row.key is None:
            by[row.parameter] = pack.parameter[row.parameter].by
    also = frozenset(fact for facts in by.values() for fact in facts)
    missing = [
        in_words(cell, known)
        for cell in (_cells(table, known, modified=False, also=also) if also else ())
        for row in pick(table.rows, cell)
        if isinstance(row, CreditRow) and row.key is None
        if any(cell[fact] is None for fact in by.get(row.parameter or "", ()))
    ]
    if missing:
        yield invalid(table.path, f"参数按没有填写的事实区分，请另写一行（key）或要求填写（require）：{_few(missing)}")


def _barred_yet_paid(pack: Pack, known: Mapping[str, Dimension]) -> Iterator[Problem]:
    """Report lines that accounts may not pay though the fund does: nothing says whose part the rest is."""
    excluded = [one.when for one in pack.lines.exclude if not one.benefits]
    are_excluded = [compiled(when) for when in excluded]
    for index, bar in enumerate(pack.accounts.bar):
        is_barred, whens = compiled(bar.when), [bar.when, *excluded]
        names = {name for when in whens for name in names_used(when)}
        paid = [
            in_words(cell, known)
            for cell in cells(sorted(names), known, whens)
            if is_barred(cell) and not any(excludes(cell) for excludes in are_excluded)
        ]
        if paid:
            yield invalid(f"accounts.bar.{index}", f"个人账户不能付的明细，统筹也应不付（lines.exclude）：{_few(paid)}")


def _few(texts: list[str]) -> str:
    more = f"；等共 {len(texts)} 种情形" if len(texts) > _MOST_NAMED else ""
    return "；".join(texts[:_MOST_NAMED]) + more
