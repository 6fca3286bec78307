"""A simulated world: a real book, a payer in memory, a line with every fault, crashes, clocks that jump; by seed."""

import datetime
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gongji.core.book.times import CHINA, stamp
from gongji.core.outbox.figures import differing
from gongji.core.outbox.replies import Answered, Busy, Exchange, NotSent, Unknown
from gongji.core.outbox.states import FINAL, HELD, LIVE, State
from gongji.desk import differences
from gongji.desk.committing import settle_text
from gongji.desk.counter import ClockError, Counter
from gongji.desk.opening import open_counter
from gongji.desk.recording import Outgoing
from gongji.desk.reversing import void
from gongji.desk.sheets import figures_at, sheet_of
from gongji.desk.uploading import Outside, Uploader
from gongji.policies import Library
from gongji.store import ledger, legs, platform, queue, resolutions
from gongji.upload.profiles import Profile
from tests.book.clinic import AREA, line, text, visit
from tests.upload.payer import Payer

FAULTS = (
    "drop before", "drop after", "duplicate", "delay", "slow", "500 before", "500 after", "malformed", "truncated",
    "tls", "certificate", "busy", "portal", "refused",
)  # fmt: skip
PEOPLE = ("530399195001010013", "530399195002020020", "530399196003030036")
PARAMETERS = {
    "inpatient_ratio": {"employed": {"1": "0.90"}, "retired": {"1": "0.95"}},
    "inpatient_deductible": {"1": "200"},
    "inpatient_cap": "50000",
}
QUIET_S, LATEST_S = 60, 40


class ViolatedError(AssertionError):
    """An invariant that does not hold."""


class World:
    """One schedule; everything random comes from one seed."""

    def __init__(self, seed: int, folder: Path, template: Path, library: Library, profile: Profile) -> None:
        self.random = random.Random(seed)
        self.seconds = 0.0
        self.skew = 0.0
        self.folder = Path(shutil.copytree(template, folder))
        self.library = library
        self.profile = profile
        self.payer = Payer(library, AREA, self._payer_time, idempotent=self.random.random() < 0.5)
        self.late: list[tuple[float, bytes]] = []
        self.counter = self._open()
        self.uploader = self._uploader()
        self.faults = True
        self.visits: list[str] = []
        self.poison: dict[str, bool] = {}
        self.steps = self.requests = self.crashes = 0

    def _open(self) -> Counter:
        return open_counter(self.folder, self.library, self.clock)

    def _uploader(self) -> Uploader:
        return Uploader(self.counter, self.profile, Outside(self.clock, lambda: self.seconds, self.random.random))

    def clock(self) -> datetime.datetime:
        begin = datetime.datetime(2025, 6, 10, 9, 0, tzinfo=CHINA)
        return begin + datetime.timedelta(seconds=self.seconds + self.skew)

    def _payer_time(self) -> str:
        return stamp(datetime.datetime(2025, 6, 10, 9, 0, tzinfo=CHINA) + datetime.timedelta(seconds=self.seconds))

    # ---- the counter

    def settle(self) -> None:
        number = f"V{len(self.visits)}"
        person: dict[str, Any] = {"id": self.random.choice(PEOPLE), "name": "某人", "status": "retired"}
        bill = [line(f"{self.random.randint(1, 90000) / 100:.2f}")]
        more: dict[str, Any] = {"person": person, "parameters": PARAMETERS}
        if self.random.random() < 0.25:
            person["registrations"] = {"chronic": ["高血压"]}
            bill.append(line(f"{self.random.randint(1, 9000) / 100:.2f}", code="X2", benefit="chronic"))
        one = visit(number, *bill, **more)
        done = self._despite_clock(lambda: settle_text(self.counter, text(one)))
        assert done.stored is not None, done.problems
        self.visits.append(done.stored.no)
        if self.random.random() < 0.05:
            part = self.random.randrange(len(done.stored.parts))
            self.payer.refuses.add(f"{done.stored.no.replace('-', '')}-{part}")
        elif self.random.random() < 0.05:  # one that the platform always stumbles over, before or after it has it
            self.poison[f"{done.stored.no.replace('-', '')}-0"] = self.random.random() < 0.5
        elif self.random.random() < 0.1:
            self.payer.keeps.add(f"{done.stored.no.replace('-', '')}-0")

    def void(self) -> None:
        if self.visits:
            no = self.random.choice(self.visits)
            self._despite_clock(lambda: self._void(no))

    def _void(self, no: str) -> None:
        void(self.counter, no, "退药")

    def _despite_clock(self, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except ClockError:
            self.counter.confirm_clock()
            return act()

    def decide(self) -> bool:
        """A person looks at what waits for one and decides something about it."""
        found = list(differences.cases(self.counter, self.profile))
        if not found:
            return False
        one = self.random.choice(found)
        ways: list[Callable[[], Any]] = [lambda: self._void(one.no)]
        if one.state is State.DIFF:
            ways += [lambda: differences.adopt(self.counter, self.profile, one.no, one.part, "核对过")] * 2
            ways += [lambda: differences.reverse(self.counter, one.no, one.part, "重新结算")]
        if one.state is State.QUARANTINE:
            ways = [lambda: differences.retry(self.counter, one.no, one.part, "再试")] * 2 + ways
        number = f"{one.no.replace('-', '')}-{one.part}"
        self.poison.pop(number, None)  # somebody has talked to the agency
        self.payer.keeps.discard(number)
        if one.state in HELD and self.random.random() < 0.2:
            ways = [lambda: differences.release(self.counter, one.no, one.part, "先做后面的")]
        self._despite_clock(self.random.choice(ways))
        return True

    # ---- the line

    def send(self, outgoing: Outgoing) -> Exchange:
        self.requests += 1
        fault = self.random.choice(FAULTS) if self.faults and self.random.random() < 0.3 else ""
        self.seconds += self.random.random() * 2
        self._deliver_late()
        return self._before(outgoing, fault) or self._after(outgoing, fault)

    def _before(self, outgoing: Outgoing, fault: str) -> Exchange | None:
        """Let go wrong what goes wrong before the payer has the message; None where it has it."""
        if fault in {"tls", "certificate", "refused"}:
            return NotSent("没有连上")
        if fault == "busy":
            return Busy(self.random.choice((None, 3)))
        if fault == "delay":
            self.late.append((self.seconds + self.random.random() * LATEST_S, outgoing.body))
        lost = fault in {"drop before", "500 before", "portal", "delay"}
        return Unknown("没有答复") if lost or self.poison.get(outgoing.number) is False else None

    def _after(self, outgoing: Outgoing, fault: str) -> Exchange:
        """Let go wrong what goes wrong with the answer."""
        answer = self.payer.handle(outgoing.body)
        if outgoing.number in self.poison or fault in {"drop after", "500 after", "slow"}:
            return Unknown("没有答复")
        if fault == "malformed":
            return Answered(answer.replace(b'"infcode"', b'"infcode":"-1","infcode"'))
        if fault == "truncated":
            return Answered(answer[: len(answer) // 2])
        if fault == "duplicate" and (self.payer.idempotent or outgoing.infno != "2207"):
            self.payer.handle(outgoing.body)  # where nothing is unique to the payer no client can prevent it
        return Answered(answer)

    def _deliver_late(self) -> None:
        due = [one for one in self.late if one[0] <= self.seconds]
        self.late = [one for one in self.late if one[0] > self.seconds]
        for _, body in sorted(due):
            self.payer.handle(body)

    # ---- one step

    def step(self) -> None:
        self.steps += 1
        dice = self.random.random()
        if self.faults and dice < 0.03:
            jumps = (-1, 1, 60, -60, 3600, -3600, 86400, -86400, 400 * 86400, -400 * 86400)
            self.skew = self.random.choice((0, *jumps)) if self.random.random() < 0.7 else 0
        elif self.faults and dice < 0.05:
            self.crash(whole=self.random.random() < 0.1)
        outgoing = self.uploader.claim()
        if outgoing is None:
            wait = self.uploader.seconds_to_wait()
            self.seconds += max(0.5, min(wait or 0.5, 900.0))
            self._deliver_late()
        elif self.faults and self.random.random() < 0.03:
            self.crash()  # kept, never sent
        else:
            exchange = self.send(outgoing)
            if self.faults and self.random.random() < 0.04:
                self.crash()  # sent, its answer lost with the program
            else:
                self.uploader.record(outgoing, exchange)
                if outgoing.leg is not None:
                    self.check_leg(*outgoing.leg)
        if self.payer.wrong:
            raise ViolatedError(self.payer.wrong[0])

    def crash(self, *, whole: bool = False) -> None:
        self.crashes += 1
        if whole:
            self.counter.close()
            self.counter = self._open()
        self.uploader = self._uploader()

    # ---- invariants

    def check_leg(self, serial: int, part: int) -> None:
        """I3 and I4 of one leg."""
        reader = self.counter.store.reader
        leg = legs.get(reader, serial, part)
        number = self._number(serial, part)
        live = [one for one in self.payer.live.values() if one["number"] == number]
        if leg.state in LIVE and len(live) != 1:
            raise ViolatedError(f"I3: {number} {leg.state.name}, the payer has {len(live)}")
        if leg.state in FINAL and live:
            raise ViolatedError(f"I4: {number} {leg.state.name}, the payer has it")
        if leg.state is State.ACCEPTED:
            told = platform.newest(reader, serial, part)
            ours = self._figures(serial, part)
            decided = [one for one in resolutions.of_serial(reader, serial) if one.part == part]
            if any(one.kind in {"adopt", "collect", "refund"} for one in decided):
                return
            theirs = live[0]["info"]["fund_pay_sumamt"], live[0]["info"]["psn_cash_pay"]
            if told is None or differing(ours, told.figures):
                raise ViolatedError(f"I3: {number} accepted at other amounts")
            if (f"{ours.fund_total_fen / 100:.2f}", f"{ours.cash_fen / 100:.2f}") != theirs:
                raise ViolatedError(f"I3: {number} accepted at {theirs}")

    def _figures(self, serial: int, part: int) -> Any:
        reader = self.counter.store.reader
        return figures_at(sheet_of(reader, legs.get(reader, serial, part)), self.profile)

    def _number(self, serial: int, part: int) -> str:
        (no,) = self.counter.store.reader.execute("SELECT no FROM settlement WHERE serial = ?", (serial,)).fetchone()
        return f"{no.replace('-', '')}-{part}"

    def check_all(self) -> None:
        """I1 to I6 over everything."""
        reader = self.counter.store.reader
        for serial, part in reader.execute("SELECT serial, part FROM leg WHERE voids IS NULL").fetchall():
            self.check_leg(serial, part)
        for sql, why in (
            ("SELECT count(*) FROM settlement WHERE serial NOT IN (SELECT serial FROM leg)", "I1: no leg"),
            ("SELECT count(*) FROM leg WHERE serial NOT IN (SELECT serial FROM settlement)", "I1: no settlement"),
            ("SELECT count(*) FROM leg WHERE msgid <> '' AND msgid NOT IN (SELECT msgid FROM attempt)", "I6: not kept"),
        ):
            if reader.execute(sql).fetchone()[0]:
                raise ViolatedError(why)
        if list(queue.misfits(reader)):
            raise ViolatedError("I6: a record's content has changed")
        first = list(dict.fromkeys(self.payer.order))
        for person in {psn_no for psn_no, _ in first}:
            numbers = [int(number[10:16]) for psn_no, number in first if psn_no == person]
            released = reader.execute(
                "SELECT 1 FROM leg WHERE released = 1 AND lane LIKE ?", (f"{person[1:]}/%",)
            ).fetchone()
            if numbers != sorted(numbers) and released is None:
                raise ViolatedError(f"I5: {person} {numbers}")

    def drain(self, most: int = 20000) -> None:
        """I9: once faults stop, everything the program can do by itself is done."""
        self.faults = False
        self.skew = 0
        for _ in range(most):
            if not self.late and self.uploader.claim_would_wait_for_ever():
                return
            self.step()
        raise ViolatedError("I9: it does not drain")

    def ask_after_everybody(self) -> None:
        """Ask for everybody's figures once more: of a visit elsewhere since the last answer nobody here can know."""
        with self.counter.store.write() as connection:
            for lane, serial in connection.execute(
                "SELECT lane, max(serial) FROM leg WHERE voids IS NULL GROUP BY lane"
            ).fetchall():
                platform.want_figures(connection, lane, "5206", serial)

    def check_end(self) -> None:
        """I9 and I10 at the end; accumulators equal the platform's where nothing waits for a person."""
        self.check_all()
        reader = self.counter.store.reader
        states = {State(state) for (state,) in reader.execute("SELECT state FROM leg")}
        if states - {State.ACCEPTED, *FINAL}:
            raise ViolatedError(f"I9: {states}")
        for psn_no, year in list(self.payer.figures):
            lane = [State(one) for (one,) in reader.execute(
                "SELECT state FROM leg WHERE lane LIKE ?", (f"{psn_no[1:]}/%",))]  # fmt: skip
            if not {State.ACCEPTED, State.REVERSED} & set(lane):
                continue  # the platform was never asked
            scope = f"{AREA}/{year}-01-01"
            mine = {name: one.amount_fen for name, one in ledger.standings(reader, psn_no[1:], scope).items()}
            theirs = self.payer.figures[psn_no, year]
            both = {name: (mine.get(name, 0), theirs.get(name, 0)) for name in {*mine, *theirs}}
            unequal = {name: pair for name, pair in both.items() if pair[0] != pair[1]}
            if unequal:
                raise ViolatedError(f"I10: {psn_no} {unequal}")

    def close(self) -> None:
        self.counter.close()
        shutil.rmtree(self.folder)
