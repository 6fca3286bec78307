"""病种: the agency's lists of diseases, as tables brought them; of each disease the newest row counts."""

from gongji.store.migrations.frozen import frozen

STATEMENTS = (
    """CREATE TABLE disease (
        id INTEGER PRIMARY KEY,
        area TEXT NOT NULL,
        list TEXT NOT NULL CHECK (list IN ('chronic', 'special')),
        name TEXT NOT NULL,
        names TEXT NOT NULL,
        code TEXT NOT NULL,
        at TEXT NOT NULL,
        source TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX disease_area ON disease (area, list, name, id)",
    *frozen("disease"),
)
