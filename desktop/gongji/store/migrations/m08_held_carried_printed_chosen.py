"""Steps 8 to 13: held visits, sticks, printed papers, chosen institutions, downloads."""

from gongji.store.engine import frozen

HOLDING = (
    """CREATE TABLE held_visit (
        visit_no TEXT PRIMARY KEY,
        label TEXT NOT NULL,
        at TEXT NOT NULL,
        aside INTEGER NOT NULL CHECK (aside IN (0, 1)),
        body BLOB NOT NULL
    ) STRICT""",
)
"""挂单: visits not yet settled, as the form has them. They hold no money and may be changed and deleted."""

CARRYING = (
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
"""随盘: the packages exported to a stick, the lanes in each, and what a carrier did with each message."""

PRINTED = (
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
"""The bytes of every printed paper under its name; parts that papers share are stored once."""

QUEUE_ORDER = (
    # By state, and within it by serial, which every index of a table ends with.
    "DROP INDEX record_state_state",
    "CREATE INDEX record_state_state ON record_state (state)",
    "CREATE INDEX inquiry_due ON inquiry (next_try_at, serial)",
)
"""Indexes for the queue's lists and inquiries, so that they are read in order however long the queue is."""

SELECTIONS = (
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
"""选定机构: what a patient chose at this counter, with which settlement, and the state of reporting it."""

COMING_DOWN = (
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
"""Downloads: the agency's catalogue and policy packs, their versions, and from which one to ask next."""

STEPS = {
    "m0008_holding": HOLDING,
    "m0009_carrying": CARRYING,
    "m0010_printed": PRINTED,
    "m0011_queue_order": QUEUE_ORDER,
    "m0012_selections": SELECTIONS,
    "m0013_coming_down": COMING_DOWN,
}
