"""Accumulators and balances: never counted twice, never forgotten, whatever arrives in whatever order."""

import datetime
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gongji.core.dates import CHINA, stamp
from gongji.core.ledger.ledger import BALANCE, LedgerEntry, Snapshot, accumulator_key, standing
from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.open import open_counter
from gongji.desk.settlements.void import void
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from gongji.store.settlements import ledger, settlements
from tests.core.ledger.model import Model
from tests.desk.settlements.test_settle import settle
from tests.support.accepted import keep_snapshots, record_accepted
from tests.support.clinic import AREA, INSTITUTION, OPERATOR, PASSWORD, PERSON, line, visit

NAME = "general.fund"
START = datetime.datetime(2025, 6, 10, 9, tzinfo=CHINA)


class Minutes:
    """A clock on which a minute passes whenever something happens."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime.datetime:
        return self.moment

    def next(self) -> str:
        self.moment += datetime.timedelta(minutes=1)
        return stamp(self.moment)


class InCore(RuleBasedStateMachine):
    """The rule by itself, with amounts of any size."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.clock = Minutes()
        self.serial = 0
        self.accepted: dict[int, str] = {}
        self.on_their_way: list[tuple[int, Snapshot]] = []
        self.arrived: list[Snapshot] = []

    @rule(fen=st.integers(1, 500))
    def visit_elsewhere(self, fen: int) -> None:
        self.model.visit_elsewhere(fen)

    @rule(fen=st.integers(1, 500))
    def settlement_here(self, fen: int) -> None:
        self.serial += 1
        self.model.move(self.serial, fen)

    @precondition(lambda self: self.model.ours)
    @rule(data=st.data())
    def void_here(self, data: st.DataObject) -> None:
        original = data.draw(st.sampled_from(sorted(self.model.ours)))
        self.serial += 1
        self.model.move(self.serial, -self.model.ours[original])

    @precondition(lambda self: len(self.model.ours) > len(self.accepted))
    @rule(data=st.data())
    def payer_accepts(self, data: st.DataObject) -> None:
        serial = data.draw(st.sampled_from(sorted(self.model.ours.keys() - self.accepted.keys())))
        self.model.accept(serial)
        self.accepted[serial] = self.clock.next()

    @rule()
    def payer_speaks(self) -> None:
        number, fen = self.model.payer_speaks()
        self.on_their_way.append((number, Snapshot(amount_fen=fen, as_of=self.clock.next(), last_serial=None)))

    @precondition(lambda self: self.on_their_way)
    @rule(data=st.data())
    def word_arrives(self, data: st.DataObject) -> None:
        number, snapshot = self.on_their_way.pop(data.draw(st.integers(0, len(self.on_their_way) - 1)))
        self.model.hear(number)
        self.arrived.append(snapshot)

    @rule()
    def visit_brings_the_truth(self) -> None:
        fen = self.model.visit_brings()
        self.arrived.append(Snapshot(amount_fen=fen, as_of=self.clock.next(), last_serial=self.serial))

    @invariant()
    def figure_is_the_models(self) -> None:
        entries = [LedgerEntry(serial=serial, amount_fen=fen) for serial, fen in self.model.ours.items()]
        assert standing(BALANCE, self.arrived, entries, self.accepted).amount_fen == self.model.expected()


class InTheBook(RuleBasedStateMachine):
    """The same through the desk and a real file: one person's use of the general fund."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = Minutes()
        library = Library(resource_folder() / "policies")
        one = Beginning(
            counter="01", area=AREA, institution=INSTITUTION, operator=OPERATOR, password=PASSWORD, training=True
        )
        begin(self.folder / "data", one, library, self.clock)
        self.counter = open_counter(self.folder / "data", library, self.clock)
        self.model = Model()
        self.key = accumulator_key(PERSON["id"], AREA, "2025-01-01", "general.fund")
        self.live: list[tuple[int, str, int]] = []
        self.queued: list[tuple[int, str]] = []
        self.takes_back: dict[int, int] = {}
        self.on_their_way: list[tuple[int, int, str]] = []
        self.visits = 0

    def teardown(self) -> None:
        self.counter.close()
        shutil.rmtree(self.folder)

    @rule(fen=st.integers(1, 5_000))
    def visit_elsewhere(self, fen: int) -> None:
        self.model.visit_elsewhere(fen)

    @rule(yuan=st.integers(1, 90), brings=st.booleans())
    def settlement_here(self, yuan: int, brings: bool) -> None:
        self.clock.next()
        self.visits += 1
        known = self.model.visit_brings() if brings else None
        given = {} if known is None else {"accumulators": {"general.fund": f"{known // 100}.{known % 100:02d}"}}
        one = settle(self.counter, visit(f"V{self.visits}", line(f"{yuan}.00"), **given))
        paid_fen = max(0, (100 * yuan - 3_000) * 65 // 100)  # whole yuan: nothing to round
        assert one.totals.fund_fen == paid_fen
        self.model.move(one.serial, paid_fen)
        self.live.append((one.serial, one.no, paid_fen))
        self.queued.append((one.serial, one.no))

    @precondition(lambda self: self.live)
    @rule(data=st.data())
    def void_here(self, data: st.DataObject) -> None:
        self.clock.next()
        original, no, paid_fen = self.live.pop(data.draw(st.integers(0, len(self.live) - 1)))
        one = void(self.counter, no, "退药").stored
        self.takes_back[one.serial] = original
        self.model.move(one.serial, -paid_fen)
        self.queued.append((one.serial, one.no))

    @precondition(lambda self: self.queued)
    @rule(data=st.data(), tells=st.booleans())
    def payer_accepts(self, data: st.DataObject, tells: bool) -> None:
        waiting = {serial for serial, _ in self.queued}
        sent = [one for one in self.queued if self.takes_back.get(one[0]) not in waiting]  # no void before its own
        serial, no = data.draw(st.sampled_from(sent))
        self.queued.remove((serial, no))
        self.model.accept(serial)
        figures = {}
        if tells:
            number, figures[self.key] = self.model.payer_speaks()
            self.model.hear(number)
        record_accepted(self.counter, no, self.clock.next(), f"S{serial}", figures)

    @rule()
    def payer_speaks(self) -> None:
        number, fen = self.model.payer_speaks()
        self.on_their_way.append((number, fen, self.clock.next()))

    @precondition(lambda self: self.on_their_way)
    @rule(data=st.data())
    def word_arrives(self, data: st.DataObject) -> None:
        number, fen, as_of = self.on_their_way.pop(data.draw(st.integers(0, len(self.on_their_way) - 1)))
        self.model.hear(number)
        keep_snapshots(self.counter, {self.key: fen}, as_of, "import")

    @invariant()
    def figure_is_the_models(self) -> None:
        found = ledger.standing_of(self.counter.store.reader, self.key)
        assert (0 if found is None else found.amount_fen) == self.model.expected()
        assert settlements.count(self.counter.store.reader) == len(self.model.ours)


TestInCore = InCore.TestCase
TestInCore.settings = settings(max_examples=300, stateful_step_count=40)
TestInTheBook = InTheBook.TestCase
TestInTheBook.settings = settings(max_examples=40, stateful_step_count=30)


def test_what_was_told_once_and_accepted_later_is_counted_once() -> None:
    """The day in the life that goes wrong elsewhere: told at noon, settled before, accepted after, told again."""
    entries = [LedgerEntry(serial=1, amount_fen=100), LedgerEntry(serial=2, amount_fen=50)]
    noon = Snapshot(amount_fen=1_000, as_of="2025-06-10 12:00:00", last_serial=None)
    evening = Snapshot(amount_fen=1_100, as_of="2025-06-10 18:00:00", last_serial=None)
    accepted = {1: "2025-06-10 15:00:00"}
    assert standing(NAME, [noon], entries, {}).amount_fen == 1_150
    assert standing(NAME, [noon], entries, accepted).amount_fen == 1_150
    assert standing(NAME, [noon, evening], entries, accepted).amount_fen == 1_150
    assert standing(NAME, [evening, noon], entries, accepted).settlements_since == 1


def test_a_void_takes_back_at_most_what_is_there() -> None:
    """A visit told less than was paid here; voiding what was paid must not leave room above the cap."""
    told = Snapshot(amount_fen=0, as_of="2025-06-10 12:00:00", last_serial=1)
    voided = [LedgerEntry(serial=1, amount_fen=6_350), LedgerEntry(serial=2, amount_fen=-6_350)]
    found = standing(NAME, [told], voided, {})
    assert (found.amount_fen, found.since_fen) == (0, 0)
    assert standing(NAME, [told], [*voided, LedgerEntry(serial=3, amount_fen=20_000)], {}).amount_fen == 20_000


def test_an_account_may_owe() -> None:
    """What waits in the queue is taken from what the payer says, and comes back whole when it is voided."""
    told = Snapshot(amount_fen=1_000, as_of="2025-06-10 12:00:00", last_serial=None)
    taken = [LedgerEntry(serial=1, amount_fen=-5_000)]
    assert standing(BALANCE, [told], taken, {}).amount_fen == -4_000
    assert standing(BALANCE, [told], [*taken, LedgerEntry(serial=2, amount_fen=5_000)], {}).amount_fen == 1_000
