"""A receipt on a roll: one column, each item on a line of its own under its name."""

from gongji.core.money import price, yuan
from gongji.core.papers.receipt import Receipt, ReceiptLine
from gongji.printing.layout.blocks import BASE, figures, gap, line_block, money, paragraph, ruled
from gongji.printing.layout.fonts import width_mm
from gongji.printing.layout.marks import QUIET_MODULES, Mark, PrintedPage, Square, Text, modules_of
from gongji.printing.layout.paginate import Block, placed
from gongji.printing.paper_sizes import PaperSize
from gongji.printing.receipt.text import (
    SHORT_CLASS,
    TRAINING,
    check_words,
    closing_sentences,
    head_entries,
    other_entries,
    quantity,
    six_figures,
)

STAMP_ROOM = 4.0
_MM_PER_DOT = 0.125
_DOTS_PER_MODULE = 3


def roll(one: Receipt, paper: PaperSize) -> tuple[PrintedPage, ...]:
    """Return a receipt as one page, as long as it needs."""
    blocks = [
        gap(STAMP_ROOM),
        *_head(one, paper),
        ruled(paper.room),
        *(block for line in one.lines for block in _line(line, paper, several=len(one.parts) > 1)),
        ruled(paper.room),
        *_figures(one, paper),
        ruled(paper.room),
        *_rest(one, paper),
    ]
    marks, y = placed(blocks, paper.left, paper.top)
    return (PrintedPage(paper.width, _on_dots(y + paper.bottom), tuple(map(_aligned, marks))),)


def _aligned(mark: Mark) -> Mark:
    """Return a square code aligned to whole dots; other marks unchanged."""
    return mark._replace(x=_on_dots(mark.x), y=_on_dots(mark.y)) if isinstance(mark, Square) else mark


def _on_dots(length: float) -> float:
    return round(length / _MM_PER_DOT) * _MM_PER_DOT


def _head(one: Receipt, paper: PaperSize) -> list[Block]:
    room, size, pitch = paper.room, paper.size, paper.pitch
    name = one.issuer.name or one.issuer.id
    blocks = [
        *paragraph(name, room, size + 2, pitch + 1, align="centre", bold=True),
        *paragraph(one.title, room, size + 1, pitch + 0.6, align="centre"),
    ]
    if one.issuer.training:
        blocks += paragraph(f"【{TRAINING}】", room, size, pitch, align="centre")
    return [*blocks, *_labelled(head_entries(one), paper)]


def _labelled(items: list[tuple[str, str]], paper: PaperSize) -> list[Block]:
    """Return labelled texts, each on its own lines."""
    return [
        block for label, text in items for block in paragraph(f"{label}：{text}", paper.room, paper.size, paper.pitch)
    ]


def _line(line: ReceiptLine, paper: PaperSize, *, several: bool) -> list[Block]:
    size, y = paper.size, paper.pitch * BASE
    marked = f"{SHORT_CLASS.get(line.class_, line.class_)} {line.name}" + (f" [{line.benefit}]" if several else "")
    sum_text = f"{price(line.unit_price_e4)} × {quantity(line)}{line.unit}"
    marks: list[Mark] = [
        Text(size * 0.4, y, sum_text, size),
        Text(paper.room, y, yuan(line.amount_fen), size, "right"),
    ]
    return [*paragraph(marked, paper.room, size, paper.pitch), line_block(paper.pitch, *marks)]


def _figures(one: Receipt, paper: PaperSize) -> list[Block]:
    room, size, pitch = paper.room, paper.size, paper.pitch
    fees = [(fee.category, fee.amount_fen) for fee in one.fees]
    total = money(one.split.total_fen)
    parts = [(part.name, part.amounts.total_fen) for part in one.parts] if len(one.parts) > 1 else []
    return [
        *figures(fees, 1, room, size, pitch),
        ruled(room),
        line_block(
            pitch + 1,
            Text(0, (pitch + 1) * BASE, "金额合计（小写）", size),
            Text(room, (pitch + 1) * BASE, total, size + 2, "right", bold=True),
        ),
        *_in_words(one, paper),
        ruled(room),
        *figures(six_figures(one), 1, room, size, pitch),
        *([ruled(room), *figures(parts, 1, room, size, pitch)] if parts else []),
    ]


def _in_words(one: Receipt, paper: PaperSize) -> list[Block]:
    """Return the total in capitals, under its label where both are too long for a line."""
    label = "金额合计（大写）"
    fits = width_mm(label + one.capitals, paper.size) <= paper.room
    texts = (label + one.capitals,) if fits else (label, one.capitals)
    return [block for text in texts for block in paragraph(text, paper.room, paper.size, paper.pitch)]


def _rest(one: Receipt, paper: PaperSize) -> list[Block]:
    room, size, pitch = paper.room, paper.size, paper.pitch
    people = [("收款人", one.operator), *([("复核人", one.checker)] if one.checker else [])]
    sentences = [block for text in closing_sentences(one) for block in paragraph(text, room, size, pitch)]
    blocks = [
        *_labelled(other_entries(one), paper),
        gap(1),
        *sentences,
        gap(1),
        *_labelled(people, paper),
        *paragraph(check_words(one), room, size, pitch),
    ]
    return [*blocks, *([gap(1), _code(one.code, paper)] if one.code else [])]


def _code(text: str, paper: PaperSize) -> Block:
    """Return the square code, a module a whole number of dots, so that none is blurred."""
    modules = modules_of(text)
    side = len(modules) * _DOTS_PER_MODULE * _MM_PER_DOT
    quiet = QUIET_MODULES * _DOTS_PER_MODULE * _MM_PER_DOT
    x = max(quiet, (paper.room - side) / 2)
    return Block(side + 2 * quiet, (Square(x, quiet, side, modules),))
