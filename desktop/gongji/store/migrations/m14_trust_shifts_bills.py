"""Steps 14 to 17: tallies and roles, what the platform said, shifts and pre-printed forms."""

from gongji.store.engine import frozen

TRUST = (
    # What the tables hold by their tallies (store.book_file.tally), after so many transactions. The one row is written
    # with every transaction, by the one way to write.
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
    # 锚: each line that was given out for somebody else to keep, and all tallies as they were then (book_file.tally).
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
"""What reveals changes by other programs: tallies of every table; concerns, anchors, roles."""

EXPLAINED = (
    "ALTER TABLE step ADD COLUMN amount TEXT",
    "ALTER TABLE policy_text ADD COLUMN revision INTEGER NOT NULL DEFAULT 1",
)
"""The amount that a step explains, and the revision of a policy's text."""

PLATFORM_WORDS = (
    # Nothing, "refused", "settled" (already), or a person's "absent": core.outbox.legs.
    "ALTER TABLE leg ADD COLUMN told TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE platform_person ADD COLUMN cert_type TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE platform_person ADD COLUMN psn_type TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE platform_person ADD COLUMN area TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE platform_figure ADD COLUMN agency TEXT NOT NULL DEFAULT ''",
)
"""The platform's answers besides figures: on a settling message, on a person, on the clearing agency."""

_MEANS = "'cash', 'wechat', 'alipay', 'card'"

SHIFTS_AND_BILLS = (
    # A shift closed before this step was everybody's; from here on each operator closes her own.
    "ALTER TABLE closing ADD COLUMN everybody INTEGER NOT NULL DEFAULT 1 CHECK (everybody IN (0, 1))",
    "DROP TRIGGER closing_follows",
    """CREATE TRIGGER closing_follows BEFORE INSERT ON closing
        WHEN NEW.first_serial <> (SELECT coalesce(max(last_serial), 0) + 1 FROM closing
            WHERE everybody = 1 OR operator = NEW.operator)
        BEGIN SELECT RAISE(ABORT, 'a shift begins where the last one of its operator ended'); END""",
    # By which means what a difference came to was collected or given back; without a row it was in cash.
    f"""CREATE TABLE resolution_payment (
        resolution INTEGER NOT NULL REFERENCES resolution,
        means TEXT NOT NULL CHECK (means IN ({_MEANS})),
        amount_fen INTEGER NOT NULL,
        PRIMARY KEY (resolution, means)
    ) STRICT, WITHOUT ROWID""",
    # 票据号码段: a roll or box of pre-printed forms; the newest is the one in use.
    """CREATE TABLE bill_roll (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL,
        prefix TEXT NOT NULL,
        width INTEGER NOT NULL CHECK (width BETWEEN 1 AND 18),
        first_number INTEGER NOT NULL CHECK (first_number >= 0),
        last_number INTEGER NOT NULL CHECK (last_number >= first_number),
        operator TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    # Each form once: printed on for a settlement, or 作废 with why.
    """CREATE TABLE bill (
        id INTEGER PRIMARY KEY,
        roll INTEGER NOT NULL REFERENCES bill_roll,
        number INTEGER NOT NULL,
        settlement INTEGER REFERENCES settlement,
        operator TEXT NOT NULL,
        at TEXT NOT NULL,
        UNIQUE (roll, number)
    ) STRICT""",
    "CREATE INDEX bill_settlement ON bill (settlement)",
    """CREATE TABLE bill_void (
        bill INTEGER PRIMARY KEY REFERENCES bill,
        reason TEXT NOT NULL CHECK (reason <> ''),
        operator TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    *frozen("resolution_payment", "bill_roll", "bill", "bill_void"),
)
"""Several operators at one counter: each one's own shift, refunds by the original means, pre-printed forms."""

STEPS = {
    "m0014_trust": TRUST,
    "m0015_explained": EXPLAINED,
    "m0016_platform_words": PLATFORM_WORDS,
    "m0017_shifts_and_bills": SHIFTS_AND_BILLS,
}
