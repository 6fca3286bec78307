"""A key of each person's own for what is plain of them in rows that never change, and who was forgotten."""

from gongji.store.migrations.frozen import frozen

STATEMENTS = (
    # Destroyed where somebody is forgotten. Rows written before this step have no key and stay as they are.
    """CREATE TABLE person_key (
        person INTEGER PRIMARY KEY REFERENCES person,
        key BLOB NOT NULL CHECK (length(key) = 32)
    ) STRICT""",
    # 按规定删除: whose plain data was destroyed, by whom, who stood by, on which ground; papers of theirs up to these
    # rows of `printed` and `paper` are not given out any more, though some from before they had a key lie open.
    """CREATE TABLE forgotten (
        id INTEGER PRIMARY KEY,
        person INTEGER NOT NULL REFERENCES person,
        reason TEXT NOT NULL CHECK (reason <> ''),
        operator TEXT NOT NULL,
        second TEXT NOT NULL,
        last_printed INTEGER NOT NULL,
        last_paper INTEGER NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX forgotten_person ON forgotten (person)",
    *frozen("forgotten"),
)
