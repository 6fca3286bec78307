"""Faults on real lines, HTTP and TLS, with crashes between any two steps: nothing lost, nothing doubled, all drains.

A schedule is a seed: visits of a few people, some taken back, a platform that misbehaves by chance, and an uploader
that is dropped without a word and begun anew. Time for waiting runs ten times as fast as the clock on the wall.
`GONGJI_SCHEDULES` says how many; any of them alone runs again with `-k "[seed]"`.
"""

import datetime
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gongji.core.book.times import CHINA
from gongji.core.outbox.replies import Exchange, NotSent, Unknown
from gongji.core.outbox.states import FINAL, State
from gongji.desk.committing import settle_text
from gongji.desk.counter import Counter
from gongji.desk.opening import Beginning, begin, open_counter
from gongji.desk.reversing import void
from gongji.desk.uploading import Outside, Uploader
from gongji.policies import Library
from gongji.sandbox.dumping import live
from gongji.sandbox.faults import Chance, Fault
from gongji.store import legs, queue
from gongji.upload.profiles import profile
from tests.book.clinic import AREA, INSTITUTION, OPERATOR, line, text
from tests.sandbox.driving import visit
from tests.sandbox.serving import Running, running

SCHEDULES = int(os.environ.get("GONGJI_SCHEDULES", "3"))
PROFILE = profile("practice")
FAST = 10.0
QUICK = (
    "drop_before", "drop_after", "status_before", "status_after", "malformed", "truncated", "doubled_key",
    "not_a_number", "stranger", "portal", "redirect", "trickle",
)  # fmt: skip
SLOW = ("late", "delay", "drop_after", "drop_before")
DEADLINE_S, LATE_S = 0.3, 0.45
MOST_MESSAGES = 600
BEGUN = time.monotonic()


def ticks() -> float:
    return (time.monotonic() - BEGUN) * FAST


def clock() -> datetime.datetime:
    return datetime.datetime(2025, 6, 10, 9, 0, tzinfo=CHINA) + datetime.timedelta(seconds=ticks())


@pytest.fixture(scope="module", params=[False, True], ids=["http", "https"])
def there(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, library: Library
) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("sandbox"), library, tls=request.param, deadline_seconds=DEADLINE_S) as one:
        yield one


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Iterator[Counter]:
    path = tmp_path_factory.mktemp("data") / "data"
    new = Beginning(counter="01", area=AREA, institution=INSTITUTION, operator=OPERATOR, password=None, training=True)
    begin(path, new, library, clock)
    one = open_counter(path, library, clock)
    yield one
    one.close()


def person(seed: int, number: int, there: Running) -> dict[str, Any]:
    kind = 1 if there.url.startswith("https") else 0
    return {"id": f"5303991950{kind}{seed:05d}{number:02d}", "name": "某人", "status": "retired"}


@pytest.mark.parametrize("seed", range(SCHEDULES))
def test_every_record_is_there_once(seed: int, there: Running, counter: Counter) -> None:
    dice = random.Random(seed)
    voided = _settled(seed, dice, there, counter)
    slow = seed % 4 == 3
    there.payer.options.dedupe = seed % 2 == 1
    kinds = (*(SLOW if slow else QUICK), *(("duplicate",) if seed % 2 else ()))
    share, seconds = (0.15, LATE_S) if slow else (0.35, 0.02)
    there.faults.by_chance(Chance(seed=seed, share=share, kinds=kinds, seconds=seconds))
    there.faults.want([Fault(kind="tls", skip=1), Fault(kind="certificate", skip=2)])
    _work(counter, there, dice, most=dice.randrange(10, 60))
    there.faults.clear()
    _work(counter, there, dice, most=MOST_MESSAGES, crashes=0.0)
    _check(counter, there, voided)


def _settled(seed: int, dice: random.Random, there: Running, counter: Counter) -> dict[str, bool]:
    """Settle a few visits, some of one person, and take some back; return whether each was taken back."""
    voided = {}
    for number in range(dice.randrange(2, 5)):
        who = person(seed, dice.randrange(2), there)
        no = f"{there.url[:5]}{seed}-{number}"
        accounts = {"own": {"balance": "20.00"}}
        bill = [line(f"{dice.randrange(10, 300)}.00"), line("10.00", benefit="emergency")][: dice.randrange(1, 3)]
        one = settle_text(counter, text(visit(no, *bill, person=who, accounts=accounts))).stored
        assert one is not None
        voided[no] = dice.random() < 0.25
        if voided[no]:
            void(counter, one.no, "退")
    return voided


def _work(
    counter: Counter,
    there: Running,
    dice: random.Random,
    most: int,
    crashes: float = 0.06,
    seen: Callable[[Exchange], Exchange] = lambda exchange: exchange,
) -> None:
    """Upload, dropped and begun anew now and then, until so many messages were sent or nothing waits."""
    outside = Outside(clock=clock, ticks=ticks, dice=dice.random)
    uploader = Uploader(counter, PROFILE, outside)
    sent = 0
    while sent < most:
        outgoing = uploader.claim()
        if outgoing is None:
            wait = uploader.seconds_to_wait()
            if wait is None:
                return
            time.sleep(min(max(wait, 0.1), 5) / FAST)
            continue
        if dice.random() >= crashes:
            sent += 1
            exchange = seen(there.post(outgoing.body))
            if dice.random() >= crashes:
                uploader.record(outgoing, exchange)
                continue
        uploader = Uploader(counter, PROFILE, outside)


def _check(counter: Counter, there: Running, voided: dict[str, bool]) -> None:
    reader = counter.store.reader
    for row in queue.rows(reader):
        assert State(row.state) in {*FINAL, State.ACCEPTED}, row
    held: dict[str, list[Any]] = {}
    for one in live(there.payer.platform.connection):
        held.setdefault(one["visit_no"], []).append(one)
    for no, gone in voided.items():
        serial, total_fen, cash_fen = reader.execute(
            "SELECT serial, total_fen, cash_fen FROM settlement WHERE visit_no = ? AND kind = 'settle'", (no,)
        ).fetchone()
        mine = held.get(no, [])
        assert len(mine) == (0 if gone else len(legs.of_serial(reader, serial))), (no, mine)
        if not gone:
            for name, fen in (("total", total_fen), ("cash", cash_fen)):
                assert sum(int(one["amounts"][name].replace(".", "")) for one in mine) == fen
    assert len(voided) == len([no for no in voided if (no in held) is not voided[no]])


def test_who_takes_a_lost_answer_for_not_sent_doubles_records(there: Running, counter: Counter) -> None:
    """The same faults, and a client that knows no better: this very check notices."""
    there.payer.options.dedupe = False
    dice = random.Random(1)
    for number in range(5):
        no = f"{there.url[:5]}careless-{number}"
        settle_text(counter, text(visit(no, person=person(90000, number, there))))
    there.faults.want([Fault(kind="drop_after", infno="2207", times=2)])
    careless: Callable[[Exchange], Exchange] = lambda one: NotSent("?") if isinstance(one, Unknown) else one  # noqa: E731
    _work(counter, there, dice, MOST_MESSAGES, 0.0, careless)
    held = [one["visit_no"] for one in live(there.payer.platform.connection) if "careless" in one["visit_no"]]
    assert len(held) == 7
    with pytest.raises(AssertionError):
        _check(counter, there, dict.fromkeys(held, False))


def test_a_process_that_is_killed_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """`gongji upload` itself, killed at any moment; the platform does everything it is told as often as it is told."""
    program = (sys.executable, "-m", "gongji")
    data, file = str(tmp_path / "data"), str(tmp_path / "sandbox.db")
    subprocess.run([*program, "init", "--training", "--area", AREA, "--data", data], check=True, capture_output=True)
    people = [{"id": f"5303991970{n:08d}", "name": "某", "status": "retired"} for n in range(12)]
    visits = [text(visit(f"K{n}", settled_on="2026-11-22", person=one)) for n, one in enumerate(people)]
    settle = [*program, "settle", "--no-receipt", "--data", data]
    subprocess.run(settle, input=b"\n".join(visits), check=True, capture_output=True)
    dice = random.Random(3)
    serve = [*program, "sandbox", "--port", "0", "--data", file, "--no-dedupe"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as sandbox:
        assert sandbox.stdout is not None
        upload = [*program, "upload", "--watch", "--gateway", sandbox.stdout.readline().strip(), "--data", data]
        for _ in range(3):
            with subprocess.Popen(upload, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
                time.sleep(0.5 + dice.random())
                process.send_signal(signal.SIGKILL)
        with subprocess.Popen(upload, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            states = _until_accepted(program, data)
            process.kill()
        sandbox.terminate()
    assert states == {"accepted"}
    dump = subprocess.run([*program, "sandbox", "--dump", "--data", file], check=True, capture_output=True)
    assert sorted(line.split(b'"')[3].decode() for line in dump.stdout.splitlines()) == sorted(
        f"K{n}" for n in range(12)
    )


def _until_accepted(program: tuple[str, ...], data: str) -> set[str]:
    states: set[str] = set()
    for _ in range(120):
        done = subprocess.run([*program, "queue", "--json", "--data", data], check=True, capture_output=True)
        states = {json.loads(row)["state"] for row in done.stdout.splitlines()}
        if states == {"accepted"}:
            return states
        time.sleep(0.5)
    return states
