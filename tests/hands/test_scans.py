"""A scan is typed nowhere and its end sign presses nothing, whatever has the focus; what it says is done or named."""

import pytest

from tests.hands.seat import Seat, Shown

PLACES = {
    "patient": ("F2",),
    "item": ("F3",),
    "table": ("F3", "Up"),
    "received": ("F3", "Enter"),
    "button": ("F3", "Enter", "Enter"),
}
UNKNOWN = (
    "12345678",
    "ABC-1234",
    "LOT(10)2026-7/8",
    "https://fuwu.nhsa.gov.cn/x?id=1",
    "]d201069012345678921726123110AB12345678",
)
ENDS = ("Enter", "Tab", "")
FIELDS = ("patient_field", "item_field", "quantity_field", "received")
BARCODE = "2990000000019"
OTHER = "530399194905028607"


def _without_notes(visit: Shown) -> Shown:
    return {name: value for name, value in visit.items() if name not in {"notes", "said"}}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("place", PLACES)
def test_an_unknown_code_is_named_and_nothing_else_happens(busy: Seat, place: str, end: str) -> None:
    busy.press(*PLACES[place])
    before = busy.look()
    for code in UNKNOWN:
        busy.scan(code, end)
        assert any(code in note for note in busy.visit["notes"])
    shown = busy.look()
    assert _without_notes(shown["visit"]) == _without_notes(before["visit"])
    assert shown["sheets"] == []
    assert shown["focus"] == before["focus"]
    assert busy.booked == []


@pytest.mark.parametrize("place", PLACES)
def test_the_same_sign_twice_in_one_moment_is_no_key_held_down(busy: Seat, place: str) -> None:
    """A PC that was busy reads a key's going up and its coming down again together, as those of a held key."""
    busy.press(*PLACES[place])
    before = busy.look()
    for code in ("6900000000000", "00000000"):
        busy.scan(code, "Enter", 0)
        assert any(code in note for note in busy.visit["notes"])
    shown = busy.look()
    assert _without_notes(shown["visit"]) == _without_notes(before["visit"])
    assert shown["focus"] == before["focus"]
    assert busy.booked == []


@pytest.mark.parametrize("pause_ms", [1, 4, 16, 30])
@pytest.mark.parametrize("place", PLACES)
def test_a_barcode_adds_one(busy: Seat, place: str, pause_ms: int) -> None:
    busy.press(*PLACES[place])
    before = busy.visit
    busy.scan(BARCODE, "Enter", pause_ms)
    visit = busy.until(lambda now: now["visit"]["lines"] != before["lines"])["visit"]
    assert [line[5] for line in visit["lines"]] == ["1", "3"]
    assert [visit[field] for field in FIELDS] == [before[field] for field in FIELDS]
    assert busy.booked == []


def test_a_scan_while_a_cell_is_changed_lets_it_count_first(busy: Seat) -> None:
    busy.press("Up")
    busy.press("3", "6")
    busy.scan(OTHER[:-1] + "0", "Enter")
    shown = busy.look()["visit"]
    assert shown["lines"][1][5] == "36"


@pytest.mark.parametrize("place", PLACES)
def test_a_scan_of_a_person_opens_them(seat: Seat, place: str) -> None:
    seat.choose_patient("ltj")
    seat.press(*PLACES[place])
    seat.scan(OTHER)
    seat.until(lambda now: now["visit"]["person"] == OTHER)
    assert all(not seat.visit[field] for field in ("patient_field", "item_field", "received"))


def test_a_question_is_not_answered(busy: Seat) -> None:
    """A parked visit is about to be thrown away: the default button is the one that does it."""
    busy.press("F6")
    busy.press("F7")
    busy.until(lambda now: now["sheets"])
    for end in ENDS:
        busy.scan("ABC-12345", end)
    assert busy.booked == []


@pytest.mark.parametrize("key", ["Shift+F2", "Shift+F4", "Shift+F5", "F5"])
@pytest.mark.parametrize("end", ENDS)
def test_a_sheet_is_left_as_it_is(busy: Seat, key: str, end: str) -> None:
    busy.press(key)
    (before,) = busy.until(lambda now: now["sheets"] and now["sheets"][0]["active"])["sheets"]
    for code in ("12345678", "6901234567892", "0000000000000000000000000000"):
        busy.scan(code, end)
        busy.until(lambda now: any("没有录入" in text for text in now["sheets"][0]["texts"]))
    (sheet,) = busy.look()["sheets"]
    for name in ("title", "fields", "chosen", "choices", "tables", "focus"):
        assert sheet[name] == before[name]
