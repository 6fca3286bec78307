"""What the platform said besides figures: of a settling message, of a person, of who clears a settlement."""

STATEMENTS = (
    # Nothing, "refused", "settled" (already), or a person's "absent": core.outbox.legs.
    "ALTER TABLE leg ADD COLUMN told TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE platform_person ADD COLUMN cert_type TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE platform_person ADD COLUMN psn_type TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE platform_person ADD COLUMN area TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE platform_figure ADD COLUMN agency TEXT NOT NULL DEFAULT ''",
)
