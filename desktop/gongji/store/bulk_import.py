"""Many rows at once, as imports bring them: what each would change, and storing them inside one transaction."""

from collections.abc import Sequence
from typing import Any

from msgspec import json

from gongji.core.imports.rows import DiseaseRow, FigureRow, ItemRow, LinkRow, PersonRow
from gongji.core.ledger.ledger import BALANCE, FigureKey, account_key, accumulator_key
from gongji.store.catalogue import items
from gongji.store.engine import Connection
from gongji.store.people import people
from gongji.store.people.people import Coverage, Link
from gongji.store.people.person_keys import is_forgotten
from gongji.store.row_outcomes import (
    Fates,
    ImportSource,
    RowImporter,
    RowOutcome,
    of_table,
    one_by_one,
    outcome_of,
)
from gongji.store.rows import exists
from gongji.store.search import index_names
from gongji.store.settlements import ledger


def knows_person(connection: Connection, person_id: str) -> bool:
    """Return whether the book has a person."""
    return exists(connection, "SELECT 1 FROM person WHERE id = ?", (person_id,))


def _fate_of_person(connection: Connection, row: PersonRow) -> RowOutcome:
    """Return what a row would change; nothing of a forgotten person: a table does not bring them back."""
    known = _person(connection, row.id)
    if known is None:
        return RowOutcome.NEW
    if is_forgotten(connection, row.id):
        return RowOutcome.UNCHANGED
    same = known[1:] == _told(row, known) and _covered(connection, row) and _registered(connection, row)
    return RowOutcome.UNCHANGED if same else RowOutcome.CHANGED


def _keep_person(connection: Connection, row: PersonRow, source: ImportSource) -> int | None:
    """Store a person and what is said of them; return the rank if the name is still to be indexed."""
    known = _person(connection, row.id)
    rank = None
    if known is None:
        rank = connection.execute(
            "INSERT INTO person (id, name, sex, birth_date, phone, fictitious) VALUES (?, ?, ?, ?, ?, ?)",
            (row.id, *_told(row, None)),
        ).lastrowid
    else:
        connection.execute(
            "UPDATE person SET name = ?, sex = ?, birth_date = ?, phone = ?, fictitious = ? WHERE rank = ?",
            (*_told(row, known), known[0]),
        )
    people.save_coverage(connection, row.id, _coverage(row), source.at)
    if row.diseases is not None and row.registered is not None:
        people.save_registration(connection, row.id, row.diseases, row.registered.isoformat(), source.at)
    return rank if known is None or known[1] == row.name else int(known[0])


def _person(connection: Connection, person_id: str) -> tuple[Any, ...] | None:
    found: tuple[Any, ...] | None = connection.execute(
        "SELECT rank, name, sex, birth_date, phone, fictitious FROM person WHERE id = ?", (person_id,)
    ).fetchone()
    return found


def _told(row: PersonRow, known: tuple[Any, ...] | None) -> tuple[Any, ...]:
    """Return a person's columns to store; a telephone number that the row lacks stays as it is."""
    phone = row.phone or (None if known is None else known[4])
    return row.name, row.sex, row.birth_date.isoformat(), phone, int(row.fictitious)


def _coverage(row: PersonRow) -> Coverage:
    stated = {name: getattr(row, name) for name in Coverage.__struct_fields__}
    return Coverage(**{**stated, "starts": row.starts.isoformat()})


def _covered(connection: Connection, row: PersonRow) -> bool:
    known = people.coverage(connection, row.id, row.starts.isoformat())
    return known is not None and people.same_coverage(known, _coverage(row))


def _registered(connection: Connection, row: PersonRow) -> bool:
    if row.diseases is None or row.registered is None:
        return True
    return (people.diseases(connection, row.id, row.registered.isoformat()) or ()) == row.diseases


def _link(row: LinkRow) -> Link:
    return Link(account_id=row.account_id, relation=row.relation, authorised=row.authorised, area=row.area)


def _fate_of_link(connection: Connection, row: LinkRow) -> RowOutcome:
    known = people.links(connection, row.person_id)
    if _link(row) in known:
        return RowOutcome.UNCHANGED
    return RowOutcome.CHANGED if any(one.account_id == row.account_id for one in known) else RowOutcome.NEW


def _keep_link(connection: Connection, row: LinkRow, source: ImportSource) -> None:
    people.save_link(connection, row.person_id, _link(row), source.at)


def _keep_items(connection: Connection, rows: Sequence[ItemRow], source: ImportSource) -> Fates:
    fates, named = items.save_items(connection, rows)
    index_names(connection, "item", named, source.beside)
    return Fates(fates)


def _key(row: FigureRow) -> FigureKey:
    if row.name == BALANCE:
        return account_key(row.owner)
    return accumulator_key(row.owner, str(row.area), str(row.year_from), row.name)


def _fate_of_figure(connection: Connection, row: FigureRow) -> RowOutcome:
    """Return what a figure would change: nothing where its payer's last value of that moment was the same."""
    key = _key(row)
    known = connection.execute(
        "SELECT amount_fen FROM snapshot WHERE owner = ? AND scope = ? AND name = ? AND as_of = ? "
        "AND last_serial IS NULL ORDER BY id DESC LIMIT 1",
        (key.owner, key.scope, key.name, row.as_of),
    ).fetchone()
    return outcome_of(known, (row.amount,))


def _keep_figure(connection: Connection, row: FigureRow, source: ImportSource) -> None:
    ledger.add_snapshots(connection, [(_key(row), row.amount)], row.as_of, None, source.name)


def _disease(row: DiseaseRow) -> dict[str, Any]:
    names = json.encode(row.names).decode()
    return {"area": row.area, "list": row.of, "name": row.name, "names": names, "code": row.code}


KEEPERS = {
    "people": one_by_one(_fate_of_person, _keep_person, "person"),
    "links": one_by_one(_fate_of_link, _keep_link),
    "catalogue": RowImporter(items.fate_of_item, _keep_items, "item"),
    "accumulators": one_by_one(_fate_of_figure, _keep_figure),
    "diseases": of_table("disease", "area", "list", "name", told=("at", "source"), as_columns=_disease),
    "diagnoses": of_table("diagnosis", "code", "starts", names="diagnosis"),
    "doctors": of_table("doctor", "code", "starts"),
    "mappings": of_table("code_mapping", "code", "starts", told=("at", "source")),
    "restrictions": of_table("restriction", "code", "starts", told=("at",)),
}
"""How to store each kind of table (core.imports.kinds), by its name."""
