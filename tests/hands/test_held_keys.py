"""A key that is held down acts once: nothing goes on being undone, turned on and off, or answered while it repeats."""

import pytest

from tests.hands.seat import Seat

HELD_MS = 1200


@pytest.mark.parametrize("opening", ["F8", "Shift+F4", "F5"])
def test_esc_held_closes_the_sheet_and_undoes_nothing(busy: Seat, opening: str) -> None:
    before = busy.visit["lines"]
    busy.press(opening)
    busy.until(lambda now: now["sheets"] and now["sheets"][-1]["active"])
    busy.hands.hold("Esc", HELD_MS)
    shown = busy.until(lambda now: not now["sheets"] and now["idle"])
    assert shown["visit"]["lines"] == before
    assert shown["visit"]["person"] is not None


def test_esc_held_takes_one_step_back(busy: Seat) -> None:
    before = busy.visit["lines"]
    busy.hands.hold("Esc", HELD_MS)
    assert busy.visit["lines"] == before[:-1]


@pytest.mark.parametrize("key", ["F11", "F6", "F9"])
def test_a_key_held_acts_once(busy: Seat, key: str) -> None:
    busy.hands.hold(key, HELD_MS)
    shown = busy.look()["visit"]
    if key == "F11":
        assert any("全额垫付" in note for note in shown["notes"])
    elif key == "F6":
        assert any("已挂单" in note for note in shown["notes"])
    else:
        assert [one["kind"] for one in busy.booked] == ["settle"]
        assert any("已结算" in note for note in shown["notes"])


def test_delete_held_takes_one_line_out(busy: Seat) -> None:
    before = busy.visit["lines"]
    busy.press("F3", "Up")
    busy.hands.hold("Delete", HELD_MS)
    assert [line[1] for line in busy.visit["lines"]] == [before[0][1]]
