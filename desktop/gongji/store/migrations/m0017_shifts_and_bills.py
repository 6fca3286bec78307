"""What several hands do at one counter: each operator's own shift, money given back as it came, pre-printed forms."""

from gongji.store.migrations.frozen import frozen

_MEANS = "'cash', 'wechat', 'alipay', 'card'"

STATEMENTS = (
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
