"""What the platform said when it was asked: of a scanned 医保电子凭证, and whether somebody is entitled (2001)."""

from gongji.store.migrations.frozen import frozen

STATEMENTS = (
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
