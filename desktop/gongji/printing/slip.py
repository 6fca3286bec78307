"""Slips and reports on sheets and rolls."""

from gongji.core.money import yuan
from gongji.core.papers.slips import Section, SlipContent, SlipLine
from gongji.printing.layout.blocks import BASE, entries, figures, gap, line_block, paragraph, ruled, signatures, title
from gongji.printing.layout.fonts import width_mm, wrapped
from gongji.printing.layout.marks import QUIET_MODULES, Mark, PrintedPage, Square, Text, modules_of
from gongji.printing.layout.paginate import Block, cut, placed
from gongji.printing.layout.pdf import pdf_of
from gongji.printing.paper_sizes import PAPERS, PaperSize
from gongji.printing.receipt.text import TRAINING

_TITLE_POINTS = 12.0
_SMALL = 0.88
_INDENT = 4.0
_CLOSER_SIZE, _CLOSER_PITCH = 0.92, 0.86
_GRID_COLUMNS = 3
_CODE_SIDE = 40.0


def render_slip(slip: SlipContent, paper: str) -> bytes:
    """Return a slip on a paper; `UnprintableError` before anything is drawn where the font lacks a character."""
    return pdf_of(pages_of_slip(slip, paper), f"{slip.title} {slip.no}".strip())


def pages_of_slip(slip: SlipContent, paper: str) -> tuple[PrintedPage, ...]:
    """Return the marks of a slip's pages; where it takes more than one it is set closer, if that saves a page."""
    chosen = PAPERS[paper]
    closer = chosen._replace(size=chosen.size * _CLOSER_SIZE, pitch=chosen.pitch * _CLOSER_PITCH)
    pages = _paged(slip, chosen, chosen)
    if len(pages) > 1 and len(tighter := _paged(slip, chosen, closer)) < len(pages):
        pages = tighter
    return tuple(_page(slip, chosen, one, (index + 1, len(pages))) for index, one in enumerate(pages))


def _paged(slip: SlipContent, paper: PaperSize, body: PaperSize) -> list[list[Block]]:
    """Return the blocks of each page, what is under the head set as `body` says.

    A group (a heading and what comes first under it, a sentence) stays together.
    """
    groups = [_head(slip, paper)]
    for one in slip.sections:
        said = [_said(each, body) for each in one.said] if not one.is_grid else [_grid(one, body)]
        heading = [gap(0.6), *paragraph(one.heading, body.room, body.size + 0.5, body.pitch + 0.3, bold=True)]
        groups += [[*heading, *(said[0] if said else [])], *said[1:]]
    if slip.code:
        groups.append(_code(slip, body))
    groups.append(_signatures(slip, body))
    room = paper.height - paper.top - paper.bottom - paper.pitch if paper.height else float("inf")
    return cut(groups, room, next_head=_next_head(slip, paper))


def _page(slip: SlipContent, paper: PaperSize, blocks: list[Block], number: tuple[int, int]) -> PrintedPage:
    marks, y = placed(blocks, paper.left, paper.top)
    if paper.is_roll:
        return PrintedPage(paper.width, y + paper.bottom, tuple(marks))
    foot, size = paper.height - paper.bottom - 0.5, paper.size * _SMALL
    words = f"第 {number[0]} 页 共 {number[1]} 页"
    marks.append(Text(paper.width - paper.right, foot, words, size, "right", "muted"))
    marks.append(Text(paper.left, foot, f"{slip.title} {slip.no}", size, tone="muted"))
    return PrintedPage(paper.width, paper.height, tuple(marks), TRAINING if slip.issuer.training else "")


def _head(slip: SlipContent, paper: PaperSize) -> list[Block]:
    room, size, pitch = paper.room, paper.size, paper.pitch
    name = slip.title + (f"（{TRAINING}）" if slip.issuer.training else "")
    return [
        *title(slip.issuer.name or slip.issuer.id, room, _TITLE_POINTS if not paper.is_roll else size + 2),
        *paragraph(name, room, size + 1, pitch + 0.8, align="centre"),
        gap(0.8),
        *entries(slip.entries, room, size, pitch),
        ruled(room, 1.4),
    ]


def _next_head(slip: SlipContent, paper: PaperSize) -> list[Block]:
    """Return the head of the pages after the first: which slip goes on here."""
    return [*entries([(f"{slip.title}（续）", slip.no)], paper.room, paper.size, paper.pitch), ruled(paper.room, 1.4)]


def _grid(one: Section, paper: PaperSize) -> list[Block]:
    """Return figures in columns on a sheet, one under the other on a roll."""
    items = [(said.text, said.amount_fen or 0) for said in one.said]
    return figures(items, 1 if paper.is_roll else _GRID_COLUMNS, paper.room, paper.size, paper.pitch)


def _said(one: SlipLine, paper: PaperSize) -> list[Block]:
    """Return a sentence; its amount, where it has one, is flush right on its first line."""
    if one.level:
        size, pitch = paper.size * _SMALL, paper.pitch * _SMALL
        lines = wrapped(one.text, paper.room - _INDENT, size)
        return [line_block(pitch, Text(_INDENT, pitch * BASE, line, size, tone="muted")) for line in lines]
    size, pitch = paper.size, paper.pitch
    amount = "" if one.amount_fen is None else yuan(one.amount_fen)
    lines = wrapped(one.text, paper.room - (width_mm(amount, size) + 3 if amount else 0), size)
    blocks = []
    for index, line in enumerate(lines):
        marks: list[Mark] = [Text(0, pitch * BASE, line, size)]
        if amount and index == 0:
            marks.append(Text(paper.room, pitch * BASE, amount, size, "right"))
        blocks.append(line_block(pitch, *marks))
    return blocks


def _code(slip: SlipContent, paper: PaperSize) -> list[Block]:
    """Return the square code with the words beside it; under it on a roll."""
    modules, size, pitch = modules_of(slip.code), paper.size * _SMALL, paper.pitch * _SMALL
    quiet = QUIET_MODULES * _CODE_SIDE / len(modules)
    square = Square(quiet, quiet, _CODE_SIDE, modules)
    beside = paper.room - _CODE_SIDE - 3 * quiet
    if paper.is_roll or beside < _CODE_SIDE:
        return [Block(_CODE_SIDE + 2 * quiet, (square,)), *paragraph(slip.code_words, paper.room, size, pitch)]
    lines = wrapped(slip.code_words, beside, size)
    words = [Text(_CODE_SIDE + 3 * quiet, quiet + (n + 1) * pitch, line, size) for n, line in enumerate(lines)]
    return [Block(max(_CODE_SIDE + 2 * quiet, quiet + (len(lines) + 1) * pitch), (square, *words))]


def _signatures(slip: SlipContent, paper: PaperSize) -> list[Block]:
    if not slip.signed:
        return []
    if paper.is_roll:
        y = paper.pitch * BASE
        lines = [line_block(paper.pitch * 1.6, Text(0, y, f"{label}：", paper.size)) for label in slip.signed]
        return [gap(2), *lines]
    return [gap(4), signatures(slip.signed, paper.room, paper.size, paper.pitch)]
