"""登记病种核对: old registrations under names on no list, shown for a decision, which is a new record, and logged.

Nothing changes by itself: an undecided name stays as it is, and is refused where a rule reads it.
"""

from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct

from gongji.core.dates import day_of
from gongji.core.identity import masked, masked_cell
from gongji.core.ledger.audit import Act
from gongji.core.packs.diseases import Diseases
from gongji.core.problems import quoted
from gongji.desk.roles import only
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store import audit
from gongji.store.people import people
from gongji.store.people.people import Registered


class UnlistedRegistration(Struct, frozen=True, kw_only=True):
    """A person's registration under a name on no list of their area; `nearest` are similar names on it."""

    person_id: str
    person_name: str
    area: str
    name: str
    nearest: tuple[str, ...]

    @property
    def number(self) -> str:
        """The person's number as screens show it."""
        return masked(self.person_id)

    def __repr__(self) -> str:
        """Show no number."""
        return f"UnlistedRegistration({self.name})"


def unlisted_registrations(session: Session) -> list[UnlistedRegistration]:
    """Return them by name, then by person; areas without a list are left out."""
    found = [
        UnlistedRegistration(
            person_id=one.person_id,
            person_name=one.person_name,
            area=one.area,
            name=name,
            nearest=tuple(lists.nearest("registered", name)),
        )
        for one in people.registered(session.store.reader)
        if (lists := list_of(session, one.area))
        for name in _unlisted(one, lists)
    ]
    return sorted(found, key=lambda one: (one.area, one.name, one.person_id))


def list_of(session: Session, area: str) -> Diseases:
    """Return the diseases of an area's newest edition; none where it has no edition or no list."""
    editions = session.library.editions(area)
    return editions[-1].diseases if editions else Diseases(())


def _unlisted(one: Registered, lists: Diseases) -> Iterator[str]:
    return (name for name in one.diseases if lists.find("registered", name) is None)


@only("import")
def decide_registration(session: Session, name: str, listed: str, whose: Collection[str]) -> int:
    """Register people with a disease of the list instead of an unlisted name; return how many records were made.

    `listed` is any name the list knows; `whose` are the people's numbers. On the writing thread. Raises
    `GongjiError` where the list of a person's area does not have it, and then nothing was stored.
    """
    at = session.now()
    known = [one for one in people.registered(session.store.reader) if one.person_id in whose and name in one.diseases]
    names = {one.area: _listed(session, one.area, listed) for one in known}
    with session.store.write() as connection:
        for one in known:
            after = tuple(dict.fromkeys(names[one.area] if each == name else each for each in one.diseases))
            starts = max(day_of(at).isoformat(), one.starts)
            people.save_registration(connection, one.person_id, after, starts, at)
            subject = f"人员 {masked_cell(one.person_id)}"
            detail = f"登记病种 {name} → {names[one.area]}，{starts} 起"
            audit.append(connection, at, session.operator, Act.BY_HAND, subject, detail)
    if known:
        session.recorded(at)
    return len(known)


def _listed(session: Session, area: str, listed: str) -> str:
    found = list_of(session, area).find("registered", listed)
    if found is None:
        raise GongjiError(f"{area} 的病种名录里没有“{quoted(listed)}”", "请从名录里选一个名称")
    return found.name


def same_name(rows: Sequence[UnlistedRegistration], one: UnlistedRegistration) -> list[str]:
    """Return the numbers of all people of an area who are registered under the same name."""
    return [each.person_id for each in rows if (each.area, each.name) == (one.area, one.name)]
