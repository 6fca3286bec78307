"""Contrast, and that nothing but the tokens says a colour or a size."""

import re
from pathlib import Path

import pytest

import gongji.gui
from gongji.gui.kit import style, tokens

FOLDER = Path(gongji.gui.__file__).parent
READ_ON = {
    "INK": "CARD GROUND TINT STRIPE ATTENTION_TINT SECOND_TINT",
    "MUTED": "CARD GROUND TINT STRIPE",
    "ACCENT": "CARD GROUND TINT",
    "ACCENT_DARK": "CARD",
    "SECOND": "CARD GROUND SECOND_TINT TINT",
    "ATTENTION": "CARD GROUND ATTENTION_TINT",
    "ON_DARK": "ACCENT ACCENT_DARK NAVIGATION NAVIGATION_HOVER ATTENTION SECOND",
    "NAVIGATION_TEXT": "NAVIGATION NAVIGATION_HOVER",
}
"""Every pair of text and ground in use."""


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("ink", "ground"), [(ink, one) for ink, grounds in READ_ON.items() for one in grounds.split()])
def test_contrast(ink: str, ground: str) -> None:
    light, dark = sorted((luminance(getattr(tokens, one)) for one in (ink, ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def rules() -> list[tuple[str, str, str]]:
    """Every rule of the style sheet that says both a text's colour and its ground; what cannot be used may be paler."""
    found = []
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", style.sheet()):
        told = dict(re.findall(r"(?<![\w-])(color|background): (#\w{6})", body))
        if len(told) == 2 and ":disabled" not in selector:
            found.append((selector.strip(), told["color"], told["background"]))
    return found


@pytest.mark.parametrize(("selector", "ink", "ground"), rules())
def test_contrast_of_what_is_drawn(selector: str, ink: str, ground: str) -> None:
    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5, selector


def test_colours_stand_in_one_place() -> None:
    for path in FOLDER.rglob("*.py"):
        if path.name != "tokens.py":
            assert not re.search(r'["\s]#[0-9a-fA-F]{6}\b', path.read_text("utf-8")), path
