"""The clinic's own facts, the open parameters of its areas, who did what."""

from gongji.store.migrations.frozen import frozen

STATEMENTS = (
    """CREATE TABLE setting (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT""",
    # The newest row of an area and a name counts; what was entered before stays to be seen.
    """CREATE TABLE open_parameter (
        id INTEGER PRIMARY KEY,
        area TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL CHECK (json_valid(value)),
        notice TEXT NOT NULL,
        operator TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX open_parameter_area ON open_parameter (area, name, id)",
    """CREATE TABLE audit (
        serial INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        operator TEXT NOT NULL,
        act TEXT NOT NULL,
        subject TEXT NOT NULL,
        detail TEXT NOT NULL,
        seal TEXT NOT NULL CHECK (length(seal) = 64)
    ) STRICT""",
    *frozen("open_parameter", "audit"),
)
