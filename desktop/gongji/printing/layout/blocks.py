"""Blocks that several papers are made of: paragraphs, entries that flow, a grid of figures."""

from collections.abc import Iterable, Sequence

from gongji.core.money import yuan
from gongji.printing.layout.fonts import width_mm, wrapped
from gongji.printing.layout.marks import Align, Mark, RuledLine, Text, Tone
from gongji.printing.layout.paginate import Block

_LEAST_TITLE = 0.7
_TITLE_PITCH = 0.48
BASE = 0.74
"""How far below the top of a line its base line lies, of the line's height."""


def money(fen: int) -> str:
    """Return an amount with the sign of the currency: ¥12.50, -¥0.50."""
    return f"-¥{yuan(-fen)}" if fen < 0 else f"¥{yuan(fen)}"


def line_block(pitch: float, *marks: Mark, row: bool = False, amount_fen: int = 0) -> Block:
    """Return a block one line high."""
    return Block(pitch, marks, row, amount_fen)


def gap(height: float) -> Block:
    """Return an empty block."""
    return Block(height, ())


def ruled(room: float, height: float = 0.8) -> Block:
    """Return a ruled line across the available width."""
    return Block(height, (RuledLine(0, height / 2, room, height / 2),))


def paragraph(
    text: str, room: float, size: float, pitch: float, tone: Tone = "ink", align: Align = "left", *, bold: bool = False
) -> list[Block]:
    """Return a text broken into lines, a block each."""
    x = {"left": 0.0, "centre": room / 2, "right": room}[align]
    return [
        line_block(pitch, Text(x, pitch * BASE, line, size, align, tone, bold)) for line in wrapped(text, room, size)
    ]


def entries(items: Iterable[tuple[str, str]], room: float, size: float, pitch: float) -> list[Block]:
    """Return labelled texts one after the other, as many a line as fit; one too long for a line is broken."""
    blocks, marks, x = list[Block](), list[Mark](), 0.0
    for label, text in items:
        head = f"{label}："
        wide = width_mm(head, size) + width_mm(text, size)
        if marks and x + wide > room:
            blocks.append(line_block(pitch, *marks))
            marks, x = [], 0.0
        if wide > room:
            blocks += paragraph(head + text, room, size, pitch)
            continue
        marks.append(Text(x, pitch * BASE, head, size, tone="muted", frame=True))
        marks.append(Text(x + width_mm(head, size), pitch * BASE, text, size))
        x += wide + size * 0.55
    return [*blocks, *([line_block(pitch, *marks)] if marks else [])]


def figures(
    items: Sequence[tuple[str, int]], columns: int, room: float, size: float, pitch: float, tone: Tone = "ink"
) -> list[Block]:
    """Return labelled amounts (fen) in columns, amounts flush right so that they can be compared."""
    space = size * 0.7 if columns > 1 else 0
    wide = (room + space) / columns
    blocks = []
    for start in range(0, len(items), columns):
        marks: list[Mark] = []
        for column, (label, fen) in enumerate(items[start : start + columns]):
            left, right = column * wide, (column + 1) * wide - space
            marks.append(Text(left, pitch * BASE, label, _fitting(label, right - left - _most(fen, size), size)))
            marks.append(Text(right, pitch * BASE, yuan(fen), size, "right", tone))
        blocks.append(line_block(pitch, *marks))
    return blocks


def _most(fen: int, size: float) -> float:
    return width_mm(yuan(fen), size) + size * 0.15


def _fitting(text: str, room: float, size: float) -> float:
    """Return the size at which a label fits, no larger than asked for."""
    wide = width_mm(text, size)
    return size if wide <= room else size * room / wide


def signatures(labels: Sequence[str], room: float, size: float, pitch: float) -> Block:
    """Return the labels of those who sign, side by side, each with room for a name."""
    wide, y = room / len(labels), pitch * BASE
    return line_block(pitch, *(Text(place * wide, y, f"{label}：", size) for place, label in enumerate(labels)))


def title(text: str, room: float, size: float, tone: Tone = "ink") -> list[Block]:
    """Return a title across the available width, set smaller where it nearly fits, else broken into lines."""
    wide = width_mm(text, size)
    size = max(size * min(1, room / wide), size * _LEAST_TITLE)
    return paragraph(text, room, size, size * _TITLE_PITCH, tone, "centre", bold=True)
