"""随盘: which packages have left on a stick, which lanes went with them, and what a carrier did with each message."""

STATEMENTS = (
    # While a lane is with a carrier nothing of it is sent from here: else one record would go twice.
    """CREATE TABLE package (
        serial INTEGER PRIMARY KEY,
        made_at TEXT NOT NULL,
        expires_at TEXT NOT NULL,
        receiver TEXT NOT NULL,
        legs INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        first_msgid TEXT NOT NULL,
        last_msgid TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'out' CHECK (state IN ('out', 'back', 'given_up')),
        ended_at TEXT
    ) STRICT""",
    """CREATE TABLE carried (
        lane TEXT PRIMARY KEY,
        package INTEGER NOT NULL REFERENCES package
    ) STRICT, WITHOUT ROWID""",
    # Only in a carrier's own slice of the book: each message's leg before its answer and after it.
    """CREATE TABLE hop (
        id INTEGER PRIMARY KEY,
        msgid TEXT NOT NULL UNIQUE REFERENCES attempt,
        outgoing BLOB NOT NULL,
        before BLOB NOT NULL,
        after BLOB
    ) STRICT""",
)
