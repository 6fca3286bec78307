"""A receipt on sheets: lines in a table over as many pages as it takes, figures and entries after them."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from gongji.core.book.receipt_records import Line, Receipt
from gongji.core.money import price, yuan
from gongji.printing.codes import modules_of
from gongji.printing.flow import Block, Table, pages_of, placed
from gongji.printing.fonts import width_mm, wrapped
from gongji.printing.marks import Align, Mark, Page, Rule, Square, Text, Tone
from gongji.printing.papers import Paper
from gongji.printing.pieces import BASE, entries, figures, gap, line_block, money, paragraph, payers, ruled
from gongji.printing.receipt_words import (
    SHORT_CLASS,
    TRAINING,
    check_words,
    closing_sentences,
    head_entries,
    heading,
    part_columns,
    part_figure,
    quantity,
)

CODE_SIDE = 21.0
_TITLE_POINTS = 13.0
_SMALL = 0.85
_FIGURE_COLUMNS = 5
_PADDING = 1.2


class _Column(NamedTuple):
    title: str
    width: float
    align: Align = "left"


def sheet(one: Receipt, paper: Paper) -> tuple[Page, ...]:
    """Return a receipt's pages."""
    tone: Tone = "red" if one.is_void else "ink"
    head = _head(one, paper, tone)
    head_height = sum(block.height for block in head)
    room = paper.height - paper.top - paper.bottom - head_height - paper.pitch
    columns = _columns(one, paper)
    table = Table(
        _table_heading(columns, paper),
        partial(_carried, "转次页", columns, paper),
        partial(_carried, "承前页", columns, paper),
    )
    rows = [_row(index + 1, line, columns, paper, tone) for index, line in enumerate(one.lines)]
    pages = pages_of(rows, table, _tail(one, paper, tone), room)
    return tuple(_page(one, paper, head, blocks, (index + 1, len(pages))) for index, blocks in enumerate(pages))


def _page(one: Receipt, paper: Paper, head: list[Block], blocks: list[Block], number: tuple[int, int]) -> Page:
    marks, y = placed(head, paper.left, paper.top)
    marks += placed(blocks, paper.left, y)[0]
    if one.code and number[0] == 1:
        marks.append(_code(one.code, paper))
    marks += _foot(one, paper, number)
    return Page(paper.width, paper.height, tuple(marks), TRAINING if one.issuer.training else "")


def _code(text: str, paper: Paper) -> Square:
    return Square(paper.width - paper.right - CODE_SIDE, paper.top, CODE_SIDE, modules_of(text))


def _head(one: Receipt, paper: Paper, tone: Tone) -> list[Block]:
    """Return the clinic, what the paper is called, who and when; beside them is room for the square code."""
    room = paper.room - CODE_SIDE - 3
    size, pitch = paper.size, paper.pitch
    name = one.issuer.name or one.issuer.id
    titles = [
        *paragraph(name, room, _TITLE_POINTS, 6.2, align="centre", bold=True),
        *paragraph(heading(one), room, size + 2, 5.4, tone, "centre"),
    ]
    blocks = [gap(1), *titles, gap(0.8), *entries(head_entries(one), room, size, pitch)]
    short = CODE_SIDE + 1 - sum(block.height for block in blocks)
    return [*blocks, *([gap(short)] if short > 0 else [])]


def _columns(one: Receipt, paper: Paper) -> list[_Column]:
    """Return the table's columns; the name takes what the others leave."""
    several = len(one.parts) > 1
    rest = [
        *([_Column("待遇", 22)] if several else []),
        _Column("收费项目", 26),
        _Column("类", 7, "centre"),
        _Column("单价", 19, "right"),
        _Column("数量", 15, "right"),
        _Column("单位", 11, "centre"),
        _Column("金额", 22, "right"),
    ]
    first = _Column("序", 8, "centre")
    return [first, _Column("名称", paper.room - first.width - sum(column.width for column in rest)), *rest]


def _cells(
    columns: Sequence[_Column], values: dict[str, str], paper: Paper, *, frame: bool = False
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


def _table_heading(columns: Sequence[_Column], paper: Paper) -> Block:
    cells = _cells(columns, {column.title: column.title for column in columns}, paper, frame=True)
    height = paper.pitch + 1.2
    moved = tuple(mark._replace(y=mark.y + 0.6) for mark in cells if isinstance(mark, Text))
    return Block(height, (Rule(0, 0.2, paper.room, 0.2, 0.8), *moved, Rule(0, height - 0.1, paper.room, height - 0.1)))


def _row(number: int, line: Line, columns: Sequence[_Column], paper: Paper, tone: Tone) -> Block:
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
    cells = [
        mark._replace(tone=tone) if isinstance(mark, Text) and mark.align == "right" else mark
        for mark in _cells(columns, values, paper)
    ]
    more = [
        Text(columns[0].width, (index + 1) * paper.pitch + paper.pitch * BASE, name, paper.size)
        for index, name in enumerate(names[1:])
    ]
    return Block(len(names) * paper.pitch, (*cells, *more), row=True, amount_fen=line.amount_fen)


def _carried(word: str, columns: Sequence[_Column], paper: Paper, fen: int) -> Block:
    """Return the row that carries a total over to the next page, or in from the one before."""
    return line_block(paper.pitch, *_cells(columns, {"名称": word, "金额": yuan(fen)}, paper))


def _tail(one: Receipt, paper: Paper, tone: Tone) -> list[Block]:
    """Return all that follows the lines."""
    room, size, pitch = paper.room, paper.size, paper.pitch
    small, small_pitch = size * _SMALL, pitch * _SMALL
    fees = [(fee.category, fee.amount_fen) for fee in one.fees]
    paid = [*payers(one.payments), ("个人自付", one.split.self_pay_fen), ("个人自费", one.split.own_expense_fen)]
    return [
        ruled(room),
        *figures(fees, _FIGURE_COLUMNS, room, size, pitch, tone),
        ruled(room),
        _total(one, paper, tone),
        ruled(room),
        *figures(paid, _FIGURE_COLUMNS, room, size, pitch, tone),
        *(_parts(one, paper) if len(one.parts) > 1 else []),
        ruled(room),
        *entries([(item.label, item.text) for item in one.other], room, small, small_pitch),
        gap(0.6),
        *(block for text in closing_sentences(one) for block in paragraph(text, room, small, small_pitch)),
        gap(1),
        _signatures(one, paper),
    ]


def _total(one: Receipt, paper: Paper, tone: Tone) -> Block:
    size, y = paper.size + 1.5, 4.4
    words = Text(0, y, "金额合计（大写）", size, frame=True)
    start = width_mm(words.text, size)
    amount = money(one.split.total_fen)
    label_end = paper.room - width_mm(amount, size + 1) - 1
    return Block(
        6.0,
        (
            words,
            Text(start, y, one.capitals, size, tone=tone, bold=True),
            Text(label_end, y, "（小写）", size, "right", frame=True),
            Text(paper.room, y, amount, size + 1, "right", tone, bold=True),
        ),
    )


def _parts(one: Receipt, paper: Paper) -> list[Block]:
    """Return what each benefit came to, where a visit has several."""
    names = part_columns()
    wide = (paper.room - 40) / len(names)
    columns = [_Column("待遇", 40), *(_Column(title, wide, "right") for title, _ in names)]
    heading_block = line_block(
        paper.pitch, *_cells(columns, {column.title: column.title for column in columns}, paper, frame=True)
    )
    rows = [
        {"待遇": part.name, **{title: part_figure(part.amounts, name) for title, name in names}} for part in one.parts
    ]
    return [
        ruled(paper.room), heading_block, *(line_block(paper.pitch, *_cells(columns, row, paper)) for row in rows)
    ]  # fmt: skip


def _signatures(one: Receipt, paper: Paper) -> Block:
    y, third = paper.pitch * BASE, paper.room / 3
    return line_block(
        paper.pitch,
        Text(0, y, "收款单位（章）：", paper.size),
        Text(third * 1.3, y, f"复核人：{one.checker}", paper.size),
        Text(third * 2.1, y, f"收款人：{one.operator}", paper.size),
    )


def _foot(one: Receipt, paper: Paper, number: tuple[int, int]) -> list[Mark]:
    y, size = paper.height - paper.bottom - 0.5, paper.size * _SMALL
    marks: list[Mark] = [
        Text(paper.left, y, f"结算号 {one.no}  {check_words(one)}", size, tone="muted"),
        Text(paper.width - paper.right, y, f"第 {number[0]} 页 共 {number[1]} 页", size, "right", "muted"),
    ]
    return marks
