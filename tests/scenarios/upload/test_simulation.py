"""Schedules of faults, crashes and clock jumps over a real book: nothing lost, nothing doubled, by the invariants.

GONGJI_SCHEDULES says how many (10,000 for a release: GONGJI_SCHEDULES=10000 pytest
tests/scenarios/upload/test_simulation.py).
And the same schedules with a short cut taken: the checker has to notice each.
"""

# ruff: noqa: SLF001  # a short cut is taken where the rule is

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gongji.core.outbox import judge_answer, lanes, legs, states, turns
from gongji.core.outbox.lanes import LaneEntry
from gongji.core.outbox.legs import Again, Leg
from gongji.core.outbox.states import Event, State
from gongji.pack_files.library import Library
from gongji.store.engine import Connection
from gongji.store.upload import legs as store_legs
from tests.scenarios.upload import simulate
from tests.scenarios.upload.invariants import ViolatedError
from tests.scenarios.upload.world import World

SCHEDULES = int(os.environ.get("GONGJI_SCHEDULES", "120"))
BATCH = 15
MOST_TO_NOTICE = 60
BEGIN_STAMP = "2025-06-10 09:00:00"

Patch = Callable[[pytest.MonkeyPatch], None]


@pytest.fixture(scope="module")
def folder(library: Library) -> Iterator[Path]:
    with simulate.template(library) as path:
        yield path


@pytest.mark.parametrize("first", range(0, SCHEDULES, BATCH))
def test_no_schedule_breaks_an_invariant(first: int, folder: Path, library: Library) -> None:
    for seed in range(first, min(first + BATCH, SCHEDULES)):
        simulate.run(seed, folder, library)


def timeout_is_a_refusal(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(states._LEADS[State.SENDING], Event.AMBIGUOUS, State.REJECTED)


def crash_while_sending_is_pending(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(states._LEADS[State.SENDING], Event.BOOT, State.PENDING)


def resent_without_asking(patch: pytest.MonkeyPatch) -> None:
    asked = legs._question
    patch.setattr(legs, "_question", lambda leg, ways: Again() if leg.step == "2207" else asked(leg, ways))


def a_new_key_for_each_attempt(patch: pytest.MonkeyPatch) -> None:
    resent_without_asking(patch)
    patch.setattr(judge_answer, "step_again", lambda leg: "2201" if leg.step == "2207" else leg.step)


def no_lanes(patch: pytest.MonkeyPatch) -> None:
    def last(lane: list[LaneEntry]) -> LaneEntry | None:
        return next((one for one in reversed(lane) if one.state in lanes._HOLDING and one.voids is None), None)

    patch.setattr(lanes, "head", last)


def amounts_not_compared(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(judge_answer, "differing", lambda _ours, _theirs: ())


def no_quiet_time(patch: pytest.MonkeyPatch) -> None:
    ready = turns.made_ready
    patch.setattr("gongji.desk.upload.next_message.made_ready", lambda leg, ways, _s: ready(leg, ways, ways.quiet_s))


def sending_not_stored(patch: pytest.MonkeyPatch) -> None:
    """The row that says a message is on its way is not there after a crash: it stands as before the message."""
    save, crash = store_legs.save, World.crash
    before: dict[tuple[int, int], Leg] = {}

    def remembering(connection: Connection, one: Leg, at: str, next_try_at: str = "") -> None:
        if one.state is State.SENDING:
            before[one.serial, one.part] = store_legs.get(connection, one.serial, one.part)
        else:
            before.pop((one.serial, one.part), None)
        save(connection, one, at, next_try_at)

    def forgetful(world: World, *, whole: bool = False) -> None:
        with world.counter.store.write() as connection:
            for leg in store_legs.in_state(connection, State.SENDING):
                save(connection, before[leg.serial, leg.part], BEGIN_STAMP)
        crash(world, whole=whole)

    patch.setattr(store_legs, "save", remembering)
    patch.setattr(World, "crash", forgetful)


SHORT_CUTS: tuple[Patch, ...] = (
    a_new_key_for_each_attempt,
    timeout_is_a_refusal,
    resent_without_asking,
    sending_not_stored,
    crash_while_sending_is_pending,
    no_lanes,
    amounts_not_compared,
    no_quiet_time,
)


@pytest.mark.parametrize("short_cut", SHORT_CUTS)
def test_the_checker_notices_a_short_cut(
    short_cut: Patch, monkeypatch: pytest.MonkeyPatch, folder: Path, library: Library
) -> None:
    short_cut(monkeypatch)
    with pytest.raises(ViolatedError):
        run_some(folder, library)


def run_some(folder: Path, library: Library) -> None:
    for seed in range(MOST_TO_NOTICE):
        simulate.run(seed, folder, library)


def test_a_seed_is_the_same_schedule_again(folder: Path, library: Library) -> None:
    def told(world: World) -> Any:
        return world.requests, world.crashes, world.steps, world.payer.order, sorted(world.payer.live)

    assert told(simulate.run(7, folder, library)) == told(simulate.run(7, folder, library))
