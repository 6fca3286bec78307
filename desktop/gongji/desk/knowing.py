"""What the book knows for a visit: the person on its date, their year, the accounts, the clinic, the parameters."""

import datetime
from typing import Any

from gongji.core.book.filling import Known, KnownAccount, codes_to_look_up
from gongji.core.book.ledger import account_key
from gongji.core.book.times import day_of
from gongji.core.problems import Problem
from gongji.core.reckoning.without_benefit import is_without_benefit
from gongji.desk.counter import Counter
from gongji.store import items, ledger, people, settings
from gongji.store.engine import Connection


def known_for(counter: Counter, connection: Connection, visit: dict[str, Any], at: str) -> Known:
    """Return what is known for a visit as handed in (decoded JSON), at a moment (a stamp)."""
    settled_on = visit.get("settled_on") or day_of(at).isoformat()
    on = settled_on if isinstance(settled_on, str) else ""
    person = visit.get("person")
    person_id = person.get("id") if isinstance(person, dict) else None
    one = people.find(connection, person_id, on) if isinstance(person_id, str) else None
    insured_in = None if one is None or one.coverage is None else one.coverage.area
    area = visit.get("area") or insured_in or counter.clinic.area
    if is_without_benefit(_status(person, one)):
        return Known(
            area=area if isinstance(area, str) else None,
            settled_on=on,
            institution=counter.clinic.institution,
            person={} if one is None else people.as_given(one),
            items=items.as_lines(connection, codes_to_look_up(visit), on),
        )
    scope = year_scope(counter, area, on)
    return Known(
        area=area if isinstance(area, str) else None,
        settled_on=on,
        institution=counter.clinic.institution,
        person={} if one is None else people.as_given(one),
        accumulators_fen=_accumulators(connection, person_id, scope),
        own_balance_fen=_balance(connection, person_id),
        family=_family(connection, one),
        parameters=settings.parameters(connection, area) if isinstance(area, str) else {},
        items=items.as_lines(connection, codes_to_look_up(visit), on),
    )


def _status(given: Any, known: people.Known | None) -> Any:
    """Return a patient's status: what the visit says, else what the book knows."""
    said = given.get("status") if isinstance(given, dict) else None
    return said or (None if known is None or known.coverage is None else known.coverage.status)


def year_scope(counter: Counter, area: Any, settled_on: str) -> str | None:
    """Return the ledger's scope of a benefit year: area and first day; None where no policy is in force."""
    try:
        day = datetime.date.fromisoformat(settled_on)
    except ValueError:
        return None
    policy = counter.library.in_force(area, day) if isinstance(area, str) else None
    return None if policy is None or isinstance(policy, Problem) else f"{area}/{policy.year_from(day)}"


def _accumulators(connection: Connection, person_id: Any, scope: str | None) -> dict[str, int]:
    if not isinstance(person_id, str) or scope is None:
        return {}
    found = ledger.standings(connection, person_id, scope)
    return {name: max(0, one.amount_fen) for name, one in found.items()}


def _balance(connection: Connection, account_id: Any) -> int | None:
    """Return what is left in an account, in fen; None where nobody has told."""
    known = ledger.standing_of(connection, account_key(account_id)) if isinstance(account_id, str) else None
    return None if known is None or known.as_of is None else max(0, known.amount_fen)


def _family(connection: Connection, person: people.Known | None) -> tuple[KnownAccount, ...]:
    found = []
    for link in () if person is None else person.links:
        balance_fen = _balance(connection, link.account_id)
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
