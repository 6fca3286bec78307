"""The book's tables, in numbered steps. A step that has been released is never changed; a new one follows it.

All tables are STRICT. Money is in fen and its column says so; prices and quantities are in 1/10000, ratios in 1/10**12;
points in time are stamps in China's time (core.dates), days are ISO dates.
"""

from gongji.store.migrations import (
    m0001_clinic,
    m0002_people,
    m0003_catalogue,
    m0004_settlements,
    m0005_queue,
    m0006_papers,
    m0007_outbox,
    m0008_holding,
    m0009_carrying,
    m0010_printed,
    m0011_queue_order,
    m0012_selections,
    m0013_coming_down,
    m0014_trust,
    m0015_explained,
    m0016_platform_words,
    m0017_shifts_and_bills,
    m0019_finding_people,
    m0020_diseases,
    m0021_care,
    m0022_asked,
    m0023_cleared,
    m0024_person_keys,
    m0025_narrower,
)

STEPS = (
    m0001_clinic,
    m0002_people,
    m0003_catalogue,
    m0004_settlements,
    m0005_queue,
    m0006_papers,
    m0007_outbox,
    m0008_holding,
    m0009_carrying,
    m0010_printed,
    m0011_queue_order,
    m0012_selections,
    m0013_coming_down,
    m0014_trust,
    m0015_explained,
    m0016_platform_words,
    m0017_shifts_and_bills,
    m0019_finding_people,
    m0020_diseases,
    m0021_care,
    m0022_asked,
    m0023_cleared,
    m0024_person_keys,
    m0025_narrower,
)
"""Every step in order."""

NAMES = tuple(one.__name__.rsplit(".", 1)[-1] for one in STEPS)
SET = "gongji"
"""Under which name a book keeps which steps it has gone through."""
