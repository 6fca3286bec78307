"""The bytes of every paper that was printed, under its number; what many of them have in common is there once."""

from gongji.store.migrations.frozen import frozen

STATEMENTS = (
    # A part of a font, the outline of a character above all.
    """CREATE TABLE outline (
        id INTEGER PRIMARY KEY,
        sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
        bytes BLOB NOT NULL
    ) STRICT""",
    # `name` is the file's under the folder of receipts. The newest row of a name counts: a slip may be made again.
    # `parts`, compressed, are bytes and the numbers of outlines in turn.
    """CREATE TABLE printed (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        settlement INTEGER REFERENCES settlement,
        at TEXT NOT NULL,
        sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
        parts BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX printed_name ON printed (name, id)",
    "CREATE INDEX printed_settlement ON printed (settlement, sha256)",
    *frozen("outline", "printed"),
)
