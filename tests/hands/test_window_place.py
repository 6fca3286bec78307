"""The window takes the whole screen the first time, and later the place it was left in."""

import shutil
from pathlib import Path

from gongji.desk.clinic.workplace import Workplace, keep_workplace, workplace_of
from tests.hands.conftest import AREA
from tests.hands.display import Display
from tests.hands.seat import Seat

LEFT_AT = (120, 90, 1100, 620)


def test_as_large_as_the_screen(seat: Seat) -> None:
    assert seat.look()["maximised"]


def test_where_it_was_left(display: Display, practice: Path, tmp_path: Path) -> None:
    path = shutil.copytree(practice, tmp_path / AREA)
    keep_workplace(path, Workplace(window=LEFT_AT))
    seat = Seat(display, path, tmp_path)
    assert not seat.look()["maximised"]
    seat.close()
    kept = workplace_of(path).window
    assert kept is not None
    assert kept[2:] == LEFT_AT[2:]
