"""What comes down: the agency's own catalogue, and policy packs; of when each is, and from where on to ask next."""

from gongji.store.migrations.frozen import frozen

STATEMENTS = (
    # A row of the agency's own catalogue by its transaction and record number; `said` in our words, as JSON.
    """CREATE TABLE agency_row (
        infno TEXT NOT NULL,
        rid TEXT NOT NULL,
        code TEXT NOT NULL,
        starts TEXT NOT NULL,
        ends TEXT,
        valid INTEGER NOT NULL CHECK (valid IN (0, 1)),
        version TEXT NOT NULL,
        said TEXT NOT NULL,
        PRIMARY KEY (infno, rid)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX agency_row_code ON agency_row (code)",
    # Every download that was taken in: the next asks from its version on.
    """CREATE TABLE download (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        since TEXT NOT NULL,
        version TEXT NOT NULL,
        as_of TEXT NOT NULL,
        rows INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        operator TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX download_kind ON download (kind, id)",
    # Editions of packs that came down; of each area and first day the newest counts.
    """CREATE TABLE pack (
        id INTEGER PRIMARY KEY,
        area TEXT NOT NULL,
        starts TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        text BLOB NOT NULL,
        as_of TEXT NOT NULL,
        operator TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    # When a leg whose outcome is unknown was last seen, by both clocks: its quiet time goes on while nothing runs.
    """CREATE TABLE leg_watch (
        serial INTEGER NOT NULL,
        part INTEGER NOT NULL,
        at TEXT NOT NULL,
        ticks INTEGER NOT NULL,
        PRIMARY KEY (serial, part)
    ) STRICT, WITHOUT ROWID""",
    *frozen("download", "pack"),
)
