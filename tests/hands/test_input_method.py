"""Chinese is typed with fcitx5 as desktops start it; while it composes nothing is settled and a scan stays a scan."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hands.conftest import AREA
from tests.hands.display import Display
from tests.hands.seat import Seat

BARCODE = "2990000000019"
HALF_ENTERED = "还有一项没有录完"


@pytest.fixture(scope="module")
def chinese(practice: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    """A window beside fcitx5 with pinyin, on a display of its own."""
    place = tmp_path_factory.mktemp("chinese")
    display = Display(place)
    display.begin_input_method()
    seat = Seat(display, shutil.copytree(practice, place / AREA), place)
    yield seat
    seat.close()
    display.close()


@pytest.fixture
def pinyin(chinese: Seat) -> Seat:
    """An empty form; what was being composed is given up."""
    chinese.press("Esc")
    chinese.anew()
    return chinese


def _composing(seat: Seat, letters: str) -> None:
    """Type letters and wait until the input method has them all."""
    seat.type(letters)
    seat.until(lambda now: now["visit"]["composed"].replace(" ", "") == letters)


def test_chinese_is_typed_into_the_real_window(pinyin: Seat) -> None:
    pinyin.press("F2")
    _composing(pinyin, "nihao")
    pinyin.press("Space")
    pinyin.until(lambda now: now["visit"]["patient_field"] == "你好")


def test_initials_and_names_are_found_while_composing(pinyin: Seat) -> None:
    pinyin.press("F2")
    _composing(pinyin, "ltj")
    assert pinyin.visit["found"] == ["龙天军"]
    pinyin.press("Enter")
    pinyin.until(lambda now: now["visit"]["patient_field"] == "ltj")
    pinyin.press("Enter")
    pinyin.until(lambda now: now["visit"]["patient"] == "龙天军")


@pytest.mark.parametrize("key", ["F9", "F6"])
def test_a_key_while_composing_is_as_with_a_half_entered_item(pinyin: Seat, key: str) -> None:
    pinyin.press("F2")
    _composing(pinyin, "ltj")
    pinyin.press("Enter")
    pinyin.until(lambda now: now["visit"]["patient_field"] == "ltj")
    pinyin.press("Enter")
    pinyin.scan(BARCODE)
    pinyin.until(lambda now: now["visit"]["lines"])
    pinyin.press("F3")
    _composing(pinyin, "amxl")
    pinyin.press(key)
    assert any(HALF_ENTERED in note for note in pinyin.visit["notes"])
    assert pinyin.visit["person"] is not None
    assert pinyin.booked == []


@pytest.mark.parametrize("end", ["Enter", "Tab", ""])
def test_a_scan_while_composing_is_whole_and_loses_nothing(pinyin: Seat, end: str) -> None:
    pinyin.press("F3")
    _composing(pinyin, "ybzl")
    pinyin.scan(BARCODE, end)
    shown = pinyin.until(lambda now: now["visit"]["lines"])
    assert [line[1] for line in shown["visit"]["lines"]] == ["阿莫西林胶囊"]
    assert pinyin.visit["item_field"] == "ybzl"


def test_a_code_with_letters_is_named_though_chinese_is_on(pinyin: Seat) -> None:
    pinyin.press("F3")
    pinyin.scan("lot-2026-0711-ab")
    assert any("lot-2026-0711-ab" in note for note in pinyin.visit["notes"])
    assert pinyin.visit["item_field"] == ""
