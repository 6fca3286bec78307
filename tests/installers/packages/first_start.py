"""The first start of an installed program, by key: from a PC that has no data to the open counter, its seconds told.

The hands type at a person's pace and wait for the picture to be still after every step; what a stranger reads meanwhile
is counted by `tests.hands.first_start`, of the same steps. Names are typed in pinyin with fcitx5.
"""

import subprocess
import time
from collections.abc import Callable

from gongji.store.book_file.folder import Folder
from tests.installers.packages.place import Place, say, until

PASSWORD = "mima123456"  # noqa: S105  # of this check alone
_PACE_MS = 200
_TABLES = ("people.csv", "catalogue.csv")


def first_start(place: Place, window: subprocess.Popen[str], data: str, tables: str) -> str:
    """Answer what the window asks, with two tables from the folder `tables`; return the name of who may log in now."""
    begun = time.monotonic()
    place.ready(window)
    guide = place.title()
    for step in _steps(place, tables):
        step()
        place.still()

    def opened() -> bool:
        place.hands.press("Enter")  # to what was made, once it is
        return place.title() not in {"", guide}

    until(opened, "the counter")
    place.still()
    (operator,) = Folder(place.seen(data)).operators()
    say(f"first start by key, up to the counter of {operator}: {time.monotonic() - begun:.0f} s")
    place.picture("linux-first-start")
    return operator


def _steps(place: Place, tables: str) -> list[Callable[[], None]]:
    def press(*keys: str) -> None:
        place.hands.press(*keys, pause_ms=_PACE_MS)

    def type_(text: str) -> None:
        place.hands.type(text, _PACE_MS)

    def names(letters: str) -> None:
        type_(letters)
        press("Space")

    def clinic() -> None:
        names("qushuixiangweishengyuan")
        press("Tab")
        type_("H53030200001")
        press("Tab", "Tab", "Down", "Down", "Tab", "Down", "Down")  # a township's clinic, by its agreement

    def operator() -> None:
        names("lihong")
        for _ in range(2):
            press("Tab")
            type_(PASSWORD)

    def tables_there() -> None:
        press("Tab", "Ctrl+Space")  # names of files are not Chinese
        type_(f"{tables}/{_TABLES[0]}")
        press("Tab")
        type_(f"{tables}/{_TABLES[1]}")

    def forward() -> None:
        press("Enter")

    own_data = [lambda: press("Space"), forward]
    return [*own_data, clinic, forward, operator, forward, tables_there, forward]
