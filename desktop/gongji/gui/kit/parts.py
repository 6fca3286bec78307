"""Parts put together in one expression: beside each other, from top to bottom, in a card, on a screen.

A part is a widget or a layout, in a tuple with its stretch where it has one; a number is free room with that stretch.
"""

from typing import TypeVar

from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from gongji.gui.kit import tokens
from gongji.gui.kit.layout import card, column, label, row

Part = QWidget | QLayout | tuple[QWidget | QLayout, int] | int
_Box = TypeVar("_Box", bound=QBoxLayout)


def row_of(*parts: Part, on: QWidget | None = None, margin: int = 0, spacing: int = tokens.GAP) -> QHBoxLayout:
    """Return a layout of parts from left to right, that of the widget `on` where there is one; pixels."""
    return _filled(row(on, margin, spacing), parts)


def column_of(*parts: Part, on: QWidget | None = None, margin: int = 0, spacing: int = tokens.GAP) -> QVBoxLayout:
    """Return a layout of parts from top to bottom, that of the widget `on` where there is one; pixels."""
    return _filled(column(on, margin, spacing), parts)


def card_of(*parts: Part, margin: int = 1, spacing: int = 0) -> QFrame:
    """Return a card of parts from top to bottom; as it stands, close to its edge as a list is; pixels."""
    one = card()
    column_of(*parts, on=one, margin=margin, spacing=spacing)
    return one


def headed(title: str, *others: Part, part: str = "heading") -> QHBoxLayout:
    """Return a row with a heading at the left and the others at the right; `part` is its role in the style sheet."""
    return row_of(label(title, part), 1, *others)


def on_screen(screen: QWidget, *parts: Part, spacing: int = 2 * tokens.STEP) -> None:
    """Lay out a screen's parts from top to bottom, within the margins that all screens have; pixels."""
    whole = column_of(*parts, on=screen, spacing=spacing)
    whole.setContentsMargins(tokens.EDGE, tokens.EDGE - 2, tokens.EDGE, tokens.GAP)


def _filled(box: _Box, parts: tuple[Part, ...]) -> _Box:
    for part in parts:
        if isinstance(part, int):
            box.addStretch(part)
            continue
        one, stretch = part if isinstance(part, tuple) else (part, 0)
        if isinstance(one, QWidget):
            box.addWidget(one, stretch)
        else:
            box.addLayout(one, stretch)
    return box
