"""A hundred thousand queued records draining while the counter works: what a commit waits for behind the uploader.

One thread writes the book, so what the uploader costs the counter is the wait for one of its steps: as the window does
it, a claim and a record go between two commits. The platform answers at once, from the simulations' payer.
"""

import datetime
import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from gongji.core.book.times import CHINA, stamp
from gongji.core.outbox.replies import Answered
from gongji.desk.committing import settle_text
from gongji.desk.counter import Counter
from gongji.desk.opening import open_counter
from gongji.desk.training import begin_training
from gongji.desk.uploading import Outside, Uploader
from gongji.files import resource_folder
from gongji.policies import Library
from gongji.store import db
from gongji.upload.profiles import profile
from tests.bench.multiply import PEOPLE, add_people, multiply
from tests.bench.report import Row, Section, at_most, for_scale
from tests.upload.payer import Payer

_RECORDS = 100_000
_COMMITS = 400
_NOW = datetime.datetime(2026, 11, 22, 10, tzinfo=CHINA)


def measure() -> Section:
    """Measure commits beside a full queue, first with the uploader idle, then with it at work."""
    library = Library(resource_folder() / "policies")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "data"
        begin_training(path, "530300", library, lambda: _NOW)
        counter = open_counter(path, library, lambda: _NOW)
        _settle(counter, 0)
        counter.close()
        _fill(path, library)
        counter = open_counter(path, library, lambda: _NOW)
        try:
            idle = _times(lambda number: _settle(counter, number), 1)
            uploader = _Uploading(counter, library)
            busy = _times(lambda number: uploader.step_then(lambda: _settle(counter, number)), 1 + _COMMITS)
        finally:
            counter.close()
    rows: list[Row] = [
        for_scale(f"commit beside {_RECORDS:,} queued records, uploader idle, p50", _at(idle, 50), "ms"),
        for_scale("the same, p99", _at(idle, 99), "ms"),
        for_scale("with a claim and a record before each, wait and commit, p50", _at(busy, 50), "ms"),
        at_most("the same, p99, beside twice the idle p99", _at(busy, 99), 2 * _at(idle, 99), "ms"),
        for_scale("claim and record of one message", uploader.step_ms, "ms"),
    ]
    return Section("i. a full queue beside the counter", tuple(rows))


class _Uploading:
    def __init__(self, counter: Counter, library: Library) -> None:
        outside = Outside(lambda: _NOW, time.monotonic, random.Random(1).random)
        self._uploader = Uploader(counter, profile("practice"), outside)
        self._payer = Payer(library, "530300", lambda: stamp(_NOW), idempotent=True)
        self._spent = 0.0
        self._count = 0

    def step_then(self, act: Callable[[], None]) -> None:
        began = time.perf_counter()
        outgoing = self._uploader.claim()
        assert outgoing is not None
        claimed = time.perf_counter()
        answer = self._payer.handle(outgoing.body)
        answered = time.perf_counter()
        self._uploader.record(outgoing, Answered(answer))
        self._spent += time.perf_counter() - answered + claimed - began
        self._count += 1
        act()

    @property
    def step_ms(self) -> float:
        return 1000 * self._spent / self._count


def _fill(path: Path, library: Library) -> None:
    counter = open_counter(path, library, lambda: _NOW)
    key = counter.store._key  # noqa: SLF001  # to copy rows faster than anybody can settle
    counter.close()
    connection = db.connect(path / "book.db", key)
    add_people(connection)
    multiply(connection, 2, _RECORDS)
    connection.close()
    assert PEOPLE >= _RECORDS
    (path / "witness.jsonl").unlink()


def _settle(counter: Counter, number: int) -> None:
    line = {"code": "X1", "name": "药", "category": "drug", "class": "A", "unit_price": "25.00", "quantity": "4"}
    one = {
        "visit_no": f"bench{number}",
        "settled_on": "2026-11-22",
        "person": {"id": f"53030219600101{number % 5000:04d}", "name": "某人", "status": "retired"},
        "lines": [line] * 4,
    }
    assert settle_text(counter, json.dumps(one).encode()).stored is not None


def _times(act: Callable[[int], None], first: int) -> list[float]:
    found = []
    for number in range(first, first + _COMMITS):
        began = time.perf_counter()
        act(number)
        found.append(1000 * (time.perf_counter() - began))
    return sorted(found)


def _at(times: list[float], percent: int) -> float:
    return times[min(len(times) - 1, len(times) * percent // 100)]


if __name__ == "__main__":
    from tests.bench.report import print_section

    print_section(measure())
