"""影响测算 as a workbook: the sums, how many pay more or less, who would have paid what, the most changed visits."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from gongji.core.engine.amounts import AMOUNT_KEYS
from gongji.core.identity import masked
from gongji.core.labels import AMOUNT_WORDS
from gongji.core.money import yuan
from gongji.desk.policies.impact import EDGES_FEN, Impact, Sums, VisitImpact
from gongji.desk.session import Session
from gongji.spreadsheets.write_table import SheetHeading, SheetNumber, write_book

SUMMED = {
    "fund_total_fen": "基金合计",
    "account_fen": "个人账户和共济账户",
    "cash_fen": "现金",
    "patient_fen": "个人负担",
}
"""The sums compared, and their names."""
_THREE = ("原来", "按这一版", "相差")


def export_impact(session: Session, one: Impact, path: Path) -> None:
    """Write what a year would have come to, figures as numbers, atomically. Raises `GongjiError`."""
    clinic = session.clinic.institution
    head = [
        [f"{clinic.get('name') or clinic['id']} {one.year} 年按 {one.policy.id} 的影响测算"],
        ["测算时间", session.now(), "测算人", session.operator],
        [],
    ]
    write_book(
        path,
        {
            "合计": [*head, *_sums(one)],
            "人数分布": [*head, ["全年个人负担的变化", "人数"], *_bands(one)],
            "每个人": [*head, _person_heading(), *_people(one)],
            "变化最大": [*head, ["金额和依据", "原来", "按这一版"], *_visits(one)],
        },
    )


def notes_of(one: Impact) -> list[str]:
    """Return the notes needed to read the figures."""
    notes = [
        f"{one.year} 年{one.policy.pack.area_name}参保人结算 {one.visits} 次，按 {one.policy.id} 重算；冲销的不算。",
        "每个人的各次就诊按先后重算：原来占用的年度累计退出来，改占新版的；别处发生的照当时所知。账户余额照当时。",
    ]
    if one.left_out:
        notes.append(f"自费和居民医保的 {one.left_out} 次不在内。")
    notes += [f"有 {count} 次按这一版会被拒绝，两边都没有计入：{why}" for why, count in one.refused]
    if one.by_engine:
        notes.append(f"有 {one.by_engine} 次用不了批量算法，由结算引擎逐次重算。")
    return notes


def bands_of(one: Impact) -> list[tuple[str, int]]:
    """Return in words how many people pay how much more or less, from the largest saving to the largest increase."""
    words = [f"少付 {_whole(-EDGES_FEN[0])} 以上"]
    for low, high in pairwise(EDGES_FEN):
        if high <= 0:
            words.append(f"少付 {_whole(-high)}–{_whole(-low)}" if high else f"少付不到 {_whole(-low)}")
        else:
            words.append(f"多付 {_whole(low)}–{_whole(high)}" if low else f"多付不到 {_whole(high)}")
    words.append(f"多付 {_whole(EDGES_FEN[-1])} 以上")
    found = list(zip(words, one.bands, strict=True))
    middle = sum(edge <= 0 for edge in EDGES_FEN)
    return [*found[:middle], ("不变", one.unchanged), *found[middle:]]


def _whole(fen: int) -> str:
    return f"{fen // 100:,}"


def _sums(one: Impact) -> Iterator[list[str]]:
    yield ["", *_THREE]
    for name, word in SUMMED.items():
        yield [word, *_three(one.before, one.after, name)]
    yield ["次数", SheetNumber(one.visits)]
    yield ["人数", SheetNumber(len(one.people))]
    yield from ([note] for note in ["", *notes_of(one)])


def _three(before: Sums, after: Sums, name: str) -> list[str]:
    old, new = getattr(before, name), getattr(after, name)
    return [SheetNumber(yuan(old)), SheetNumber(yuan(new)), SheetNumber(yuan(new - old))]


def _bands(one: Impact) -> Iterator[list[str]]:
    for word, count in bands_of(one):
        yield [word, SheetNumber(count)]


def _person_heading() -> list[str]:
    return ["证件号码", "次数", *(f"{word}{which}" for word in SUMMED.values() for which in _THREE)]


def _people(one: Impact) -> Iterator[list[str]]:
    for each in one.people:
        figures = [figure for name in SUMMED for figure in _three(each.before, each.after, name)]
        yield [masked(each.person_id), SheetNumber(each.visits), *figures]


def _visits(one: Impact) -> Iterator[list[str]]:
    for each in one.most_changed:
        yield from _visit(each)
    if not one.most_changed:
        yield ["没有变化的结算。"]


def _visit(one: VisitImpact) -> Iterator[list[str]]:
    yield [SheetHeading(f"{one.stored.no} {one.stored.settled_on}"), SheetHeading(""), SheetHeading("")]
    for name in AMOUNT_KEYS:
        old, new = getattr(one.stored.totals, f"{name}_fen"), getattr(one.quoted.totals, f"{name}_fen")
        if old or new:
            yield [AMOUNT_WORDS[name], SheetNumber(yuan(old)), SheetNumber(yuan(new))]
    before = [step.text for part in one.stored.parts for step in part.trace]
    after = [step.text for part in one.quoted.settlements for step in part.trace]
    for place in range(max(len(before), len(after))):
        yield ["" if place else "依据", *(side[place] if place < len(side) else "" for side in (before, after))]
