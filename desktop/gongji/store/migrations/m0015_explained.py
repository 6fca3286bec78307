"""What a step explains, and which text of an edition a policy's is."""

STATEMENTS = (
    "ALTER TABLE step ADD COLUMN amount TEXT",
    "ALTER TABLE policy_text ADD COLUMN revision INTEGER NOT NULL DEFAULT 1",
)
