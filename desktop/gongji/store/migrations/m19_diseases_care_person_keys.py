"""Steps 19 to 25: searching, diseases and diagnoses, the platform's further answers, keys of people, fewer pages."""

from gongji.store.engine import findable, frozen

FINDING_PEOPLE = (
    "CREATE INDEX person_end ON person (substr(id, -4))",
    "CREATE INDEX person_phone ON person (replace(replace(phone, '-', ''), ' ', '')) WHERE phone IS NOT NULL",
)
"""Indexes to find people by the last four characters of their number and by telephone."""

DISEASES = (
    """CREATE TABLE disease (
        id INTEGER PRIMARY KEY,
        area TEXT NOT NULL,
        list TEXT NOT NULL CHECK (list IN ('chronic', 'special')),
        name TEXT NOT NULL,
        names TEXT NOT NULL,
        code TEXT NOT NULL,
        at TEXT NOT NULL,
        source TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX disease_area ON disease (area, list, name, id)",
    *frozen("disease"),
)
"""病种: the agency's imported lists of diseases; of each disease the newest row counts."""

CARE = (
    """CREATE TABLE diagnosis (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL,
        starts TEXT NOT NULL,
        ends TEXT,
        name TEXT NOT NULL,
        UNIQUE (code, starts)
    ) STRICT""",
    *findable("diagnosis"),
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
"""What a visit carries for the payer: diagnoses, doctors, codes beside the national ones, limits; all dated."""

ASKED = (
    # `token` is empty where it was not to be had, and then `text` says why; `state` is "decoded" or "refused".
    """CREATE TABLE voucher (
        code TEXT PRIMARY KEY,
        person_id TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('decoded', 'refused')),
        token TEXT NOT NULL,
        text TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    # Whether somebody is entitled to a kind of visit (med_type), by the platform's clock; the newest counts.
    """CREATE TABLE entitlement (
        id INTEGER PRIMARY KEY,
        person_id TEXT NOT NULL,
        med_type TEXT NOT NULL,
        entitled INTEGER NOT NULL CHECK (entitled IN (0, 1)),
        reason TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX entitlement_person ON entitlement (person_id, at, id)",
    *frozen("voucher", "entitlement"),
)
"""The platform's answers on a scanned 医保电子凭证, and on whether a person is entitled (2001)."""

CLEARED = (
    "ALTER TABLE platform_figure ADD COLUMN insutype TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE platform_figure ADD COLUMN clr_type TEXT NOT NULL DEFAULT ''",
)
"""The insurance and the kind of clearing under which the platform settled: reconciliation asks for each separately."""

PERSON_KEYS = (
    # Destroyed where somebody is forgotten. Rows written before this step have no key and stay as they are.
    """CREATE TABLE person_key (
        person INTEGER PRIMARY KEY REFERENCES person,
        key BLOB NOT NULL CHECK (length(key) = 32)
    ) STRICT""",
    # 按规定删除: whose plain data was destroyed, by whom, who stood by, on which ground; papers of theirs up to these
    # rows of `printed` and `paper` are not given out any more, though some from before they had a key lie open.
    """CREATE TABLE forgotten (
        id INTEGER PRIMARY KEY,
        person INTEGER NOT NULL REFERENCES person,
        reason TEXT NOT NULL CHECK (reason <> ''),
        operator TEXT NOT NULL,
        second TEXT NOT NULL,
        last_printed INTEGER NOT NULL,
        last_paper INTEGER NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX forgotten_person ON forgotten (person)",
    *frozen("forgotten"),
)
"""A key for each person, which encrypts their plain data in rows that never change; and who was forgotten."""

NARROWER = (
    # The steps and notices of every part (settlements.traces); those of an older book are in step and notice.
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
"""Fewer bytes and pages for each settlement: its steps in one compressed row, and narrower indexes."""

STEPS = {
    "m0019_finding_people": FINDING_PEOPLE,
    "m0020_diseases": DISEASES,
    "m0021_care": CARE,
    "m0022_asked": ASKED,
    "m0023_cleared": CLEARED,
    "m0024_person_keys": PERSON_KEYS,
    "m0025_narrower": NARROWER,
}
