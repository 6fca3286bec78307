"""People as known on a date: insurance, disease registrations, family accounts they may use."""

import datetime
from typing import Any

from msgspec import Struct, json
from msgspec.structs import asdict, replace

from gongji.core.imports.rows import PersonRow
from gongji.store.engine import Connection
from gongji.store.people.person_keys import FORGOTTEN, make_key
from gongji.store.rows import first, insert, select, text_or_none
from gongji.store.search import index_names


class Link(Struct, frozen=True, kw_only=True):
    """共济: an account that may pay for a person; `relation` is the person's relation to its holder."""

    account_id: str
    relation: str
    authorised: bool
    area: str | None


class Coverage(Struct, frozen=True, kw_only=True):
    """参保: how a person is insured from a date on, until the next one."""

    starts: str
    area: str
    status: str
    employment: str
    supplements: tuple[str, ...]
    entitled: bool
    selected_institution: str | None


class PersonRecord(Struct, frozen=True, kw_only=True):
    """A person as known on a date."""

    id: str
    name: str
    birth_date: str | None
    coverage: Coverage | None
    diseases: tuple[str, ...] | None
    links: tuple[Link, ...]


def find(connection: Connection, person_id: str, on: str) -> PersonRecord | None:
    """Return what is known of a person on a day (ISO)."""
    row = connection.execute("SELECT name, birth_date FROM person WHERE id = ?", (person_id,)).fetchone()
    if row is None:
        return None
    return PersonRecord(
        id=person_id,
        name=row[0],
        birth_date=row[1],
        coverage=coverage(connection, person_id, on),
        diseases=diseases(connection, person_id, on),
        links=links(connection, person_id),
    )


def as_row(connection: Connection, person_id: str, on: datetime.date) -> PersonRow | None:
    """Return what is known of a person on a day, as a row of a table; None where that is not enough for one."""
    row = connection.execute(
        "SELECT name, sex, birth_date, phone, fictitious FROM person WHERE id = ?", (person_id,)
    ).fetchone()
    covered = coverage(connection, person_id, on.isoformat())
    if row is None or covered is None or row[1] is None or row[2] is None:
        return None
    name, sex, birth_date, phone, fictitious = row
    return PersonRow(
        **{**asdict(covered), "starts": on},
        id=person_id,
        name=name,
        sex=sex,
        birth_date=datetime.date.fromisoformat(birth_date),
        phone=phone,
        diseases=None,
        registered=None,
        fictitious=bool(fictitious),
    )


def coverage(connection: Connection, person_id: str, on: str) -> Coverage | None:
    """Return the insurance in force on a day."""
    latest = "FROM coverage WHERE person_id = ? AND starts <= ? ORDER BY starts DESC, id DESC LIMIT 1"
    found = first(connection, Coverage, latest, (person_id, on))
    return None if found is None else replace(found, supplements=tuple(json.decode(str(found.supplements))))


def diseases(connection: Connection, person_id: str, on: str) -> tuple[str, ...] | None:
    """Return the diseases registered on a day (ISO); None where none were ever reported."""
    latest = (
        "SELECT diseases FROM registration WHERE person_id = ? AND starts <= ? ORDER BY starts DESC, id DESC LIMIT 1"
    )
    text = text_or_none(connection, latest, (person_id, on))
    return None if text is None else tuple(json.decode(text))


class Registered(Struct, frozen=True, kw_only=True):
    """A person's newest registration, with the area they were last insured in; from a day on (ISO)."""

    person_id: str
    person_name: str
    area: str
    diseases: tuple[str, ...]
    starts: str


def registered(connection: Connection) -> list[Registered]:
    """Return the newest registration, if it names a disease, of every person whose insurance is known."""
    rows = connection.execute(
        "SELECT person.id, person.name, coverage.area, registration.diseases, registration.starts FROM person "
        "JOIN registration ON registration.id = (SELECT id FROM registration AS one WHERE one.person_id = person.id "
        "ORDER BY starts DESC, id DESC LIMIT 1) "
        "JOIN coverage ON coverage.id = (SELECT id FROM coverage AS one WHERE one.person_id = person.id "
        "ORDER BY starts DESC, id DESC LIMIT 1) WHERE registration.diseases <> '[]' ORDER BY person.rank"
    )
    return [
        Registered(person_id=number, person_name=name, area=area, diseases=tuple(json.decode(diseases)), starts=starts)
        for number, name, area, diseases, starts in rows
    ]


def links(connection: Connection, person_id: str) -> tuple[Link, ...]:
    """Return the family accounts a person may use, in the order first reported, each as last reported."""
    found = select(connection, Link, "FROM aid_link WHERE person_id = ? ORDER BY id", (person_id,))
    return tuple({link.account_id: link for link in found}.values())


def save_person(connection: Connection, person_id: str, name: str, birth_date: datetime.date | None) -> None:
    """Store a person, or a new name and birth date; what is not given leaves what is known."""
    row = connection.execute("SELECT rank, name, birth_date FROM person WHERE id = ?", (person_id,)).fetchone()
    born = None if birth_date is None else birth_date.isoformat()
    if row is None:
        (rank,) = connection.execute(
            "INSERT INTO person (id, name, birth_date) VALUES (?, ?, ?) RETURNING rank", (person_id, name, born)
        ).fetchone()
        index_names(connection, "person", [(rank, name)])
    elif (name or row[1], born or row[2]) != (row[1], row[2]):
        connection.execute(
            "UPDATE person SET name = ?, birth_date = ? WHERE rank = ?", (name or row[1], born or row[2], row[0])
        )
        if name and name != row[1]:
            index_names(connection, "person", [(row[0], name)])
    make_key(connection, person_id)  # a forgotten person who comes again gets a new key


def save_coverage(connection: Connection, person_id: str, stated: Coverage, at: str) -> None:
    """Store how a person is insured from a date on, unless that is known already."""
    known = coverage(connection, person_id, stated.starts)
    if known is not None and same_coverage(known, stated):
        return
    supplements = json.encode(stated.supplements).decode()
    row = {"person_id": person_id, **asdict(stated), "supplements": supplements, "told_at": at}
    insert(connection, "coverage", row)


def same_coverage(one: Coverage, other: Coverage) -> bool:
    """Return whether two are the same but for their first day."""
    return replace(one, starts=other.starts) == other


def save_registration(connection: Connection, person_id: str, stated: tuple[str, ...], starts: str, at: str) -> None:
    """Store the diseases registered from a date on, unless they are known already."""
    if stated != (diseases(connection, person_id, starts) or ()):
        text = json.encode(stated).decode()
        insert(connection, "registration", {"person_id": person_id, "diseases": text, "starts": starts, "told_at": at})


def save_link(connection: Connection, person_id: str, stated: Link, at: str) -> None:
    """Store whose account may pay for a person, unless that is known already."""
    if stated not in links(connection, person_id):
        insert(connection, "aid_link", {"person_id": person_id, **asdict(stated), "told_at": at})


def as_given(known: PersonRecord) -> dict[str, Any]:
    """Return a person in the contract's form, to fill what a visit leaves out; without a forgotten person's name."""
    name = None if known.name == FORGOTTEN else known.name or None
    found: dict[str, Any] = {"name": name, "birth_date": known.birth_date}
    if known.coverage is not None:
        found |= {
            "status": known.coverage.status,
            "employment": known.coverage.employment,
            "supplements": list(known.coverage.supplements),
            "entitled": known.coverage.entitled,
            "selected_institution": known.coverage.selected_institution,
        }
    if known.diseases is not None:
        found["registrations"] = {"chronic": list(known.diseases)}
    return found
