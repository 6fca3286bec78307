"""Applying the steps. Only a new or an older book needs this module, which imports a library that is slow to load."""

from collections.abc import Callable

from sqlite_utils import Database, Migrations

from gongji.store.engine import Connection
from gongji.store.migrations import SET, STEPS

MIGRATIONS = Migrations(SET)

for _name, _statements in STEPS.items():

    def _apply(db: Database, statements: tuple[str, ...] = _statements) -> None:
        for statement in statements:
            db.execute(statement)

    MIGRATIONS(name=_name)(_apply)


def apply(connection: Connection, last: Callable[[Connection], None]) -> None:
    """Apply every step that a book has not had yet, and then `last`: all of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        MIGRATIONS.apply(Database(connection, strict=True, execute_plugins=False))
        last(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
