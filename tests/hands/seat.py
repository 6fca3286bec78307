"""A clerk's seat: hands on a keyboard, a screen, and the program's real window on a training folder."""

import json
import operator
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.hands.display import Display
from tests.hands.xtest import Hands

MOMENT = "2026-11-22 10:00:00"
_PATIENCE_SECONDS = 30.0
_LOOK_EVERY_SECONDS = 0.02
_QUICK_MS = 20
_LATE_MS = 12

Shown = dict[str, Any]


class Seat:
    """Presses keys at a window of another process and looks at what it shows."""

    def __init__(
        self,
        display: Display,
        data: Path,
        place: Path,
        *,
        delay_ms: int = 0,
        moment: str = MOMENT,
        begins: Callable[[Shown], Any] = operator.itemgetter("ready"),
    ) -> None:
        """Open the window on a data folder; `delay_ms` is how long each commit takes on top.

        It is waited for until what it shows `begins`: the counter, where nothing else is said.
        """
        self.display = display
        self.hands = Hands(display.name)
        self._socket = str(place / "ear")
        self._log = (place / "window.log").open("wb")
        environment = {**os.environ, **display.environment, "QT_QPA_PLATFORM": "xcb", "XDG_DATA_HOME": str(place)}
        command = [sys.executable, "-m", "tests.hands.window", str(data), self._socket, moment]
        self._program = subprocess.Popen(
            [*command, *([str(delay_ms)] if delay_ms else [])],
            env=environment, stdout=self._log, stderr=self._log, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        self._ear = self._connect()
        self.until(begins)
        self._book_before = 0
        self.kept_pace = True
        self._keys_before = 0

    def _connect(self) -> socket.socket:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            assert self._program.poll() is None, "the window did not open"
            assert time.monotonic() < deadline, "the window did not open in time"
            ear = socket.socket(socket.AF_UNIX)
            try:
                ear.connect(self._socket)
            except OSError:
                ear.close()
                time.sleep(_LOOK_EVERY_SECONDS)
            else:
                return ear

    def ask(self, do: str, **given: Any) -> Any:
        """Ask the window something."""
        self._ear.sendall(json.dumps({"do": do, **given}).encode() + b"\n")
        with self._ear.makefile("r") as answer:
            return json.loads(answer.readline())

    def until(self, holds: Callable[[Shown], Any], patience_seconds: float = _PATIENCE_SECONDS) -> Shown:
        """Look until something is so; return what is shown then."""
        deadline = time.monotonic() + patience_seconds
        while True:
            shown: Shown = self.ask("look")
            if holds(shown):
                return shown
            assert time.monotonic() < deadline, f"waited in vain: {json.dumps(shown, ensure_ascii=False)}"
            time.sleep(_LOOK_EVERY_SECONDS)

    def look(self) -> Shown:
        """What is shown once every key so far has arrived and everything begun is done."""
        shown = self.ask("look")
        self.hands.mark(shown["id"], 1)
        self.until(lambda later: later["marks"] > shown["marks"])
        return self.until(lambda later: later["idle"])

    @property
    def visit(self) -> Shown:
        """The counter as it is shown now."""
        found: Shown = self.look()["visit"]
        return found

    @property
    def sheet(self) -> Shown | None:
        """The sheet on top, if there is one."""
        sheets = self.look()["sheets"]
        return next((one for one in sheets if one["active"]), sheets[-1] if sheets else None)

    def type(self, text: str, pause_ms: int = 60) -> None:
        """Type a text."""
        self.hands.type(text, pause_ms)

    def press(self, *keys: str, pause_ms: int = 60) -> None:
        """Press keys."""
        self.hands.press(*keys, pause_ms=pause_ms)

    def scan(self, text: str, end: str = "Enter", pause_ms: int = 4) -> None:
        """Let a scanner type, and note whether this machine was too busy to let it keep its pace."""
        self.hands.scan(text, end, pause_ms)
        self.look()
        times = self.ask("keys")[-len(text) - bool(end) :]
        gaps = [later - earlier for earlier, later in pairwise(times)]
        self.kept_pace = self.kept_pace and max(gaps, default=0) <= pause_ms + _LATE_MS

    def click(self, text: str, times: int = 1) -> None:
        """Click on what shows a text."""
        at = self.ask("where", text=text)
        assert at is not None, text
        across, down = at
        self.hands.click(across, down, times=times)

    def choose_patient(self, initials: str) -> None:
        """Take a patient by initials and Enter."""
        self.press("F2", *initials, "Enter", pause_ms=_QUICK_MS)
        self.until(lambda shown: shown["visit"]["person"])

    def add_item(self, initials: str, quantity: str = "1") -> None:
        """Add a line by initials, Enter, quantity and Enter."""
        before = len(self.visit["lines"])
        self.press("F3", *initials, "Enter", *quantity, "Enter", pause_ms=_QUICK_MS)
        self.until(lambda shown: len(shown["visit"]["lines"]) > before)

    @property
    def lost_keys(self) -> int:
        """How many keys since `anew` the display gave to no window of the program: it had the focus on none."""
        return int(self.hands.pressed - (self.look()["keys"] - self._keys_before))

    def anew(self) -> None:
        """Begin with an empty form."""
        self.kept_pace = True
        self._keys_before, self.hands.pressed = self.look()["keys"], 0
        self.ask("anew")
        self.look()
        self._book_before = len(self.ask("book"))

    @property
    def booked(self) -> list[Shown]:
        """What was settled and voided since `anew`."""
        self.look()
        return list(self.ask("book"))[self._book_before :]

    def picture(self, file: Path) -> None:
        """Keep a picture of the screen."""
        self.look()
        self.display.picture(file)

    def fill_disk(self) -> None:
        """Let the system refuse the program every byte that would be written to a file, until `free_disk`."""
        self._limit_files(0)

    def free_disk(self) -> None:
        """Let it write again."""
        self._limit_files(resource.RLIM_INFINITY)

    def _limit_files(self, most: int) -> None:
        _, hard = resource.prlimit(self._program.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self._program.pid, resource.RLIMIT_FSIZE, (most if most >= 0 else hard, hard))

    def close(self) -> None:
        """Close the window as a window manager does at the end of the day; by force where it will not."""
        self._program.terminate()
        try:
            self._program.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._program.kill()
            self._program.wait()
        self._ear.close()
        self.hands.close()
        self._log.close()
