"""Acts of many kinds killed at random moments: the book is as before or as after, and verifies.

`python -m tests.scenarios.faults.kill_acts [KILLS [ACT…]]` kills each act, or only those named, so often (200), twenty
of each in turn, at moments spread over what it took undisturbed, and says how often the book was found as before and
as after, and how often the act had been acknowledged: then it must be as after.
"""

import contextlib
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from gongji.store.book_file.folder import Folder
from tests.scenarios.faults import running
from tests.scenarios.faults.power import is_whole
from tests.scenarios.faults.test_between_commits import SEEDED, act_and_die, cheap_here, opened_again, prepare
from tests.support.clinic import OPERATOR, PASSWORD
from tests.support.lying_open import lying_open

KILLED = (
    "settle", "void", "refund", "close", "add", "backup", "restore", "import", "export", "remove", "new key",
)  # fmt: skip
_SERVER = multiprocessing.get_context("forkserver")
_PATIENCE, _AT_ONCE = 300, 20


def act_and_say(path: str, name: str, line: Connection) -> None:
    """Do an act in a folder; say when the folder is open and the act begins, and when it is done."""
    act_and_die(path, name, 0, lambda: line.send("begins"))
    line.send("done")


@contextmanager
def acting(path: Path, name: str) -> Iterator[tuple[Connection, multiprocessing.process.BaseProcess]]:
    """Start a child at an act, and yield once the act begins."""
    mine, theirs = multiprocessing.Pipe()
    child = _SERVER.Process(target=act_and_say, args=(str(path), name, theirs), daemon=True)
    child.start()
    theirs.close()
    assert mine.poll(_PATIENCE)
    assert mine.recv() == "begins"
    yield mine, child
    child.join(_PATIENCE)
    mine.close()


def _said(line: Connection) -> str | None:
    """What a child that is gone or about to be had said; None where it said nothing more."""
    try:
        return str(line.recv())
    except EOFError:
        return None


def killed(folder: Path, name: str, kills: int, own: random.Random) -> dict[str, int]:
    """Kill an act so often in a copy of a folder; return how often the book was found as before and as after."""

    def fresh() -> Path:
        place = Path(tempfile.mkdtemp(dir=folder))
        shutil.copytree(folder / "prepared", place, dirs_exist_ok=True)
        return place / "data"

    before, _ = opened_again(fresh())
    key = Folder(folder / "prepared" / "data").key(OPERATOR, PASSWORD)
    whole, begun = fresh(), 0.0
    with acting(whole, name) as (line, _):
        begun = time.perf_counter()
        line.recv()
        took = time.perf_counter() - begun
    after, _ = opened_again(whole)
    found = {"before": 0, "after": 0, "acknowledged": 0}
    for _ in range(kills):
        path = fresh()
        with acting(path, name) as (line, child):
            time.sleep(own.uniform(0, took * 1.1))
            assert child.pid is not None
            with contextlib.suppress(ProcessLookupError):  # it has just finished
                os.kill(child.pid, signal.SIGKILL)
            acknowledged = _said(line) == "done"
        rows, faults = opened_again(path)
        assert faults == [], (name, faults)
        assert rows in (before, after), (name, {one for one in rows.items() if one[1] != before.get(one[0])})
        assert lying_open(SEEDED, path) == [], name
        assert rows == after or not acknowledged, (name, "acknowledged and not there")
        assert name != "backup" or all(is_whole(one, key) for one in (path / "backups").glob("book-*.db"))
        found["after" if rows == after else "before"] += 1
        found["acknowledged"] += acknowledged
        shutil.rmtree(path.parent)
    return found


def main(arguments: list[str]) -> int:
    """Kill every act so often and say what was found."""
    kills = int(arguments[0]) if arguments else 200
    running.start_server()
    with tempfile.TemporaryDirectory(dir=running.in_memory()) as place, pytest.MonkeyPatch.context() as patch:
        cheap_here(patch)
        prepare(Path(place) / "prepared")
        for done in range(0, kills, _AT_ONCE):
            for name in arguments[1:] or KILLED:
                found = killed(Path(place), name, min(_AT_ONCE, kills - done), random.Random(f"{name} {done}"))
                print(name, found, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
