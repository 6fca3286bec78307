"""Steps 1 to 3: the clinic, people and what is known of them, the catalogue."""

from gongji.store.engine import findable, frozen

CLINIC = (
    """CREATE TABLE setting (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT""",
    # The newest row of an area and a name counts; what was entered before stays to be seen.
    """CREATE TABLE open_parameter (
        id INTEGER PRIMARY KEY,
        area TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL CHECK (json_valid(value)),
        notice TEXT NOT NULL,
        operator TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX open_parameter_area ON open_parameter (area, name, id)",
    """CREATE TABLE audit (
        serial INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        operator TEXT NOT NULL,
        act TEXT NOT NULL,
        subject TEXT NOT NULL,
        detail TEXT NOT NULL,
        seal TEXT NOT NULL CHECK (length(seal) = 64)
    ) STRICT""",
    *frozen("open_parameter", "audit"),
)
"""The clinic's settings, the open parameters of its areas, the audit log."""

PEOPLE = (
    """CREATE TABLE person (
        rank INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        sex TEXT CHECK (sex IN ('男', '女')),
        birth_date TEXT,
        phone TEXT,
        fictitious INTEGER NOT NULL DEFAULT 0 CHECK (fictitious IN (0, 1))
    ) STRICT""",
    *findable("person"),
    """CREATE TABLE coverage (
        id INTEGER PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES person (id),
        starts TEXT NOT NULL,
        area TEXT NOT NULL,
        status TEXT NOT NULL,
        employment TEXT NOT NULL,
        supplements TEXT NOT NULL CHECK (json_type(supplements) = 'array'),
        entitled INTEGER NOT NULL CHECK (entitled IN (0, 1)),
        selected_institution TEXT,
        told_at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX coverage_person ON coverage (person_id, starts, id)",
    """CREATE TABLE registration (
        id INTEGER PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES person (id),
        diseases TEXT NOT NULL CHECK (json_type(diseases) = 'array'),
        starts TEXT NOT NULL,
        told_at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX registration_person ON registration (person_id, starts, id)",
    # 家庭共济: whose account may pay for whom. The newest row of a pair counts.
    """CREATE TABLE aid_link (
        id INTEGER PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES person (id),
        account_id TEXT NOT NULL,
        relation TEXT NOT NULL,
        authorised INTEGER NOT NULL CHECK (authorised IN (0, 1)),
        area TEXT,
        told_at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX aid_link_person ON aid_link (person_id, id)",
    # What an accumulator or a balance stood at when somebody who knows said so (core.ledger.ledger).
    """CREATE TABLE snapshot (
        id INTEGER PRIMARY KEY,
        owner TEXT NOT NULL,
        scope TEXT NOT NULL,
        name TEXT NOT NULL,
        amount_fen INTEGER NOT NULL CHECK (amount_fen >= 0),
        as_of TEXT NOT NULL,
        last_serial INTEGER,
        source TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX snapshot_key ON snapshot (owner, scope, name, id)",
    *frozen("coverage", "registration", "aid_link", "snapshot"),
)
"""People and what is known of them. Past facts stay: rows are dated, and the newest valid one counts."""

CATALOGUE = (
    """CREATE TABLE item (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL,
        starts TEXT NOT NULL,
        ends TEXT,
        name TEXT NOT NULL,
        category TEXT NOT NULL CHECK (category IN ('drug', 'service', 'consumable')),
        class TEXT NOT NULL CHECK (class IN ('A', 'B', 'C')),
        unit_price_e4 INTEGER NOT NULL CHECK (unit_price_e4 >= 0),
        prepay_ratio_e12 INTEGER CHECK (prepay_ratio_e12 BETWEEN 0 AND 1000000000000),
        price_ceiling_e4 INTEGER CHECK (price_ceiling_e4 >= 0),
        negotiated INTEGER NOT NULL DEFAULT 0 CHECK (negotiated IN (0, 1)),
        unit TEXT NOT NULL DEFAULT '',
        specification TEXT NOT NULL DEFAULT '',
        form TEXT NOT NULL DEFAULT '',
        maker TEXT NOT NULL DEFAULT '',
        fee_category TEXT NOT NULL DEFAULT '',
        barcode TEXT NOT NULL DEFAULT '',
        invented INTEGER NOT NULL DEFAULT 0 CHECK (invented IN (0, 1)),
        UNIQUE (code, starts)
    ) STRICT""",
    "CREATE INDEX item_barcode ON item (barcode) WHERE barcode <> ''",
    *findable("item"),
)
"""三目录: drugs, services and consumables with their insurance class, ratio and ceiling, dated."""

STEPS = {
    "m0001_clinic": CLINIC,
    "m0002_people": PEOPLE,
    "m0003_catalogue": CATALOGUE,
}
