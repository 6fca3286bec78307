"""The program from outside: its commands as processes, and what they print."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gongji.files import resource_folder

PRACTICE_CLOCK = "GONGJI_PRACTICE_CLOCK"
"""The variable by which training data, the practice platform and packages for it are given a time to begin at."""
PROGRAM = (sys.executable, "-m", "gongji")
TOKEN = "told to tests alone"  # noqa: S105  # of platforms that tests start
VISITS = resource_folder() / "training" / "530300" / "visits.jsonl"


def gongji(
    *arguments: str | Path, status: int = 0, given: str | None = None, environment: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Run a command to its end; return the objects it prints."""
    done = subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        input=None if given is None else given.encode(),
        capture_output=True,
        check=False,
        timeout=120,
        env={**os.environ, **(environment or {})},
    )
    assert done.returncode == status, (arguments, done.returncode, done.stderr.decode())
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith(b"{")]


@contextmanager
def sandbox(
    file: Path, *arguments: str, port: int = 0, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Start the practice platform; yield its address and its process."""
    command = [*PROGRAM, "sandbox", "--port", str(port), "--data", str(file), *arguments]
    env = {**os.environ, "GONGJI_PRACTICE_TOKEN": TOKEN, **(environment or {})}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip(), process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)


def settled(data: Path) -> dict[str, dict[str, str]]:
    """Settle the sample visits of a new training folder; return their totals by number."""
    gongji("init", "--training", "--area", "530300", "--data", data)
    found = gongji("settle", "--no-receipt", "--data", data, VISITS, status=2)  # the last is there to be refused
    return {one["visit_no"]: one["totals"] for one in found if one["ok"]}


def summed(file: Path) -> dict[str, dict[str, str]]:
    """Return what a platform holds, by visit; a visit under two benefits is there twice and is added up."""
    found: dict[str, dict[str, int]] = {}
    for one in gongji("sandbox", "--dump", "--data", file):
        sums = found.setdefault(one["visit_no"], dict.fromkeys(one["amounts"], 0))
        for name, text in one["amounts"].items():
            sums[name] += int(text.replace(".", ""))
    return {no: {name: f"{fen // 100}.{fen % 100:02d}" for name, fen in sums.items()} for no, sums in found.items()}
