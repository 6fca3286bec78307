"""A hundred thousand queued records draining while the counter works: what a settlement waits for behind the uploader.

As in the window: one thread writes the book, and settlements and the uploader's turns queue before it; a turn keeps at
most one answer and takes at most one message, and threads of their own wait for the gateway, which is the practice
platform, a process beside this one. A settlement comes every 30 ms, much faster than anybody works. What is drained
meanwhile is a sample of the hundred thousand; the time from asking for a settlement to its commit is compared with the
same when nothing is sent.
"""

import datetime
import hashlib
import json
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Self

from gongji.core.dates import CHINA
from gongji.core.outbox.replies import Exchange
from gongji.desk.clinic.first_start.create import begin_training
from gongji.desk.clinic.open import open_counter
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.desk.upload.queue import GROUPS, queue_totals, queued
from gongji.desk.upload.record_answer import Outgoing
from gongji.desk.upload.uploader import TimeAndChance
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from gongji.payer.gateway import Address, Gateway
from gongji.payer.regions import profile
from tests.bench.multiply import PEOPLE, add_people, in_bulk, multiply
from tests.bench.report import Row, Section, at_most, for_scale
from tests.bench.timing import NS_PER_MS, Spread, repeated, spread, timed
from tests.bench.upload import platform, visit_text
from tests.support.claiming import Uploader
from tests.support.in_the_book import record_body_of

_RECORDS = 100_000
_COMMITS, _WHILE, _EVERY_S = 500, 100, 0.03
_BATCH = 1  # as the window has it
_NOW = datetime.datetime(2026, 11, 22, 10, tzinfo=CHINA)


def measure() -> Section:
    """Measure settlements beside a full queue, first with the uploader idle, then with it at work."""
    library = Library(resource_folder() / "policies")
    with TemporaryDirectory() as folder, platform(Path(folder)) as address:
        path = Path(folder) / "data"
        begin_training(path, "530300", library, lambda: _NOW)
        counter = open_counter(path, library, lambda: _NOW)
        _settle(counter, 0)
        counter.close()
        _fill(path, library)
        counter = open_counter(path, library, lambda: _NOW)
        try:
            lists = _lists(counter)
            with ThreadPoolExecutor(1, "writer") as writer, _Draining(counter, writer, address) as draining:
                idle, busy = _by_turns(counter, writer, draining)
        finally:
            counter.close()
    return Section("i. a full queue beside the counter", (*lists, *_rows(idle, busy, draining)))


def _rows(idle: Spread, busy: Spread, draining: "_Draining") -> list[Row]:
    turns = spread(draining.turns)
    idle_p99, busy_p99 = idle.percentile(99) / NS_PER_MS, busy.percentile(99) / NS_PER_MS
    ratio = busy_p99 / idle_p99
    return [
        for_scale("settlement, uploader idle, p50", idle.median / NS_PER_MS, "ms"),
        for_scale("the same, p99", idle_p99, "ms"),
        for_scale("settlement while it drains, wait and commit, p50", busy.median / NS_PER_MS, "ms"),
        at_most("the same, p99, beside twice the idle p99", busy_p99, 2 * idle_p99, "ms", f"{ratio:.2f} times"),
        for_scale("a turn of the uploader, p50", turns.median / NS_PER_MS, "ms"),
        for_scale("the same, p99", turns.percentile(99) / NS_PER_MS, "ms"),
        for_scale("messages sent meanwhile", draining.sent / draining.taken_s, "/s", f"{draining.sent:,} in all"),
    ]


def _lists(session: Session) -> list[Row]:
    waiting = GROUPS[0].states
    page = repeated(lambda: queued(session, waiting), 9)
    totals = repeated(lambda: queue_totals(session), 9)
    return [
        for_scale(f"first 2,000 of {_RECORDS:,} that wait, p50", page.median / NS_PER_MS, "ms"),
        for_scale("totals of every state, p50", totals.median / NS_PER_MS, "ms"),
    ]


class _Draining:
    """Takes, sends and records by turns, whenever it is let."""

    def __init__(self, session: Session, writer: ThreadPoolExecutor, address: str) -> None:
        region = profile("practice")
        self._writer = writer
        self._gateway = Gateway(Address(url=address), region, lambda: _NOW)
        outside = TimeAndChance(lambda: _NOW, time.monotonic, random.Random(1).random)
        self._uploader = writer.submit(Uploader, session, region, outside).result()
        self._lanes = region.lanes
        self._answers: SimpleQueue[tuple[Outgoing, Exchange]] = SimpleQueue()
        self._network = ThreadPoolExecutor(self._lanes, "network")
        self.turns: list[int] = []
        self.sent, self.taken_s = 0, 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._network.shutdown()
        self._gateway.close()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Drain until the end of the block, and what is on its way then."""
        ended, begun = Event(), time.perf_counter()
        thread = Thread(target=self._work, args=(ended,))
        thread.start()
        yield
        ended.set()
        self.taken_s += time.perf_counter() - begun
        thread.join()

    def _work(self, ended: Event) -> None:
        flying = 0
        while flying or not ended.is_set():
            answers = self._came_in(flying)
            flying -= len(answers)
            room = 0 if ended.is_set() else min(_BATCH, self._lanes - flying)
            nanoseconds, turned = self._writer.submit(timed, partial(self._uploader.turn, answers, room)).result()
            self.turns.append(nanoseconds)
            for outgoing in turned.outgoing:
                self._network.submit(self._send, outgoing)
            flying += len(turned.outgoing)
            self.sent += len(turned.outgoing)

    def _send(self, outgoing: Outgoing) -> None:
        self._answers.put((outgoing, self._gateway.send(outgoing.infno, outgoing.body)))

    def _came_in(self, flying: int) -> list[tuple[Outgoing, Exchange]]:
        """Return answers that have come back, at most a batch; wait for one where no more can be on their way."""
        found = [] if flying < self._lanes else [self._answers.get()]
        while len(found) < min(flying, _BATCH):
            try:
                found.append(self._answers.get_nowait())
            except Empty:
                break
        return found


def _fill(path: Path, library: Library) -> None:
    counter = open_counter(path, library, lambda: _NOW)
    key = counter.store._key  # noqa: SLF001  # to copy rows faster than anybody can settle
    counter.close()
    with in_bulk(path / "book.db", key) as connection:
        first = record_body_of(connection, 1)
        connection.create_function("own_body", 2, partial(_own_body, first), deterministic=True)
        connection.create_function("sha256", 1, lambda body: hashlib.sha256(body).hexdigest(), deterministic=True)
        add_people(connection)
        multiply(connection, 2, _RECORDS, _own_record)
    assert PEOPLE >= _RECORDS


def _own_record(person: str) -> dict[str, str]:
    """Return what a copied record has instead of the original's, so that the platform takes it for its own visit."""
    body = f"own_body(n.serial, {person})"
    return {"body": body, "body_sha256": f"sha256({body})"}


def _own_body(body: bytes, serial: int, person: str) -> bytes:
    record = json.loads(body)
    record |= {"settlement_no": f"01-20261122-{serial:06d}", "visit_no": f"V{serial}", "person_id": person}
    record["visit"] |= {"visit_no": f"V{serial}", "person": {**record["visit"]["person"], "id": person}}
    return json.dumps(record, ensure_ascii=False).encode()


def _settle(session: Session, number: int) -> None:
    done = settle_text(session, visit_text(f"bench{number}", f"53030219600101{number % 5000:04d}"))
    assert done.stored is not None, done.problems


def _by_turns(session: Session, writer: ThreadPoolExecutor, draining: _Draining) -> tuple[Spread, Spread]:
    """Settle with the uploader idle and at work, a while each, so that whatever else the machine does falls on both."""
    idle: list[int] = []
    busy: list[int] = []
    for number in range(0, 2 * _COMMITS, 2 * _WHILE):
        idle += _commits(session, writer, 1 + number)
        with draining.at_work():
            busy += _commits(session, writer, 1 + number + _WHILE)
    return spread(idle), spread(busy)


def _commits(session: Session, writer: ThreadPoolExecutor, first: int) -> Iterator[int]:
    """Ask for settlements at even intervals; yield how long each took from then until it stood."""
    for number in range(first, first + _WHILE):
        due = time.perf_counter() + _EVERY_S
        yield timed(partial(_asked, session, writer, number))[0]
        time.sleep(max(0.0, due - time.perf_counter()))


def _asked(session: Session, writer: ThreadPoolExecutor, number: int) -> None:
    writer.submit(_settle, session, number).result()


if __name__ == "__main__":
    from tests.bench.report import print_section

    print_section(measure())
