"""The book's people and catalogue: how long 200,000 rows take to import, and how soon what is typed is found.

Everything is invented and runs on an encrypted file. The plain way to search, a LIKE over the table, is timed on the
same file in the same run; what is asked of both is the same.
"""

import csv
import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gongji.desk.imports.import_table import import_file
from gongji.desk.visits.search import LIMIT, find_items, find_people
from gongji.spreadsheets.write_table import write_table
from gongji.store.db import Store, create
from gongji.store.keyed_connection import KEY_BYTES
from gongji.store.pinyin import fold, item_words, person_words
from tests.bench.invented import ITEM_HEADINGS, PERSON_HEADINGS, items, people
from tests.bench.report import Row, Section, at_most
from tests.bench.timing import NS_PER_MS, NS_PER_S, Spread, spread, timed
from tests.bench.visits import generator

_ITEMS, _PEOPLE = 200_000, 100_000
_TYPED = 400
"""How many different texts of each kind are typed."""
_SCANNED = 40
_KEY = b"k" * KEY_BYTES
_AT = "2026-11-22 10:00:00"
_ON = datetime.date(2026, 11, 22)


def measure() -> Section:
    """Import invented people and items, then look for them."""
    with TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        store, other = (stack.enter_context(_book(folder / one)) for one in ("book.db", "other.db"))
        rows = [*_imports(store, other, folder), *_searches(store)]
        size = (folder / "book.db").stat().st_size / 2**20
    return Section(f"e. people and catalogue, encrypted, {size:.0f} MB", tuple(rows))


@contextmanager
def _book(path: Path) -> Iterator[Store]:
    create(path, _KEY)
    store = Store(path, _KEY)
    try:
        yield store
    finally:
        store.close()


def _imports(store: Store, other: Store, folder: Path) -> Iterator[Row]:
    """Import the catalogue from both forms, each into a book that has none, and again; then the people."""
    random = generator("search")
    every_item = [ITEM_HEADINGS, *items(random, _ITEMS)]
    xlsx, text, persons = (folder / name for name in ("items.xlsx", "items.csv", "people.csv"))
    write_table(xlsx, every_item)
    with text.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(every_item)
    write_table(persons, [PERSON_HEADINGS, *people(random, _PEOPLE)])
    for into, kind, path, count, target_s in (
        (store, "catalogue", text, _ITEMS, 60),
        (store, "catalogue", text, _ITEMS, 60),
        (other, "catalogue", xlsx, _ITEMS, 15),
        (store, "people", persons, _PEOPLE, 30),
    ):
        taken, report = timed(partial(import_file, into, kind, path, at=_AT, operator="bench"))
        assert report.kept, report.refused[:3]
        note = f"{report.counts.new:,} new, {report.counts.unchanged:,} unchanged"
        what = f"import {count:,} rows, {kind}, {report.form}"
        yield at_most(what, taken / NS_PER_S, target_s, "s", note)


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
        ("items: code", item, [f"XN{random.randrange(_ITEMS):09d}"[:10] for _ in range(_TYPED)], "item.code LIKE ?"),
        ("items: barcode", item, [f"69{random.randrange(_ITEMS):011d}" for _ in range(_TYPED)], "item.barcode LIKE ?"),
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


if __name__ == "__main__":
    from tests.bench.report import print_section

    print_section(measure())
