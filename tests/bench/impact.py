"""影响测算: a clinic's year of 100,000 settlements under another edition, from the book to the figures on the screen.

The year is a hundred of a township's mixed visits, each copied for other people; the other edition is the area's own,
with a ratio of its first benefit changed.
"""

import datetime
import os
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from msgspec import json
from msgspec.structs import replace

from gongji.core.dates import CHINA
from gongji.core.engine.policy import Policy
from gongji.core.money import E12
from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.open import open_counter
from gongji.desk.policies.impact import Impact, impact
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from tests.bench.multiply import add_people, in_bulk, multiply
from tests.bench.report import Row, Section, at_most, for_scale
from tests.bench.township import visits_of_a_year

_AREA, _VISITS, _KINDS, _DRAWN = "511900", 100_000, 100, 3_000
_NOW = datetime.datetime(2025, 6, 16, 10, tzinfo=CHINA)
_PLACE = {"id": "H51190000000", "name": "虚构卫生院", "type": "township_clinic", "level": "1"}


def measure() -> Section:
    """Fill a book and settle its year again."""
    library = Library(resource_folder() / "policies")
    with TemporaryDirectory() as folder:
        path = Path(folder, "data")
        one = Beginning(counter="01", area=_AREA, institution=_PLACE, operator="甲", password=None, training=True)
        begin(path, one, library, lambda: _NOW)
        _fill(path, library)
        counter = open_counter(path, library, lambda: _NOW, check_later=True)
        try:
            rows = _rows(counter)
        finally:
            counter.close()
    return Section("what another edition would come to (影响测算)", tuple(rows))


def _fill(path: Path, library: Library) -> None:
    """Settle mixed visits, and copy each as often as the others."""
    counter = open_counter(path, library, lambda: _NOW)
    serials = list(islice(_settled(counter), _KINDS))
    key = counter.store.key
    counter.close()
    assert len(serials) == _KINDS, len(serials)
    copies = (_VISITS - _KINDS) // _KINDS
    with in_bulk(path / "book.db", key) as connection:
        add_people(connection)
        for place, serial in enumerate(serials):
            first = serials[-1] + 1 + place * copies
            multiply(connection, first, first + copies - 1, of=serial)


def _settled(session: Session) -> Iterator[int]:
    """Settle what can be settled of a year's visits; yield the serials."""
    for number, made in enumerate(one for one in visits_of_a_year(_DRAWN) if one["area"] == _AREA):
        made["institution"], made["settled_on"], made["visit_no"] = _PLACE, f"{_NOW:%Y-%m-%d}", f"K{number}"
        made.pop("prescriber", None)
        done = settle_text(session, json.encode(made))
        if done.stored is not None:
            yield done.stored.serial


def _rows(session: Session) -> list[Row]:
    policy = _another(session.library)
    told: list[float] = [perf_counter()]

    def progress(_done: int, _of: int) -> bool:
        told.append(perf_counter())
        return True

    cpu_s, begun = sum(os.times()[:4]), perf_counter()
    found: Impact = impact(session, policy, _NOW.year, progress)
    taken_s, cpu_s = perf_counter() - begun, sum(os.times()[:4]) - cpu_s
    told.append(perf_counter())
    longest_s = max(after - before for before, after in pairwise(told))
    note = f"{_KINDS} kinds of visits; {cpu_s:.1f} s of processors"
    return [
        at_most(f"{found.visits:,} settlements under another edition", taken_s, 10, "s", note),
        at_most("the longest time until it can be stopped", longest_s, 0.5, "s"),
        for_scale("settled by the engine, because columns cannot say them", found.by_engine, ""),
    ]


def _another(library: Library) -> Policy:
    """Return the area's edition with another ratio, as a clinic would ask about."""
    policy = library.in_force(_AREA, _NOW.date())
    assert isinstance(policy, Policy), policy
    pack = policy.pack
    usual = pack.benefit[pack.default_benefit]
    layer = usual.pay[0]
    ratio = tuple(replace(row, ratio=E12(int(row.ratio * 9 // 10))) if row.ratio else row for row in layer.ratio)
    changed = replace(usual, pay=(replace(layer, ratio=ratio), *usual.pay[1:]))
    return Policy(replace(pack, benefit={**pack.benefit, pack.default_benefit: changed}))
