"""The upload: legs, every message ever sent and its answer, the platform's figures, what people decided."""

from gongji.store.engine import frozen

FIGURES = (
    "total", "self_paid", "over_price", "prepaid", "in_scope", "deductible", "fund", "civil_servant", "large_medical",
    "other_funds", "fund_total", "hospital", "patient", "account", "family", "cash",
)  # fmt: skip
_FIGURE_COLUMNS = ",\n        ".join(f"{name}_fen INTEGER NOT NULL" for name in FIGURES)

OUTBOX = (
    # A visit on the wire: a part of a settlement; a void has one row, which says whose turn it is and nothing else.
    # `open` tells that it may hold up its lane, `head` that it is its turn: both follow from core.outbox.lanes.
    """CREATE TABLE leg (
        serial INTEGER NOT NULL REFERENCES record,
        part INTEGER NOT NULL,
        lane TEXT NOT NULL,
        voids INTEGER REFERENCES record,
        state TEXT NOT NULL,
        since TEXT NOT NULL,
        step TEXT NOT NULL,
        want_reverse INTEGER NOT NULL DEFAULT 0 CHECK (want_reverse IN (0, 1)),
        sent INTEGER NOT NULL DEFAULT 0 CHECK (sent IN (0, 1)),
        "left" INTEGER NOT NULL DEFAULT 0,
        failures INTEGER NOT NULL DEFAULT 0,
        sends INTEGER NOT NULL DEFAULT 0,
        asks INTEGER NOT NULL DEFAULT 0,
        waited_s INTEGER NOT NULL DEFAULT 0,
        doubt INTEGER NOT NULL DEFAULT 0 CHECK (doubt IN (0, 1)),
        restored INTEGER NOT NULL DEFAULT 0 CHECK (restored IN (0, 1)),
        mdtrt_id TEXT NOT NULL DEFAULT '',
        setl_id TEXT NOT NULL DEFAULT '',
        msgid TEXT NOT NULL DEFAULT '',
        last_error TEXT NOT NULL DEFAULT '',
        next_try_at TEXT NOT NULL DEFAULT '',
        released INTEGER NOT NULL DEFAULT 0 CHECK (released IN (0, 1)),
        open INTEGER NOT NULL DEFAULT 1 CHECK (open IN (0, 1)),
        head INTEGER NOT NULL DEFAULT 0 CHECK (head IN (0, 1)),
        PRIMARY KEY (serial, part)
    ) STRICT, WITHOUT ROWID""",
    """INSERT INTO leg (serial, part, lane, voids, state, since, step, open)
        SELECT serial, position, lane, NULL, state, since, '1101', state = 'pending'
        FROM record JOIN record_state USING (serial) JOIN part ON part.settlement = serial WHERE kind = 'settle'
        UNION ALL SELECT serial, 0, lane, after, state, since, '2208', state = 'pending'
        FROM record JOIN record_state USING (serial) WHERE kind = 'void'""",
    """UPDATE leg SET head = 1 WHERE open = 1 AND NOT EXISTS (SELECT 1 FROM leg AS earlier
        WHERE earlier.lane = leg.lane AND earlier.open = 1 AND (earlier.serial, earlier.part) < (leg.serial, leg.part))
        """,
    "CREATE INDEX leg_lane ON leg (lane, serial, part) WHERE open = 1",
    "CREATE INDEX leg_head ON leg (next_try_at, serial, part) WHERE head = 1",
    "CREATE INDEX leg_state ON leg (state)",
    # The last message number given out: kept with the message itself, so that no number is ever given twice.
    """CREATE TABLE msgid_mark (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        at TEXT NOT NULL,
        number INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE attempt (
        msgid TEXT PRIMARY KEY,
        serial INTEGER,
        part INTEGER,
        infno TEXT NOT NULL,
        purpose TEXT NOT NULL,
        at TEXT NOT NULL,
        body BLOB NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX attempt_leg ON attempt (serial, part, infno)",
    """CREATE TABLE answer (
        msgid TEXT PRIMARY KEY REFERENCES attempt,
        at TEXT NOT NULL,
        outcome TEXT NOT NULL,
        text TEXT NOT NULL,
        body BLOB NOT NULL
    ) STRICT, WITHOUT ROWID""",
    # The platform's own figure, beside ours and never over it; `reverses` for what it took back.
    f"""CREATE TABLE platform_figure (
        msgid TEXT PRIMARY KEY REFERENCES attempt,
        serial INTEGER NOT NULL,
        part INTEGER NOT NULL,
        reverses INTEGER NOT NULL CHECK (reverses IN (0, 1)),
        setl_id TEXT NOT NULL,
        mdtrt_id TEXT NOT NULL,
        at TEXT NOT NULL,
        told_at TEXT NOT NULL,
        {_FIGURE_COLUMNS}
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX platform_figure_leg ON platform_figure (serial, part, reverses)",
    "CREATE INDEX platform_figure_at ON platform_figure (at)",
    "CREATE INDEX platform_figure_setl_id ON platform_figure (setl_id)",
    """CREATE TABLE platform_person (
        person_id TEXT PRIMARY KEY,
        psn_no TEXT NOT NULL,
        told_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    # Whose figures are to be asked for once nothing of theirs is on its way.
    """CREATE TABLE inquiry (
        lane TEXT NOT NULL,
        infno TEXT NOT NULL,
        serial INTEGER NOT NULL REFERENCES record,
        next_try_at TEXT NOT NULL DEFAULT '',
        failures INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (lane, infno)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE resolution (
        id INTEGER PRIMARY KEY,
        serial INTEGER NOT NULL REFERENCES record,
        part INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('adopt', 'collect', 'refund', 'reverse', 'release', 'retry', 'external')),
        amount_fen INTEGER NOT NULL,
        slip_no TEXT UNIQUE,
        cause TEXT NOT NULL,
        note TEXT NOT NULL,
        operator TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX resolution_leg ON resolution (serial, part)",
    "CREATE INDEX resolution_at ON resolution (at)",
    """CREATE TABLE reconciliation (
        id INTEGER PRIMARY KEY,
        first_day TEXT NOT NULL,
        last_day TEXT NOT NULL,
        operator TEXT NOT NULL,
        at TEXT NOT NULL,
        result TEXT NOT NULL,
        count INTEGER NOT NULL,
        total_fen INTEGER NOT NULL,
        fund_total_fen INTEGER NOT NULL,
        account_fen INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE discrepancy (
        reconciliation INTEGER NOT NULL REFERENCES reconciliation,
        position INTEGER NOT NULL,
        kind TEXT NOT NULL,
        no TEXT NOT NULL,
        part INTEGER,
        setl_id TEXT NOT NULL,
        msgid TEXT NOT NULL,
        text TEXT NOT NULL,
        action TEXT NOT NULL,
        PRIMARY KEY (reconciliation, position)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TRIGGER leg_never_delete BEFORE DELETE ON leg
        BEGIN SELECT RAISE(ABORT, 'a record never leaves the queue'); END""",
    *frozen("attempt", "answer", "platform_figure", "resolution", "reconciliation", "discrepancy"),
)

STEPS = {
    "m0007_outbox": OUTBOX,
}
