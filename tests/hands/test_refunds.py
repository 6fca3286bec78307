"""Giving back by keyboard: the focus is on the chosen way, digits land in the quantity, the effect is said first."""

import pytest

from tests.hands.seat import Seat, Shown

KEPT = 4


@pytest.fixture
def refunding(busy: Seat) -> Seat:
    """A settled visit of two lines with the refund sheet above it."""
    busy.press("F9")
    busy.until(lambda now: now["visit"]["person"] is None and now["idle"])
    busy.press("F10")
    busy.until(lambda now: now["sheets"] and now["sheets"][0]["active"])
    busy.press("Enter")
    busy.until(lambda now: now["sheets"] and now["sheets"][0]["kind"] == "RefundSheet" and now["sheets"][0]["active"])
    return busy


def _kept(sheet: Shown | None) -> list[str]:
    assert sheet is not None
    return [row[KEPT] for row in sheet["tables"][0]]


@pytest.mark.parametrize("pace", [15, 60, 150])
@pytest.mark.parametrize("way", [("Down", "Enter"), ("Down",), ("Down", "Space")])
def test_digits_land_in_the_quantity(refunding: Seat, way: tuple[str, ...], pace: int) -> None:
    sheet = refunding.sheet
    assert sheet is not None
    assert sheet["focus"].startswith("Radio 整笔退费")
    refunding.press(*way)
    refunding.press("0", "Enter", pause_ms=pace)
    assert _kept(refunding.sheet) == ["0", "2"]
    refunding.press("Down", "1", "Enter", "Enter", pause_ms=pace)
    assert _kept(refunding.sheet) == ["0", "1"]
    refunding.type("tui")
    assert refunding.booked[1:] == []
    refunding.press("Enter")
    refunding.until(lambda now: now["idle"] and not now["sheets"])
    assert [one["kind"] for one in refunding.booked] == ["settle", "void"]
    assert [line[5] for line in refunding.visit["lines"]] == ["1"]


def test_a_part_that_keeps_everything_is_said_and_not_done(refunding: Seat) -> None:
    refunding.press("Down", "Enter", "Enter", *"tui", "Enter")
    sheet = refunding.sheet
    assert sheet is not None
    assert any("与原来完全一样" in text for text in sheet["texts"])
    assert [one["kind"] for one in refunding.booked] == ["settle"]
