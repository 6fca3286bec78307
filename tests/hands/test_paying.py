"""What is typed for a means is that means' amount, and nothing is settled that the screen does not show."""

import pytest

from tests.hands.seat import Seat


@pytest.fixture
def due(busy: Seat) -> Seat:
    """Nothing from the account: 19.72 to pay."""
    busy.press("F5")
    busy.until(lambda now: now["sheets"] and now["sheets"][0]["active"])
    busy.press("Space", "Enter")
    busy.until(lambda now: not now["sheets"] and now["visit"]["due"] == "19.72")
    busy.press("F3", "Enter")
    return busy


def test_what_is_typed_after_a_means_is_its_amount(due: Seat) -> None:
    due.press("Alt+2", "1", "0")
    visit = due.visit
    assert (visit["received"], visit["change"], sorted(visit["means"])) == ("10", "0.00", ["微信 10.00", "现金 9.72"])
    due.press("F9")
    due.until(lambda now: now["visit"]["person"] is None and now["idle"])
    (one,) = due.booked
    assert one["paid"] == [["wechat", 1000], ["cash", 972]]


def test_more_than_is_left_is_not_taken_from_a_means(due: Seat) -> None:
    due.press("Alt+2", *"20", "F9")
    assert any("微信最多付 19.72" in note for note in due.visit["notes"])
    assert due.booked == []


def test_cash_on_top_of_a_bill_that_is_paid_is_refused(due: Seat) -> None:
    due.press(*"19.72", "Alt+2", *"10", "F9")
    assert any("已由别的方式付清" in note for note in due.visit["notes"])
    assert due.booked == []


def test_a_quantity_nobody_has_is_asked_about_and_enter_goes_back(due: Seat) -> None:
    due.press("F3", "Up", *"9999", "Enter", "F9")
    due.until(lambda now: now["sheets"] and now["sheets"][0]["active"])
    due.press("Enter", "Enter", pause_ms=15)
    due.until(lambda now: not now["sheets"])
    assert due.booked == []


def test_change_stays_in_sight_until_the_next_patient(due: Seat) -> None:
    due.press(*"50", "F9")
    shown = due.until(lambda now: now["visit"]["person"] is None and now["idle"])
    assert shown["visit"]["due"] == "30.28"
    due.press(*"ltj")
    assert due.visit["due"] == "30.28"
    due.press("Enter")
    due.until(lambda now: now["visit"]["person"])
    assert due.visit["due"] == "0.00"
    assert len(due.booked) == 1


@pytest.mark.parametrize("key", ["F9", "F6", "F11"])
def test_a_cell_still_being_changed_counts_before_a_key_acts(busy: Seat, key: str) -> None:
    busy.press("Up", *"36", key)
    busy.look()
    for one in busy.booked:
        assert one["lines"][1][3] == 360_000
        assert any(asked["lines"][1][5] == "36" and asked["sum"].endswith("184.96") for asked in busy.ask("asked"))
    if key == "F9":
        assert busy.visit["lines"][1][5] == "36"
        busy.press("F9")
        busy.until(lambda now: now["visit"]["person"] is None and now["idle"])
        (one,) = busy.booked
        assert one["lines"][1][3] == 360_000
    if key == "F11":
        assert busy.visit["lines"][1][5] == "36"
    if key == "F6":
        busy.press("F7")
        busy.until(lambda now: now["sheets"])
        busy.press("Enter")
        busy.until(lambda now: not now["sheets"] and now["visit"]["lines"])
        assert busy.visit["lines"][1][5] == "36"


@pytest.mark.parametrize("key", ["F9", "F6", "F11", "F4", "Ctrl+2"])
def test_what_is_no_quantity_is_said_and_the_key_refused(busy: Seat, key: str) -> None:
    busy.press("Up", "0", key)
    visit = busy.visit
    assert visit["lines"][1][5] == "0"
    assert any("数量要大于 0" in note for note in visit["notes"])
    busy.press("Esc")
    assert busy.visit["lines"][1][5] == "2"
    assert busy.booked == []


def test_a_figure_that_was_looked_at_is_settled_with_its_own_key(busy: Seat) -> None:
    busy.press("F3", "Up", *"301", "Enter", "F9")
    busy.until(lambda now: now["sheets"] and now["sheets"][0]["active"])
    busy.press("Alt+Y")
    busy.until(lambda now: now["idle"] and now["visit"]["person"] is None)
    (one,) = busy.booked
    assert one["lines"][1][3] == 3_010_000
