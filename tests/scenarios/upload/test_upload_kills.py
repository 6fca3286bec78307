"""The program itself, killed again and again while it uploads over TLS with faults: nothing lost, nothing doubled.

The platform does everything it is told as often as it is told.

GONGJI_KILLS says how often (1,000 for a release).
"""

import datetime
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from gongji.core.outbox.states import State
from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.open import open_counter, open_to_read
from gongji.desk.clinic.verify.verify_book import verify
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from gongji.pack_files.library import Library
from gongji.sandbox.control import live
from gongji.sandbox.faults import Chance, Kind
from gongji.store.upload import outbox_records
from tests.support.circle import accumulators
from tests.support.clinic import AREA, INSTITUTION, OPERATOR, PERSON, line, text, visit
from tests.support.serving import running

KILLS = int(os.environ.get("GONGJI_KILLS", "6"))
RECORDS = 4  # between two kills
KINDS: tuple[Kind, ...] = (
    "drop_before", "drop_after", "status_before", "status_after", "malformed", "truncated", "stranger",
    "tls", "certificate", "delay",
)  # fmt: skip
PROFILE = """
title = "练习，静默时间 1 秒"
based_on = "practice"
quiet_s = 1
first_s = 1
most_s = 1
deadline_s = 2
"""
PEOPLE, FOR_VISITS = 4, 200  # so many at a time, others after so many visits: nobody comes to the year's cap


def now() -> datetime.datetime:
    return datetime.datetime.now().astimezone()  # noqa: TID251  # the program's own processes have the real time


class Kills:
    def __init__(self, folder: Path, library: Library, there: Any) -> None:
        self.data = folder / "data"
        self.profile = folder / "kills.toml"
        self.profile.write_text(PROFILE, encoding="utf-8")
        self.log = folder / "log"
        self.library = library
        self.there = there
        self.dice = random.Random(KILLS)
        self.expected: dict[str, str] = {}
        self.authority = folder / "authority.pem"
        one = Beginning(
            counter="01", area=AREA, institution=INSTITUTION, operator=OPERATOR, password=None, training=True
        )
        begin(self.data, one, library, now)

    def settle_some(self) -> None:
        counter = open_counter(self.data, self.library, now)
        for _ in range(RECORDS):
            number = f"V{len(self.expected)}"
            bill = line(f"{self.dice.randint(100, 9000) / 100:.2f}")
            person = {**PERSON, "id": f"{self.dice.randrange(PEOPLE)}{len(self.expected) // FOR_VISITS:017d}"}
            done = settle_text(counter, text(visit(number, bill, person=person)))
            assert done.stored is not None
            self.expected[number] = f"{done.stored.totals.cash_fen / 100:.2f}"
            if self.dice.random() < 0.2:
                void(counter, done.stored.no, "退药")
                del self.expected[number]
                self.expected[f"{number} voided"] = ""
        counter.close()

    def start(self) -> "subprocess.Popen[bytes]":
        arguments = ["upload", "--data", self.data, "--gateway", self.there.url, "--profile", self.profile]
        command = [sys.executable, "-m", "gongji", *map(str, arguments), "--ca", str(self.authority), "--watch"]
        with self.log.open("ab") as log:
            return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log)

    def killed(self) -> None:
        """Start the program and kill it a moment after its first message has come: while it is at work."""
        before, process = self.messages(), self.start()
        until = time.monotonic() + 10
        while self.messages() == before and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(self.dice.random() * 0.3)
        process.kill()
        process.wait()

    def messages(self) -> int:
        """Return how many messages the platform has had, or was kept from having."""
        (found,) = self.there.payer.platform.connection.execute("SELECT count(*) FROM message").fetchone()
        return int(found) + int(sum(self.there.faults.summary()["met"].values()))

    def drain(self) -> None:
        process = self.start()
        until = time.monotonic() + 60 + KILLS
        while time.monotonic() < until and not self.is_done():
            time.sleep(0.3)
        process.kill()
        process.wait()
        assert self.is_done(), self.log.read_text(encoding="utf-8")

    def is_done(self) -> bool:
        _, store = open_to_read(self.data)
        states = {State(row.state) for row in outbox_records.rows(store.reader)}
        store.close()
        return states <= {State.ACCEPTED, State.REVERSED, State.VOID}


def test_killed_again_and_again(tmp_path: Path, library: Library) -> None:
    with running(tmp_path, library, tls=True, dedupe=False) as there:
        kills = Kills(tmp_path, library, there)
        for _ in range(KILLS):
            kills.settle_some()
            there.faults.by_chance(Chance(seed=kills.dice.randrange(10**6), share=0.2, kinds=KINDS, seconds=0.1))
            kills.killed()
        there.faults.clear()
        kills.drain()
        found = [(one["visit_no"], one["amounts"]["cash"]) for one in live(there.payer.platform.connection)]
        assert sorted(found) == sorted((number, cash) for number, cash in kills.expected.items() if cash)
        counter = open_counter(kills.data, library, now)
        reader = counter.store.reader
        assert accumulators(reader, "entry") == accumulators(there.payer.platform.connection, "figure")
        outcomes = dict(reader.execute("SELECT outcome, count(*) FROM answer GROUP BY outcome").fetchall())
        (cut,) = reader.execute("SELECT count(*) FROM attempt WHERE msgid NOT IN (SELECT msgid FROM answer)").fetchone()
        print(f"{KILLS} kills, {cut} messages cut off by them, outcomes {outcomes}")
        assert outcomes["unknown"] or cut
        assert list(verify(counter.folder, counter.store, library, lambda *_: None)) == []
        counter.close()
