"""What a person types arrives whole and in order at any pace, and what stands on the screen is what is settled."""

import pytest

from tests.hands.seat import Seat

PACES = (15, 30, 60, 150, 400)
PRICE, QUANTITY = 4, 5


@pytest.mark.parametrize("pace", PACES)
def test_a_quantity_typed_over_an_entered_line_is_whole(busy: Seat, pace: int) -> None:
    busy.press("Up")
    busy.press("3", "6", "Enter", pause_ms=pace)
    assert busy.visit["lines"][1][QUANTITY] == "36"


@pytest.mark.parametrize("pace", PACES)
def test_search_and_quantity_are_whole(busy: Seat, pace: int) -> None:
    busy.press("F3")
    busy.press(*"amxl", "Enter", *"120", "Enter", pause_ms=pace)
    lines = busy.visit["lines"]
    assert (len(lines), lines[2][QUANTITY]) == (3, "120")
