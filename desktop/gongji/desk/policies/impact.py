"""影响测算: what a year of the clinic's own settlements would have come to under another edition."""

import datetime
from collections import Counter as Counts
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from gongji.core.columns.replay import Past, Replay, ReplayOutcome, one_by_one
from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote
from gongji.core.ledger.stored_settlement import StoredSettlement, settled_body
from gongji.core.progress import Progress, tell
from gongji.core.visits import Visit
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store import settings
from gongji.store.settlements import settled_visits, settlements
from gongji.store.settlements.settled_visits import SettledVisit

MOST_CHANGED = 10
EDGES_FEN = (-100_000, -50_000, -10_000, 0, 10_000, 50_000, 100_000)
"""Where the bands of the distribution begin and end: the change of a person's own part of the year, in fen."""
_EVERY = 500


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


class _Taken(Struct, frozen=True, gc=False):
    serial: int
    person_id: str
    before: ReplayOutcome
    sequence: tuple[str, str]


def impact(session: Session, policy: Policy, year: int, progress: Progress | None = None) -> Impact:
    """Return what the settlements of a calendar year would have come to. Raises `StoppedError` when stopped.

    Only those of the edition's own area that are not voided. Accounts are as they were at each visit.
    Raises `GongjiError` for a year without settlements.
    """
    connection = session.store.reader
    span = (policy.pack.area, f"{year}-01-01", f"{year + 1}-01-01")
    count = settled_visits.count(connection, *span)
    if not count:
        raise GongjiError(f"{year} 年没有{policy.pack.area_name}参保人的结算", "请换一个年度，或换一个统筹区的政策")
    known = settings.parameters(connection, policy.pack.area)
    replay = Replay(policy, session.library.knows)
    taken: list[_Taken] = []
    left_out = 0
    for done, one in enumerate(settled_visits.of_days(connection, *span), 1):
        if done % _EVERY == 0:
            tell(progress, done, count)
        visit = _visit(one, policy, known)
        if not policy.is_for(visit.person.status):
            left_out += 1
            continue
        sequence = (one.person_id, policy.year_from(visit.settled_on).isoformat())
        replay.take(visit, sequence, one.moved)
        before = ReplayOutcome(one.fund_total_fen, one.account_fen, one.cash_fen)
        taken.append(_Taken(one.serial, one.person_id, before, sequence))
    tell(progress, count, count)

    def again(places: Sequence[int]) -> Iterable[Past]:
        serials = [taken[place].serial for place in places]
        for one in settled_visits.of_serials(connection, serials):
            yield _visit(one, policy, known), one.moved

    outcomes, by_engine = replay.outcomes(again)
    people = _people(taken, outcomes)
    return Impact(
        policy=policy,
        year=year,
        visits=sum(one.visits for one in people),
        before=_added(one.before for one in people),
        after=_added(one.after for one in people),
        people=tuple(sorted(people, key=lambda one: (-abs(one.more_fen), one.person_id))),
        bands=tuple(_bands(one.more_fen for one in people if one.more_fen)),
        unchanged=sum(not one.more_fen for one in people),
        most_changed=_most_changed(session, taken, outcomes, again, policy),
        refused=tuple(Counts(one.problem.message for one in outcomes if one.problem is not None).most_common()),
        by_engine=by_engine,
        left_out=left_out,
    )


def _visit(one: SettledVisit, policy: Policy, known: dict[str, object]) -> Visit:
    """Return a stored visit, with open parameters entered since where the edition has them."""
    visit = settled_body(one.no, one.body)
    missing = {name: known[name] for name in policy.pack.parameter if name in known and name not in visit.parameters}
    return replace(visit, parameters={**visit.parameters, **missing}) if missing else visit


def _people(taken: Sequence[_Taken], outcomes: Sequence[ReplayOutcome]) -> list[PersonImpact]:
    sums: dict[str, list[int]] = {}
    for one, after in zip(taken, outcomes, strict=True):
        if after.problem is not None:
            continue
        row = sums.get(one.person_id)
        if row is None:
            row = sums[one.person_id] = [0] * 7
        before = one.before
        row[0] += 1
        row[1] += before.fund_total_fen
        row[2] += before.account_fen
        row[3] += before.cash_fen
        row[4] += after.fund_total_fen
        row[5] += after.account_fen
        row[6] += after.cash_fen
    return [
        PersonImpact(person_id=person, visits=row[0], before=_sums(row[1:4]), after=_sums(row[4:]))
        for person, row in sums.items()
    ]


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
    session: Session,
    taken: Sequence[_Taken],
    outcomes: Sequence[ReplayOutcome],
    again: Callable[[Sequence[int]], Iterable[Past]],
    policy: Policy,
) -> tuple[VisitImpact, ...]:
    """Return the visits whose patients' part changes most, each settled again by the engine for its steps."""
    changes = [
        (abs(after.account_fen + after.cash_fen - one.before.account_fen - one.before.cash_fen), -place)
        for place, (one, after) in enumerate(zip(taken, outcomes, strict=True))
        if after.problem is None
    ]
    places = [-place for change, place in sorted(changes, reverse=True)[:MOST_CHANGED] if change]
    wanted = {taken[place].sequence for place in places}
    theirs: dict[tuple[str, str], list[int]] = {sequence: [] for sequence in wanted}
    for place, one in enumerate(taken):
        if one.sequence in wanted:
            theirs[one.sequence].append(place)
    quotes: dict[int, Quote] = {}
    for mine in theirs.values():
        replayed = zip(mine, one_by_one(again(mine), policy, session.library.knows), strict=True)
        quotes |= {place: quoted for place, quoted in replayed if isinstance(quoted, Quote)}
    found = []
    for place in places:
        stored = settlements.by_serial(session.store.reader, taken[place].serial)
        assert stored is not None  # it was read a moment ago, and nothing is ever deleted
        assert quotes[place].totals.patient_fen == outcomes[place].account_fen + outcomes[place].cash_fen
        found.append(VisitImpact(stored=stored, quoted=quotes[place]))
    return tuple(found)


def years_settled(session: Session, area: str, today: datetime.date) -> list[int]:
    """Return the years in which people of an area were settled here, the latest first."""
    return settled_visits.years(session.store.reader, area) or [today.year]
