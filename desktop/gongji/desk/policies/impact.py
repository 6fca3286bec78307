"""影响测算: what a year of the clinic's own settlements would have come to under another edition."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, wait

from msgspec import Struct, json

from gongji.core.columns.replay import one_by_one
from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.problems import Problem
from gongji.core.progress import Progress, tell
from gongji.desk.book_processes import done_beside, processes_at_hand
from gongji.desk.policies.impact_shares import (
    MOST_CHANGED,
    OPTION,
    ImpactShare,
    ImpactTask,
    PersonRow,
    YearAgain,
    impact_tasks,
)
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store.errors import StoreError
from gongji.store.settlements import settled_visits, settlements

EDGES_FEN = (-100_000, -50_000, -10_000, 0, 10_000, 50_000, 100_000)
"""Where the bands of the distribution begin and end: the change of a person's own part of the year, in fen."""
_MANY = 5000
"""From this many settlements on, further processes are worth their start."""
_AT_ONCE = 50_000
_PATIENCE_S = 0.1
"""How long, in seconds, before it is asked again whether to go on."""


class Sums(Struct, frozen=True, kw_only=True):
    """Sums of visits, in fen: what funds pay, what accounts pay, what is paid in money."""

    fund_total_fen: int = 0
    account_fen: int = 0
    cash_fen: int = 0

    @property
    def patient_fen(self) -> int:
        """The patients' own part."""
        return self.account_fen + self.cash_fen


class PersonImpact(Struct, frozen=True, kw_only=True):
    """A person's year: visits, and their sums before and after."""

    person_id: str
    visits: int
    before: Sums
    after: Sums

    @property
    def more_fen(self) -> int:
        """How much more (below 0: less) the person would have paid, in fen."""
        return self.after.patient_fen - self.before.patient_fen


class VisitImpact(Struct, frozen=True, kw_only=True):
    """One visit with both results: as stored, and as it would have been settled."""

    stored: StoredSettlement
    quoted: Quote

    @property
    def more_fen(self) -> int:
        """How much more (below 0: less) the patient would have paid, in fen."""
        return self.quoted.totals.patient_fen - self.stored.totals.patient_fen


class Impact(Struct, frozen=True, kw_only=True):
    """What a year would have come to under an edition.

    `bands` counts people by the change of their part: up to and between `EDGES_FEN`, and those without a change.
    `refused` counts by reason the visits that the edition would refuse; they are left out of both sums. `by_engine`
    were settled one by one because columns cannot; `left_out` have no employees' benefit.
    """

    policy: Policy
    year: int
    visits: int
    before: Sums
    after: Sums
    people: tuple[PersonImpact, ...]
    bands: tuple[int, ...]
    unchanged: int
    most_changed: tuple[VisitImpact, ...]
    refused: tuple[tuple[str, int], ...]
    by_engine: int
    left_out: int


def impact(
    session: Session, policy: Policy, year: int, progress: Progress | None = None, processes: int | None = None
) -> Impact:
    """Return what the settlements of a calendar year would have come to. Raises `StoppedError` when stopped.

    Only those of the edition's own area that are not voided. Accounts are as they were at each visit.
    `processes` is how many processes to use, 0 for this one alone; by default as many as machine and year deserve.
    Raises `GongjiError` for a year without settlements.
    """
    again = YearAgain(session.store.reader, session.library.knows, policy, year)
    count = again.count()
    if not count:
        raise GongjiError(f"{year} 年没有{policy.pack.area_name}参保人的结算", "请换一个年度，或换一个统筹区的政策")
    if processes is None:
        processes = processes_at_hand() if count >= _MANY else 0
    tasks = impact_tasks(policy, year, max(processes, -(-count // _AT_ONCE)))

    def told(done: int) -> None:
        tell(progress, min(done, count), count)

    told(0)
    shares = list(_beside(session, again, tasks, processes, told) if processes else _alone(again, tasks, told))
    told(count)
    people = [_person(row) for share in shares for row in share.people]
    people.sort(key=lambda one: (-abs(one.more_fen), one.person_id))
    told(count)
    return Impact(
        policy=policy,
        year=year,
        visits=sum(one.visits for one in people),
        before=_added(one.before for one in people),
        after=_added(one.after for one in people),
        people=tuple(people),
        bands=tuple(_bands(one.more_fen for one in people if one.more_fen)),
        unchanged=sum(not one.more_fen for one in people),
        most_changed=_most_changed(session, again, policy, shares),
        refused=tuple(_refused(shares)),
        by_engine=sum(one.by_engine for one in shares),
        left_out=sum(one.left_out for one in shares),
    )


def _alone(again: YearAgain, tasks: Sequence[ImpactTask], told: Callable[[int], None]) -> Iterator[ImpactShare]:
    """Yield what each share comes to, reckoned in this process."""
    before = 0
    for task in tasks:
        told_of = [0]

        def read(done: int, _: int, told_of: list[int] = told_of, before: int = before) -> None:
            told_of[0] = done
            told(before + done)

        yield again.share(task.share, task.shares, read)
        before += told_of[0]


def _beside(
    session: Session, again: YearAgain, tasks: Sequence[ImpactTask], processes: int, told: Callable[[int], None]
) -> Iterator[ImpactShare]:
    """Yield what each share comes to, reckoned by other processes; by this one where one of them ended."""
    done = [0] * len(tasks)

    def heard(place: int, now: int) -> None:
        done[place] = now

    book = (session.folder, session.store, session.library)
    with done_beside(OPTION, book, tasks, processes, heard) as coming:
        for task, future in zip(tasks, coming, strict=True):
            while not wait((future,), _PATIENCE_S).done:
                told(sum(done))
            try:
                answer = future.result()
            except CancelledError:
                yield from _alone(again, [task], lambda _: told(sum(done)))
                continue
            if answer.trouble:
                raise StoreError(answer.trouble)
            yield json.decode(answer.found, type=ImpactShare)


def _person(row: PersonRow) -> PersonImpact:
    person_id, visits, *fens = row
    return PersonImpact(person_id=person_id, visits=visits, before=_sums(fens[:3]), after=_sums(fens[3:]))


def _sums(row: Sequence[int]) -> Sums:
    return Sums(fund_total_fen=row[0], account_fen=row[1], cash_fen=row[2])


def _added(parts: Iterable[Sums]) -> Sums:
    fund = account = cash = 0
    for one in parts:
        fund, account, cash = fund + one.fund_total_fen, account + one.account_fen, cash + one.cash_fen
    return Sums(fund_total_fen=fund, account_fen=account, cash_fen=cash)


def _bands(changes: Iterable[int]) -> list[int]:
    """Return how many people change by how much: below the first edge, between edges, above the last."""
    counts = [0] * (len(EDGES_FEN) + 1)
    for fen in changes:
        counts[sum(fen > edge for edge in EDGES_FEN)] += 1
    return counts


def _most_changed(
    session: Session, again: YearAgain, policy: Policy, shares: Iterable[ImpactShare]
) -> tuple[VisitImpact, ...]:
    """Return the visits whose patients' part changes most, each settled again by the engine for its steps."""
    every = sorted((one for share in shares for one in share.changed), key=lambda one: (-one.change_fen, one.serial))
    quotes: dict[int, Quote | list[Problem]] = {}
    found = []
    for one in every[:MOST_CHANGED]:
        if one.serial not in quotes:
            replayed = one_by_one(again.past(one.year), policy, session.library.knows)
            quotes |= zip(one.year, replayed, strict=True)
        stored, quoted = settlements.by_serial(session.store.reader, one.serial), quotes[one.serial]
        assert stored is not None  # it was read a moment ago, and nothing is ever deleted
        assert isinstance(quoted, Quote)
        assert quoted.totals.patient_fen == one.patient_fen
        found.append(VisitImpact(stored=stored, quoted=quoted))
    return tuple(found)


def _refused(shares: Iterable[ImpactShare]) -> list[tuple[str, int]]:
    """Return how many visits are refused by reason, the most frequent first; of equally many what came first."""
    counts: dict[str, int] = {}
    first: dict[str, int] = {}
    for share in shares:
        for message, count, serial in share.refused:
            counts[message] = counts.get(message, 0) + count
            first[message] = min(first.get(message, serial), serial)
    return sorted(counts.items(), key=lambda one: (-one[1], first[one[0]]))


def years_settled(session: Session, area: str, today: datetime.date) -> list[int]:
    """Return the years in which people of an area were settled here, the latest first."""
    return settled_visits.years(session.store.reader, area) or [today.year]
