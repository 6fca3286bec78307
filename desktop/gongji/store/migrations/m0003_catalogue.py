"""三目录: drugs, services and consumables with what the insurance says of each, dated."""

STATEMENTS = (
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
    # How items are found, as people are (m0002_people).
    """CREATE TABLE item_word (
        word TEXT NOT NULL,
        item INTEGER NOT NULL REFERENCES item,
        PRIMARY KEY (word, item)
    ) STRICT, WITHOUT ROWID""",
    "CREATE VIRTUAL TABLE item_name USING fts5(characters, content='', contentless_delete=1, tokenize='ascii')",
)
