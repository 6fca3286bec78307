"""A simulated world: a real book, a payer in memory, a line with every fault, crashes, clocks that jump; by seed."""

import datetime
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import json

from gongji.core.dates import CHINA, stamp
from gongji.core.outbox.replies import Answered, Busy, Exchange, NotSent, Unknown
from gongji.core.outbox.states import HELD, State
from gongji.desk.clinic.open import open_counter
from gongji.desk.session import ClockError, Session
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from gongji.desk.upload.differences import differences
from gongji.desk.upload.record_answer import Outgoing
from gongji.desk.upload.uploader import TimeAndChance
from gongji.pack_files.library import Library
from gongji.payer.regions import Profile
from gongji.store.upload import payer_answers
from tests.scenarios.upload.invariants import Checker, ViolatedError
from tests.scenarios.upload.payer import Payer
from tests.support.claiming import Uploader
from tests.support.clinic import AREA, DIAGNOSED, line, text, visit

FAULTS = (
    "drop before", "drop after", "duplicate", "delay", "slow", "500 before", "500 after", "malformed", "truncated",
    "tls", "certificate", "busy", "portal", "refused", "said to fail", "zero and error", "sign in ran out", "stumbles",
)  # fmt: skip
SAID_INSTEAD: dict[str, dict[str, Any]] = {
    "zero and error": {"infcode": "0", "err_msg": "FSI-文件查询号不能为空[fileBO_156]"},
    "sign in ran out": {"infcode": -1, "err_msg": "FSI-签到流水号已失效，请重新签到[signInBO_9]"},
    "stumbles": {"infcode": 500, "err_msg": "服务熔断"},
}
"""What regions say though nothing was done."""
PEOPLE = ("530399195001010013", "530399195002020020", "530399196003030036")
PARAMETERS = {
    "inpatient_ratio": {"employed": {"1": "0.90"}, "retired": {"1": "0.95"}},
    "inpatient_deductible": {"1": "200"},
    "inpatient_cap": "50000",
}
QUIET_S, LATEST_S = 60, 40
BEGIN = datetime.datetime(2025, 6, 10, 9, 0, tzinfo=CHINA)


class World:
    """One schedule; everything random comes from one seed."""

    def __init__(self, seed: int, folder: Path, template: Path, library: Library, profile: Profile) -> None:
        self.random = random.Random(seed)
        self.seconds = 0.0
        self.skew = 0.0
        self.up_before = 0.0  # for how long the PC was on when the world began
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
        self.lanes = self.random.choice((1, 2, 4, 6))
        self.kept: list[Outgoing] = []
        self.flying: list[tuple[Outgoing, Exchange]] = []
        self.never_left: set[str] = set()
        self.checker = Checker(self)
        self.steps = self.requests = self.crashes = self.together = 0

    def _open(self) -> Session:
        return open_counter(self.folder, self.library, self.clock)

    def _uploader(self) -> Uploader:
        return Uploader(self.counter, self.profile, TimeAndChance(self.clock, self.ticks, self.random.random))

    def clock(self) -> datetime.datetime:
        return BEGIN + datetime.timedelta(seconds=self.seconds + self.skew)

    def ticks(self) -> float:
        return self.seconds + self.up_before

    def _payer_time(self) -> str:
        return stamp(BEGIN + datetime.timedelta(seconds=self.seconds))

    @property
    def payer_days(self) -> tuple[str, str]:
        """All days so far, by the payer's clock, which nobody sets wrong."""
        return BEGIN.date().isoformat(), self._payer_time()[:10]

    # ---- the counter

    def settle(self) -> None:
        number = f"V{len(self.visits)}"
        person: dict[str, Any] = {"id": self.random.choice(PEOPLE), "name": "某人", "status": "retired"}
        bill = [line(f"{self.random.randint(1, 90000) / 100:.2f}")]
        more: dict[str, Any] = {"person": person, "parameters": PARAMETERS, "care": DIAGNOSED}
        if self.random.random() < 0.25:
            person["registrations"] = {"chronic": ["高血压"]}
            bill.append(line(f"{self.random.randint(1, 9000) / 100:.2f}", code="X2", benefit="chronic"))
        one = visit(number, *bill, **more)
        done = self._despite_clock(lambda: settle_text(self.counter, text(one)))
        if done.stored is None and {problem.code for problem in done.problems} == {"later_than_today"}:
            self.skew = 0  # the clerk sets right a clock that lags by a year
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
            self.never_left.add(outgoing.msgid)
            return NotSent("没有连上")
        if fault == "busy":
            return Busy(self.random.choice((None, 3)))
        if fault in SAID_INSTEAD:
            return Answered(json.encode({**SAID_INSTEAD[fault], **self._echo(outgoing), "output": None}))
        if fault == "delay":
            self.late.append((self.seconds + self.random.random() * LATEST_S, outgoing.body))
        lost = fault in {"drop before", "500 before", "portal", "delay"}
        return Unknown("没有答复") if lost or self.poison.get(outgoing.number) is False else None

    def _after(self, outgoing: Outgoing, fault: str) -> Exchange:
        """Let go wrong what goes wrong with the answer."""
        answer = self.payer.handle(outgoing.body)
        if outgoing.number in self.poison or fault in {"drop after", "500 after", "slow"}:
            return Unknown("没有答复")
        if fault == "said to fail":
            said = {"infcode": -1, "err_msg": "FSI-Read timed out[x_1](a@10.1.2.3)", "output": None}
            return Answered(json.encode({**json.decode(answer), **said}))
        if fault == "malformed":
            return Answered(answer.replace(b'"infcode"', b'"infcode":"-1","infcode"'))
        if fault == "truncated":
            return Answered(answer[: len(answer) // 2])
        if fault == "duplicate" and (self.payer.idempotent or outgoing.infno != "2207"):
            self.payer.handle(outgoing.body)  # where nothing is unique to the payer no client can prevent it
        return Answered(answer)

    @staticmethod
    def _echo(outgoing: Outgoing) -> dict[str, Any]:
        message = json.decode(outgoing.body)
        return {"infno": message["infno"], "msgid": message["msgid"]}

    def _deliver_late(self) -> None:
        due = [one for one in self.late if one[0] <= self.seconds]
        self.late = [one for one in self.late if one[0] > self.seconds]
        for _, body in sorted(due):
            self.payer.handle(body)

    # ---- one step

    def step(self) -> None:
        """The clock may jump, the program may die; what came back is handed over with a wish for more, and more leaves.

        As in the program, several messages of different people are on their way at once, and their answers come back
        in any order, some together in one commit with what is taken next.
        """
        self.steps += 1
        dice = self.random.random()
        if self.faults and dice < 0.03:
            jumps = (-1, 1, 60, -60, 3600, -3600, 86400, -86400, 400 * 86400, -400 * 86400)
            self.skew = self.random.choice((0, *jumps)) if self.random.random() < 0.7 else 0
        elif self.faults and dice < 0.08:
            self.crash(whole=self.random.random() < 0.2)  # what is on its way goes there, and its answer is lost
        self._leave()
        self._turn()
        if not self.flying:
            wait = self.uploader.seconds_to_wait()
            self.seconds += max(0.5, min(wait or 0.5, 900.0))
            self._deliver_late()

    def _leave(self) -> None:
        """Let messages that are kept leave, or never leave because the program dies first."""
        for outgoing in self._some(self.kept):
            if self.faults and self.random.random() < 0.03:
                self.crash()
                return
            self.kept.remove(outgoing)
            self.flying.append((outgoing, self.send(outgoing)))
            if self.faults and self.random.random() < 0.02:
                self.crash()
                return

    def _some(self, these: list[Any]) -> list[Any]:
        """Return most often all of these, in any order, and now and then only some."""
        count = len(these) if self.random.random() < 0.7 else self.random.randint(0, len(these))
        return self.random.sample(these, count)

    def _turn(self) -> None:
        """Hand over what came back and take more, in one commit; now and then an answer comes twice."""
        answers = self._some(self.flying)
        self.flying = [one for one in self.flying if one not in answers]
        if answers and self.random.random() < 0.05:
            answers.append(self.random.choice(answers))
        room = max(0, self.lanes - len(self.flying) - len(self.kept))
        turned = self.uploader.turn(answers, self.random.randint(min(1, room), room))
        assert len(turned.recorded) == len(answers)
        self.together = max(self.together, len(answers) + len(turned.outgoing))
        self.kept += turned.outgoing

    def crash(self, *, whole: bool = False) -> None:
        """The program dies and begins anew, at once or later; where all of it died, perhaps with the PC."""
        self.crashes += 1
        self.kept, self.flying = [], []
        self.seconds += self.random.choice((0, 0, 0, 5, 50, 500))
        self._deliver_late()
        if whole:
            self.counter.close()
            if self.random.random() < 0.5:
                self.up_before = self.random.random() * 300 - self.seconds
            self.counter = self._open()
        self.uploader = self._uploader()

    def drain(self, most: int = 20000) -> None:
        """I9: once faults stop, everything the program can do by itself is done."""
        self.faults = False
        self.skew = 0
        for _ in range(most):
            on_its_way = self.late or self.kept or self.flying
            if not on_its_way and self.uploader.seconds_to_wait() is None:
                return
            self.step()
            self.checker.after_step()
        raise ViolatedError("I9: it does not drain")

    def ask_after_everybody(self) -> None:
        """Ask for everybody's figures once more: of a visit elsewhere since the last answer nobody here can know."""
        with self.counter.store.write() as connection:
            for lane, serial in connection.execute(
                "SELECT lane, max(serial) FROM leg WHERE voids IS NULL GROUP BY lane"
            ).fetchall():
                payer_answers.want_figures(connection, lane, "5206", serial)

    def close(self) -> None:
        self.counter.close()
        shutil.rmtree(self.folder)
