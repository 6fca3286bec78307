"""What makes a change by another hand show: tallies of every table, what has to be explained, who may do what."""

from gongji.store.migrations.frozen import frozen

STATEMENTS = (
    # What the tables hold by their tallies (store.tally), after so many transactions. The one row is written with
    # every transaction, by the one way to write.
    """CREATE TABLE tally (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        commits INTEGER NOT NULL,
        state BLOB NOT NULL
    ) STRICT""",
    # The root of all tallies when an entry of the log was written; the next entry's seal covers it.
    """CREATE TABLE audit_root (
        audit INTEGER PRIMARY KEY REFERENCES audit,
        commits INTEGER NOT NULL,
        root BLOB NOT NULL CHECK (length(root) = 32)
    ) STRICT""",
    # In which order rows came whose own key does not tell: with it the first so many of them can be told later.
    """CREATE TABLE arrival (
        id INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        key TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX arrival_source ON arrival (source, id)",
    # Something that a person has to explain: what a restore lost, a witness that is short. It stays until it is.
    """CREATE TABLE concern (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('lost', 'witness', 'rows', 'back', 'place')),
        subject TEXT NOT NULL,
        text TEXT NOT NULL,
        detail TEXT NOT NULL CHECK (json_valid(detail)),
        at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE explanation (
        concern INTEGER PRIMARY KEY REFERENCES concern,
        text TEXT NOT NULL,
        operator TEXT NOT NULL,
        second TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    # 锚: each line that was given out for somebody else to keep, and all tallies as they were then (store.tally).
    """CREATE TABLE anchor (
        id INTEGER PRIMARY KEY,
        line TEXT NOT NULL,
        cause TEXT NOT NULL,
        state BLOB NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    # 岗位: who was let in, with which role, or out again. The newest row of an operator counts.
    """CREATE TABLE enrolment (
        id INTEGER PRIMARY KEY,
        operator TEXT NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('cashier', 'chief', 'manager', 'auditor', 'support', 'none')),
        by TEXT NOT NULL,
        second TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX enrolment_operator ON enrolment (operator, id)",
    *frozen("audit_root", "arrival", "anchor", "concern", "explanation", "enrolment"),
)
