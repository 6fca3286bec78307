"""The queue on its way: visits a second through the loopback gateway, one lane and many, near and 200 ms away.

The gateway is the practice platform, a process of its own on the same machine: it adjudicates every visit again. Each
visit is another person's, so that any number of lanes may go at once; it takes six messages and a question for its
figures, each kept before it leaves and its answer kept after.
"""

import datetime
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from gongji.cli.io import collect_seldom
from gongji.core.dates import CHINA
from gongji.core.outbox.replies import Answered
from gongji.desk.clinic.first_start.create import begin_training
from gongji.desk.clinic.open import open_counter
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.desk.upload.sending_loop import SendingLoop
from gongji.desk.upload.uploader import Answer, TimeAndChance, TurnResult
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from gongji.payer.gateway import Address, Gateway
from gongji.payer.regions import Profile, profile
from gongji.payer.transport import HttpLine
from gongji.store.upload import legs
from tests.bench.report import Row, Section, at_least, for_scale
from tests.support.claiming import Uploader

_AREA = "530300"
_NEAR, _FAR = 96, 48
_ROUND_TRIP_S = 0.2
_NOW = datetime.datetime(2026, 11, 22, 10, tzinfo=CHINA)


def measure() -> Section:
    """Settle visits of many people, and drain the queue in each way."""
    practice = profile("practice")
    near_one = _circle(practice, _NEAR, at_once=1)
    near_many = _circle(practice, _NEAR, at_once=practice.lanes)
    far_one = _circle(practice, _FAR // 8, at_once=1, far=True)
    far_many = _circle(practice, _FAR, at_once=practice.lanes, far=True)
    lanes, far = f"{practice.lanes} lanes", f"{_ROUND_TRIP_S * 1000:.0f} ms round trip"
    rows: list[Row] = [
        for_scale("loopback gateway, one lane", near_one.rate, "visits/s", near_one.told),
        at_least(f"loopback gateway, {lanes}", near_many.rate, 150, "visits/s", near_many.told),
        for_scale(f"{far}, one lane", far_one.rate, "visits/s", far_one.told),
        for_scale(f"{far}, {lanes}", far_many.rate, "visits/s", f"{far_many.rate / far_one.rate:.1f} times one lane"),
    ]
    return Section("h. the queue", tuple(rows))


class _Drained(NamedTuple):
    """How many visits a second, and for each visit how many messages, commits of the book and ms of this process."""

    rate: float
    messages: float
    commits: float
    own_ms: float

    @property
    def told(self) -> str:
        return f"a visit: {self.messages:.1f} messages, {self.commits:.1f} commits, {self.own_ms:.1f} ms of our CPU"


class _Counting(Uploader):
    """Counts its turns that keep something: each is one commit."""

    commits = 0

    def turn(self, answers: Sequence[Answer], most: int) -> TurnResult:
        turned = super().turn(answers, most)
        self.commits += bool(turned.recorded or turned.outgoing)
        return turned


@contextmanager
def platform(folder: Path) -> Iterator[str]:
    """Run the practice platform beside this process; yield its address."""
    command = [sys.executable, "-m", "gongji", "sandbox", "--port", "0", "--data", str(folder / "sandbox.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            process.wait()


def _circle(practice: Profile, visits: int, *, at_once: int, far: bool = False) -> _Drained:
    """Drain so many visits to a platform of their own, which knows none of their numbers yet."""
    with TemporaryDirectory() as folder, platform(Path(folder)) as address:
        if far:
            _far_away(address, (Path(folder) / "sandbox.token").read_text(encoding="ascii"))
        return _drained(Path(folder) / "a", address, practice, visits, at_once=at_once)


def _far_away(address: str, token: str) -> None:
    """Let every answer take as long as a round trip to a distant gateway."""
    chance = {"seed": 1, "share": 1.0, "kinds": ["delay"], "seconds": _ROUND_TRIP_S}
    with HttpLine() as line:
        told = line.post(f"{address}/control/chance", json.dumps(chance).encode(), {"authorization": f"Bearer {token}"})
        assert isinstance(told, Answered)


def _drained(path: Path, address: str, practice: Profile, visits: int, *, at_once: int) -> _Drained:
    """Settle so many visits in a new book and upload them."""
    counter = _filled(path, visits)
    collect_seldom()  # as the command does
    try:
        outside = TimeAndChance(
            lambda: _NOW + datetime.timedelta(seconds=time.monotonic()), time.monotonic, random.random
        )
        uploader = _Counting(counter, practice, outside)
        begun, cpu = time.perf_counter(), time.process_time()
        with Gateway(Address(url=address), practice, lambda: _NOW) as gateway:
            loop = SendingLoop(uploader, lambda one: gateway.send(one.infno, one.body), at_once)
            messages = loop.send_all(lambda _: False, lambda _: None)
        taken_s, own_s = time.perf_counter() - begun, time.process_time() - cpu
        counts = legs.counts(counter.store.reader)
        assert counts == {"accepted": visits}, counts
    finally:
        counter.close()
    return _Drained(visits / taken_s, messages / visits, uploader.commits / visits, 1000 * own_s / visits)


def _filled(path: Path, visits: int) -> Session:
    library = Library(resource_folder() / "policies")
    begin_training(path, _AREA, library, lambda: _NOW)
    counter = open_counter(path, library, lambda: _NOW)
    for number in range(visits):
        text = visit_text(f"{path.name}{number}", f"5303991960{ord(path.name):03d}{number:05d}")
        assert settle_text(counter, text).stored is not None
    return counter


def visit_text(number: str, person: str) -> bytes:
    """Return a visit with four lines."""
    line = {"code": "X1", "name": "药", "category": "drug", "class": "A", "unit_price": "25.00", "quantity": "4"}
    one = {
        "visit_no": number,
        "settled_on": "2026-11-22",
        "person": {"id": person, "name": "某人", "status": "retired"},
        "lines": [line] * 4,
    }
    return json.dumps(one).encode()


if __name__ == "__main__":
    from tests.bench.report import print_section

    print_section(measure())
