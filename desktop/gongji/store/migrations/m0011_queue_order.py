"""The queue's lists and its inquiries in order of an index, so that they come at once however long the queue is."""

STATEMENTS = (
    # By state, and within it by serial, which every index of a table ends with.
    "DROP INDEX record_state_state",
    "CREATE INDEX record_state_state ON record_state (state)",
    "CREATE INDEX inquiry_due ON inquiry (next_try_at, serial)",
)
