"""Every step of the tables, on a file of the step before with something in it."""

from pathlib import Path

import pytest
from sqlite_utils import Database

from gongji.core.dates import stamp
from gongji.desk.session import Session
from gongji.store.book_file import db, keyed_connection, keys
from gongji.store.book_file.db import NewerBookError, Store
from gongji.store.migrations import NAMES
from gongji.store.migrations.applying import MIGRATIONS
from tests.desk.settlements.test_settle import settle
from tests.support.clinic import visit

KEY = keys.new_key()
STEPS = list(NAMES)
# Something for each step to find when the next one comes.
ROWS = {
    "m0001_clinic": "INSERT INTO setting VALUES ('counter', '01')",
    "m0002_people": "INSERT INTO person (id, name) VALUES ('P1', '张三')",
    "m0003_catalogue": "INSERT INTO item (code, starts, name, category, class, unit_price_e4) "
    "VALUES ('X', '2025-01-01', '药', 'drug', 'A', 1)",
    "m0004_settlements": "INSERT INTO policy_text (sha256, policy, text) VALUES ('s', 'p', x'00')",
}


def at_step(path: Path, stop_before: str | None) -> None:
    """Make a book as the program of that time left it, with rows in it."""
    connection = keyed_connection.connect(path, KEY)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA application_id = {db.APPLICATION_ID}")
    database = Database(connection, strict=True, execute_plugins=False)
    MIGRATIONS.apply(database, stop_before=stop_before)
    for name, statement in ROWS.items():
        if name in {one.name for one in MIGRATIONS.applied(database)}:
            connection.execute(statement)
    connection.close()


def schema(path: Path) -> list[tuple[str, str]]:
    connection = keyed_connection.connect(path, KEY)
    found = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    connection.close()
    return [(name, sql) for name, sql in found if not name.startswith("_sqlite")]


@pytest.mark.parametrize("step", STEPS[1:])
def test_a_file_of_the_version_before(tmp_path: Path, step: str) -> None:
    path, copy = tmp_path / "book.db", tmp_path / "backups" / "before.db"
    at_step(path, step)
    store = Store(path, KEY)
    behind = [store.needs_migration]
    store.migrate(copy)
    assert [*behind, store.needs_migration] == [True, False]
    assert store.reader.execute("SELECT value FROM setting").fetchall() == [("01",)]
    store.close()
    fresh = tmp_path / "fresh.db"
    db.create(fresh, KEY)
    assert schema(path) == schema(fresh)
    kept = Store(copy, KEY)
    assert step in {one.name for one in MIGRATIONS.pending(Database(kept.reader))}
    kept.close()


def test_every_table_is_strict(tmp_path: Path) -> None:
    db.create(tmp_path / "book.db", KEY)
    tables = [sql for name, sql in schema(tmp_path / "book.db") if sql and sql.startswith("CREATE TABLE")]
    shadow = ("person_name_", "item_name_", "diagnosis_name_")
    ours = [sql for sql in tables if not any(part in sql.split("(")[0] for part in shadow)]
    assert len(ours) > 20
    assert all("STRICT" in sql.rsplit(")", 1)[1] for sql in ours)


def test_a_file_from_a_newer_program_is_left_alone(session: Session, data: Path) -> None:
    settle(session, visit("V1"))
    with session.store.write() as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations SELECT NULL, migration_set, 'm9999_future', ? "
            "FROM _sqlite_migrations LIMIT 1",
            (stamp(session.clock()),),
        )
    key = session.store._key  # noqa: SLF001
    session.close()
    before = (data / "book.db").read_bytes()
    with pytest.raises(NewerBookError, match="更新版本"):
        Store(data / "book.db", key)
    assert (data / "book.db").read_bytes() == before
