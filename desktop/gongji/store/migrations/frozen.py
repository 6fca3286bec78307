"""Triggers that refuse what must not happen to money."""


def frozen(*tables: str) -> tuple[str, ...]:
    """Return triggers that let rows of these tables be added and nothing else."""
    return tuple(
        f"CREATE TRIGGER {table}_never_{change.lower()} BEFORE {change} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
        for table in tables
        for change in ("UPDATE", "DELETE")
    )
