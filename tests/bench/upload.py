"""The queue on its way: visits a second through the loopback gateway, one lane and many, near and 200 ms away.

The gateway is the practice platform, a process of its own on the same machine: it adjudicates every visit again. Each
visit is another person's, so that any number of lanes may go at once; it takes six messages, each kept before it leaves
and its answer kept after.
"""

import contextlib
import datetime
import io
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from gongji.cli.uploading import run
from gongji.core.book.times import CHINA
from gongji.core.outbox.replies import Answered
from gongji.desk.committing import settle_text
from gongji.desk.counter import Counter
from gongji.desk.opening import open_counter
from gongji.desk.training import begin_training
from gongji.desk.uploading import Outside, Uploader
from gongji.files import resource_folder
from gongji.policies import Library
from gongji.store import legs
from gongji.upload.gateway import Address, Gateway
from gongji.upload.profiles import Profile, profile
from gongji.upload.transport import Line
from tests.bench.report import Row, Section, at_least, for_scale

_AREA = "530300"
_NEAR, _FAR = 300, 40
_ROUND_TRIP_S = 0.2
_NOW = datetime.datetime(2026, 11, 22, 10, tzinfo=CHINA)


def measure() -> Section:
    """Settle visits of many people, and drain the queue in each way."""
    practice = profile("practice")
    with TemporaryDirectory() as folder, _platform(Path(folder)) as address:
        near_one = _drained(Path(folder) / "a", address, practice, _NEAR, at_once=1)
        near_many = _drained(Path(folder) / "b", address, practice, _NEAR, at_once=practice.lanes)
        _far_away(address)
        far_one = _drained(Path(folder) / "c", address, practice, _FAR // 4, at_once=1)
        far_many = _drained(Path(folder) / "d", address, practice, _FAR, at_once=practice.lanes)
    lanes = f"{practice.lanes} lanes"
    rows: list[Row] = [
        for_scale("loopback gateway, one lane", near_one, "visits/s"),
        at_least(f"loopback gateway, {lanes}", near_many, 100, "visits/s", "one message in flight a lane"),
        for_scale(f"{_ROUND_TRIP_S * 1000:.0f} ms round trip, one lane", far_one, "visits/s"),
        for_scale(f"{_ROUND_TRIP_S * 1000:.0f} ms round trip, {lanes}", far_many, "visits/s"),
    ]
    return Section("h. the queue", tuple(rows))


@contextmanager
def _platform(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "gongji", "sandbox", "--port", "0", "--data", str(folder / "sandbox.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            process.wait()


def _far_away(address: str) -> None:
    """Let every answer take as long as a round trip to a distant gateway."""
    chance = {"seed": 1, "share": 1.0, "kinds": ["delay"], "seconds": _ROUND_TRIP_S}
    with Line() as line:
        assert isinstance(line.post(f"{address}/control/chance", json.dumps(chance).encode()), Answered)


def _drained(path: Path, address: str, practice: Profile, visits: int, *, at_once: int) -> float:
    """Settle so many visits in a new book and upload them; return visits a second."""
    counter = _filled(path, visits)
    try:
        outside = Outside(lambda: _NOW + datetime.timedelta(seconds=time.monotonic()), time.monotonic, random.random)
        uploader = Uploader(counter, practice, outside)
        begun = time.perf_counter()
        with (
            Gateway(Address(url=address), practice, lambda: _NOW) as gateway,
            contextlib.redirect_stderr(io.StringIO()),
        ):
            run(uploader, gateway, lambda _: None, watch=False, at_once=at_once)
        taken_s = time.perf_counter() - begun
        counts = legs.counts(counter.store.reader)
        assert counts == {"accepted": visits}, counts
    finally:
        counter.close()
    return visits / taken_s


def _filled(path: Path, visits: int) -> Counter:
    library = Library(resource_folder() / "policies")
    begin_training(path, _AREA, library, lambda: _NOW)
    counter = open_counter(path, library, lambda: _NOW)
    for number in range(visits):
        line = {"code": "X1", "name": "药", "category": "drug", "class": "A", "unit_price": "25.00", "quantity": "4"}
        one = {
            "visit_no": f"{path.name}{number}",
            "settled_on": "2026-11-22",
            "person": {"id": f"5303991960{ord(path.name):03d}{number:05d}", "name": "某人", "status": "retired"},
            "lines": [line] * 4,
        }
        assert settle_text(counter, json.dumps(one).encode()).stored is not None
    return counter


if __name__ == "__main__":
    from tests.bench.report import print_section

    print_section(measure())
