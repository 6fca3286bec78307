"""Killed at any moment and started again: nothing half there, nothing acknowledged lost, nothing doubled."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.scenarios.faults.child import Order, visit_text
from tests.scenarios.faults.running import Child, Outcome, begun_or_begins, looked, ran
from tests.support.clinic import OPERATOR, PASSWORD

KILLS = int(os.environ.get("GONGJI_KILLS", "100"))
IN_A_BATCH = 20
_BATCHES = range((KILLS + IN_A_BATCH - 1) // IN_A_BATCH)


def killed(order: Order, own: random.Random) -> Outcome:
    """Start a child and kill it: mostly while it settles, sometimes while it opens the folder."""
    child = Child(order)
    child.go()
    for _ in range(own.choice((0, 1, 2, 3, 4, 6, 9))):  # what it says tells how far it is, however slow the machine
        child.hear()
    time.sleep(own.uniform(0, 0.01))
    child.kill()
    assert child.end() == -9
    return Outcome(child.said, -9)


@pytest.mark.parametrize("batch", _BATCHES)
def test_random_kills(data: Path, batch: int) -> None:
    own = random.Random(batch)
    acked: dict[str, tuple[str, str]] = {}
    seen: dict[str, tuple[str, str]] = {}
    pending: list[str] = []
    untold, hit, first = 0, 0, 0
    for kill in range(IN_A_BATCH):
        order = Order(path=str(data), acts=tuple(pending), seed=batch * 1000 + kill, first=first)
        outcome = killed(order, own)
        assert not outcome.crashes, outcome.crashes
        assert not outcome.told, outcome.told
        book = looked(data)
        assert book.faults == []
        for act, answer in outcome.acked.items():
            assert seen.get(act, answer) == answer, f"{act} was there already and came out differently"
        acked |= outcome.acked
        assert {act: book.acts.get(act) for act in acked} == acked
        assert {act: book.acts.get(act) for act in seen} == seen
        pending = outcome.pending or [act for act in pending if act not in outcome.acked]
        assert {*book.acts} <= {*acked, *pending}
        hit += bool(outcome.pending)
        untold += bool(outcome.pending) and pending[0] in book.acts
        seen = book.acts
        first = max((int(act[8:]) for act in {*acked, *pending} if act.startswith("settle")), default=0)
    last = ran(Order(path=str(data), acts=(*pending, f"settle V{first + 1}")))
    assert last.done
    book = looked(data)
    assert book.findings == (), "the witness has caught up"
    assert book.acts == {**seen, **last.acked}
    print(f"batch {batch}: {IN_A_BATCH} kills, {len(book.acts)} acts, {hit} kills in an act, {untold} of them kept")


def test_the_command_killed(data: Path, tmp_path: Path) -> None:
    """The program itself, given the same visits until it has settled them all; a line it has written is a promise."""
    (tmp_path / "visits").write_bytes(b"\n".join(visit_text(f"V{number}") for number in range(60)))
    words = [sys.executable, "-m", "gongji", "settle", str(tmp_path / "visits"), "--no-receipt", "--data", str(data)]
    words.append("--clock-confirmed")  # the folder was begun on a day of its own, and today may be years later
    promised: dict[str, str] = {}
    for lines in (1, 7, 23, 60):
        program = subprocess.Popen(
            [*words, "--operator", OPERATOR], stdout=subprocess.PIPE, env={**os.environ, "GONGJI_PASSWORD": PASSWORD}
        )
        assert program.stdout is not None
        written = [program.stdout.readline() for _ in range(lines)]
        if lines < 60:
            program.kill()
        written += [line for line in program.stdout if line.endswith(b"\n")]
        assert program.wait() == (-9 if lines < 60 else 0)
        program.stdout.close()
        for answer in map(json.loads, written):
            number = answer["settlement_no"]
            assert promised.setdefault(answer["visit_no"], number) == number
        book = looked(data)
        assert book.faults == []
        assert {act[len("settle ") :]: number for act, (number, _) in book.acts.items()}.items() >= promised.items()
    assert len(promised) == 60
    assert looked(data).findings == ()


def test_beginning_killed(tmp_path: Path) -> None:
    own = random.Random(7)
    usable = 0
    for kill in range(max(10, KILLS // 10)):
        path = tmp_path / f"data{kill}"
        child = Child(Order(path=str(path), begins=True))
        child.go()
        time.sleep(own.uniform(0, 0.12))
        child.kill()
        child.end()
        usable += begun_or_begins(path)
    print(f"{usable} usable at once")
