"""A quiet time goes on while the program is closed, as far as both clocks agree, and no further."""

import datetime
from collections.abc import Callable

import pytest

from gongji.core.outbox.legs import Leg
from gongji.core.outbox.states import State
from gongji.desk.session import Session
from gongji.desk.upload.outgoing import TimeAndChance
from gongji.desk.upload.quiet_time import QuietWatch
from gongji.store.upload import quiet_times
from tests.support.clock import Clock

LEG = Leg(serial=1, part=0, state=State.UNKNOWN, step="2207")


class Clocks:
    """The time of day and the clock that never jumps, each moved by itself."""

    def __init__(self) -> None:
        self.day = Clock("2025-06-10 09:00:00")
        self.ticks = 1000.0

    def pass_(self, seconds: float) -> None:
        self.ticks += seconds
        self.day.forward(seconds=seconds)

    @property
    def outside(self) -> TimeAndChance:
        return TimeAndChance(self.day, lambda: self.ticks, lambda: 0.0)


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


def elapsed(session: Session, clocks: Clocks, watch: QuietWatch | None = None, leg: Leg = LEG) -> int:
    """What a run of the program sees: a new one where none is given."""
    with session.store.write() as connection:
        return (watch or QuietWatch(clocks.outside)).elapsed_s(connection, leg)


def test_runs_that_end_at_once_come_to_the_quiet_time_together(session: Session, clocks: Clocks) -> None:
    assert elapsed(session, clocks) == 0  # who was killed may have sent until just now
    for seconds in (0.4, 3.0, 200.0):
        clocks.pass_(seconds)
    assert elapsed(session, clocks) == 203
    clocks.pass_(10)
    assert elapsed(session, clocks) == 10


def test_one_run_counts_by_the_clock_that_never_jumps(session: Session, clocks: Clocks) -> None:
    watch = QuietWatch(clocks.outside)
    assert elapsed(session, clocks, watch) == 0
    clocks.pass_(30)
    clocks.day.forward(days=400)
    assert elapsed(session, clocks, watch) == 30


@pytest.mark.parametrize(
    "disturb",
    [
        lambda clocks: clocks.day.forward(hours=1),  # somebody set the clock on
        lambda clocks: clocks.day.forward(hours=-1),
        lambda clocks: setattr(clocks, "ticks", 5.0),  # the PC was started anew
        lambda clocks: setattr(clocks, "ticks", clocks.ticks + 3600),
    ],
)
def test_where_the_clocks_disagree_it_begins_anew(
    session: Session, clocks: Clocks, disturb: Callable[[Clocks], None]
) -> None:
    elapsed(session, clocks)
    clocks.pass_(100)
    disturb(clocks)
    assert elapsed(session, clocks) == 0
    clocks.pass_(7)
    assert elapsed(session, clocks) == 7


def test_a_message_that_leaves_begins_it_anew(session: Session, clocks: Clocks) -> None:
    elapsed(session, clocks)
    clocks.pass_(100)
    watch = QuietWatch(clocks.outside)
    with session.store.write() as connection:
        watch.left(connection, LEG)
        assert quiet_times.get(connection, 1, 0) is None
    clocks.pass_(100)  # and then the program is killed
    assert elapsed(session, clocks) == 0


def test_an_answer_begins_it_anew(session: Session, clocks: Clocks) -> None:
    elapsed(session, clocks)
    clocks.pass_(100)
    watch = QuietWatch(clocks.outside)
    with session.store.write() as connection:
        watch.quiet_from_now(connection, LEG)
    clocks.pass_(20)
    assert elapsed(session, clocks) == 20


def test_only_what_is_waited_for_is_watched(session: Session, clocks: Clocks) -> None:
    pending = Leg(serial=1, part=0, state=State.PENDING)
    assert elapsed(session, clocks, leg=pending) == 0
    clocks.pass_(50)
    assert elapsed(session, clocks, leg=pending) == 0
    assert quiet_times.get(session.store.reader, 1, 0) is None


def test_nothing_is_remembered_of_what_another_sends(session: Session, clocks: Clocks) -> None:
    elapsed(session, clocks)
    with session.store.write() as connection:
        quiet_times.drop_all(connection)
    clocks.pass_(datetime.timedelta(days=1).total_seconds())
    assert elapsed(session, clocks) == 0
