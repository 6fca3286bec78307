"""A further means of payment is a step of three statements: no table is rebuilt, no row is touched."""

import pytest

from gongji.core.ledger.stored_settlement import TENDERS
from gongji.desk.session import Session
from gongji.store.engine import Connection, Error
from tests.desk.settlements.test_settle import settle
from tests.support.clinic import visit

_END = f"'{TENDERS[-1]}')".replace("'", "''")
_TABLES = ("payment", "resolution_payment")
FURTHER = (
    "PRAGMA writable_schema = ON",
    # The list ends the CHECK of two tables.
    f"UPDATE sqlite_schema SET sql = replace(sql, '{_END}', '{_END[:-1]}, ''barter'')') WHERE name IN {_TABLES}",  # noqa: S608
    "PRAGMA writable_schema = RESET",
)
"""What SQLite has for changing a CHECK, which no stored row depends on (lang_altertable, section 7)."""


def pay(connection: Connection, means: str) -> None:
    connection.execute("INSERT INTO payment VALUES (1, 90, 0, ?, NULL, 0)", (means,))


def test_a_further_means_is_taken_and_all_else_is_refused_as_before(session: Session) -> None:
    settle(session, visit("V1"))
    connection = session.store._writer  # noqa: SLF001  # as the steps are applied
    before = connection.execute("SELECT * FROM payment").fetchall()
    with pytest.raises(Error, match="CHECK"):
        pay(connection, "barter")
    connection.execute("BEGIN IMMEDIATE")
    for statement in FURTHER:
        connection.execute(statement)
    connection.execute("COMMIT")
    pay(connection, "barter")
    with pytest.raises(Error, match="CHECK"):
        pay(connection, "shells")
    with pytest.raises(Error, match="only ever added to"):
        connection.execute("DELETE FROM payment")
    assert connection.execute("SELECT * FROM payment WHERE means <> 'barter'").fetchall() == before
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    changed = connection.execute(
        "SELECT name FROM sqlite_schema WHERE sql LIKE '%''barter'')%' ORDER BY name"
    ).fetchall()
    assert changed == [("payment",), ("resolution_payment",)]


@pytest.mark.parametrize("means", TENDERS)
def test_the_book_takes_every_means_of_the_list(session: Session, means: str) -> None:
    settle(session, visit("V1"))
    pay(session.store._writer, means)  # noqa: SLF001  # past every act
