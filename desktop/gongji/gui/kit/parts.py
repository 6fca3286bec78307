"""Layouts that most screens have: a card of parts, a row with a heading, a screen's own margins."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from gongji.gui.kit import tokens
from gongji.gui.kit.layout import REST, Part, card, column, label, put, row


def card_of(*parts: Part, margin: int = 1, spacing: int = 0) -> QFrame:
    """Return a card of parts from top to bottom; as it stands, close to its edge as a list is; pixels."""
    one = card()
    put(column(one, margin, spacing), *parts)
    return one


def headed(title: str, *others: Part, part: str = "heading") -> QHBoxLayout:
    """Return a row with a heading at the left and the others at the right; `part` is its role in the style sheet."""
    return put(row(), label(title, part), REST, *others)


def on_screen(screen: QWidget, *parts: Part, spacing: int = 2 * tokens.STEP) -> None:
    """Lay out a screen's parts from top to bottom, within the margins that all screens have; pixels."""
    whole = put(column(screen, spacing=spacing), *parts)
    whole.setContentsMargins(tokens.EDGE, tokens.EDGE - 2, tokens.EDGE, tokens.GAP)
