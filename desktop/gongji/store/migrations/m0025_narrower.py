"""Fewer pages and bytes a settlement: its steps in one compressed row, and indexes that read and write fewer pages."""

from gongji.store.migrations.frozen import frozen

STATEMENTS = (
    # The steps and notices of every part (store.traces); settlements of an older book have theirs in step and notice.
    """CREATE TABLE trace (
        settlement INTEGER PRIMARY KEY REFERENCES settlement,
        parts BLOB NOT NULL
    ) STRICT""",
    # With the amount in the index a person's figures stand on one page, not on one of every settlement of theirs.
    "DROP INDEX entry_key",
    "CREATE INDEX entry_key ON entry (owner, scope, name, settlement, amount_fen)",
    # Only what stands apart is ever looked for by its state: neither a new leg nor one that is through is written here.
    "DROP INDEX leg_state",
    "CREATE INDEX leg_state ON leg (state) WHERE state NOT IN ('pending', 'accepted')",
    *frozen("trace"),
)
