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


@pytest.mark.parametrize("key", ["1", "Enter", "F9", "Down"])
def test_a_key_that_is_held_down_is_no_scan_and_settles_once(busy: Seat, key: str) -> None:
    busy.press("F3")
    if key == "1":
        busy.press(*"amxl", "Enter", "Delete")
    busy.hands.hold(key, 1500)
    shown = busy.look()
    assert shown["sheets"] == []
    if key == "1":
        assert set(shown["visit"]["quantity_field"]) == {"1"}
        assert not any("1111" in note for note in shown["visit"]["notes"])
    assert len(busy.booked) == (1 if key == "F9" else 0)
