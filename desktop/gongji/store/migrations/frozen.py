"""Triggers that refuse to change or delete rows."""


def frozen(*tables: str) -> tuple[str, ...]:
    """Return triggers that allow only inserts into these tables."""
    return tuple(
        f"CREATE TRIGGER {table}_never_{change.lower()} BEFORE {change} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
        for table in tables
        for change in ("UPDATE", "DELETE")
    )
