"""How much the book knows."""

from gongji.store.engine import Connection


def counts(connection: Connection) -> tuple[int, int, int, str | None]:
    """Return how many people, items and family accounts there are, and the moment of the newest figure imported."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM person), (SELECT count(DISTINCT code) FROM item), "
        "(SELECT count(DISTINCT person_id || '/' || account_id) FROM aid_link), "
        "(SELECT max(as_of) FROM snapshot WHERE source <> 'visit')"
    ).fetchone()
    people, items, links, told_until = row
    return int(people), int(items), int(links), told_until
