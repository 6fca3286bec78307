"""People found by the last four characters of their number, as they say it at a counter, and by telephone."""

STATEMENTS = (
    "CREATE INDEX person_end ON person (substr(id, -4))",
    "CREATE INDEX person_phone ON person (replace(replace(phone, '-', ''), ' ', '')) WHERE phone IS NOT NULL",
)
