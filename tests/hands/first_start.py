"""The first start after installing, by hand: from an empty PC to the open counter, its keys and seconds told.

Run as `python -m tests.hands.first_start [FOLDER]`, where FOLDER is for a picture of every step. The hands type at a
person's pace, Chinese with fcitx5 as desktops start it, and import two tables by name. A stranger also reads: how long
the words of every step take at a reader's pace is told apart, and nothing is asserted.
"""

import re
import sys
import tempfile
import time
from pathlib import Path

from gongji.files import resource_folder
from gongji.store.book_file.folder import Folder, WrongPasswordError
from tests.hands.display import Display
from tests.hands.seat import Seat, Shown

PACE_MS = 200
_SIGNS_A_SECOND = 5
"""What a reader of Chinese takes in without haste; two to three hundred a minute."""
_LOOK_SECONDS, _PATIENCE_SECONDS = 1.0, 180.0
_TABLES = resource_folder() / "training" / "530300"
_CLINIC, _OPERATOR, _PASSWORD = "qushuixiangweishengyuan", "lihong", "mima123456"


class Newcomer:
    """Hands that count, and eyes that count what there is to read."""

    def __init__(self, seat: Seat, pictures: Path | None) -> None:
        self.seat, self.keys, self.signs = seat, 0, 0
        self._pictures, self._read = pictures, set[str]()

    def press(self, *keys: str) -> None:
        self.keys += len(keys)
        self.seat.press(*keys, pause_ms=PACE_MS)

    def type(self, text: str) -> None:
        self.keys += len(text)
        self.seat.type(text, PACE_MS)

    def compose(self, letters: str) -> None:
        """Type a name in pinyin and take what is offered first."""
        self.type(letters)
        self.press("Space")

    def field(self) -> None:
        """Go to the next field, and look at it before typing."""
        self.press("Tab")
        time.sleep(_LOOK_SECONDS)

    def guide(self) -> Shown:
        """Return the guide as it is shown."""
        found: Shown = self.seat.ask("look")["sheets"][-1]
        return found

    def until(self, step: str) -> None:
        """Wait for a step; read what has not been read yet."""
        shown = self.seat.until(lambda now: any(step in text for text in _texts(now)), _PATIENCE_SECONDS)
        for text in [*_texts(shown), *(word for one in shown["sheets"] for word in one["buttons"])]:
            if text not in self._read:
                self._read.add(text)
                self.signs += len(re.findall(r"[一-鿿]", text))
        if self._pictures is not None:
            self._pictures.mkdir(parents=True, exist_ok=True)
            self.seat.display.picture(self._pictures / f"{len(list(self._pictures.iterdir()))}.png")


def _texts(shown: Shown) -> list[str]:
    return [text for one in shown["sheets"] for text in one["texts"]]


def begin_own(one: Newcomer, tables: tuple[str, ...] = ("people.csv", "catalogue.csv")) -> None:
    """Make the clinic's own data, with some of the training tables from files."""
    one.until("用什么数据")
    one.press("Space", "Enter")
    one.until("机构和级别")
    one.compose(_CLINIC)
    one.field()
    one.type("H53030200001")
    one.field()
    one.field()
    one.press("Down", "Down")  # the level, by its agreement
    one.field()
    one.press("Down", "Down", "Enter")  # a township's clinic
    one.until("第 3 步")
    one.compose(_OPERATOR)
    one.field()
    one.type(_PASSWORD)
    one.field()
    one.type(_PASSWORD)
    one.press("Enter")
    one.until("打印机和数据")
    for table in tables:
        one.field()
        if table == tables[0]:
            one.press("Ctrl+Space")  # names of files are not Chinese
        one.type(str(_TABLES / table))
    one.press("Enter")
    if tables:
        one.until("已经建好")
        one.press("Enter")


def _is_password_of(folder: Folder, name: str) -> bool:
    """Tell whether the password is the one typed: an input method would have made signs of its letters."""
    try:
        return bool(folder.keys_for(name, _PASSWORD))
    except WrongPasswordError:
        return False


def main() -> int:
    pictures = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        display = Display(place)
        display.begin_input_method()
        begun = time.monotonic()
        seat = Seat(display, place / "data", place, begins=lambda now: now["sheets"])
        try:
            one = Newcomer(seat, pictures)
            begin_own(one)
            seat.until(lambda now: now["ready"], _PATIENCE_SECONDS)
            seconds = time.monotonic() - begun
            if pictures is not None:
                seat.picture(pictures / "counter.png")
            folder = Folder(place / "data")
            has_password = _is_password_of(folder, folder.operators()[0])
        finally:
            seat.close()
            display.close()
    reading = one.signs / _SIGNS_A_SECOND
    print(f"{one.keys} keys, {seconds:.0f} s from the start of the program to the open counter")
    print(f"{one.signs} characters to read on the way: {reading:.0f} s at {_SIGNS_A_SECOND} a second")
    print(f"together {seconds + reading:.0f} s; the password is {'' if has_password else 'NOT '}as typed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
