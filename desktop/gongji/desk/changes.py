"""What a piece of work changed, for the screens: derived from the tables that were written, not from the caller.

Every table of the book is listed once; a test checks it.
"""

from enum import Flag, auto

from gongji.store.book_file.db import Store


class Changed(Flag):
    """Subjects that a screen may show."""

    NOTHING = 0
    SETTLEMENTS = auto()
    PEOPLE = auto()
    CATALOGUE = auto()
    QUEUE = auto()
    SETTINGS = auto()
    HELD = auto()


TABLES = {
    Changed.SETTLEMENTS: (
        "settlement", "visit", "fee_line", "part", "step", "notice", "trace", "payment", "receipt", "closing", "paper",
        "printed", "reprint", "bill_roll", "bill", "bill_void",
    ),
    Changed.SETTLEMENTS | Changed.PEOPLE: ("entry",),
    Changed.SETTLEMENTS | Changed.QUEUE: ("resolution", "resolution_payment"),
    Changed.PEOPLE: (
        "person", "person_word", "coverage", "registration", "aid_link", "snapshot", "outline", "voucher",
        "entitlement", "person_key", "forgotten",
    ),
    Changed.PEOPLE | Changed.QUEUE: ("platform_figure", "platform_person"),
    Changed.CATALOGUE: (
        "item", "item_word", "agency_row", "download", "restriction", "code_mapping", "code_mapping_accepted",
    ),
    Changed.CATALOGUE | Changed.SETTINGS: ("disease", "diagnosis", "diagnosis_word", "doctor"),
    Changed.QUEUE: (
        "record", "record_state", "acceptance", "leg", "leg_watch", "attempt", "answer", "inquiry", "reconciliation",
        "discrepancy", "package", "carried", "hop", "selection", "selection_state",
    ),
    Changed.SETTINGS: ("setting", "open_parameter", "pack", "enrolment", "explanation"),
    Changed.HELD: ("held_visit",),
    Changed.NOTHING: (
        "audit", "audit_root", "anchor", "arrival", "concern", "msgid_mark", "policy_text", "_sqlite_migrations",
    ),
}  # fmt: skip
_SUBJECT = {table: subject for subject, tables in TABLES.items() for table in tables}


def take_changes(store: Store) -> Changed:
    """Return what changed since the last call; on the writing thread."""
    found = Changed.NOTHING
    for table in store.take_written():
        found |= _SUBJECT[table]
    return found
