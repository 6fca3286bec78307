"""The book: what a settled visit costs to commit, alone and among a million, and how fast a book is verified.

A commit is compared with the least that could be done: as many bytes put into one table of an encrypted file of the
same settings, committed and flushed once. Ours flushes twice, the second time for the witness.
"""

import datetime
import json
import math
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from gongji.core.dates import CHINA
from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.verify.verify_book import verify
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from gongji.store.book_file import db, keyed_connection, keys
from gongji.store.settlements import settlements
from tests.bench.multiply import PEOPLE, add_people, in_bulk, multiply, multiply_counted
from tests.bench.report import Row, Section, at_least, for_scale
from tests.bench.timing import NS_PER_MS, Spread, spread, timed
from tests.support.in_the_book import record_body_of

_LINES = 8
_COMMITS = 300
_SETTLEMENTS = int(os.environ.get("GONGJI_BENCH_SETTLEMENTS", "1000000"))
_VERIFIED = min(_SETTLEMENTS, 100_000)
_INSTITUTION = {"id": "H53039900001", "name": "卫生院", "type": "township_clinic", "level": "1"}
_AREA = "530300"
_NOW = datetime.datetime(2026, 11, 22, 10, tzinfo=CHINA)


def measure() -> Section:
    """Commit into a small book, multiply it, and commit again."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "data"
        counter = _counter(path)
        try:
            few = _commits(counter, 0)
            content, written = _bytes_of_one(counter), _bytes_written_by_one(counter)
            bare, as_written = (_bare_commits(Path(folder) / f"{size}.db", size) for size in (content, written))
            rows = [
                for_scale(f"bare SQLCipher commit of {content:,} bytes of content, p50", bare.median / NS_PER_MS, "ms"),
                for_scale(
                    f"bare SQLCipher commit of {written:,} bytes as written, p50", as_written.median / NS_PER_MS, "ms"
                ),
                _row("commit of an 8-line visit, beside as many bytes of content, p50", few, bare, 3),
                _row("the same, beside as many bytes written to the disk", few, as_written, 3),
                for_scale("the same, p99", few.percentile(99) / NS_PER_MS, "ms"),
            ]
            settle_text(counter, _visit(10**6, 1, 2))
            key = counter.store.key
        finally:
            counter.close()
        rows += _among_many(path, key, few)
    return Section("f. the book", tuple(rows))


def _row(figure: str, ours: Spread, other: Spread, target: float) -> Row:
    ratio = ours.median / other.median
    reached = f"{ours.median / NS_PER_MS:.2f} ms"
    return Row(figure, reached, f"<= {target:g} times", ratio <= target, f"{ratio:.2f} times")


def _library() -> Library:
    return Library(resource_folder() / "policies")


def _counter(path: Path) -> Session:
    library = _library()
    one = Beginning(counter="01", area=_AREA, institution=_INSTITUTION, operator="甲", password=None, training=True)
    begin(path, one, library, lambda: _NOW)
    counter = open_counter(path, library, lambda: _NOW)
    with counter.store.write() as connection:
        add_people(connection)
    return counter


def _visit(number: int, person: int, lines: int) -> bytes:
    drug = {"category": "drug", "class": "B", "quantity": "2", "prepay_ratio": "0.10"}
    return json.dumps(
        {
            "visit_no": f"W{number}",
            "area": _AREA,
            "settled_on": "2026-11-22",
            "institution": _INSTITUTION,
            "person": {"id": f"P{person % PEOPLE:06d}", "name": "某人", "status": "retired"},
            "lines": [
                {**drug, "code": f"XA{line:05d}", "name": f"药品{line}", "unit_price": f"{line + 3}.50"}
                for line in range(lines)
            ],
        },
        ensure_ascii=False,
    ).encode()


def _commits(session: Session, from_number: int) -> Spread:
    """Settle visits of different people; the first twenty only warm up."""
    readings = []
    for number in range(_COMMITS + 20):
        text = _visit(from_number + number, 31 * number + 7, _LINES)
        nanoseconds, done = timed(lambda text=text: settle_text(session, text))  # type: ignore[misc]
        assert done.stored is not None, done.problems
        readings.append(nanoseconds)
    return spread(readings[20:])


def _bytes_of_one(session: Session) -> int:
    """Return how many bytes of content a settlement puts into the book, over all its rows, before any is compressed."""
    read = session.store.reader
    (serial,) = read.execute("SELECT max(serial) FROM settlement").fetchone()
    found = 0
    for table, key in {
        "settlement": "serial", "visit": "settlement", "fee_line": "settlement", "part": "settlement",
        "payment": "settlement", "entry": "settlement", "receipt": "settlement",
        "record": "serial", "record_state": "serial",
    }.items():  # fmt: skip
        for row in read.execute(f"SELECT * FROM {table} WHERE {key} = ?", (serial,)):  # noqa: S608
            found += sum(0 if isinstance(value, bytes) else len(str(value).encode()) for value in row)
    whole = settlements.by_serial(read, serial)
    assert whole is not None
    texts = (settlements.visit_body(read, serial) or b"", record_body_of(read, serial))
    return found + sum(map(len, texts)) + sum(len(str(step).encode()) for part in whole.parts for step in part.trace)


def _bytes_written_by_one(session: Session) -> int:
    """Return how many bytes of pages one settlement writes."""
    writer = session.store._writer  # noqa: SLF001  # no door of the book tells
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    settle_text(session, _visit(10**5, 99, _LINES))
    _, pages, _ = writer.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    (page_bytes,) = writer.execute("PRAGMA page_size").fetchone()
    return int(pages) * int(page_bytes)


def _bare_commits(path: Path, size: int) -> Spread:
    db.create(path, b"k" * keys.KEY_BYTES)
    connection = keyed_connection.connect(path, b"k" * keys.KEY_BYTES)
    connection.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT")

    def commit() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO bare (content) VALUES (?)", (os.urandom(size),))
        connection.execute("COMMIT")

    readings = [timed(commit)[0] for _ in range(_COMMITS + 20)][20:]
    connection.close()
    return spread(readings)


def _among_many(path: Path, key: bytes, few: Spread) -> Iterator[Row]:
    """Copy the last settlement until there are so many, and commit again."""
    begun = perf_counter()
    with in_bulk(path / "book.db", key) as connection:
        (last,) = connection.execute("SELECT max(serial) FROM settlement").fetchone()
        multiply(connection, last + 1, _SETTLEMENTS)
    seconds = perf_counter() - begun
    size = (path / "book.db").stat().st_size
    yield for_scale(f"making {_SETTLEMENTS:,} settlements", seconds, "s", _told(size, size / _SETTLEMENTS))
    counter = open_counter(path, _library(), lambda: _NOW, check_later=True)
    try:
        many = _commits(counter, 2 * 10**6)
    finally:
        counter.close()
    yield _row(f"commit with {_SETTLEMENTS:,} in the file, p50", many, few, 1.3)
    yield for_scale("the same, p99", many.percentile(99) / NS_PER_MS, "ms")


def _told(size: int, each: float) -> str:
    return f"{size / 2**30:.1f} GiB, {each:,.0f} bytes a settlement of two lines"


def _made(session: Session, first: int, last: int) -> Row:
    """Copy the settlement before `first` until there are so many."""
    begun, before = perf_counter(), _bytes(session)
    multiply_counted(session.store, first, last)
    size = _bytes(session)
    told = _told(size, (size - before) / (last - first + 1))
    return for_scale(f"making {last:,} settlements", perf_counter() - begun, "s", told)


def _bytes(session: Session) -> int:
    """Return how many bytes of pages the book has."""
    asked = (session.store.reader.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "page_size"))
    return math.prod(map(int, asked))


def measure_verify() -> Section:
    """Settle one visit, multiply it, and verify the book on all processors."""
    with TemporaryDirectory() as folder:
        counter = _counter(Path(folder) / "data")
        try:
            done = settle_text(counter, _visit(10**6, 1, 2))
            assert done.stored is not None
            made = _made(counter, done.stored.serial + 1, _VERIFIED)
            settle_text(counter, _visit(10**7, 2, 2))  # the tallies are kept with it
            begun, cpu = perf_counter(), _cpu_s()
            findings = list(verify(counter.folder, counter.store, counter.library, _progress()))
            seconds, cpu = perf_counter() - begun, _cpu_s() - cpu
            assert findings == [], findings[:3]
        finally:
            counter.close()
    told = f"{seconds:.0f} s, {cpu:.0f} s of processors"
    rows = (made, at_least(f"verify {_VERIFIED:,} settlements", _VERIFIED / seconds, 20_000, "/s", told))
    return Section("f. the book, verified", rows)


def _cpu_s() -> float:
    """Return the processor time of this process and of its children that have ended."""
    return sum(os.times()[:4])


def _progress() -> Callable[[str, int, int], None]:
    def told(what: str, done: int, of: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{what} {done:,} / {of:,}", end="", file=sys.stderr)

    return told
