"""The program as a child process: how many visits a second, and how soon the first answer is there."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter_ns

from tests.bench import township, visits
from tests.bench.report import Section, aligned, at_least, at_most, for_scale
from tests.bench.stages import stage_seconds
from tests.bench.timing import NS_PER_MS, NS_PER_S, spread
from tests.reference import reference
from tests.reference.test_against_reference import comparable

_VISITS = 20_000
_RUNS = 3
_STARTS = 30
_SOME_REFUSED = 2


def program() -> str:
    """Return the installed command that belongs to this Python."""
    found = shutil.which("gongji", path=str(Path(sys.executable).parent))
    assert found is not None, "gongji is not installed beside this Python"
    return found


def measure_rate() -> Section:
    """Feed many visits through `gongji quote`, reading and printing included."""
    lines = township.json_lines(_VISITS)
    with TemporaryDirectory() as folder:
        source = Path(folder, "visits.jsonl")
        source.write_bytes(b"".join(lines))
        answers = Path(folder, "answers.jsonl")
        readings = spread([_run(source, answers) for _ in range(_RUNS)])
        differing, refused = _against_reference(lines, answers.read_bytes().splitlines())
    best, usual = _VISITS / readings.best * NS_PER_S, _VISITS / readings.median * NS_PER_S
    size = sum(map(len, lines)) / len(lines)
    rows = (
        at_least("gongji quote, JSON Lines, one core: best", best, 12_000, "/s", f"{_VISITS:,} visits of {size:.0f} B"),
        at_least("gongji quote, JSON Lines, one core: median", usual, 12_000, "/s", f"{_RUNS} runs, start included"),
        at_most("  answers that the second implementation gives otherwise", differing, 0, "", f"{refused} refused"),
    )
    return Section("b. program", rows, tuple(_shares(lines, readings.best / NS_PER_S)))


def _against_reference(lines: list[bytes], answers: list[bytes]) -> tuple[int, int]:
    """Return how many answers differ from those of the second implementation, and how many are refusals."""
    differing = refused = 0
    for line, answer in zip(lines, answers, strict=True):
        found, wanted = json.loads(answer), reference.quote(json.loads(line, parse_float=str))
        refused += not found["ok"]
        differing += comparable(found) != comparable(wanted)
    return differing, refused


def _shares(lines: list[bytes], whole_s: float) -> list[str]:
    """Return what a visit costs in each stage; what is left of the best run is start, reading and writing."""
    stages = stage_seconds(lines)
    stages["start, read, write"] = max(0.0, whole_s - sum(stages.values()))
    cells = [
        (name, f"{seconds / len(lines) * 1e6:.1f} us", f"{seconds / whole_s:.0%}") for name, seconds in stages.items()
    ]
    return ["a visit by stage, measured in this process, and the rest of the best run:", *aligned(cells, right={1, 2})]


def _run(source: Path, answers: Path) -> int:
    """Return how many nanoseconds the program took from its start to its end, on one core where that can be had."""
    with source.open("rb") as given, answers.open("wb") as written:
        start = perf_counter_ns()
        child = subprocess.Popen([program(), "quote"], stdin=given, stdout=written)
        _pin(child.pid)
        status = child.wait()
        taken = perf_counter_ns() - start
    answered = answers.read_bytes().count(b"\n")
    assert (status, answered) == (_SOME_REFUSED, _VISITS), f"exit status {status}, {answered} answers"
    return taken


def _pin(pid: int) -> None:
    """Keep a process on one core where the system has a call for it: the last one, as the first serves interrupts."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(pid, {max(os.sched_getaffinity(0))})


def measure_start() -> Section:
    """Start the program for one visit again and again."""
    line = json.dumps(visits.long_visits(1)[0], ensure_ascii=False).encode() + b"\n"
    firsts = spread([_first_answer(line) for _ in range(_STARTS)])
    nothing = spread([_nothing() for _ in range(_STARTS)])
    note = f"{_STARTS} starts"
    return Section(
        "c. start",
        (
            at_most("process start to first answer: median", firsts.median / NS_PER_MS, 150, "ms", note),
            at_most("process start to first answer: p99", firsts.percentile(99) / NS_PER_MS, 150, "ms"),
            for_scale("python -c pass: median", nothing.median / NS_PER_MS, "ms", "start to end"),
            for_scale("python -c pass: p99", nothing.percentile(99) / NS_PER_MS, "ms"),
        ),
    )


def _first_answer(line: bytes) -> int:
    start = perf_counter_ns()
    with subprocess.Popen([program(), "quote"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(line)
        child.stdin.flush()
        answer = child.stdout.readline()
        taken = perf_counter_ns() - start
        child.stdin.close()
    assert b'"ok":true' in answer, answer
    return taken


def _nothing() -> int:
    start = perf_counter_ns()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return perf_counter_ns() - start
