"""挂单与取单: visits put aside, and the one being entered, stored in the book across restarts and power cuts."""

from msgspec import DecodeError, Struct, json

from gongji.core.ledger.draft import Draft
from gongji.desk.roles import only
from gongji.desk.session import Session
from gongji.store import held_visits
from gongji.store.engine import Connection


class HeldVisit(Struct, frozen=True, kw_only=True):
    """A visit that waits: its label, since when, how many lines it has."""

    draft: Draft
    label: str
    at: str
    aside: bool

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return len(self.draft.lines)


@only("hold")
def keep(session: Session, draft: Draft, label: str, *, aside: bool) -> None:
    """Store a visit's current state, put aside or still being entered; an empty one is deleted."""
    with session.store.write() as connection:
        if draft.is_empty:
            held_visits.drop(connection, draft.visit_no)
        else:
            _put(connection, HeldVisit(draft=draft, label=label, at=session.now(), aside=aside))


def put_aside(session: Session, connection: Connection, draft: Draft, label: str) -> HeldVisit:
    """Put a visit aside within the caller's transaction; return it."""
    one = HeldVisit(draft=draft, label=label, at=session.now(), aside=True)
    _put(connection, one)
    return one


def _put(connection: Connection, one: HeldVisit) -> None:
    body = json.encode(one.draft)
    held_row = held_visits.Held(visit_no=one.draft.visit_no, label=one.label, at=one.at, aside=one.aside, body=body)
    held_visits.put(connection, held_row)


def forget(session: Session, visit_no: str) -> None:
    """Delete a visit that was settled or discarded."""
    with session.store.write() as connection:
        held_visits.drop(connection, visit_no)


def held(session: Session) -> list[HeldVisit]:
    """Return the visits that were put aside, the oldest first."""
    return [one for one in _all(session) if one.aside]


def unfinished(session: Session) -> HeldVisit | None:
    """Return the visit that was being entered when the program ended; None where there was none."""
    return next((one for one in reversed(_all(session)) if not one.aside), None)


def interrupted(session: Session) -> list[HeldVisit]:
    """Return the visits that were to be settled when the program ended and were not, without the one being entered."""
    return [one for one in _all(session) if not one.aside][:-1]


def _all(session: Session) -> list[HeldVisit]:
    found = []
    for row in held_visits.rows(session.store.reader):
        try:
            draft = json.decode(row.body, type=Draft)
        except DecodeError:
            continue  # stored by another version: it is no money, and the visit's papers are there
        found.append(HeldVisit(draft=draft, label=row.label, at=row.at, aside=row.aside))
    return found
