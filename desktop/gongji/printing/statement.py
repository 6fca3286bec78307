"""A report in tables on A4 across: titles again on every page, a table's sum never alone on a page."""

from functools import partial

from gongji.core.papers.slips import StatementContent, StatementTable
from gongji.printing.layout.blocks import entries, gap, line_block, paragraph, signatures, title
from gongji.printing.layout.fonts import width_mm
from gongji.printing.layout.marks import Mark, PrintedPage, RuledLine, Text
from gongji.printing.layout.paginate import Block, height_of, placed
from gongji.printing.layout.pdf import pdf_of
from gongji.printing.paper_sizes import STATEMENT, PaperSize
from gongji.printing.receipt.table import ReceiptColumn, cells, table_heading
from gongji.printing.receipt.text import TRAINING

_TITLE_POINTS = 14.0
_SMALL = 0.88
_MOST_OF_A_TEXT = 0.34  # of the page: a long sentence leaves room for the figures and is set smaller
_BETWEEN = 3.2


def render_statement(one: StatementContent) -> bytes:
    """Return a report as PDF; `UnprintableError` before anything is drawn where the font lacks a character."""
    return pdf_of(pages_of_statement(one), one.title)


def pages_of_statement(one: StatementContent) -> tuple[PrintedPage, ...]:
    """Return the marks of a report's pages."""
    paper = STATEMENT
    room = paper.height - paper.top - paper.bottom - paper.pitch
    pages: list[list[Block]] = [_head(one, paper)]
    for table in one.tables:
        _add_table(pages, table, paper, room)
    tail = [gap(5), signatures(one.signed, paper.room, paper.size, paper.pitch)]
    if height_of(pages[-1]) + height_of(tail) > room:
        pages.append([])
    pages[-1] += tail
    return tuple(_page(one, paper, blocks, (index + 1, len(pages))) for index, blocks in enumerate(pages))


def _add_table(pages: list[list[Block]], table: StatementTable, paper: PaperSize, room: float) -> None:
    columns = _columns(table, paper)
    row = partial(_row, columns, paper)
    heading = [gap(2), *paragraph(table.heading, paper.room, paper.size + 1, paper.pitch + 1, bold=True)]
    titles = table_heading(columns, paper)
    last = [
        *([Block(paper.pitch, (RuledLine(0, 0.2, paper.room, 0.2), *row(table.total).marks))] if table.total else []),
        Block(0.4, (RuledLine(0, 0.2, paper.room, 0.2, 0.8),)),
        *(paragraph(table.note, paper.room, paper.size * _SMALL, paper.pitch, "muted") if table.note else []),
    ]
    rows = [row(values) for values in table.rows]
    at_least = height_of([*heading, titles, *rows[:1], *(last if len(rows) == 1 else [])])
    if pages[-1] and height_of(pages[-1]) + at_least > room:
        pages.append([])
    pages[-1] += [*heading, titles]
    for index, block in enumerate(rows):
        needed = block.height + (height_of(last) if index + 1 == len(rows) else 0)
        if height_of(pages[-1]) + needed > room:
            pages.append([titles])
        pages[-1].append(block)
    pages[-1] += last


def _columns(table: StatementTable, paper: PaperSize) -> list[ReceiptColumn]:
    """Return columns as wide as their content needs, then all scaled together to fill the page."""
    lines = [table.titles, *table.rows, *([table.total] if table.total else [])]
    widths = [max(width_mm(line[place], paper.size) for line in lines) + _BETWEEN for place in range(len(table.titles))]
    widths = [min(wide, paper.room * _MOST_OF_A_TEXT) for wide in widths]
    scale = paper.room / sum(widths)
    return [
        ReceiptColumn(name, wide * scale, "left" if place < table.texts else "right")
        for place, (name, wide) in enumerate(zip(table.titles, widths, strict=True))
    ]


def _row(columns: list[ReceiptColumn], paper: PaperSize, values: tuple[str, ...]) -> Block:
    named = dict(zip((column.title for column in columns), values, strict=True))
    return line_block(paper.pitch, *cells(columns, named, paper))


def _head(one: StatementContent, paper: PaperSize) -> list[Block]:
    name = one.title + (f"（{TRAINING}）" if one.issuer.training else "")
    return [
        *title(one.issuer.name or one.issuer.id, paper.room, _TITLE_POINTS),
        *paragraph(name, paper.room, paper.size + 3, 6.5, align="centre"),
        gap(1),
        *entries(one.entries, paper.room, paper.size, paper.pitch),
    ]


def _page(one: StatementContent, paper: PaperSize, blocks: list[Block], number: tuple[int, int]) -> PrintedPage:
    marks: list[Mark] = placed(blocks, paper.left, paper.top)[0]
    foot, size = paper.height - paper.bottom - 0.5, paper.size * _SMALL
    words = f"第 {number[0]} 页 共 {number[1]} 页"
    marks.append(Text(paper.width - paper.right, foot, words, size, "right", "muted"))
    marks.append(Text(paper.left, foot, one.title, size, tone="muted"))
    return PrintedPage(paper.width, paper.height, tuple(marks), TRAINING if one.issuer.training else "")
