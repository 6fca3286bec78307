"""A receipt on sheets: lines in a table over as many pages as it takes, figures and entries after them."""

from functools import partial
from operator import attrgetter

from gongji.core.money import yuan
from gongji.core.papers.receipt import Receipt
from gongji.printing.layout.blocks import BASE, entries, figures, gap, line_block, money, paragraph, ruled, title
from gongji.printing.layout.fonts import width_mm
from gongji.printing.layout.marks import Mark, PrintedPage, Square, Text, Tone, modules_of
from gongji.printing.layout.paginate import Block, FlowTable, height_of, pages_of, placed
from gongji.printing.paper_sizes import PaperSize
from gongji.printing.receipt.table import ReceiptColumn, carried, cells, columns_of, row_of, table_heading
from gongji.printing.receipt.text import (
    TRAINING,
    check_words,
    closing_sentences,
    head_entries,
    heading,
    other_entries,
    six_figures,
)

CODE_SIDE = 21.0
_TITLE_POINTS = 13.0
_SMALL = 0.85
_FEE_COLUMNS, _SPLIT_COLUMNS = 4, 3
_PART_COLUMNS = {
    "合计": attrgetter("total_fen"),
    "统筹": attrgetter("fund_fen"),
    "公务员": attrgetter("civil_servant_fen"),
    "大额": attrgetter("large_medical_fen"),
    "个人账户": attrgetter("account_own_fen"),
    "共济": attrgetter("account_family_fen"),
    "现金": attrgetter("cash_fen"),
}
"""The amounts in the table of benefits, by the titles of its columns."""
_DENSE, _DENSER = (0.92, 0.84), (0.86, 0.76)  # as factors of the body's size and line distance


def sheet(one: Receipt, paper: PaperSize) -> tuple[PrintedPage, ...]:
    """Return a receipt's pages; where it takes more than one it is set closer, as long as that saves a page."""
    dense, denser = _closer(paper, _DENSE), _closer(paper, _DENSER)
    pages = _paged(one, paper, paper, paper)
    for body, tail in ((dense, paper), (dense, dense), (denser, dense)):
        if len(pages) == 1:
            break
        closer = _paged(one, paper, body, tail)
        pages = closer if len(closer) < len(pages) else pages
    return tuple(_page(one, paper, blocks, (index + 1, len(pages))) for index, blocks in enumerate(pages))


def _closer(paper: PaperSize, by: tuple[float, float]) -> PaperSize:
    return paper._replace(size=paper.size * by[0], pitch=paper.pitch * by[1])


def _paged(one: Receipt, paper: PaperSize, body: PaperSize, tail: PaperSize) -> list[list[Block]]:
    """Return the blocks of each page under its head, the table set as `body` says, what follows it as `tail` does."""
    tone = _tone(one)
    columns = columns_of(one, body)
    table = FlowTable(
        table_heading(columns, body),
        partial(carried, "转次页", columns, body),
        partial(carried, "承前页", columns, body),
    )
    rows = [row_of(index + 1, line, columns, body, tone) for index, line in enumerate(one.lines)]
    height = paper.height - paper.top - paper.bottom - paper.pitch
    rooms = tuple(height - height_of(head) for head in (_head(one, paper), _next_head(one, paper)))
    return pages_of(rows, table, _tail(one, tail), (rooms[0], rooms[1]))


def _tone(one: Receipt) -> Tone:
    return "red" if one.is_void else "ink"


def _page(one: Receipt, paper: PaperSize, blocks: list[Block], number: tuple[int, int]) -> PrintedPage:
    first = number[0] == 1
    marks, y = placed(_head(one, paper) if first else _next_head(one, paper), paper.left, paper.top)
    marks += placed(blocks, paper.left, y)[0]
    if one.code and first:
        marks.append(_code(one.code, paper))
    marks += _foot(one, paper, number)
    return PrintedPage(paper.width, paper.height, tuple(marks), TRAINING if one.issuer.training else "")


def _code(text: str, paper: PaperSize) -> Square:
    return Square(paper.width - paper.right - CODE_SIDE, paper.top, CODE_SIDE, modules_of(text))


def _head(one: Receipt, paper: PaperSize) -> list[Block]:
    """Return the clinic, the paper's title, who and when; beside them is room for the square code."""
    room = paper.room - CODE_SIDE - 3
    size, pitch = paper.size, paper.pitch
    blocks = [
        *title(one.issuer.name or one.issuer.id, room, _TITLE_POINTS),
        *paragraph(heading(one), room, size + 2, 5.2, _tone(one), "centre"),
        gap(1.2),
        *entries(head_entries(one), room, size, pitch),
        gap(0.4),
    ]
    short = CODE_SIDE + 1 - height_of(blocks)
    return [*blocks, *([gap(short)] if short > 0 else [])]


def _next_head(one: Receipt, paper: PaperSize) -> list[Block]:
    """Return the head of the pages after the first: one line that says whose and which paper goes on here."""
    clinic = one.issuer.name or one.issuer.id
    words = [(f"{heading(one)}（续）", clinic), *head_entries(one)[:1], ("结算号", one.no)]
    return [*entries(words, paper.room, paper.size, paper.pitch), gap(0.4)]


def _tail(one: Receipt, paper: PaperSize) -> list[Block]:
    """Return all that follows the lines."""
    room, size, pitch = paper.room, paper.size, paper.pitch
    small, small_pitch = size * _SMALL, pitch * _SMALL
    fees = [(fee.category, fee.amount_fen) for fee in one.fees]
    return [
        ruled(room),
        *figures(fees, _FEE_COLUMNS, room, size, pitch, _tone(one)),
        ruled(room),
        _total(one, paper),
        ruled(room),
        *figures(six_figures(one), _SPLIT_COLUMNS, room, size, pitch, _tone(one)),
        *(_parts(one, paper) if len(one.parts) > 1 else []),
        ruled(room),
        *entries(other_entries(one), room, small, small_pitch),
        gap(0.6),
        *(block for text in closing_sentences(one) for block in paragraph(text, room, small, small_pitch, "muted")),
        gap(1.5),
        _signatures(one, paper),
    ]


def _total(one: Receipt, paper: PaperSize) -> Block:
    tone = _tone(one)
    size, y = paper.size + 1.5, 4.4
    words = Text(0, y, "金额合计（大写）", size, frame=True)
    start = width_mm(words.text, size)
    amount = money(one.split.total_fen)
    label_end = paper.room - width_mm(amount, size + 1) - 1
    return Block(
        6.0,
        (
            words,
            Text(start, y, one.capitals, size, tone=tone),
            Text(label_end, y, "（小写）", size, "right", frame=True),
            Text(paper.room, y, amount, size + 1, "right", tone, bold=True),
        ),
    )


def _parts(one: Receipt, paper: PaperSize) -> list[Block]:
    """Return what each benefit came to, where a visit has several."""
    wide = (paper.room - 40) / len(_PART_COLUMNS)
    columns = [ReceiptColumn("待遇", 40), *(ReceiptColumn(title, wide, "right") for title in _PART_COLUMNS)]
    heading_block = line_block(
        paper.pitch, *cells(columns, {column.title: column.title for column in columns}, paper, frame=True)
    )
    rows = [
        {"待遇": part.name, **{title: yuan(fen_of(part.amounts)) for title, fen_of in _PART_COLUMNS.items()}}
        for part in one.parts
    ]
    return [
        ruled(paper.room), heading_block, *(line_block(paper.pitch, *cells(columns, row, paper)) for row in rows)
    ]  # fmt: skip


def _signatures(one: Receipt, paper: PaperSize) -> Block:
    y, third = paper.pitch * BASE, paper.room / 3
    return line_block(
        paper.pitch,
        Text(0, y, "收款单位（章）：", paper.size),
        Text(third * 1.3, y, f"复核人：{one.checker}", paper.size),
        Text(third * 2.1, y, f"收款人：{one.operator}", paper.size),
    )


def _foot(one: Receipt, paper: PaperSize, number: tuple[int, int]) -> list[Mark]:
    y, size = paper.height - paper.bottom - 0.5, paper.size * _SMALL
    marks: list[Mark] = [
        Text(paper.left, y, f"结算号 {one.no}  {check_words(one)}", size, tone="muted"),
        Text(paper.width - paper.right, y, f"第 {number[0]} 页 共 {number[1]} 页", size, "right", "muted"),
    ]
    return marks
