"""What the book knows for a visit: the person on its date, their year, the accounts, the clinic, the parameters."""

import datetime
from typing import Any

from msgspec import structs

from gongji.core.dates import day_of
from gongji.core.engine.without_benefit import is_without_benefit
from gongji.core.ledger.fill_visit import KnownAccount, KnownToBook, codes_to_look_up
from gongji.core.ledger.ledger import account_key
from gongji.core.problems import Problem
from gongji.desk.session import Session
from gongji.store import settings
from gongji.store.catalogue import items
from gongji.store.engine import Connection
from gongji.store.people import people
from gongji.store.settlements import ledger


def known_for(session: Session, connection: Connection, visit: dict[str, Any], at: str) -> KnownToBook:
    """Return what is known for a visit's input (decoded JSON), at a moment (a stamp)."""
    settled_on = visit.get("settled_on") or day_of(at).isoformat()
    on = settled_on if isinstance(settled_on, str) else ""
    person = visit.get("person")
    person_id = person.get("id") if isinstance(person, dict) else None
    one = people.find(connection, person_id, on) if isinstance(person_id, str) else None
    insured_in = None if one is None or one.coverage is None else one.coverage.area
    area = visit.get("area") or insured_in or session.clinic.area
    charged_in_full = KnownToBook(
        area=area if isinstance(area, str) else None,
        settled_on=on,
        institution=session.clinic.institution,
        person={} if one is None else people.as_given(one),
        items=items.as_lines(connection, codes_to_look_up(visit), on),
    )
    if is_without_benefit(_status(person, one)):
        return charged_in_full
    return structs.replace(
        charged_in_full,
        accumulators_fen=_accumulators(connection, person_id, year_scope(session, area, on)),
        own_balance_fen=_known_balance(connection, person_id),
        family=_known_family(connection, one),
        parameters=settings.parameters(connection, area) if isinstance(area, str) else {},
        notices=settings.notices(connection, area) if isinstance(area, str) else {},
    )


def _status(given: Any, known: people.PersonRecord | None) -> Any:
    """Return a patient's status: the visit's, else the book's."""
    said = given.get("status") if isinstance(given, dict) else None
    return said or (None if known is None or known.coverage is None else known.coverage.status)


def year_scope(session: Session, area: Any, settled_on: str) -> str | None:
    """Return the ledger's scope of a benefit year: area and first day; None where no policy is in force."""
    try:
        day = datetime.date.fromisoformat(settled_on)
    except ValueError:
        return None
    policy = session.library.in_force(area, day) if isinstance(area, str) else None
    return None if policy is None or isinstance(policy, Problem) else f"{area}/{policy.year_from(day)}"


def _accumulators(connection: Connection, person_id: Any, scope: str | None) -> dict[str, int]:
    if not isinstance(person_id, str) or scope is None:
        return {}
    found = ledger.standings(connection, person_id, scope)
    return {name: max(0, one.amount_fen) for name, one in found.items()}


def _known_balance(connection: Connection, account_id: Any) -> int | None:
    """Return an account's balance, in fen; None where there is no snapshot."""
    known = ledger.standing_of(connection, account_key(account_id)) if isinstance(account_id, str) else None
    return None if known is None or known.as_of is None else max(0, known.amount_fen)


def _known_family(connection: Connection, person: people.PersonRecord | None) -> tuple[KnownAccount, ...]:
    found = []
    for link in () if person is None else person.links:
        balance_fen = _known_balance(connection, link.account_id)
        if balance_fen is not None:
            found.append(
                KnownAccount(
                    id=link.account_id,
                    relation=link.relation,
                    authorised=link.authorised,
                    area=link.area,
                    balance_fen=balance_fen,
                )
            )
    return tuple(found)
