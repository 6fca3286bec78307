"""Personal data in a book: where it is, so that reports can leave it out, and forgetting a person.

Forgetting removes a person's plain data from the book; money and seals stay untouched.
"""

from collections.abc import Iterator

from msgspec import Struct

from gongji.core.outbox.states import FINAL, State
from gongji.store.book_file import tally
from gongji.store.engine import Connection
from gongji.store.people.person_keys import FORGOTTEN
from gongji.store.rows import column, exists, number, records, text_or_none

_OVER = FINAL | {State.ACCEPTED}


class Traces(Struct, frozen=True, kw_only=True):
    """What a book has of a person: the name, the last day settled (ISO), how many settlements and voids.

    `older` counts those stored before persons had keys; `waiting` those without the payer's final answer.
    """

    name: str
    last_on: str | None
    settlements: int
    older: int
    waiting: int


def traces(connection: Connection, person_id: str) -> Traces | None:
    """Return what the book has of a person; None where it does not know them."""
    name = text_or_none(connection, "SELECT name FROM person WHERE id = ?", (person_id,))
    if name is None:
        return None
    count, last_on, older = connection.execute(
        "SELECT count(*), max(max(settled_on, substr(at, 1, 10))), "
        "coalesce(sum(visit.body IS NOT NULL AND NOT instr(plain_text(visit.body), 'gongji-sealed:')), 0) "
        "FROM settlement AS one LEFT JOIN visit ON visit.settlement = serial WHERE person_id = ?",
        (person_id,),
    ).fetchone()
    theirs = "SELECT state FROM leg JOIN settlement USING (serial) WHERE person_id = ?"
    states = column(connection, theirs, (person_id,))
    waiting = sum(state not in {one.value for one in _OVER} for state in states)
    return Traces(name=name, last_on=last_on, settlements=int(count), older=int(older), waiting=waiting)


class Forgetting(Struct, frozen=True, kw_only=True):
    """A forgotten person: whose number, on which ground, by whom, with which witness, when (a stamp)."""

    person_id: str
    reason: str
    operator: str
    second: str
    at: str


def forget(connection: Connection, one: Forgetting) -> None:
    """Destroy a person's key and their plain data in rows that may be written, inside the caller's transaction."""
    (rank,) = connection.execute("SELECT rank FROM person WHERE id = ?", (one.person_id,)).fetchone()
    connection.execute("DELETE FROM person_key WHERE person = ?", (rank,))
    connection.execute(
        "UPDATE person SET name = ?, sex = NULL, birth_date = NULL, phone = NULL WHERE rank = ?", (FORGOTTEN, rank)
    )
    connection.execute("DELETE FROM person_word WHERE person = ?", (rank,))
    connection.execute("DELETE FROM person_name WHERE rowid = ?", (rank,))
    # removes their words from the index, too
    connection.execute("INSERT INTO person_name (person_name) VALUES ('optimize')")
    connection.execute(
        "DELETE FROM held_visit WHERE json_extract(CAST(body AS TEXT), '$.person.id') = ?", (one.person_id,)
    )
    connection.execute(
        "INSERT INTO forgotten (person, reason, operator, second, last_printed, last_paper, at) VALUES (?, ?, ?, ?, "
        "(SELECT coalesce(max(id), 0) FROM printed), (SELECT coalesce(max(id), 0) FROM paper), ?)",
        (rank, one.reason, one.operator, one.second, one.at),
    )


def forgettings(connection: Connection) -> list[Forgetting]:
    """Return who was forgotten, in order, as far as the book has such a table."""
    if not exists(connection, "SELECT 1 FROM sqlite_master WHERE name = 'forgotten'"):
        return []
    rows = connection.execute(
        "SELECT person.id, reason, operator, second, at FROM forgotten JOIN person ON rank = person "
        "ORDER BY forgotten.id"
    )
    return records(Forgetting, rows)


_COLUMNS = (
    ("person", ("id", "name", "phone")),
    ("aid_link", ("account_id",)),
    ("settlement", ("visit_no", "operator")),
    ("enrolment", ("operator", "by", "second")),
    ("audit", ("operator",)),
)


def words(connection: Connection) -> Iterator[str]:
    """Yield every name and number of a person, account, visit or operator, as far as the book has such tables."""
    there = tally.tables(connection)
    for table, columns in _COLUMNS:
        for name in columns:
            if name in there.get(table, ()):
                yield from map(str, column(connection, f'SELECT DISTINCT "{name}" FROM "{table}"'))  # noqa: S608  # names of our own


def row_counts(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    return {name: number(connection, f'SELECT count(*) FROM "{name}"') for name in tally.tables(connection)}  # noqa: S608  # the schema's own names


def setting_names(connection: Connection) -> list[str]:
    """Return the names of the settings, without what follows a colon, which may be a printer's name."""
    return sorted({str(name).partition(":")[0] for name in column(connection, "SELECT name FROM setting")})
