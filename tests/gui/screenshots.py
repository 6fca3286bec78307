"""Writes a picture of every screen and state: python -m tests.gui.screenshots [FOLDER] [WIDTHxHEIGHT].

The size is the screen's; the window is as large as it leaves, a title bar taken off. Scale with QT_SCALE_FACTOR, as the
system does.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication

from gongji.desk.clinic.first_start.create import begin_training
from gongji.files import resource_folder
from gongji.gui.opening import make_application
from gongji.pack_files.library import Library
from tests.gui.screenshots_more import every_state, new_editions, nothing_yet
from tests.support.bookful import TODAY, full_book
from tests.support.clerk import Clerk, at
from tests.support.small_screen import offscreen

_SIZE = "1366x768"
_CHRONIC = "ltj"


class Album:
    """Where pictures go, numbered in order."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._count = folder, 0
        self.clerk: Clerk
        self._room = (0, 0)

    def leave_room(self, room: tuple[int, int]) -> None:
        """Make windows so large from now on."""
        self._room = room

    def follow(self, clerk: Clerk) -> None:
        """Go on at another counter."""
        self.clerk = clerk
        clerk.window.resize(*self._room)

    def take(self, name: str) -> None:
        """Take a picture of the window, with what lies above it."""
        self._count += 1
        self.clerk.settle_down()
        for _ in range(3):  # what a sheet says later asks for its room, and that is given in turn
            QApplication.processEvents()
        window, sheet = self.clerk.window, self.clerk.sheet
        picture = window.grab()
        if sheet is not None:
            above = sheet.grab()
            painter = QPainter(picture)
            painter.fillRect(picture.rect(), QColor(31, 42, 51, 90))
            painter.drawPixmap((window.width() - sheet.width()) // 2, (window.height() - sheet.height()) // 2, above)
            painter.end()
        picture.save(str(self.folder / f"{self._count:02d}-{name}.png"))


def counter_states(clerk: Clerk, album: Album) -> Iterator[None]:
    """Go through the counter's states."""
    clerk.press("1", with_ctrl=True)
    album.take("empty")
    clerk.press("F1")
    album.take("help")
    clerk.press("Esc")
    clerk.type("z")
    album.take("patients-found")
    clerk.press("Esc")
    clerk.type("qqqq")
    album.take("no-patient-found")
    clerk.press("Esc")
    clerk.choose_patient(_CHRONIC)
    album.take("patient")
    clerk.type("a")
    album.take("items-found")
    clerk.press("Esc")
    for item, quantity in (("ybzl", "1"), ("amxl", "2"), ("gml", "1"), ("bhsal", "2")):
        clerk.add_item(item, quantity)
    album.take("lines-and-proposal")
    clerk.press("F4")
    album.take("benefits")
    clerk.press("2")
    album.take("two-settlements")
    for row in clerk.screen.panel.amounts.rows.values():
        if not row.is_open:
            row.toggle()
    album.take("all-amounts-open")
    clerk.press("F5")
    album.take("accounts")
    clerk.press("Space", "Enter")
    clerk.screen.panel.tender.field.setFocus()
    clerk.type("50")
    album.take("received-and-change")
    clerk.screen.panel.tender.field.clear()
    clerk.type("10")
    clerk.press("2", with_alt=True)
    album.take("mixed-means")
    yield


def counter_sheets(clerk: Clerk, album: Album) -> Iterator[None]:
    """Go through the counter's sheets, and on to the settled visit."""
    clerk.press("F8")
    album.take("reckoning")
    clerk.press("Esc", "F12")
    album.take("trying")
    clerk.press("Esc", "F11")
    album.take("full-payment")
    clerk.press("F11")
    clerk.press("F6")
    album.take("put-aside")
    clerk.press("F7")
    album.take("held")
    clerk.press("Enter")
    clerk.settle()
    album.take("settled")
    clerk.press("F8")
    album.take("reckoning-of-the-last")
    clerk.press("Ctrl+P")
    album.take("reckoning-on-paper")
    clerk.press("Esc", "Esc", "F10")
    album.take("refund-which")
    clerk.press("Enter")
    album.take("refund")
    clerk.close_sheet()
    yield


def said_besides(clerk: Clerk, album: Album) -> Iterator[None]:
    """Go through what is said of a visit besides its lines."""
    clerk.choose_patient(_CHRONIC)
    clerk.add_item("amxl", "2")
    for key, name in (("Shift+F2", "person"), ("Shift+F4", "visit"), ("Shift+F5", "told")):
        clerk.press(key)
        album.take(name)
        clerk.press("Esc")
    clerk.press("Shift+F5")
    clerk.scan("530399194905028607")
    album.take("scan-while-filling-in")
    clerk.press("Esc")
    clerk.screen.state.set_line(0, class_="B", prepay_ratio=None)
    album.take("refused-line")
    clerk.screen.asking.line(0)
    album.take("line")
    clerk.press("Esc")
    clerk.screen.state.set_visit(settled_on="2026-11-20")
    clerk.screen.state.set_line(0, prepay_ratio="0.1", benefit="special")
    album.take("another-day-and-no-disease")
    clerk.press("F8")
    clerk.press("Esc", "F6")
    yield


def hard_cases(clerk: Clerk, album: Album) -> Iterator[None]:
    """Go through what is rare and must still look right."""
    clerk.scan("110101199003078515")
    album.take("enrol")
    clerk.type("古丽米热·阿卜杜热合曼江·买买提艾力")
    clerk.press("Enter")
    album.take("enrol-status-asked")
    clerk.press("Down", "Enter")
    album.take("long-name-nothing-known")
    items = [
        one
        for letter in "abcdefghjk"
        for one in clerk.screen.lines.field._find(letter)  # noqa: SLF001  # the quickest way to forty lines
    ]
    for one in list(dict.fromkeys(items))[:40]:
        clerk.screen.state.add_item(one)
    album.take("forty-lines")
    clerk.press("F8")
    album.take("forty-lines-reckoning")
    clerk.press("Esc")
    clerk.press("Esc", "Esc")
    yield


def unusual(clerk: Clerk, album: Album) -> Iterator[None]:
    """Go through what is asked about before it is settled."""
    clerk.press("F6")
    clerk.choose_patient(_CHRONIC)
    clerk.add_item("amxl", "360")
    clerk.settle()
    album.take("doubts")
    clerk.press("Esc")
    clerk.press("F6")
    yield


def other_screens(clerk: Clerk, album: Album) -> Iterator[None]:
    """Go through every other screen, on a counter nobody has worked at."""
    nothing_yet(clerk, album.take)
    yield


def _elsewhere(data: Path, area: str, day: str, library: Library, album: Album) -> None:
    """Show the counter of a city with selected institutions, and the same after its policy has run out."""
    begin_training(data, area, library, at("2025-12-22 10:00:00"))
    clerk = Clerk(data, library, at(day))
    album.follow(clerk)
    clerk.choose_patient("l")
    clerk.add_item("amxl", "2")
    album.take(f"{area}-{day[:4]}")
    clerk.press("Shift+F4")
    album.take(f"{area}-{day[:4]}-visit")
    clerk.leave()


def go_through(album: Album, size: str) -> None:
    """Show every state of the window, on a screen of a size, to an album."""
    library, clock = Library(resource_folder() / "policies"), at("2026-11-22 09:42:00")
    with TemporaryDirectory() as place:
        album.leave_room(offscreen(Path(place), *map(int, size.split("x"))))
        app = make_application()
        data = Path(place, "data")
        begin_training(data, "530300", library, clock)
        clerk = Clerk(data, library, clock)
        album.follow(clerk)
        for state in (other_screens, counter_states, counter_sheets, said_besides, hard_cases, unusual):
            for _ in state(clerk, album):
                pass
        clerk.leave()
        for area, day in (("445300", "2025-12-22 10:00:00"), ("445300", "2026-01-05 10:00:00")):
            _elsewhere(Path(place, f"{area}-{day[:4]}"), area, day, library, album)
        another = Path(place, "620800")
        begin_training(another, "620800", library, at(TODAY))
        clerk = Clerk(another, library, at(TODAY))
        album.follow(clerk)
        new_editions(clerk, album.take, Path(place))
        clerk.leave()
        worked = Path(place, "worked")
        full_book(worked, library).close()
        clerk = Clerk(worked, library, at(TODAY))
        album.follow(clerk)
        for _ in every_state(clerk, album.take, Path(place)):
            pass
        clerk.leave()
        app.quit()


def main(folder: Path, size: str) -> None:
    """Write every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    go_through(Album(folder), size)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots"), sys.argv[2] if len(sys.argv) > 2 else _SIZE)
