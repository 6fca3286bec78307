"""Going through the steps. Only a new book or an older one needs it: it brings in a library that takes long to load."""

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
    """Take a book through every step it has not gone through yet, and `last` after them: all of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        MIGRATIONS.apply(Database(connection, strict=True, execute_plugins=False))
        last(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
