"""Blocks one under the other, over as many pages as they need, with totals carried over where a table is cut."""

from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from gongji.printing.layout.marks import Mark, moved


class Block(NamedTuple):
    """Marks relative to the block's top left corner, its height in mm, and what it adds to the carried total.

    `row` says that it is a row of the table that may be cut, `amount_fen` is the row's amount.
    """

    height: float
    marks: tuple[Mark, ...]
    row: bool = False
    amount_fen: int = 0


def height_of(blocks: Iterable[Block]) -> float:
    """Return how high blocks are together, in mm."""
    return sum(block.height for block in blocks)


class FlowTable(NamedTuple):
    """What is above the rows on every page, and the line that carries a total over (fen → block)."""

    heading: Block
    carried_on: Callable[[int], Block]
    carried_in: Callable[[int], Block]


def pages_of(
    rows: Sequence[Block], table: FlowTable, tail: Sequence[Block], rooms: tuple[float, float]
) -> list[list[Block]]:
    """Return the blocks of each page: the rows under their heading, then the tail.

    `rooms` are the heights in mm of the first page and of those after it. A page never ends in a heading without rows;
    the tail stays together where it fits a page, with at least one row.
    """
    tail_height = height_of(tail)
    pages: list[list[Block]] = []
    carried_fen, left = 0, list(rows)
    while True:
        room = rooms[1] if pages else rooms[0]
        page = [table.heading, *([table.carried_in(carried_fen)] if pages else [])]
        used = height_of(page)
        if used + height_of(left) + tail_height <= room:
            return [*pages, [*page, *left, *tail]]
        taken = _rows_that_fit(left, room - used - table.carried_on(0).height)
        if taken >= len(left):
            next_used = table.heading.height + table.carried_in(0).height + left[-1].height
            if len(left) == 1 or next_used + tail_height > rooms[1]:
                one_by_one = ([block] for block in tail)
                return [*pages, *cut(one_by_one, room, [*page, *left], used + height_of(left))]
            taken = len(left) - 1
        carried_fen += sum(block.amount_fen for block in left[:taken])
        pages.append([*page, *left[:taken], table.carried_on(carried_fen)])
        left = left[taken:]


def _rows_that_fit(rows: Sequence[Block], room: float) -> int:
    """Return how many rows fit, at least one."""
    return max(1, sum(used <= room for used in accumulate(row.height for row in rows)))


def cut(
    groups: Iterable[Sequence[Block]],
    room: float,
    page: Sequence[Block] = (),
    used: float = 0.0,
    next_head: Sequence[Block] = (),
) -> list[list[Block]]:
    """Return blocks page by page, a group together; the first goes on below `page`, of which so much is used, in mm."""
    pages = [[*page]]
    for group in groups:
        height = height_of(group)
        if used + height > room and pages[-1]:
            pages.append([*next_head])
            used = height_of(next_head)
        pages[-1] += group
        used += height
    return pages


def placed(blocks: Sequence[Block], x: float, y: float) -> tuple[list[Mark], float]:
    """Return the marks of blocks placed one under the other, and the y below the last."""
    marks: list[Mark] = []
    for block in blocks:
        marks += [moved(mark, x, y) for mark in block.marks]
        y += block.height
    return marks, y
