"""What was printed: each paper's content and the fingerprint of its file, and every time it was printed again."""

from gongji.store.migrations.frozen import frozen

STATEMENTS = (
    # The newest row of a settlement counts; a further one is only there where a newer program lays the same content out
    # differently and the file had been lost.
    """CREATE TABLE paper (
        id INTEGER PRIMARY KEY,
        settlement INTEGER NOT NULL REFERENCES settlement,
        format TEXT NOT NULL,
        at TEXT NOT NULL,
        content BLOB NOT NULL,
        sha256 TEXT NOT NULL CHECK (length(sha256) = 64)
    ) STRICT""",
    "CREATE INDEX paper_settlement ON paper (settlement, id)",
    """CREATE TABLE reprint (
        settlement INTEGER NOT NULL REFERENCES settlement,
        nth INTEGER NOT NULL CHECK (nth >= 1),
        operator TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (settlement, nth)
    ) STRICT, WITHOUT ROWID""",
    *frozen("paper", "reprint"),
)
