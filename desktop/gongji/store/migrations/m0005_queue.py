"""The queue: what is to reach the payer. A record's body never changes; where it stands does."""

from gongji.store.migrations.frozen import frozen

STATEMENTS = (
    """CREATE TABLE record (
        serial INTEGER PRIMARY KEY REFERENCES settlement,
        claim_key TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL CHECK (kind IN ('settle', 'void')),
        after INTEGER REFERENCES record,
        lane TEXT NOT NULL,
        body BLOB NOT NULL,
        body_sha256 TEXT NOT NULL,
        made_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE record_state (
        serial INTEGER PRIMARY KEY REFERENCES record,
        state TEXT NOT NULL,
        since TEXT NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        next_try_at TEXT,
        last_error TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    "CREATE INDEX record_state_state ON record_state (state, next_try_at)",
    # When the payer accepted a record, by the payer's clock: from then on its snapshots know the settlement.
    """CREATE TABLE acceptance (
        serial INTEGER PRIMARY KEY REFERENCES record,
        accepted_at TEXT NOT NULL,
        reference TEXT NOT NULL,
        told_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TRIGGER record_state_never_delete BEFORE DELETE ON record_state
        BEGIN SELECT RAISE(ABORT, 'a record never leaves the queue'); END""",
    *frozen("record", "acceptance"),
)
