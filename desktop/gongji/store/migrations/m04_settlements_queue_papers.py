"""Steps 4 to 6: settlements, the queue, papers."""

from gongji.store.engine import frozen

AMOUNTS = (
    "total", "self_paid", "over_price", "prepaid", "excluded", "eligible", "deductible", "fund", "civil_servant",
    "large_medical", "fund_total", "patient", "account_own", "account_family", "cash",
)  # fmt: skip
_AMOUNT_COLUMNS = ",\n        ".join(f"{name}_fen INTEGER NOT NULL" for name in AMOUNTS)
# The contract's identities, which hold for a void's amounts below zero just as well.
_SUMS = """CHECK (total_fen = self_paid_fen + over_price_fen + prepaid_fen + excluded_fen + eligible_fen),
        CHECK (fund_total_fen = fund_fen + civil_servant_fen + large_medical_fen),
        CHECK (patient_fen = total_fen - fund_total_fen),
        CHECK (patient_fen = account_own_fen + account_family_fen + cash_fen)"""

SETTLEMENTS = (
    """CREATE TABLE policy_text (
        sha256 TEXT PRIMARY KEY,
        policy TEXT NOT NULL,
        text BLOB NOT NULL
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE settlement (
        serial INTEGER PRIMARY KEY,
        no TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL CHECK (kind IN ('settle', 'void')),
        voids INTEGER UNIQUE REFERENCES settlement,
        visit_no TEXT NOT NULL,
        person_id TEXT NOT NULL REFERENCES person (id),
        area TEXT NOT NULL,
        settled_on TEXT NOT NULL,
        year_from TEXT NOT NULL,
        policy TEXT NOT NULL,
        policy_sha256 TEXT NOT NULL REFERENCES policy_text,
        operator TEXT NOT NULL,
        at TEXT NOT NULL,
        reason TEXT NOT NULL DEFAULT '',
        audit INTEGER NOT NULL REFERENCES audit,
        {_AMOUNT_COLUMNS},
        {_SUMS},
        CHECK ((kind = 'void') = (voids IS NOT NULL)),
        CHECK ((kind = 'void') = (reason <> '')),
        CHECK (CASE kind WHEN 'void' THEN max(total_fen, cash_fen) <= 0 ELSE min(total_fen, cash_fen) >= 0 END)
    ) STRICT""",
    "CREATE UNIQUE INDEX settlement_visit_no ON settlement (visit_no) WHERE kind = 'settle'",
    "CREATE INDEX settlement_at ON settlement (at)",
    "CREATE INDEX settlement_person ON settlement (person_id, serial)",
    # The visit as it was settled, and the fingerprint of what was handed in, by which handing it in again is known.
    """CREATE TABLE visit (
        settlement INTEGER PRIMARY KEY REFERENCES settlement,
        body BLOB NOT NULL,
        given_sha256 TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE fee_line (
        settlement INTEGER NOT NULL REFERENCES settlement,
        position INTEGER NOT NULL,
        benefit TEXT NOT NULL,
        code TEXT NOT NULL,
        name TEXT NOT NULL,
        category TEXT NOT NULL,
        class TEXT NOT NULL,
        unit_price_e4 INTEGER NOT NULL,
        quantity_e4 INTEGER NOT NULL,
        amount_fen INTEGER NOT NULL,
        PRIMARY KEY (settlement, position)
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE part (
        settlement INTEGER NOT NULL REFERENCES settlement,
        position INTEGER NOT NULL,
        benefit TEXT NOT NULL,
        {_AMOUNT_COLUMNS},
        PRIMARY KEY (settlement, position),
        {_SUMS}
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE step (
        settlement INTEGER NOT NULL REFERENCES settlement,
        part INTEGER NOT NULL,
        position INTEGER NOT NULL,
        rule TEXT NOT NULL,
        article TEXT NOT NULL,
        text TEXT NOT NULL,
        amount_fen INTEGER NOT NULL,
        reading TEXT,
        PRIMARY KEY (settlement, part, position)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE notice (
        settlement INTEGER NOT NULL REFERENCES settlement,
        part INTEGER NOT NULL,
        position INTEGER NOT NULL,
        code TEXT NOT NULL,
        article TEXT NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (settlement, part, position)
    ) STRICT, WITHOUT ROWID""",
    # What each settlement moved an accumulator or an account's balance by.
    """CREATE TABLE entry (
        settlement INTEGER NOT NULL REFERENCES settlement,
        position INTEGER NOT NULL,
        owner TEXT NOT NULL,
        scope TEXT NOT NULL,
        name TEXT NOT NULL,
        amount_fen INTEGER NOT NULL,
        after_fen INTEGER NOT NULL,
        PRIMARY KEY (settlement, position)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX entry_key ON entry (owner, scope, name, settlement)",
    """CREATE TABLE payment (
        settlement INTEGER NOT NULL REFERENCES settlement,
        position INTEGER NOT NULL,
        part INTEGER NOT NULL,
        means TEXT NOT NULL CHECK (means IN
            ('fund', 'civil_servant', 'large_medical', 'account_own', 'account_family',
             'cash', 'wechat', 'alipay', 'card')),
        account_id TEXT,
        amount_fen INTEGER NOT NULL,
        PRIMARY KEY (settlement, position)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE receipt (
        settlement INTEGER PRIMARY KEY REFERENCES settlement,
        no TEXT NOT NULL UNIQUE
    ) STRICT""",
    # 日结: a shift closes a range of serials, once.
    """CREATE TABLE closing (
        id INTEGER PRIMARY KEY,
        first_serial INTEGER NOT NULL,
        last_serial INTEGER NOT NULL CHECK (last_serial >= first_serial - 1),
        operator TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    """CREATE TRIGGER closing_follows BEFORE INSERT ON closing
        WHEN NEW.first_serial <> (SELECT coalesce(max(last_serial), 0) + 1 FROM closing)
        BEGIN SELECT RAISE(ABORT, 'a shift begins where the last one ended'); END""",
    *frozen(
        "policy_text", "settlement", "visit", "fee_line", "part", "step", "notice", "entry", "payment", "receipt",
        "closing",
    ),
)  # fmt: skip
"""Settlements and voids with all their parts. Nothing here is ever changed or deleted."""

QUEUE = (
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
"""The queue: the records for the payer. A record's body never changes; its state does."""

PAPERS = (
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
"""What was printed: each paper's content and the fingerprint of its file, and every time it was printed again."""

STEPS = {
    "m0004_settlements": SETTLEMENTS,
    "m0005_queue": QUEUE,
    "m0006_papers": PAPERS,
}
