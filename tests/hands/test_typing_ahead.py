"""While a slow disk commits the next visit is typed, and nothing of it is lost."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hands.display import Display
from tests.hands.seat import Seat

COMMIT_MS = 1500


@pytest.fixture
def slow(practice: Path, tmp_path: Path) -> Iterator[Seat]:
    """A window whose every commit takes a second and a half, on a display of its own."""
    display = Display(tmp_path)
    seat = Seat(display, shutil.copytree(practice, tmp_path / "data"), tmp_path, delay_ms=COMMIT_MS)
    yield seat
    seat.close()
    display.close()


def test_the_next_visit_is_typed_while_one_is_settled(slow: Seat) -> None:
    slow.choose_patient("ltj")
    slow.add_item("amxl", "2")
    slow.press("F9", *"ltj", "Enter", *"ybzl", "Enter", *"3", "Enter", pause_ms=15)
    shown = slow.until(lambda now: now["idle"] and any("已结算" in note for note in now["visit"]["notes"]))
    assert any("已结算 龙天军" in note for note in shown["visit"]["notes"])
    assert [line[1::4] for line in shown["visit"]["lines"]] == [["一般诊疗费", "3"]]
    slow.press("F9")
    slow.until(lambda now: now["idle"] and now["visit"]["person"] is None)
    assert [[line[1::2] for line in one["lines"]] for one in slow.booked] == [
        [["阿莫西林胶囊", 20_000]],
        [["一般诊疗费", 30_000]],
    ]


def test_two_are_settled_in_one_go(slow: Seat) -> None:
    visit = (*"ltj", "Enter", *"amxl", "Enter", "2", "Enter", "F9")
    slow.press("F2", *visit, *visit, *visit, pause_ms=30)
    slow.until(lambda now: now["idle"] and now["visit"]["person"] is None)
    assert [one["kind"] for one in slow.booked] == ["settle"] * 3


def test_what_is_refused_waits_and_nothing_typed_meanwhile_is_lost(slow: Seat) -> None:
    """The disk takes nothing more: the system itself refuses the commit, a second and a half after F9."""
    slow.choose_patient("ltj")
    slow.add_item("amxl", "2")
    slow.fill_disk()
    slow.press("F9", *"ltj", "Enter", *"ybzl", "Enter", *"3", "Enter", pause_ms=15)
    shown = slow.until(lambda now: now["idle"] and any("没有结算" in note for note in now["visit"]["notes"]))
    assert any(note.startswith("龙天军 没有结算") and "F7" in note for note in shown["visit"]["notes"])
    assert shown["sheets"] == []
    assert [line[1::4] for line in shown["visit"]["lines"]] == [["一般诊疗费", "3"]]
    assert slow.booked == []
    slow.free_disk()
    slow.press("F9")
    slow.until(lambda now: now["idle"] and now["visit"]["person"] is None)
    slow.press("F7")
    slow.until(lambda now: now["sheets"] and now["sheets"][-1]["kind"] == "HeldSheet")
    slow.press("Enter")
    slow.until(lambda now: now["visit"]["person"])
    slow.press("F9")
    slow.until(lambda now: now["idle"] and now["visit"]["person"] is None)
    assert [[line[1::2] for line in one["lines"]] for one in slow.booked] == [
        [["一般诊疗费", 30_000]],
        [["阿莫西林胶囊", 20_000]],
    ]
