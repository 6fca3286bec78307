"""Storing what a visit's input says of its patient: person, coverage, registrations, figures, links."""

from typing import Any

from gongji.core.ledger.ledger import BALANCE, FigureKey, account_key, accumulator_key
from gongji.core.money import yuan
from gongji.core.visits import Visit
from gongji.store.engine import Connection
from gongji.store.people import people
from gongji.store.settlements import ledger

_SOURCE = "visit"


_TELLS_COVERAGE = {"status", "employment", "supplements", "entitled", "selected_institution"}


def remember_patient(
    connection: Connection, visit: Visit, given: Any, year_from: str, as_of: str, last_serial: int
) -> list[str]:
    """Store what a visit's input (decoded JSON) said of its patient; what the book filled in is not stored again.

    `as_of` and `last_serial` say up to where its figures know this counter's settlements. Return in sentences, without
    personal data, which known figures the visit gave differently.
    """
    person, on = visit.person, visit.settled_on.isoformat()
    said = {name for name, value in given["person"].items() if value is not None}
    people.save_person(connection, person.id, person.name, person.birth_date)
    if said & _TELLS_COVERAGE or people.coverage(connection, person.id, on) is None:
        coverage = people.Coverage(
            starts=on,
            area=visit.area,
            status=person.status,
            employment=person.employment,
            supplements=tuple(person.supplements),
            entitled=person.entitled,
            selected_institution=person.selected_institution,
        )
        people.save_coverage(connection, person.id, coverage, as_of)
    if "registrations" in said:
        people.save_registration(connection, person.id, person.registrations.chronic, on, as_of)
    told = [
        (accumulator_key(person.id, visit.area, year_from, name), visit.accumulators[name])
        for name in given.get("accumulators") or ()
        if name in visit.accumulators
    ]
    told += _accounts(connection, visit, given, as_of)
    overridden = [_overridden(connection, key, fen) for key, fen in told]
    ledger.add_snapshots(connection, told, as_of, last_serial, _SOURCE)
    return [one for one in overridden if one]


def _overridden(connection: Connection, key: FigureKey, fen: int) -> str:
    known = ledger.standing_of(connection, key)
    if known is None or known.amount_fen == fen:
        return ""
    name = "账户余额" if key.name == BALANCE else key.name
    return f"{name}：账上 {yuan(known.amount_fen)}，就诊说 {yuan(fen)}"


def _accounts(connection: Connection, visit: Visit, given: Any, as_of: str) -> list[Any]:
    accounts = given.get("accounts") or {}
    told = []
    if accounts.get("own") is not None and visit.accounts.own is not None:
        told.append((account_key(visit.person.id), visit.accounts.own.balance))
    if accounts.get("family") is not None:
        for one in visit.accounts.family:
            told.append((account_key(one.id), one.balance))
            link = people.Link(
                account_id=one.id, relation=one.relation, authorised=one.authorised, area=one.area or None
            )
            people.save_link(connection, visit.person.id, link, as_of)
    return told
