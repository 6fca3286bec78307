"""Faults on real lines, HTTP and TLS, with crashes between any two steps: nothing lost, nothing doubled, all drains.

A schedule is a seed: visits of a few people, some taken back, a platform that misbehaves by chance, and an uploader
that is dropped without a word and begun anew. Time for waiting runs ten times as fast as the clock on the wall.
`GONGJI_SCHEDULES` says how many; any of them alone runs again with `-k "[seed]"`.
"""

import datetime
import os
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

import pytest
from msgspec.structs import replace

from gongji.core.dates import CHINA
from gongji.core.outbox.replies import Exchange, NotSent, Unknown
from gongji.core.outbox.states import FINAL, State
from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.open import open_counter
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from gongji.desk.upload.differences import differences
from gongji.desk.upload.record_answer import Outgoing
from gongji.desk.upload.uploader import Answer, TimeAndChance
from gongji.pack_files.library import Library
from gongji.payer.regions import Profile, profile
from gongji.sandbox.control import live
from gongji.sandbox.faults import Chance, Fault
from gongji.sandbox.manners import MANNERS
from gongji.store.settlements import ledger
from gongji.store.upload import legs
from tests.support.circle import accumulators
from tests.support.claiming import Uploader
from tests.support.clinic import AREA, DIAGNOSED, INSTITUTION, OPERATOR, line, text
from tests.support.driving import visit
from tests.support.serving import Running, running

SCHEDULES = int(os.environ.get("GONGJI_SCHEDULES", "3"))
PROFILE = replace(profile("practice"), most_s=2)
FAST = 10.0
REGIONS = ("", *MANNERS)
"""In whose manner the platform speaks in one schedule after another: its own, then each region's."""
QUICK = (
    "drop_before", "drop_after", "status_before", "status_after", "malformed", "truncated", "doubled_key",
    "not_a_number", "stranger", "portal", "redirect", "trickle",
)  # fmt: skip
SLOW = ("late", "delay", "drop_after", "drop_before")
DEADLINE_S, LATE_S = 0.3, 0.4
MOST_MESSAGES = 600
AT_ONCE = 4
PAUSED_FROM = 50_000
"""Seeds from here on are schedules with pauses."""
SCOPE = f"{AREA}/2025-01-01"
BEGUN = time.monotonic()
PAUSED_S = [0.0]
"""For how long, all in all, nothing went on here while the clocks did: a notebook closed, a program stopped."""
PAUSES_S = (300.0, 1000.0, 2500.0)
"""One shorter than a quiet time, and longer ones."""


def way(name: str) -> Profile:
    """A region's profile, in a hurry, with what lets the platform settle by the packs and tell accumulators."""
    if not name:
        return PROFILE
    usual = {one: getattr(PROFILE, one) for one in ("quiet_s", "first_s", "most_s", "deadline_s", "lanes")}
    return replace(profile(name), extension=True, own_accumulator_names=True, **usual)


def ticks() -> float:
    return (time.monotonic() - BEGUN) * FAST + PAUSED_S[0]


def clock() -> datetime.datetime:
    return datetime.datetime(2025, 6, 10, 9, 0, tzinfo=CHINA) + datetime.timedelta(seconds=ticks())


@pytest.fixture(scope="module", params=[False, True], ids=["http", "https"])
def there(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, library: Library
) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("sandbox"), library, tls=request.param, deadline_seconds=DEADLINE_S) as one:
        yield one


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Iterator[Session]:
    path = tmp_path_factory.mktemp("data") / "data"
    new = Beginning(counter="01", area=AREA, institution=INSTITUTION, operator=OPERATOR, password=None, training=True)
    begin(path, new, library, clock)
    one = open_counter(path, library, clock)
    yield one
    one.close()


def person(seed: int, number: int, there: Running) -> dict[str, Any]:
    kind = 1 if there.url.startswith("https") else 0
    return {"id": f"5303991950{kind}{seed:05d}{number:02d}", "name": "某人", "status": "retired"}


@pytest.mark.parametrize("seed", range(SCHEDULES))
def test_every_record_is_there_once(seed: int, there: Running, session: Session) -> None:
    _drained(seed, there, session)


@pytest.mark.parametrize("seed", range(PAUSED_FROM, PAUSED_FROM + (SCHEDULES + 2) // 3))
def test_so_it_is_where_all_stood_still_at_any_moment(seed: int, there: Running, session: Session) -> None:
    _drained(seed, there, session, pauses=0.2)


def _drained(seed: int, there: Running, session: Session, pauses: float = 0.0) -> None:
    """Settle, upload among faults and crashes, then without, and check; `pauses` is the share of turns before one."""
    dice = random.Random(seed)
    chosen = way(REGIONS[seed // 4 % len(REGIONS)])
    there.payer.options.region = REGIONS[seed // 4 % len(REGIONS)]
    voided = _settled(seed, dice, there, session)
    slow = seed % 4 == 3
    there.payer.options.dedupe = seed % 2 == 1
    kinds = (*(SLOW if slow else QUICK), *(("duplicate",) if seed % 2 else ()))
    share, seconds = (0.15, LATE_S) if slow else (0.35, 0.02)
    there.faults.by_chance(Chance(seed=seed, share=share, kinds=kinds, seconds=seconds))
    there.faults.want([Fault(kind="tls", skip=1), Fault(kind="certificate", skip=2)])
    _work(session, there, dice, chosen, most=dice.randrange(10, 60), pauses=pauses)
    there.faults.clear()
    _work(session, there, dice, chosen, most=MOST_MESSAGES, crashes=0.0, pauses=pauses)
    if _tried_again(session, chosen):
        _work(session, there, dice, chosen, most=MOST_MESSAGES, crashes=0.0)
    _check(session, there, voided)


def _tried_again(session: Session, chosen: Profile) -> bool:
    """A person lets what failed six times in a row be tried again; tell whether there was any."""
    found = [one for one in differences.cases(session, chosen) if one.state is State.QUARANTINE]
    for one in found:
        differences.retry(session, one.no, one.part, "再试")
    return bool(found)


def _settled(seed: int, dice: random.Random, there: Running, session: Session) -> dict[str, bool]:
    """Settle a few visits, some of one person, and take some back; return whether each was taken back."""
    voided = {}
    for number in range(dice.randrange(2, 5)):
        who = person(seed, dice.randrange(3), there)
        no = f"{there.url[:5]}{seed}-{number}"
        accounts = {"own": {"balance": "20.00"}}
        bill = [line(f"{dice.randrange(10, 300)}.00"), line("10.00", benefit="emergency")][: dice.randrange(1, 3)]
        one = settle_text(session, text(visit(no, *bill, person=who, accounts=accounts, care=DIAGNOSED))).stored
        assert one is not None
        voided[no] = dice.random() < 0.25
        if voided[no]:
            void(session, one.no, "退")
    return voided


def _work(
    session: Session,
    there: Running,
    dice: random.Random,
    chosen: Profile,
    most: int,
    crashes: float = 0.06,
    seen: Callable[[Exchange], Exchange] = lambda exchange: exchange,
    pauses: float = 0.0,
) -> None:
    """Upload, dropped and begun anew now and then, until so many messages were sent or nothing waits.

    What is on its way when the uploader is dropped goes there all the same, and its answer is lost.
    """
    outside = TimeAndChance(clock=clock, ticks=ticks, dice=dice.random)
    uploader = Uploader(session, chosen, outside)
    flying: dict[Future[Exchange], Outgoing] = {}
    left: list[tuple[float, Future[Exchange]]] = []
    came_in: list[Answer] = []
    sent = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while sent < most:
            left = _still_under_way(left)
            claimed = time.monotonic()
            turned = uploader.turn(came_in, AT_ONCE - len(flying))
            if pauses and dice.random() < pauses:
                PAUSED_S[0] += dice.choice(PAUSES_S)
            if dice.random() >= crashes:
                for outgoing in turned.outgoing:
                    url = chosen.url(there.url, outgoing.infno) if chosen is not PROFILE else f"{there.url}/fsi/api"
                    posted = pool.submit(there.line.post, url, outgoing.body)
                    flying[posted] = outgoing
                    left.append((claimed, posted))
                sent += len(turned.outgoing)
                if not flying:
                    rest = uploader.seconds_to_wait()
                    if rest is None:
                        return
                    time.sleep(min(max(rest, 0.1), 5) / FAST)
                came_in = [(flying.pop(one), seen(one.result())) for one in _first(flying)]
                if dice.random() >= crashes:
                    continue
            uploader = Uploader(session, chosen, outside)
            flying, came_in = {}, []


def _still_under_way(left: list[tuple[float, Future[Exchange]]]) -> list[tuple[float, Future[Exchange]]]:
    """Return the messages that have not arrived, once none of them left as long as half a quiet time ago.

    A line holds nothing back for longer than a quiet time; a thread of a machine with too much to do may, and then what
    was asked after in between comes out as a difference.
    """
    wait([one for begun, one in left if (time.monotonic() - begun) * FAST > PROFILE.quiet_s / 2])
    return [(begun, one) for begun, one in left if not one.done()]


def _first(flying: dict[Future[Exchange], Outgoing]) -> set[Future[Exchange]]:
    return wait(flying, return_when=FIRST_COMPLETED).done if flying else set()


def _check(session: Session, there: Running, voided: dict[str, bool]) -> None:
    reader = session.store.reader
    held: dict[str, list[Any]] = {}
    for one in live(there.payer.platform.connection):
        held.setdefault(one["visit_no"], []).append(one)
    for no in voided:
        rows = reader.execute(
            "SELECT no, state, last_error FROM record_state JOIN settlement USING (serial) WHERE visit_no = ?", (no,)
        )
        for row in rows.fetchall():
            assert State(row[1]) in {*FINAL, State.ACCEPTED}, row
    for no, gone in voided.items():
        serial, total_fen, cash_fen = reader.execute(
            "SELECT serial, total_fen, cash_fen FROM settlement WHERE visit_no = ? AND kind = 'settle'", (no,)
        ).fetchone()
        mine = held.get(no, [])
        assert len(mine) == (0 if gone else len(legs.of_serial(reader, serial))), (no, mine)
        if not gone:
            for name, fen in (("total", total_fen), ("cash", cash_fen)):
                assert sum(int(one["amounts"][name].replace(".", "")) for one in mine) == fen
    assert len(voided) == len([no for no in voided if (no in held) is not voided[no]])
    _check_accumulators(session, there, voided)


def _check_accumulators(session: Session, there: Running, voided: dict[str, bool]) -> None:
    """What the platform told us last is what it has, and so is what our settlements come to by themselves."""
    for no in voided:
        (owner,) = session.store.reader.execute(
            "SELECT person_id FROM settlement WHERE visit_no = ? AND kind = 'settle'", (no,)
        ).fetchone()
        theirs = accumulators(there.payer.platform.connection, "figure", owner)
        assert accumulators(session.store.reader, "entry", owner) == theirs
        told = ledger.standings(session.store.reader, owner, SCOPE)
        assert {(owner, SCOPE, name): one.amount_fen for name, one in told.items() if one.amount_fen} == theirs
        assert all(told[name].as_of is not None for _, _, name in theirs)


def test_who_takes_a_lost_answer_for_not_sent_doubles_records(there: Running, session: Session) -> None:
    """The same faults, and a client that knows no better: this very check notices."""
    there.payer.options.dedupe, there.payer.options.region = False, ""
    dice = random.Random(1)
    for number in range(5):
        no = f"{there.url[:5]}careless-{number}"
        settle_text(session, text(visit(no, person=person(90000, number, there))))
    there.faults.want([Fault(kind="drop_after", infno="2207", times=2)])
    careless: Callable[[Exchange], Exchange] = lambda one: NotSent("?") if isinstance(one, Unknown) else one  # noqa: E731
    _work(session, there, dice, PROFILE, MOST_MESSAGES, 0.0, careless)
    held = [one["visit_no"] for one in live(there.payer.platform.connection) if "careless" in one["visit_no"]]
    assert len(held) > len(set(held))  # more where a busy machine answers late
    with pytest.raises(AssertionError):
        _check(session, there, dict.fromkeys(held, False))
