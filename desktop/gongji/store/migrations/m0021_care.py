"""What a visit carries for the payer: diagnoses, doctors, codes beside the national ones, limits; all dated."""

from gongji.store.migrations.frozen import frozen

STATEMENTS = (
    """CREATE TABLE diagnosis (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL,
        starts TEXT NOT NULL,
        ends TEXT,
        name TEXT NOT NULL,
        UNIQUE (code, starts)
    ) STRICT""",
    # How diagnoses are found, as items are (m0003_catalogue).
    """CREATE TABLE diagnosis_word (
        word TEXT NOT NULL,
        diagnosis INTEGER NOT NULL REFERENCES diagnosis,
        PRIMARY KEY (word, diagnosis)
    ) STRICT, WITHOUT ROWID""",
    "CREATE VIRTUAL TABLE diagnosis_name USING fts5(characters, content='', contentless_delete=1, tokenize='ascii')",
    """CREATE TABLE doctor (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL,
        starts TEXT NOT NULL,
        ends TEXT,
        name TEXT NOT NULL,
        department_code TEXT NOT NULL,
        department TEXT NOT NULL,
        UNIQUE (code, starts)
    ) STRICT""",
    # The newest row of a code and a first day counts.
    """CREATE TABLE code_mapping (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL,
        national_code TEXT NOT NULL,
        starts TEXT NOT NULL,
        ends TEXT,
        at TEXT NOT NULL,
        source TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX code_mapping_code ON code_mapping (code, starts, id)",
    # Which of them the platform has accepted (3301), and when.
    """CREATE TABLE code_mapping_accepted (
        mapping INTEGER PRIMARY KEY REFERENCES code_mapping,
        at TEXT NOT NULL
    ) STRICT""",
    # 限定支付范围: for whom or what a drug of limited use is paid. The newest row of a code and a first day counts.
    """CREATE TABLE restriction (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL,
        starts TEXT NOT NULL,
        text TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX restriction_code ON restriction (code, starts, id)",
    *frozen("code_mapping", "code_mapping_accepted", "restriction"),
)
