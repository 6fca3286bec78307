"""The year of some of a clinic's people settled again under another edition: what `impact` is added up from.

Visits of one person follow each other, so people are shared out, not visits; each share can be reckoned by a process
of its own, which is given the edition as JSON.
"""

import datetime
from collections import Counter as Counts
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Raw, Struct, json
from msgspec.structs import replace

from gongji.core.columns.replay import Past, Replay, ReplayOutcome
from gongji.core.engine.policy import Policy
from gongji.core.engine.visit_checks import Knows
from gongji.core.ledger.stored_settlement import settled_body
from gongji.core.packs.language import Disease, Pack
from gongji.core.progress import Progress, tell
from gongji.core.visits import Visit
from gongji.desk import book_processes
from gongji.desk.book_processes import Doer
from gongji.pack_files.library import Library
from gongji.store import settings
from gongji.store.book_file.folder import Folder
from gongji.store.engine import Connection
from gongji.store.settlements import settled_visits
from gongji.store.settlements.settled_visits import SettledVisit

OPTION = "--impact-part"
"""The option with which the program reckons a share as a child of another: `main` is not reached."""
MOST_CHANGED = 10
_EVERY = 500

PersonRow = tuple[str, int, int, int, int, int, int, int]
"""A person, how many visits, then fund, account and cash in fen as stored and under the other edition."""


class ImpactTask(Struct, frozen=True):
    """A share of the people, by its number of so many; the year; the edition and what its area's agency lists."""

    year: int
    share: int
    shares: int
    pack: Raw
    last_day: datetime.date | None
    diseases: tuple[Disease, ...]


class ChangedVisit(Struct, frozen=True):
    """A visit whose patient's part changes, by how much and to what (fen); the serials of its person's year."""

    change_fen: int
    serial: int
    patient_fen: int
    year: tuple[int, ...]


class ImpactShare(Struct, frozen=True):
    """What a share comes to; `refused` counts visits by the reason, with the first one's serial.

    `changed` are the visits that change most, `by_engine` how many columns could not say, `left_out` how many have no
    employees' benefit.
    """

    people: tuple[PersonRow, ...]
    changed: tuple[ChangedVisit, ...]
    refused: tuple[tuple[str, int, int], ...]
    by_engine: int
    left_out: int


class _Taken(Struct, frozen=True, gc=False):
    serial: int
    person_id: str
    before: ReplayOutcome
    sequence: tuple[str, str]


def serve() -> int:
    """Be a process that reckons shares; return an exit status."""

    def begin(_: Folder, connection: Connection, library: Library) -> Doer:
        def do(line: bytes, told: book_processes.Tell) -> ImpactShare:
            task = json.decode(line, type=ImpactTask)
            year = YearAgain(connection, library.knows, _policy(task), task.year)
            return year.share(task.share, task.shares, lambda done, _: told(done))

        return do

    return book_processes.serve(begin)


def impact_tasks(policy: Policy, year: int, shares: int) -> list[ImpactTask]:
    """Return the tasks of reckoning a year in so many shares."""
    pack = Raw(json.encode(policy.pack, enc_hook=int))
    listed = policy.diseases.listed[len(policy.pack.disease) :]
    return [ImpactTask(year, share, shares, pack, policy.last_day, listed) for share in range(shares)]


def _policy(task: ImpactTask) -> Policy:
    """Return the edition of a task."""

    def marked(kind: Any, value: Any) -> Any:
        return kind(value)

    pack = json.decode(task.pack, type=Pack, dec_hook=marked)
    until = None if task.last_day is None else task.last_day + datetime.timedelta(days=1)
    return Policy(pack, until, task.diseases)


class YearAgain:
    """Settles a calendar year of an edition's area again, from one connection."""

    def __init__(self, connection: Connection, knows: Knows, policy: Policy, year: int) -> None:
        """Use a reading connection and an edition; `knows` is of all packs there are."""
        self._connection, self._knows, self._policy = connection, knows, policy
        self._span = (policy.pack.area, f"{year}-01-01", f"{year + 1}-01-01")
        self._known = settings.parameters(connection, policy.pack.area)

    def count(self) -> int:
        """Return how many settlements there are."""
        return settled_visits.count(self._connection, *self._span)

    def share(self, share: int, shares: int, progress: Progress) -> ImpactShare:
        """Return what the visits of a share of the people come to; `progress` hears how many were read, of 0."""
        policy = self._policy
        replay = Replay(policy, self._knows)
        taken: list[_Taken] = []
        done = left_out = 0
        for done, one in enumerate(settled_visits.of_days(self._connection, *self._span, share, shares), 1):
            if done % _EVERY == 0:
                tell(progress, done, 0)
            visit = self._visit(one)
            if not policy.is_for(visit.person.status):
                left_out += 1
                continue
            sequence = (one.person_id, policy.year_from(visit.settled_on).isoformat())
            replay.take(visit, sequence, one.moved)
            before = ReplayOutcome(one.fund_total_fen, one.account_fen, one.cash_fen)
            taken.append(_Taken(one.serial, one.person_id, before, sequence))
        tell(progress, done, 0)
        outcomes, by_engine = replay.outcomes(lambda places: self.past([taken[place].serial for place in places]))
        tell(progress, done, 0)
        return ImpactShare(
            tuple(_people(taken, outcomes)),
            tuple(_changed(taken, outcomes)),
            tuple(_refused(taken, outcomes)),
            by_engine,
            left_out,
        )

    def past(self, serials: Sequence[int]) -> Iterable[Past]:
        """Yield visits and what they moved, by their serials, in that order."""
        for one in settled_visits.of_serials(self._connection, serials):
            yield self._visit(one), one.moved

    def _visit(self, one: SettledVisit) -> Visit:
        """Return a stored visit, with open parameters entered since where the edition has them."""
        visit, known = settled_body(one.no, one.body), self._known
        asked = self._policy.pack.parameter
        missing = {name: known[name] for name in asked if name in known and name not in visit.parameters}
        return replace(visit, parameters={**visit.parameters, **missing}) if missing else visit


def _people(taken: Sequence[_Taken], outcomes: Sequence[ReplayOutcome]) -> list[PersonRow]:
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
    return [(person, *row) for person, row in sums.items()]  # type: ignore[misc]  # seven of them


def _changed(taken: Sequence[_Taken], outcomes: Sequence[ReplayOutcome]) -> list[ChangedVisit]:
    """Return the visits whose patients' part changes most, the most first, earlier ones before later ones."""
    changes = [
        (abs(after.account_fen + after.cash_fen - one.before.account_fen - one.before.cash_fen), -place)
        for place, (one, after) in enumerate(zip(taken, outcomes, strict=True))
        if after.problem is None
    ]
    most = [(change, -place) for change, place in sorted(changes, reverse=True)[:MOST_CHANGED] if change]
    theirs: dict[tuple[str, str], list[int]] = {taken[place].sequence: [] for _, place in most}
    for one in taken:
        if one.sequence in theirs:
            theirs[one.sequence].append(one.serial)
    found = []
    for change, place in most:
        one, after = taken[place], outcomes[place]
        patient_fen = after.account_fen + after.cash_fen
        found.append(ChangedVisit(change, one.serial, patient_fen, tuple(theirs[one.sequence])))
    return found


def _refused(taken: Sequence[_Taken], outcomes: Sequence[ReplayOutcome]) -> list[tuple[str, int, int]]:
    counts: Counts[str] = Counts()
    first: dict[str, int] = {}
    for one, after in zip(taken, outcomes, strict=True):
        if after.problem is not None:
            counts[after.problem.message] += 1
            first.setdefault(after.problem.message, one.serial)
    return [(message, count, first[message]) for message, count in counts.items()]
