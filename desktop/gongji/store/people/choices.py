"""选定机构 in the book: what a patient chose at this counter, and whether the platform has been informed."""

from msgspec import Struct

from gongji.store.engine import Connection
from gongji.store.rows import insert, record_or_none, records

PENDING, ACCEPTED, REFUSED, STUCK, WITHDRAWN = "pending", "accepted", "refused", "stuck", "withdrawn"


class InstitutionChoice(Struct, frozen=True, kw_only=True):
    """Who chose which institution from which day on (ISO), with which settlement; `before` is empty for none.

    `number` is the platform's own number of the selection, once accepted; `failures` counts unknown outcomes.
    """

    id: int
    settlement: int
    person_id: str
    institution: str
    institution_name: str
    before: str
    begins: str
    state: str = PENDING
    failures: int = 0
    number: str = ""
    text: str = ""

    def __repr__(self) -> str:
        """Show only the institution."""
        return f"Chosen({self.institution})"


_SELECT = (
    "SELECT selection.id, settlement, person_id, institution, institution_name, before, begins, state, failures, "
    "number, text FROM selection JOIN selection_state ON selection_state.selection = selection.id "
)


def put(connection: Connection, one: InstitutionChoice, serial: int, operator: str, at: str) -> None:
    """Store a patient's choice with its settlement, to be reported to the platform; its `id` is assigned here."""
    names = ("person_id", "institution", "institution_name", "before", "begins")
    chosen = {name: getattr(one, name) for name in names}
    number = insert(connection, "selection", {"settlement": serial, **chosen, "operator": operator, "at": at})
    insert(connection, "selection_state", {"selection": number, "state": PENDING, "since": at})


def save(connection: Connection, one: InstitutionChoice, at: str) -> None:
    """Store the current state of reporting a choice to the platform."""
    connection.execute(
        "UPDATE selection_state SET since = CASE WHEN state = ?1 THEN since ELSE ?2 END, state = ?1, failures = ?3, "
        "number = ?4, text = ?5 WHERE selection = ?6",
        (one.state, at, one.failures, one.number, one.text, one.id),
    )


def of_settlement(connection: Connection, serial: int) -> InstitutionChoice | None:
    """Return what was chosen with a settlement."""
    row = connection.execute(f"{_SELECT} WHERE settlement = ?", (serial,)).fetchone()
    return record_or_none(InstitutionChoice, row)


def of_person(connection: Connection, person_id: str) -> list[InstitutionChoice]:
    """Return a person's choices made here, in order."""
    rows = connection.execute(f"{_SELECT} WHERE person_id = ? ORDER BY selection.id", (person_id,))
    return records(InstitutionChoice, rows)
