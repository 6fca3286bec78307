"""The book's tables, in numbered steps. A step that has been released is never changed; a new one follows it.

All tables are STRICT. Money is in fen and its column says so; prices and quantities are in 1/10000, ratios in 1/10**12;
points in time are stamps in China's time (core.dates), days are ISO dates.
"""

from gongji.store.migrations import (
    m0001_to_m0003,
    m0004_to_m0006,
    m0007_outbox,
    m0008_to_m0013,
    m0014_to_m0017,
    m0019_to_m0025,
)

STEPS = {
    "m0001_clinic": m0001_to_m0003.CLINIC,
    "m0002_people": m0001_to_m0003.PEOPLE,
    "m0003_catalogue": m0001_to_m0003.CATALOGUE,
    "m0004_settlements": m0004_to_m0006.SETTLEMENTS,
    "m0005_queue": m0004_to_m0006.QUEUE,
    "m0006_papers": m0004_to_m0006.PAPERS,
    "m0007_outbox": m0007_outbox.STATEMENTS,
    "m0008_holding": m0008_to_m0013.HOLDING,
    "m0009_carrying": m0008_to_m0013.CARRYING,
    "m0010_printed": m0008_to_m0013.PRINTED,
    "m0011_queue_order": m0008_to_m0013.QUEUE_ORDER,
    "m0012_selections": m0008_to_m0013.SELECTIONS,
    "m0013_coming_down": m0008_to_m0013.COMING_DOWN,
    "m0014_trust": m0014_to_m0017.TRUST,
    "m0015_explained": m0014_to_m0017.EXPLAINED,
    "m0016_platform_words": m0014_to_m0017.PLATFORM_WORDS,
    "m0017_shifts_and_bills": m0014_to_m0017.SHIFTS_AND_BILLS,
    "m0019_finding_people": m0019_to_m0025.FINDING_PEOPLE,
    "m0020_diseases": m0019_to_m0025.DISEASES,
    "m0021_care": m0019_to_m0025.CARE,
    "m0022_asked": m0019_to_m0025.ASKED,
    "m0023_cleared": m0019_to_m0025.CLEARED,
    "m0024_person_keys": m0019_to_m0025.PERSON_KEYS,
    "m0025_narrower": m0019_to_m0025.NARROWER,
}
"""The statements of every step by its name, in order."""

NAMES = tuple(STEPS)
SET = "gongji"
"""The name under which a book records the applied steps."""
