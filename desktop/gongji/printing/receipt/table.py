"""The table of a receipt's lines on sheets: its columns, a row a line, the totals carried over."""

from collections.abc import Sequence
from typing import NamedTuple

from gongji.core.money import price, yuan
from gongji.core.papers.receipt import Receipt, ReceiptLine
from gongji.printing.layout.blocks import BASE, line_block
from gongji.printing.layout.fonts import width_mm, wrapped
from gongji.printing.layout.marks import Align, Mark, RuledLine, Text, Tone
from gongji.printing.layout.paginate import Block
from gongji.printing.paper_sizes import PaperSize
from gongji.printing.receipt.text import SHORT_CLASS, quantity

_PADDING = 1.2


class ReceiptColumn(NamedTuple):
    """A column: its title, its width in mm, its alignment."""

    title: str
    width: float
    align: Align = "left"


def columns_of(one: Receipt, paper: PaperSize) -> list[ReceiptColumn]:
    """Return the table's columns; the name takes what the others leave."""
    several = len(one.parts) > 1
    rest = [
        *([ReceiptColumn("待遇", 22)] if several else []),
        ReceiptColumn("收费项目", 26),
        ReceiptColumn("类", 7, "centre"),
        ReceiptColumn("单价", 19, "right"),
        ReceiptColumn("数量", 15, "right"),
        ReceiptColumn("单位", 11, "centre"),
        ReceiptColumn("金额", 22, "right"),
    ]
    first = ReceiptColumn("序", 8, "centre")
    return [first, ReceiptColumn("名称", paper.room - first.width - sum(column.width for column in rest)), *rest]


def cells(
    columns: Sequence[ReceiptColumn], values: dict[str, str], paper: PaperSize, *, frame: bool = False
) -> tuple[Mark, ...]:
    """Return texts in their columns; one too wide for its column is set smaller."""
    marks: list[Mark] = []
    x = 0.0
    for column in columns:
        text = values.get(column.title, "")
        room = column.width - _PADDING
        size = paper.size * min(1, room / max(width_mm(text, paper.size), 0.01))
        at = {"left": x, "centre": x + column.width / 2, "right": x + column.width}[column.align]
        if text:
            marks.append(Text(at, paper.pitch * BASE, text, size, column.align, frame=frame))
        x += column.width
    return tuple(marks)


def table_heading(columns: Sequence[ReceiptColumn], paper: PaperSize) -> Block:
    """Return the row of titles between its lines."""
    titles = cells(columns, {column.title: column.title for column in columns}, paper, frame=True)
    height = paper.pitch + 1.2
    moved = tuple(mark._replace(y=mark.y + 0.6) for mark in titles if isinstance(mark, Text))
    return Block(
        height, (RuledLine(0, 0.2, paper.room, 0.2, 0.8), *moved, RuledLine(0, height - 0.1, paper.room, height - 0.1))
    )


def row_of(number: int, line: ReceiptLine, columns: Sequence[ReceiptColumn], paper: PaperSize, tone: Tone) -> Block:
    """Return a line of the bill; a long name takes several lines."""
    names = wrapped(line.name, columns[1].width - _PADDING, paper.size)
    values = {
        "序": str(number),
        "名称": names[0],
        "待遇": line.benefit,
        "收费项目": line.fee_category,
        "类": SHORT_CLASS.get(line.class_, line.class_),
        "单价": price(line.unit_price_e4),
        "数量": quantity(line),
        "单位": line.unit,
        "金额": yuan(line.amount_fen),
    }
    found = [
        mark._replace(tone=tone) if isinstance(mark, Text) and mark.align == "right" else mark
        for mark in cells(columns, values, paper)
    ]
    more = [
        Text(columns[0].width, (index + 1) * paper.pitch + paper.pitch * BASE, name, paper.size)
        for index, name in enumerate(names[1:])
    ]
    return Block(len(names) * paper.pitch, (*found, *more), row=True, amount_fen=line.amount_fen)


def carried(word: str, columns: Sequence[ReceiptColumn], paper: PaperSize, fen: int) -> Block:
    """Return the row that carries a total over to the next page, or in from the one before."""
    return line_block(paper.pitch, *cells(columns, {"名称": word, "金额": yuan(fen)}, paper))
