"""Going through the steps. Only a new book or an older one needs it: it brings in a library that takes long to load."""

from sqlite_utils import Database, Migrations

from gongji.store import tally
from gongji.store.engine import Connection
from gongji.store.migrations import NAMES, SET, STEPS

MIGRATIONS = Migrations(SET)

for _name, _step in zip(NAMES, STEPS, strict=True):

    def _apply(db: Database, statements: tuple[str, ...] = _step.STATEMENTS) -> None:
        for statement in statements:
            db.execute(statement)

    MIGRATIONS(name=_name)(_apply)


def apply(connection: Connection) -> None:
    """Take a book through every step it has not gone through yet, all of them or none, and tally what it holds then."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        MIGRATIONS.apply(Database(connection, strict=True, execute_plugins=False))
        if tally.has_tallies(connection):
            tally.rebuild(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
