"""Books that more than one part works with: a training folder with a whole catalogue and all people of a town.

`python -m tests.bench` names a folder for one run, in which a part leaves its book for the next; a part that is
measured by itself makes its own. So the catalogue that was imported as a workbook is the one in which the next part
searches, and the one at which the window is measured.
"""

import csv
import datetime
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from gongji.core.dates import CHINA
from gongji.desk.clinic.open import open_counter
from gongji.desk.imports.import_table import import_file
from gongji.desk.session import Session
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from tests.bench.invented import ITEM_HEADINGS, PERSON_HEADINGS, items, people
from tests.bench.parts import LEFT
from tests.bench.visits import generator

AREA = "530300"
ITEMS, PEOPLE = 200_000, 100_000
AT = "2026-11-22 10:00:00"
_NOW = datetime.datetime.fromisoformat(AT).replace(tzinfo=CHINA)


def opened(path: Path) -> Session:
    """Open a book of this run."""
    return open_counter(path, _library(), lambda: _NOW)


def leave(path: Path, name: str) -> None:
    """Leave a closed book to the parts that come later in this run."""
    if LEFT in os.environ:
        shutil.copytree(path, Path(os.environ[LEFT]) / name)


def empty(path: Path) -> None:
    """Make a training folder, in a process of its own: that takes memory which no part is to be charged with."""
    subprocess.run([sys.executable, "-m", "tests.bench.stocked", path], check=True)


def with_items(path: Path) -> None:
    """Make a training folder with the catalogue in it, or copy the one that was left."""
    if not _copied("items", path):
        empty(path)
        table = path.with_name("items.csv")
        write_csv(table, item_rows(ITEMS), "utf-8-sig")
        _bring_in(path, "catalogue", table)


def with_items_and_people(path: Path) -> None:
    """Make a training folder with the catalogue and the people in it, or copy the one that was left."""
    if not _copied("items and people", path):
        with_items(path)
        table = path.with_name("people.csv")
        write_csv(table, person_rows(PEOPLE), "utf-8-sig")
        _bring_in(path, "people", table)


def item_rows(count: int) -> Iterator[Sequence[str]]:
    """Yield the table of so many items, its headings first."""
    yield ITEM_HEADINGS
    yield from items(generator("search"), count)


def person_rows(count: int) -> Iterator[Sequence[str]]:
    """Yield the table of so many people, its headings first."""
    yield PERSON_HEADINGS
    yield from people(generator("people"), count)


def write_csv(path: Path, rows: Iterator[Sequence[str]], encoding: str) -> None:
    """Write a table as a text file in an encoding."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)


def _copied(name: str, path: Path) -> bool:
    left = Path(os.environ[LEFT]) / name if LEFT in os.environ else None
    if left is None or not left.exists():
        return False
    shutil.copytree(left, path)
    return True


def _bring_in(path: Path, kind: str, table: Path) -> None:
    counter = opened(path)
    report = import_file(counter.store, kind, table, at=AT, operator="bench")
    assert report.kept, report.refused[:3]
    counter.close()


def _library() -> Library:
    return Library(resource_folder() / "policies")


def _make(path: Path) -> None:
    from gongji.desk.clinic.first_start.create import begin_training  # noqa: PLC0415  # what takes the memory

    begin_training(path, AREA, _library(), lambda: _NOW)


if __name__ == "__main__":
    _make(Path(sys.argv[1]))
