"""选定机构: what a patient chose at this counter, with which settlement, and where telling the platform stands."""

from gongji.store.migrations.frozen import frozen

STATEMENTS = (
    """CREATE TABLE selection (
        id INTEGER PRIMARY KEY,
        settlement INTEGER NOT NULL REFERENCES settlement,
        person_id TEXT NOT NULL,
        institution TEXT NOT NULL,
        institution_name TEXT NOT NULL,
        before TEXT NOT NULL,
        begins TEXT NOT NULL,
        operator TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX selection_settlement ON selection (settlement)",
    "CREATE INDEX selection_person ON selection (person_id, id)",
    """CREATE TABLE selection_state (
        selection INTEGER PRIMARY KEY REFERENCES selection,
        state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'refused', 'stuck', 'withdrawn')),
        failures INTEGER NOT NULL DEFAULT 0,
        number TEXT NOT NULL DEFAULT '',
        text TEXT NOT NULL DEFAULT '',
        since TEXT NOT NULL
    ) STRICT""",
    *frozen("selection"),
)
