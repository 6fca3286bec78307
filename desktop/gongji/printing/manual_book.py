"""The manual on A4: a title, the contents with page numbers, then every page of it with its pictures."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from reportlab.lib.utils import ImageReader

from gongji.core.manual import Manual, ManualPage
from gongji.printing.layout.blocks import BASE, gap, line_block, paragraph, ruled, title
from gongji.printing.layout.fonts import width_mm, wrapped
from gongji.printing.layout.marks import Picture, PrintedPage, Text
from gongji.printing.layout.paginate import Block, placed
from gongji.printing.layout.pdf import pdf_of
from gongji.printing.markdown_text import MarkdownPart, parts_of
from gongji.printing.paper_sizes import PAPERS

_PAPER = PAPERS["A4"]._replace(left=22, right=22, top=20, bottom=18, size=10, pitch=5.8)
_TITLE, _PART_POINTS = 24.0, 15.0
_HEADING_POINTS = {1: 16.0, 2: 12.5, 3: 10.5}
_INDENT = 6.0
_BULLET = 5.0
_MM_PER_PIXEL = 0.19
"""The size of a picture's pixel: 870 pixels fill the width between the margins."""
_MOST_HIGH = 150.0
_BETWEEN = 12.0
"""Millimetres between the end of a chapter and the heading of the next."""
_NAME = "共济结算台 说明书"


class _Chapter(NamedTuple):
    """A laid-out page of the manual, and the sheet it begins on, counted from the first chapter's."""

    page: ManualPage
    sheet: int


def manual_pdf(manual: Manual, folder: Path, version: str) -> bytes:
    """Return the manual as PDF; `folder` is that of its pages, to which picture names are relative."""
    sheets, chapters = _flow(manual, folder)
    contents_sheets = len(_paged(_contents(chapters, 0)))
    before = 1 + contents_sheets
    contents = _paged(_contents(chapters, before))
    pages = [_page(_cover(version), ()), *(_page(blocks, ()) for blocks in contents)]
    pages[1] = pages[1]._replace(contents=((0, "目录"),))
    part = ""
    for place, blocks in enumerate(sheets):
        entries: list[tuple[int, str]] = []
        for one in (chapter for chapter in chapters if chapter.sheet == place):
            entries += [*([(0, one.page.part)] if one.page.part != part else []), (1, one.page.title)]
            part = one.page.part
        pages.append(_page(blocks, tuple(entries), before + place + 1))
    return pdf_of(tuple(pages), _NAME)


def _flow(manual: Manual, folder: Path) -> tuple[list[list[Block]], list[_Chapter]]:
    """Return the sheets of all chapters, one after the other, and where each begins; a part begins on a new sheet."""
    sheets: list[list[Block]] = []
    chapters: list[_Chapter] = []
    for part in manual.parts:
        first = len(sheets)
        blocks: list[Block] = []
        heads: list[tuple[Block, ManualPage]] = []
        for page in (one for one in manual.pages if one.part == part):
            laid = _blocks(page, folder)
            blocks += [*([gap(_BETWEEN)] if blocks else []), *laid]
            heads.append((laid[0], page))
        sheets += _paged(blocks)
        for head, page in heads:
            place = next(at for at, one in enumerate(sheets) if at >= first and any(each is head for each in one))
            chapters.append(_Chapter(page, place))
    return sheets, chapters


def _cover(version: str) -> list[Block]:
    room = _PAPER.room
    return [
        gap(70),
        *title(_NAME, room, _TITLE),
        gap(8),
        *paragraph(f"版本 {version}", room, _PAPER.size, _PAPER.pitch, align="centre"),
        gap(4),
        *paragraph("在程序里按 F1 看到的是同样的内容", room, _PAPER.size, _PAPER.pitch, "muted", "centre"),
    ]


def _contents(chapters: Sequence[_Chapter], before: int) -> list[Block]:
    """Return the lines of the table of contents; `before` sheets lie before the first chapter."""
    room, size, pitch = _PAPER.room, _PAPER.size, _PAPER.pitch
    blocks, part = [*paragraph("目录", room, _HEADING_POINTS[1], 10, bold=True)], ""
    for page, sheet in chapters:
        if page.part != part:
            blocks += [gap(3), *paragraph(page.part, room, size + 1, pitch + 1, bold=True)]
            part = page.part
        y = pitch * BASE
        dots = "." * int((room - 14 - width_mm(page.title, size)) / width_mm(".", size))
        blocks.append(
            line_block(
                pitch,
                Text(4, y, page.title, size),
                Text(room - 9, y, dots, size, "right", "muted"),
                Text(room, y, str(before + sheet + 1), size, "right"),
            )
        )
    return blocks


def _blocks(page: ManualPage, folder: Path) -> list[Block]:
    """Return a page of the manual, a line or a picture each."""
    blocks: list[Block] = []
    for part in parts_of(page.text):
        blocks += _laid_out(part, folder)
    return blocks


def _laid_out(part: MarkdownPart, folder: Path) -> list[Block]:
    room, size, pitch = _PAPER.room, _PAPER.size, _PAPER.pitch
    match part.kind:
        case "heading":
            points = _HEADING_POINTS[part.depth]
            lines = paragraph(part.text, room, points, points * 0.55, bold=True)
            after = [ruled(room, 3)] if part.depth == 1 else [gap(1)]
            head = [gap(4 if part.depth > 1 else 0), *lines, *after]
            return [_together(head)]
        case "picture":
            return [_picture(part, folder / part.path), gap(2)]
        case "point":
            left = _INDENT * (part.depth - 1) + _BULLET
            texts = [Text(left, pitch * BASE, line, size) for line in wrapped(part.text, room - left, size)]
            bullet = [Text(left - 1.2, pitch * BASE, part.bullet, size, "right")] if part.bullet else []
            return [line_block(pitch, *bullet, texts[0]), *(line_block(pitch, one) for one in texts[1:]), gap(0.8)]
        case "quotation":
            words = wrapped(part.text, room - 2 * _BULLET, size)
            said = (line_block(pitch, Text(_BULLET, pitch * BASE, line, size, tone="muted")) for line in words)
            return [*said, gap(1.6)]
        case "paragraph":
            return [*paragraph(part.text, room, size, pitch), gap(1.6)]


def _together(blocks: Sequence[Block]) -> Block:
    """Return blocks as one that is not cut."""
    marks, height = placed(blocks, 0, 0)
    return Block(height, tuple(marks), row=True)


def _picture(part: MarkdownPart, path: Path) -> Block:
    """Return a picture with what it shows beneath, no wider than the room."""
    wide, high = (side * _MM_PER_PIXEL for side in ImageReader(str(path)).getSize())
    shrunk = min(1.0, _PAPER.room / wide, _MOST_HIGH / high)
    wide, high = wide * shrunk, high * shrunk
    left = (_PAPER.room - wide) / 2
    size = _PAPER.size * 0.85
    words = Text(_PAPER.room / 2, high + 1 + _PAPER.pitch * BASE, part.text, size, "centre", "muted")
    return Block(high + _PAPER.pitch + 2, (Picture(left, 1, wide, high, str(path)), words))


def _paged(blocks: Sequence[Block]) -> list[list[Block]]:
    """Return blocks page by page; a heading (a row) stays with what comes after it."""
    room = _PAPER.height - _PAPER.top - _PAPER.bottom - _PAPER.pitch
    pages: list[list[Block]] = [[]]
    used = 0.0
    for place, block in enumerate(blocks):
        needed = block.height + (blocks[place + 1].height if block.row and place + 1 < len(blocks) else 0)
        if used + needed > room and pages[-1]:
            pages.append([])
            used = 0.0
        pages[-1].append(block)
        used += block.height
    return pages


def _page(blocks: Sequence[Block], contents: tuple[tuple[int, str], ...], number: int = 0) -> PrintedPage:
    marks, _ = placed(blocks, _PAPER.left, _PAPER.top)
    if number:
        foot = _PAPER.height - _PAPER.bottom + 4
        size = _PAPER.size * 0.85
        marks.append(Text(_PAPER.width - _PAPER.right, foot, str(number), size, "right", "muted"))
        marks.append(Text(_PAPER.left, foot, _NAME, size, tone="muted"))
    return PrintedPage(_PAPER.width, _PAPER.height, tuple(marks), contents=contents)
