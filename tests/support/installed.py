"""Starting what is installed, through its launcher, as a clerk does."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

DAY = {"GONGJI_PRACTICE_CLOCK": "2026-11-22T10:00:00"}


class Ran(Struct, frozen=True):
    """The result of a run of the program."""

    status: int
    out: str
    err: str

    @property
    def answer(self) -> dict[str, object]:
        found = json.loads(self.out.splitlines()[-1])
        assert isinstance(found, dict)
        return found


def environment(more: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, **DAY, "QT_QPA_PLATFORM": "offscreen", **more}


def start(top: Path, *arguments: str | Path, **more: str) -> Ran:
    """Start what the launcher starts, and wait for its end."""
    done = subprocess.run(
        [top / "gongji", *arguments], capture_output=True, check=False, env=environment(more), cwd=top.parent
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def start_and_kill(top: Path, *arguments: str | Path, step: str) -> bool:
    """Start the program and kill it once it prints that a step begins; return whether it did."""
    with subprocess.Popen(
        [top / "gongji", *arguments], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment({}),
        cwd=top.parent,
    ) as child:  # fmt: skip
        assert child.stderr is not None
        said = False
        for line in child.stderr:
            said = step in line.decode()
            if said:
                child.kill()
                break
    return said


def listed(top: Path, data: Path) -> str:
    """What the started program prints about every settlement in the book."""
    ran = start(top, "list", "--data", data, "--json")
    assert ran.status == 0, ran.err
    return ran.out
