"""What in a book says who somebody is or what somebody paid: for leaving it out of what leaves the house."""

from collections.abc import Iterator

from gongji.store import tally
from gongji.store.engine import Connection

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
        for column in columns:
            if column in there.get(table, ()):
                yield from (str(value) for (value,) in connection.execute(f'SELECT DISTINCT "{column}" FROM "{table}"'))  # noqa: S608  # names of our own


def row_counts(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    return {
        name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608  # the schema's own names
        for name in tally.tables(connection)
    }


def setting_names(connection: Connection) -> list[str]:
    """Return which settings are kept, without what follows a colon: that is the name of a printer or the like."""
    found = {str(name).partition(":")[0] for (name,) in connection.execute("SELECT name FROM setting")}
    return sorted(found)
