"""What a book grows by: bytes, start, copy, search, commit and check after 1, 5 and 10 years of a clinic.

One visit of four lines is settled, printed and sent to the practice platform as every visit is; then it is copied with
all that belongs to it, its papers and its messages among them, as often as a clinic has visits. Books are kept under
build/books for the next run, by the schema they have; one that is not there is only made where there is time for it.

    python -m tests.bench.growth [VISITS…]      # makes what is missing, however long it takes, and measures it
"""

import datetime
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic, perf_counter

from gongji.core.dates import CHINA
from gongji.desk.clinic.backup.backup import back_up
from gongji.desk.clinic.first_start.create import begin_training
from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.upgrade import check_pages
from gongji.desk.clinic.verify.verify_book import verify
from gongji.desk.session import Session
from gongji.desk.settlements.find import find
from gongji.desk.settlements.settle import settle_text
from gongji.desk.upload.sending_loop import SendingLoop
from gongji.desk.upload.uploader import TimeAndChance
from gongji.desk.visits.search import find_people
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from gongji.payer.gateway import Address, Gateway
from gongji.payer.regions import profile
from gongji.store.engine import Connection
from gongji.store.migrations import NAMES
from tests.bench.multiply import add_people, multiply_counted
from tests.bench.report import Row, Section, for_scale, number
from tests.bench.timing import NS_PER_MS, repeated, spread, timed
from tests.bench.upload import platform, visit_text
from tests.support.claiming import Uploader
from tests.support.printed import print_receipt

YEARS = {"township, 1 year": 22_000, "township, 5 years": 110_000, "township, 10 years": 220_000,
         "hospital, 1 year": 365_000}  # fmt: skip
_KEPT = Path("build/books")
_WHILE_MEASURING = 22_000
"""Visits of the largest book that is made by the way."""
_COMMITS, _LOOKS = 60, 200
_NOW = datetime.datetime(2026, 11, 22, 10, tzinfo=CHINA)


def measure() -> Iterator[Section]:
    """Measure every book that is there, and the smallest in any case."""
    for years, visits in YEARS.items():
        if visits <= _WHILE_MEASURING or _place(visits).exists():
            yield measured(years, visits)


def measured(years: str, visits: int) -> Section:
    """Make a book where it is not there yet, and measure a copy of it."""
    kept = _place(visits)
    if not kept.exists():
        _make(kept, visits)
    with TemporaryDirectory(dir=kept.parent) as folder:
        path = Path(folder) / "data"
        shutil.copytree(kept, path)
        return Section(f"g. a book of {visits:,} visits ({years})", tuple(_rows(path, visits)))


def _rows(path: Path, visits: int) -> Iterator[Row]:
    size = sum(one.stat().st_size for one in path.glob("book.db*"))
    yield for_scale("the file", size / 2**20, "MB", f"{size / visits:,.0f} bytes a visit, papers and messages included")
    library = _library()
    took, counter = timed(lambda: open_counter(path, library, lambda: _NOW, check_later=True))
    try:
        yield for_scale("opened, the window usable", took / NS_PER_MS, "ms")
        begun = perf_counter()
        check_pages(counter.store)
        yield for_scale("every page read, before anything is written", perf_counter() - begun, "s")
        begun = perf_counter()
        back_up(counter)
        yield for_scale("a copy", perf_counter() - begun, "s", _rate(size, perf_counter() - begun))
        yield from _looks(counter, visits)
        yield for_scale("commit of a visit, p50", *_commits(counter))
        begun = perf_counter()
        findings = list(verify(counter.folder, counter.store, library, lambda *_: None))
        seconds = perf_counter() - begun
        assert findings == [], findings[:3]
        yield for_scale("verify, papers included", seconds, "s", f"{visits / seconds:,.0f} visits a second")
    finally:
        counter.close()


def _looks(session: Session, visits: int) -> Iterator[Row]:
    random = Random(7)
    numbers = [f"01-20261122-{random.randrange(2, visits)}" for _ in range(_LOOKS)]
    shown = spread([timed(lambda no=no: find(session.store, no))[0] for no in numbers])  # type: ignore[misc]
    yield for_scale("a settlement shown by its number, p99", shown.percentile(99) / NS_PER_MS, "ms")
    named = repeated(lambda: find_people(session.store, f"P{random.randrange(10_000):06d}"), _LOOKS)
    yield for_scale("a person found by number, p99", named.percentile(99) / NS_PER_MS, "ms")


def _commits(session: Session) -> tuple[float, str, str]:
    readings = []
    for order in range(_COMMITS):
        text = visit_text(f"growth{order}", f"P{1000 + 7 * order:06d}")
        took, done = timed(lambda text=text: settle_text(session, text))  # type: ignore[misc]
        assert done.stored is not None, done.problems
        readings.append(took)
    found = spread(readings[10:])
    return found.median / NS_PER_MS, "ms", f"p99 {number(found.percentile(99) / NS_PER_MS, 'ms')}"


def _rate(size: int, seconds: float) -> str:
    return f"{size / 2**20 / seconds:,.0f} MB/s"


def _place(visits: int) -> Path:
    return _KEPT / f"{NAMES[-1]}-{visits}"


def _library() -> Library:
    return Library(resource_folder() / "policies")


def _make(kept: Path, visits: int) -> None:
    """Settle, print and send one visit, and copy it with all that belongs to it."""
    begun, library = monotonic(), _library()
    kept.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=kept.parent) as folder, platform(Path(folder)) as address:
        path = Path(folder) / "data"
        begin_training(path, "530300", library, lambda: _NOW)
        counter = open_counter(path, library, lambda: _NOW)
        done = settle_text(counter, visit_text("first", "53039919600101000X"))
        assert done.stored is not None, done.problems
        print_receipt(counter, done.stored)
        practice = profile("practice")
        outside = TimeAndChance(
            lambda: _NOW + datetime.timedelta(seconds=monotonic() - begun), monotonic, Random(1).random
        )
        with Gateway(Address(url=address), practice, lambda: _NOW) as gateway:
            loop = SendingLoop(Uploader(counter, practice, outside), lambda one: gateway.send(one.infno, one.body), 1)
            loop.send_all(lambda _: False, lambda _: None)
        with counter.store.write() as connection:
            add_people(connection)
        multiply_counted(counter.store, 2, visits)
        for start in range(2, visits + 1, _AT_ONCE):
            with counter.store.write() as connection:
                _accompany(connection, start, min(start + _AT_ONCE - 1, visits))
        settle_text(counter, visit_text("last", "P000002"))  # the tallies are kept with it
        counter.close()
        path.rename(kept)


_OWN_MSGID = "t.msgid || '-' || n.serial"
_WITH_IT = {
    "paper": ("settlement = 1", {"id": "n.serial * 10 + t.id", "settlement": "n.serial"}),
    "printed": ("settlement = 1", {"id": "n.serial * 10 + t.id", "settlement": "n.serial",
                                   "name": "'2026/11/01-20261122-' || n.serial || '.pdf'"}),
    "acceptance": ("serial = 1", {"serial": "n.serial"}),
    "attempt": ("serial = 1", {"serial": "n.serial", "msgid": _OWN_MSGID}),
    "answer": ("msgid IN (SELECT msgid FROM attempt WHERE serial = 1)", {"msgid": _OWN_MSGID}),
    "platform_figure": ("serial = 1", {"serial": "n.serial", "msgid": _OWN_MSGID}),
}  # fmt: skip
"""What else belongs to a visit that was printed and sent: which rows of the first, and what a copy has of its own."""
_AT_ONCE = 10_000


def _accompany(connection: Connection, first: int, last: int) -> None:
    """Copy the papers and messages of the first settlement for these, too."""
    for table, (where, own) in _WITH_IT.items():
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        values = ", ".join(own.get(name, f"t.{name}") for name in columns)
        connection.execute(
            "WITH RECURSIVE n(serial) AS (VALUES(?1) UNION ALL SELECT serial + 1 FROM n WHERE serial < ?2), "  # noqa: S608
            f"t AS MATERIALIZED (SELECT * FROM {table} WHERE {where}) "
            f"INSERT INTO {table} SELECT {values} FROM n CROSS JOIN t",
            (first, last),
        )


def main(arguments: Sequence[str]) -> None:
    """Measure books of so many visits, or of all clinics."""
    from tests.bench.report import print_section  # noqa: PLC0415  # only a person reads it here

    wanted = {f"{int(one):,} visits": int(one) for one in arguments} or YEARS
    for years, visits in wanted.items():
        print_section(measured(years, visits))
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
