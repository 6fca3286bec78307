"""挂单与取单: a visit put aside, and the one being entered, kept in the book across restarts and power cuts."""

from msgspec import DecodeError, Struct, json

from gongji.core.book.draft import Draft
from gongji.desk.counter import Counter
from gongji.store import holding


class HeldVisit(Struct, frozen=True, kw_only=True):
    """A visit that waits: what to call it, since when, how many lines it has."""

    draft: Draft
    label: str
    at: str
    aside: bool

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return len(self.draft.lines)


def keep(counter: Counter, draft: Draft, label: str, *, aside: bool) -> None:
    """Keep a visit as it stands, put aside or still being entered; an empty one is forgotten."""
    with counter.store.write() as connection:
        if draft.is_empty:
            holding.drop(connection, draft.visit_no)
        else:
            one = holding.Held(
                visit_no=draft.visit_no, label=label, at=counter.now(), aside=aside, body=json.encode(draft)
            )
            holding.put(connection, one)


def forget(counter: Counter, visit_no: str) -> None:
    """Forget a visit that was settled or thrown away."""
    with counter.store.write() as connection:
        holding.drop(connection, visit_no)


def held(counter: Counter) -> list[HeldVisit]:
    """Return the visits that were put aside, the oldest first."""
    return [one for one in _all(counter) if one.aside]


def unfinished(counter: Counter) -> HeldVisit | None:
    """Return the visit that was being entered when the program ended; None where there was none."""
    return next((one for one in reversed(_all(counter)) if not one.aside), None)


def _all(counter: Counter) -> list[HeldVisit]:
    found = []
    for row in holding.rows(counter.store.reader):
        try:
            draft = json.decode(row.body, type=Draft)
        except DecodeError:
            continue  # kept by another version: it is no money, and the paper of the visit is at hand
        found.append(HeldVisit(draft=draft, label=row.label, at=row.at, aside=row.aside))
    return found
