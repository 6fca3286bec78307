"""Whatever somebody with the key and another tool does to any table, any column, the schema or the header is found."""

from collections.abc import Iterator
from typing import Any

import pytest

from gongji.desk.clinic.verify.verify_book import verify
from gongji.desk.closing.shifts import close_shift
from gongji.desk.session import Session
from gongji.desk.settlements.void import void
from gongji.store.book_file import keyed_connection, tally, tally_check
from gongji.store.engine import Connection
from tests.desk.clinic.verify.test_verify_book import raw
from tests.desk.settlements.test_settle import findings, settle
from tests.support.clinic import visit
from tests.support.in_the_book import wholes
from tests.support.printed import print_receipt

LEAST = 280


@pytest.fixture
def full(session: Session) -> Session:
    """A book with something in every table."""
    one = settle(session, visit("V1", accounts={"family": [
        {"id": "A9", "relation": "parent", "balance": "1.00", "authorised": True},
    ]}))  # fmt: skip
    settle(session, visit("V2"))
    void(session, one.no, "退药")
    close_shift(session)
    for stored in list(wholes(session.store.reader)):  # a walk not ended sees nothing new
        print_receipt(session, stored)
    for pragma in ("ignore_check_constraints = 1", "foreign_keys = 0"):
        raw(session).execute(f"PRAGMA {pragma}")
    with session.store.write() as connection:
        for table in tally.tables(connection):
            if not connection.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone():  # noqa: S608  # our own names
                _fill(connection, table)
    return session


def _fill(connection: Connection, table: str) -> None:
    """Add a row of fitting types; what else is checked of it does not matter here."""
    if table == "audit_root":
        return
    columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    values = [_any_value(str(kind), str(name)) for _, name, kind, *_ in columns]
    connection.execute(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(values))})', values)  # noqa: S608  # our own names


def _any_value(kind: str, name: str) -> Any:
    if kind == "INTEGER":
        return 1
    if kind == "BLOB":
        return bytes(32)
    return "2025-06-10 09:00:00" if name.endswith("at") else "1"


@pytest.fixture
def other_tool(full: Session) -> Iterator[Connection]:
    """The book as another program opens it that has its key."""
    path, key = full.store.path, full.store.key
    assert [
        one for one in verify(full.folder, full.store, full.library, lambda *_: None) if one.place[:1] == "表"
    ] == []
    full.close()
    connection = keyed_connection.connect(path, key)
    for pragma in ("foreign_keys = 0", "ignore_check_constraints = 1", "recursive_triggers = 0"):
        connection.execute(f"PRAGMA {pragma}")
    yield connection
    connection.close()


def edits(connection: Connection) -> Iterator[tuple[str, ...]]:
    """Yield every edit: of each column of each table, a row out, a row doubled, and of the schema itself."""
    for table, columns in tally.tables(connection).items():
        (count,) = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608  # our own names
        if not count:
            continue
        free = [f"DROP TRIGGER IF EXISTS {table}_never_{one}" for one in ("update", "delete")]
        info = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
        place = " AND ".join(f'"{name}" = (SELECT "{name}" FROM "{table}" LIMIT 1)' for _, name, *_, key in info if key)  # noqa: S608  # our own names
        one = f"WHERE {place}" if place else ""
        for _, name, kind, *_ in info:
            yield *free, f'UPDATE OR REPLACE "{table}" SET "{name}" = {_changed(str(name), str(kind))} {one}'  # noqa: S608  # our own names
        yield *free, f'DELETE FROM "{table}" {one}'  # noqa: S608  # our own names
        assert len(columns) == len(info)
    for kind, name in connection.execute(
        "SELECT type, name FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('trigger', 'index')"
    ).fetchall():
        yield (f'DROP {kind} "{name}"',)
    yield ("CREATE TRIGGER quiet AFTER INSERT ON payment BEGIN SELECT 1; END",)
    yield ("PRAGMA writable_schema = 1", "UPDATE sqlite_master SET sql = replace(sql, 'CHECK (', 'CHECK (1 OR ')")
    yield ("PRAGMA user_version = 7",)


def _changed(name: str, kind: str) -> str:
    if kind == "INTEGER":
        return f'coalesce("{name}", 0) + 1'
    if kind == "BLOB":
        return f"CAST(\"{name}\" || x'00' AS BLOB)"
    return f"coalesce(\"{name}\", '') || '1'"


def test_every_edit_by_another_hand_is_found(other_tool: Connection) -> None:
    connection = other_tool
    _, expected = tally.kept(connection)
    assert list(tally_check.misfits(connection, expected)) == []
    made, missed = 0, []
    for statements in list(edits(connection)):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in statements:
                connection.execute(statement)
            made += 1
            # what `verify` holds the tables against, in the state of this moment
            if not list(tally_check.misfits(connection, tally.kept(connection)[1])):
                missed.append(statements[-1])
        finally:
            connection.execute("ROLLBACK")
            connection.execute("PRAGMA writable_schema = 0")
    print(f"{made} edits, {made - len(missed)} found")
    assert missed == []
    assert made >= LEAST


def test_an_edit_stays_found_whatever_is_settled_after_it(full: Session) -> None:
    plain = keyed_connection.connect(full.store.path, full.store.key)
    plain.execute("DROP TRIGGER payment_never_update")
    plain.execute("UPDATE payment SET means = 'wechat' WHERE settlement = 2 AND means = 'cash'")
    plain.close()
    before = [one for one in findings(full) if "以外的手" in one]
    assert [one.split("：")[0] for one in before] == ["book.db", "表 payment"]
    settle(full, visit("V9"))
    assert [one for one in findings(full) if "以外的手" in one] == before
