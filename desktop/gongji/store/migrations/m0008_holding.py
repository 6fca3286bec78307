"""挂单: visits not yet settled, as they stand in the form. No money and nothing frozen: they come and go."""

STATEMENTS = (
    """CREATE TABLE held_visit (
        visit_no TEXT PRIMARY KEY,
        label TEXT NOT NULL,
        at TEXT NOT NULL,
        aside INTEGER NOT NULL CHECK (aside IN (0, 1)),
        body BLOB NOT NULL
    ) STRICT""",
)
