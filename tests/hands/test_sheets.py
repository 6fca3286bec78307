"""Keys pressed while a sheet is opening are not lost: nobody waits for a window manager."""

import pytest

from tests.hands.seat import Seat


@pytest.mark.parametrize("pace", [15, 30, 60])
def test_a_digit_right_after_the_key_that_opens_a_list(busy: Seat, pace: int) -> None:
    before = [line[7] for line in busy.visit["lines"]]
    busy.press("F3", "Up")
    busy.look()
    busy.press("F4", "2", pause_ms=pace)
    visit = busy.until(lambda now: now["idle"] and not now["sheets"])["visit"]
    assert [line[7] for line in visit["lines"]] != before


@pytest.mark.parametrize("pace", [30, 60])
def test_what_is_typed_right_after_a_sheet_was_closed(busy: Seat, pace: int) -> None:
    busy.press("F8")
    busy.until(lambda now: now["sheets"] and now["sheets"][0]["active"])
    busy.press("Esc", "F3", *"amxl", "Enter", *"12", "Enter", pause_ms=pace)
    assert [line[5] for line in busy.visit["lines"]] == ["1", "2", "12"]


@pytest.mark.parametrize("pace", [15, 30, 60])
def test_a_reason_typed_right_away(busy: Seat, pace: int) -> None:
    busy.press("F9")
    busy.until(lambda now: now["visit"]["person"] is None and now["idle"])
    busy.press("F10", "Enter", "Enter", *"tuiyao", pause_ms=pace)
    sheet = busy.until(lambda now: now["sheets"] and now["sheets"][-1]["kind"] == "RefundSheet")["sheets"][-1]
    assert busy.sheet is not None
    assert "tuiyao" in (busy.sheet or sheet)["fields"]
