"""What the status line tells: how much waits in the queue and how, up to when the payer's figures go, the shift."""

from gongji.store.engine import Connection


def queue_counts(connection: Connection) -> dict[str, int]:
    """Return how many records stand in each state."""
    return dict(connection.execute("SELECT state, count(*) FROM record_state GROUP BY state").fetchall())


def told_until(connection: Connection) -> str | None:
    """Return the moment of the newest figure that somebody other than a visit told; None where nobody has."""
    (found,) = connection.execute("SELECT max(as_of) FROM snapshot WHERE source <> 'visit'").fetchone()
    return None if found is None else str(found)


def people_count(connection: Connection) -> int:
    """Return how many people are known."""
    return int(connection.execute("SELECT count(*) FROM person").fetchone()[0])
