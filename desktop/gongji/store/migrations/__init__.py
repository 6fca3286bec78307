"""The book's tables, in numbered steps. A released step is never changed; the next one goes into the newest module.

All tables are STRICT. Money is in fen and its column says so; prices and quantities are in 1/10000, ratios in 1/10**12;
points in time are stamps in China's time (core.dates), days are ISO dates.
"""

from gongji.store.migrations import (
    m01_clinic_people_catalogue,
    m04_settlements_queue_papers,
    m07_outbox,
    m08_held_carried_printed_chosen,
    m14_trust_shifts_bills,
    m19_diseases_care_person_keys,
)

STEPS: dict[str, tuple[str, ...]] = {
    **m01_clinic_people_catalogue.STEPS,
    **m04_settlements_queue_papers.STEPS,
    **m07_outbox.STEPS,
    **m08_held_carried_printed_chosen.STEPS,
    **m14_trust_shifts_bills.STEPS,
    **m19_diseases_care_person_keys.STEPS,
}
"""The statements of every step by its name, in order."""

NAMES = tuple(STEPS)
SET = "gongji"
"""The name under which a book records the applied steps."""
