"""What is known of a patient, and how old it is, as the counter shows it."""

import datetime
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from gongji.core.dates import day_of
from gongji.core.engine.facts import full_years
from gongji.core.engine.limits import Limit, limits
from gongji.core.engine.policy import Policy
from gongji.core.engine.without_benefit import is_without_benefit, pays_nothing
from gongji.core.identity import birth_date, is_identity_number, masked, sex
from gongji.core.ledger.draft import Draft, YearFigures, draft_to_json
from gongji.core.ledger.fill_visit import KnownToBook, fill_from_book
from gongji.core.ledger.ledger import LedgerBalance, account_key
from gongji.core.money import parse_fen
from gongji.core.problems import Problem
from gongji.core.visits import Visit, read_visit
from gongji.desk.session import Session
from gongji.desk.visits.known_for_visit import known_for, year_scope
from gongji.pack_files.library import policy_without_benefit
from gongji.store.engine import Connection
from gongji.store.people import people
from gongji.store.settlements import ledger
from gongji.store.upload.payer_answers import Entitlement, newest_entitlement

__all__ = ["Entitlement", "FamilyMember", "Patient", "YearLimit", "look_up"]

_HOLDER = {
    "spouse": "配偶",
    "parent": "子女",
    "child": "父母",
    "spouse_parent": "子女的配偶",
    "sibling": "兄弟姐妹",
    "grandparent": "孙辈",
    "grandchild": "祖辈",
}
"""The account holder's relation to the patient, by the patient's relation to the holder."""
_LINE = {"code": "0", "category": "service", "class": "A", "unit_price": "0", "quantity": "1"}


class FamilyMember(Struct, frozen=True, kw_only=True):
    """A family account: its number, its holder and the holder's relation to the patient."""

    id: str
    name: str
    holder: str
    authorised: bool
    balance: LedgerBalance


class YearLimit(Struct, frozen=True, kw_only=True):
    """A cap or deductible of the year, and how old its used figure is; `as_of` is None where there is no snapshot."""

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
    own: LedgerBalance | None
    family: tuple[FamilyMember, ...]
    policy: Policy | None
    known: KnownToBook
    entitlement: Entitlement | None = None


def look_up(session: Session, draft: Draft, at: str) -> Patient | None:
    """Return what is known of a draft's patient at a moment (a stamp); None where there is no patient."""
    person_id = draft.person_id
    if person_id is None:
        return None
    connection = session.store.reader
    value = draft_to_json(draft)
    known = known_for(session, connection, value, at)
    on = known.settled_on or day_of(at).isoformat()
    day = datetime.date.fromisoformat(on)
    one = people.find(connection, person_id, on)
    facts = {**known.person, **draft.person}
    policy = _policy(session, known.area or "", day, str(facts.get("status") or ""))
    charged_in_full = is_without_benefit(facts.get("status"))
    scope = None if charged_in_full else year_scope(session, known.area, on)
    standings = {} if scope is None else ledger.standings(connection, person_id, scope)
    born = one.birth_date if one is not None and one.birth_date is not None else facts.get("birth_date")
    return Patient(
        id=person_id,
        name=str(facts.get("name") or "（未填姓名）"),
        number=masked(person_id),
        sex=sex(person_id) if is_identity_number(person_id) else "",
        age=_age(person_id, born, day),
        status=str(facts.get("status") or ""),
        employment=str(facts.get("employment") or "unit"),
        area=known.area or "",
        area_name=_area_name(session, known.area or ""),
        supplements=tuple(facts.get("supplements") or ()),
        diseases=tuple((facts.get("registrations") or {}).get("chronic", ())),
        entitled=facts.get("entitled") is not False,
        selected_institution=facts.get("selected_institution"),
        insured=bool(facts.get("status")) and not charged_in_full,
        year_known=bool(draft.told.accumulators) or any(one.as_of is not None for one in standings.values()),
        limits=_limits(value, known, policy, _with_told(standings, draft.told, at)),
        own=None if charged_in_full else _told_balance(draft.told, at) or _balance(connection, person_id),
        family=() if charged_in_full else _family(connection, one, on),
        policy=policy,
        known=known,
        entitlement=newest_entitlement(connection, person_id),
    )


def _policy(session: Session, area: str, day: datetime.date, status: str) -> Policy | None:
    if is_without_benefit(status):
        return policy_without_benefit(status)[0]
    found = session.library.in_force(area, day)
    return None if isinstance(found, Problem) else found


def _with_told(standings: Mapping[str, LedgerBalance], figures: YearFigures, at: str) -> dict[str, LedgerBalance]:
    """Return the age of each figure after the counter was given some of them just now."""
    now = {name: _just_told(text, at) for name, text in figures.accumulators.items()}
    return {**standings, **now}


def _just_told(text: str, at: str) -> LedgerBalance:
    return LedgerBalance(amount_fen=int(parse_fen(text)), as_of=at, since_fen=0, settlements_since=0)


def _told_balance(figures: YearFigures, at: str) -> LedgerBalance | None:
    return None if figures.own_balance is None else _just_told(figures.own_balance, at)


def _age(person_id: str, born: Any, day: datetime.date) -> int | None:
    known = datetime.date.fromisoformat(born) if isinstance(born, str) else None
    if known is None and is_identity_number(person_id):
        known = birth_date(person_id)
    return None if known is None else full_years(known, day)


def _area_name(session: Session, area: str) -> str:
    editions = session.library.editions(area) if area in session.library.areas else ()
    return editions[-1].pack.area_name if editions else area


def _balance(connection: Connection, account_id: str) -> LedgerBalance | None:
    one = ledger.standing_of(connection, account_key(account_id))
    return None if one is None or one.as_of is None else replace(one, amount_fen=max(0, one.amount_fen))


def _family(connection: Connection, person: people.PersonRecord | None, on: str) -> tuple[FamilyMember, ...]:
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
    value: dict[str, Any], known: KnownToBook, policy: Policy | None, standings: Mapping[str, LedgerBalance]
) -> tuple[YearLimit, ...]:
    """Return the year's limits; a visit with one line of zero stands in for the one not entered yet."""
    if policy is None or pays_nothing(policy.id):
        return ()
    visit = read_visit(fill_from_book({**value, "benefit": None, "lines": [_LINE]}, known))
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
