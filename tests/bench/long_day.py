"""A long day at the window, compressed: what a thousand visits leave behind in memory, handles and threads.

    make bench PART=day

Every key is pressed as a clerk presses it; the queue drains to a practice platform in a process of its own meanwhile.
Memory is compared with what it was once everything had been used: after the first fifth. All eight hours take longer
than a part may: `GONGJI_BENCH_VISITS=1000 make bench PART=day`.
"""

import datetime
import gc
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from gongji.core.dates import CHINA
from gongji.desk.clinic.first_start.create import begin_training
from gongji.desk.upload.gateway.gateway_settings import set_gateway
from gongji.desk.upload.gateway.kept_gateway import GatewaySettings
from gongji.desk.upload.queue import queued
from gongji.files import resource_folder
from gongji.gui.data.import_page import ImportPage
from gongji.gui.data.screen import DataScreen
from gongji.gui.opening import make_application
from gongji.gui.shell.preload import Preloader
from gongji.pack_files.library import Library
from gongji.spreadsheets.write_table import write_table
from tests.bench.heart import Heart
from tests.bench.invented import ITEM_HEADINGS, items
from tests.bench.report import Section, at_most, for_scale
from tests.bench.visits import generator
from tests.support.clerk import Clerk, choose_kind, page_of

_AREA = "530300"
_MORNING = datetime.datetime(2026, 11, 22, 8, 0, tzinfo=CHINA)
_VISITS = int(os.environ.get("GONGJI_BENCH_VISITS", "160"))
"""Of the thousand of eight hours, as many as fit into a minute."""
_REFUND_EVERY, _IMPORT_EVERY = 20, 40
_ITEMS = 500
_DRAINED_S = 60


def _memory_mb() -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) / 1024


def _handles() -> tuple[int, int]:
    """Return how many handles are open, and how many connections: the queue keeps one a lane at most."""
    opened = []
    for one in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile, as the one of this folder is
            opened.append(str(one.readlink()))
    connections = sum(one.startswith("socket:") for one in opened)
    return len(opened) - connections, connections


@contextmanager
def _platform(folder: Path) -> Iterator[str]:
    """The practice platform, beside the window as it is beside a clerk's; yields its address."""
    program = [sys.executable, "-m", "gongji", "sandbox", "--port", "0"]
    environment = {**os.environ, "XDG_DATA_HOME": str(folder / "platform")}
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stdout is not None
        yield next(word for line in running.stdout for word in line.split() if word.startswith("http://"))
        running.terminate()


def measure() -> Section:
    """Work a thousand visits, fifty refunds and twenty imports while the queue drains, then close the day."""
    application = make_application()
    assert application is not None
    begun = time.monotonic()
    with TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_DATA_HOME"] = str(folder / "home")
        library = Library(resource_folder() / "policies")

        def clock() -> datetime.datetime:
            return _MORNING + datetime.timedelta(seconds=time.monotonic() - begun)

        begin_training(folder / "data", _AREA, library, clock)
        table = folder / "items.csv"
        write_table(table, [ITEM_HEADINGS, *items(generator("day"), _ITEMS)])
        with _platform(folder) as address:
            threads, (_, connections) = threading.active_count(), _handles()
            clerk = Clerk(folder / "data", library, clock)
            gateway = GatewaySettings(address=address.replace("localhost", "127.0.0.1"), region="practice")
            clerk.station.jobs.write(lambda: set_gateway(clerk.counter, gateway))
            warming = Preloader(clerk.station, lambda: None)
            clerk.until(lambda: not warming._steps and clerk.station.jobs.is_idle)  # noqa: SLF001  # as before the first patient
            return _worked(clerk, table, threads, connections)


def _worked(clerk: Clerk, table: Path, threads_before: int, connections_before: int) -> Section:
    heart, memory, handles, frames = Heart(), [], [], []
    patients, goods = cycle(("ltj", "zjz", "wjy")), cycle(("bhsal", "amxl", "gml", "ybzl"))
    for number in range(1, _VISITS + 1):
        clerk.choose_patient(next(patients))
        for _line in range(1 + number % 3):
            clerk.add_item(next(goods), str(1 + number % 4))
        clerk.settle_down()
        clerk.settle()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # a program's own event loop does that
        assert clerk.screen.state.draft.is_empty, clerk.notes
        if number % _REFUND_EVERY == 0:
            _give_back(clerk)
        if number % _IMPORT_EVERY == 0:
            _bring_in(clerk, table)
        if number % (_VISITS // 20) == 0:
            frames.append(heart.taken_ms())
            gc.collect()
            memory.append(_memory_mb())
            handles.append(_handles()[0])
            QApplication.processEvents()
            heart.taken_ms()  # the collection was ours
    clerk.press("4", with_ctrl=True)
    clerk.settle_down()
    clerk.press("F3")
    clerk.type("0")
    clerk.press("F9", "Enter")
    clerk.settle_down()
    frames.append(heart.taken_ms())
    waiting = _drained(clerk)
    clerk.leave()
    warm = len(memory) // 5
    return Section(
        f"i. a long day: {_VISITS:,} visits, {_VISITS // _REFUND_EVERY} refunds, {_VISITS // _IMPORT_EVERY} imports",
        (
            at_most("memory at the end, times that after a fifth of the day", memory[-1] / memory[warm - 1], 1.1, ""),
            for_scale("memory at the end", memory[-1], "MB", f"after a fifth {memory[warm - 1]:.0f} MB"),
            at_most("the longest the window was kept from its events", max(frames), 100, "ms"),
            at_most("handles of files more than after a fifth", handles[-1] - handles[warm - 1], 0, ""),
            at_most("connections left when it is closed", _handles()[1] - connections_before, 0, ""),
            at_most("threads left when it is closed", threading.active_count() - threads_before, 0, ""),
            at_most("records not yet sent a minute after", waiting, 0, ""),
        ),
        (
            "memory, MB: " + " ".join(f"{one:.0f}" for one in memory),
            "frames, ms: " + " ".join(f"{one:.0f}" for one in frames),
        ),
    )


def _give_back(clerk: Clerk) -> None:
    clerk.press("F10", "Enter")
    clerk.type("x")
    clerk.press("Enter")
    clerk.settle_down()
    clerk.close_sheet()


def _bring_in(clerk: Clerk, table: Path) -> None:
    clerk.press("7", with_ctrl=True)
    screen = clerk.window.screen_shown
    assert isinstance(screen, DataScreen)
    choose_kind(page_of(screen, ImportPage), "catalogue")
    page_of(screen, ImportPage).look_at(table)
    clerk.settle_down()
    page_of(screen, ImportPage).load()
    clerk.settle_down()
    clerk.press("1", with_ctrl=True)
    clerk.settle_down()


def _drained(clerk: Clerk) -> int:
    """Wait for the queue, a minute at most; return how many records wait still."""
    given_up = time.monotonic() + _DRAINED_S

    def waiting() -> int:
        return sum(one.state not in ("accepted", "void") for one in queued(clerk.counter, None))

    clerk.until(lambda: not waiting() or time.monotonic() > given_up, 2 * _DRAINED_S)
    return waiting()
