"""The book's people and catalogue: how long 200,000 rows take to import, and how soon what is typed is found.

Everything is invented and runs on an encrypted file. The plain way to search, a LIKE over the table, is timed on the
same file in the same run; what is asked of both is the same.
"""

import datetime
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gongji.desk.imports.import_table import import_file
from gongji.desk.visits.search import LIMIT, find_items, find_people
from gongji.store.book_file.db import Store
from gongji.store.pinyin import fold, item_words, person_words
from tests.bench import stocked
from tests.bench.invented import items, people
from tests.bench.report import Row, Section, at_most
from tests.bench.stocked import AT, ITEMS, PEOPLE
from tests.bench.timing import NS_PER_MS, NS_PER_S, Spread, spread, timed
from tests.bench.visits import generator

_AS_TEXT = 50_000
_TYPED = 400
"""How many different texts of each kind are typed."""
_SCANNED = 12
_ON = datetime.date(2026, 11, 22)


def measure_import() -> Section:
    """Import an invented catalogue as offices write it, and again; and some of it as a text."""
    with TemporaryDirectory() as name:
        book, path = Path(name) / "data", Path(name) / "items.xlsx"
        stocked.empty(book)
        subprocess.run([sys.executable, "-m", "tests.bench.large_workbook", path, str(ITEMS)], check=True)
        counter = stocked.opened(book)
        rows = [_import(counter.store, "catalogue", path, ITEMS, 15) for _ in ("new", "unchanged")]
        rows.append(at_most("memory of the program at its most", _most_memory_mb(), 300, "MB", "after both"))
        counter.close()
        stocked.leave(book, "items")
        rows.append(_import_text(Path(name)))
    return Section("e. a catalogue imported", tuple(rows))


def _import_text(folder: Path) -> Row:
    """Import a part of the catalogue as a text into a new book; it may take as much of a minute."""
    book, path = folder / "other", folder / "items.csv"
    stocked.empty(book)
    stocked.write_csv(path, stocked.item_rows(_AS_TEXT), "gb18030")
    counter = stocked.opened(book)
    row = _import(counter.store, "catalogue", path, _AS_TEXT, 60 * _AS_TEXT / ITEMS)
    counter.close()
    return row


def measure_search() -> Section:
    """Import invented people beside the catalogue, then look for both."""
    with TemporaryDirectory() as name:
        book, path = Path(name) / "data", Path(name) / "people.csv"
        stocked.with_items(book)
        stocked.write_csv(path, stocked.person_rows(PEOPLE), "utf-8-sig")
        counter = stocked.opened(book)
        rows = [_import(counter.store, "people", path, PEOPLE, 30), *_searches(counter.store)]
        counter.close()
        stocked.leave(book, "items and people")
        size = (book / "book.db").stat().st_size / 2**20
    return Section(f"e. people and catalogue, encrypted, {size:.0f} MB", tuple(rows))


def _import(store: Store, kind: str, path: Path, count: int, target_s: float) -> Row:
    cpu = _cpu_s()
    taken, report = timed(partial(import_file, store, kind, path, at=AT, operator="bench"))
    assert report.kept, report.refused[:3]
    note = f"{report.counts.new:,} new, {report.counts.unchanged:,} unchanged; {_cpu_s() - cpu:.1f} s of processors"
    return at_most(f"import {count:,} rows, {kind}, {report.form}", taken / NS_PER_S, target_s, "s", note)


def _cpu_s() -> float:
    """Return the processor time of this process and of its children that have ended."""
    return sum(os.times()[:4])


def _most_memory_mb() -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 1024


def _searches(store: Store) -> Iterator[Row]:
    random = generator("typed")
    names = [row[1] for row in items(random, 2000)]
    persons = list(people(random, 2000))
    surnames = [row[1] for row in persons]

    def of(choices: Sequence[str], make: Callable[[str], str]) -> list[str]:
        return [make(random.choice(choices)) for _ in range(_TYPED)]

    def initials(words: Iterable[str]) -> str:
        return random.choice(sorted(one for one in words if one.isascii() and one.isalpha()) or ["a"])

    def part(name: str, length: int) -> str:
        folded = fold(name)
        start = random.randrange(max(1, len(folded) - length + 1))
        return folded[start : start + length]

    def item(text: str) -> Sequence[Any]:
        return find_items(store, text, _ON, LIMIT)

    def person(text: str) -> Sequence[Any]:
        return find_people(store, text, LIMIT)

    asked: list[tuple[str, Callable[[str], Sequence[Any]], list[str], str]] = [
        ("people: 2-sign name", person, [name for name in surnames if len(name) == 2][:_TYPED], "person.name LIKE ?"),
        ("people: part of a name", person, of(surnames, lambda name: name[1:]), "person.name LIKE ?"),
        ("people: one sign", person, of(surnames, random.choice), "person.name LIKE ?"),
        ("people: first letter", person, of("abcdefghjklmnopqrstwxyz", str), ""),
        ("people: pinyin initials", person, of(surnames, lambda name: initials(person_words(name))), ""),
        ("people: full pinyin", person, of(surnames, lambda name: max(person_words(name))[:6]), ""),
        (
            "people: number prefix",
            person,
            of([row[0] for row in persons], lambda number: number[:10]),
            "person.id LIKE ?",
        ),
        ("items: 2 signs of the name", item, of(names, lambda name: part(name, 2)), "item.name LIKE ?"),
        ("items: 4 signs of the name", item, of(names, lambda name: part(name, 4)), "item.name LIKE ?"),
        ("items: one sign", item, of(names, lambda name: part(name, 1)), "item.name LIKE ?"),
        (
            "items: two signs never together",
            item,
            of(names, lambda name: part(name, 1) + part(name, 1)),
            "item.name LIKE ?",
        ),
        ("items: first letter", item, of("abcdefghjklmnopqrstwxyz", str), ""),
        ("items: pinyin initials", item, of(names, lambda name: initials(item_words(name))[:4]), ""),
        ("items: code", item, [f"XN{random.randrange(ITEMS):09d}"[:10] for _ in range(_TYPED)], "item.code LIKE ?"),
        ("items: barcode", item, [f"69{random.randrange(ITEMS):011d}" for _ in range(_TYPED)], "item.barcode LIKE ?"),
    ]
    for what, find, texts, like in asked:
        found = spread([timed(partial(find, text))[0] for text in texts])
        note = f"p50 {found.median / NS_PER_MS:.2f} ms"
        if like:
            plain = _scan(store, like, texts)
            note += f"; LIKE p50 {plain.median / NS_PER_MS:.1f} ms, {plain.median / found.median:.0f} times as long"
        yield at_most(f"{what}: p99", found.percentile(99) / NS_PER_MS, 5, "ms", note)


def _scan(store: Store, like: str, texts: Sequence[str]) -> Spread:
    noun = like.partition(".")[0]
    sql = f"SELECT * FROM {noun} WHERE {like} LIMIT {LIMIT}"  # noqa: S608  # names of our own
    answer = store.reader.execute
    return spread([timed(lambda text=text: answer(sql, (f"%{text}%",)).fetchall())[0] for text in texts[:_SCANNED]])  # type: ignore[misc]
