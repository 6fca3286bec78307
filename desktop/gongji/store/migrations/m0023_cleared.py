"""Under which insurance and kind of clearing the platform settled: statements are asked for each of these apart."""

STATEMENTS = (
    "ALTER TABLE platform_figure ADD COLUMN insutype TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE platform_figure ADD COLUMN clr_type TEXT NOT NULL DEFAULT ''",
)
