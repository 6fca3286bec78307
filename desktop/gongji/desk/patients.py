"""What is known of a patient, and how old it is: for the screen, and to fill a visit from."""

import datetime
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from gongji.core.book.draft import Draft, Told, given
from gongji.core.book.filling import Known, filled
from gongji.core.book.identity import birth_date, is_identity_number, masked, sex
from gongji.core.book.ledger import Standing, account_key
from gongji.core.book.times import day_of
from gongji.core.money import parse_fen
from gongji.core.problems import Problem
from gongji.core.reckoning.facts import full_years
from gongji.core.reckoning.limits import Limit, limits
from gongji.core.reckoning.policy import Policy
from gongji.core.reckoning.without_benefit import is_without_benefit, pays_nothing
from gongji.core.visits import Visit, read_visit
from gongji.desk.counter import Counter
from gongji.desk.knowing import known_for, year_scope
from gongji.policies import policy_without_benefit
from gongji.store import ledger, people
from gongji.store.engine import Connection

_HOLDER = {
    "spouse": "配偶",
    "parent": "子女",
    "child": "父母",
    "spouse_parent": "子女的配偶",
    "sibling": "兄弟姐妹",
    "grandparent": "孙辈",
    "grandchild": "祖辈",
}
"""What the account's holder is to the patient, by what the patient is to the holder."""
_LINE = {"code": "0", "category": "service", "class": "A", "unit_price": "0", "quantity": "1"}


class Balance(Struct, frozen=True, kw_only=True):
    """An account's balance in fen, as of when it was told, and the local settlements since."""

    amount_fen: int
    as_of: str | None
    settlements_since: int


class FamilyMember(Struct, frozen=True, kw_only=True):
    """A family account: its number, whose it is and what they are to the patient."""

    id: str
    name: str
    holder: str
    authorised: bool
    balance: Balance


class YearLimit(Struct, frozen=True, kw_only=True):
    """A cap or deductible of the year with how old the used figure is; `as_of` is None where nobody has told it."""

    limit: Limit
    as_of: str | None
    settlements_since: int


class Patient(Struct, frozen=True, kw_only=True):
    """A patient as the counter shows them on a day; `known` fills a visit."""

    id: str
    name: str
    number: str
    sex: str
    age: int | None
    status: str
    employment: str
    area: str
    area_name: str
    supplements: tuple[str, ...]
    diseases: tuple[str, ...]
    entitled: bool
    selected_institution: str | None
    insured: bool
    year_known: bool
    limits: tuple[YearLimit, ...]
    own: Balance | None
    family: tuple[FamilyMember, ...]
    policy: Policy | None
    known: Known


def look_up(counter: Counter, draft: Draft, at: str) -> Patient | None:
    """Return what is known of a draft's patient at a moment (a stamp); None where there is no patient."""
    person_id = draft.person_id
    if person_id is None:
        return None
    connection = counter.store.reader
    value = given(draft)
    known = known_for(counter, connection, value, at)
    on = known.settled_on or day_of(at).isoformat()
    day = datetime.date.fromisoformat(on)
    one = people.find(connection, person_id, on)
    told = {**known.person, **draft.person}
    policy = _policy(counter, known.area or "", day, str(told.get("status") or ""))
    charged_in_full = is_without_benefit(told.get("status"))
    scope = None if charged_in_full else year_scope(counter, known.area, on)
    standings = {} if scope is None else ledger.standings(connection, person_id, scope)
    born = one.birth_date if one is not None and one.birth_date is not None else told.get("birth_date")
    return Patient(
        id=person_id,
        name=str(told.get("name") or "（未填姓名）"),
        number=masked(person_id),
        sex=sex(person_id) if is_identity_number(person_id) else "",
        age=_age(person_id, born, day),
        status=str(told.get("status") or ""),
        employment=str(told.get("employment") or "unit"),
        area=known.area or "",
        area_name=_area_name(counter, known.area or ""),
        supplements=tuple(told.get("supplements") or ()),
        diseases=tuple((told.get("registrations") or {}).get("chronic", ())),
        entitled=told.get("entitled") is not False,
        selected_institution=told.get("selected_institution"),
        insured=bool(told.get("status")) and not charged_in_full,
        year_known=bool(draft.told.accumulators) or any(one.as_of is not None for one in standings.values()),
        limits=_limits(value, known, policy, _with_told(standings, draft.told, at)),
        own=None if charged_in_full else _told_balance(draft.told, at) or _balance(connection, person_id),
        family=() if charged_in_full else _family(connection, one, on),
        policy=policy,
        known=known,
    )


def _policy(counter: Counter, area: str, day: datetime.date, status: str) -> Policy | None:
    if is_without_benefit(status):
        return policy_without_benefit(status)[0]
    found = counter.library.in_force(area, day)
    return None if isinstance(found, Problem) else found


def _with_told(standings: Mapping[str, Standing], told: Told, at: str) -> dict[str, Standing]:
    """Return how old each figure is once the counter was told some of them just now."""
    now = {name: _just_told(text, at) for name, text in told.accumulators.items()}
    return {**standings, **now}


def _just_told(text: str, at: str) -> Standing:
    return Standing(amount_fen=int(parse_fen(text)), as_of=at, since_fen=0, settlements_since=0)


def _told_balance(told: Told, at: str) -> Balance | None:
    if told.own_balance is None:
        return None
    return Balance(amount_fen=int(parse_fen(told.own_balance)), as_of=at, settlements_since=0)


def _age(person_id: str, born: Any, day: datetime.date) -> int | None:
    known = datetime.date.fromisoformat(born) if isinstance(born, str) else None
    if known is None and is_identity_number(person_id):
        known = birth_date(person_id)
    return None if known is None else full_years(known, day)


def _area_name(counter: Counter, area: str) -> str:
    editions = counter.library.editions(area) if area in counter.library.areas else ()
    return editions[-1].pack.area_name if editions else area


def _balance(connection: Connection, account_id: str) -> Balance | None:
    one = ledger.standing_of(connection, account_key(account_id))
    if one is None or one.as_of is None:
        return None
    return Balance(amount_fen=max(0, one.amount_fen), as_of=one.as_of, settlements_since=one.settlements_since)


def _family(connection: Connection, person: people.Known | None, on: str) -> tuple[FamilyMember, ...]:
    found = []
    for link in () if person is None else person.links:
        balance = _balance(connection, link.account_id)
        if balance is not None:
            holder = people.find(connection, link.account_id, on)
            found.append(
                FamilyMember(
                    id=link.account_id,
                    name=masked(link.account_id) if holder is None or not holder.name else holder.name,
                    holder=_HOLDER.get(link.relation, link.relation),
                    authorised=link.authorised,
                    balance=balance,
                )
            )
    return tuple(found)


def _limits(
    value: dict[str, Any], known: Known, policy: Policy | None, standings: Mapping[str, Standing]
) -> tuple[YearLimit, ...]:
    """Return what bounds the year; a visit with one line of nothing stands in for the one yet to be entered."""
    if policy is None or pays_nothing(policy.id):
        return ()
    visit = read_visit(filled({**value, "benefit": None, "lines": [_LINE]}, known))
    if not isinstance(visit, Visit):
        return ()
    found = []
    for one in limits(visit, policy):
        standing = standings.get(one.name)
        found.append(
            YearLimit(
                limit=one,
                as_of=None if standing is None else standing.as_of,
                settlements_since=0 if standing is None else standing.settlements_since,
            )
        )
    return tuple(found)
