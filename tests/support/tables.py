"""Tables to import, and a book to import them into."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from gongji.core.identity import check_character
from gongji.desk.imports.import_table import ImportReport, import_file
from gongji.store.book_file.db import Store, create
from gongji.store.book_file.keys import KEY_BYTES

AT = "2026-11-22 10:00:00"
KEY = b"t" * KEY_BYTES


@contextmanager
def new_store(folder: Path) -> Iterator[Store]:
    """A new book, encrypted as real ones are."""
    path = folder / "imports.db"
    create(path, KEY)
    store = Store(path, KEY)
    try:
        yield store
    finally:
        store.close()


def number(serial: int, born: str = "19500101", area: str = "530302") -> str:
    """An identity number whose check character is right; odd serials are men's."""
    first = f"{area}{born}{serial:03d}"
    return first + check_character(first)


def person(serial: int = 2, **cells: str) -> dict[str, str]:
    values = {
        "身份证号": number(serial),
        "姓名": "张秀英",
        "参保地": "530300",
        "人员状态": "退休",
        "状态起始": "2024-01-01",
    }
    return values | cells


def item(code: str = "XN001", **cells: str) -> dict[str, str]:
    values = {
        "编码": code,
        "名称": "阿莫西林胶囊",
        "类别": "药品",
        "甲乙丙": "甲",
        "单价": "12.00",
        "起始": "2026-01-01",
    }
    return values | cells


def link(**cells: str) -> dict[str, str]:
    return {"身份证号": number(2), "账户号": number(1, "19750101"), "关系": "父母", "已授权": "是"} | cells


def figure(**cells: str) -> dict[str, str]:
    values = {"身份证号": number(2), "参保地": "530300", "待遇年度起始": "2026-01-01", "项目": "general.fund"}
    return values | {"金额": "5900.00", "截至": "2026-11-20 18:03:00"} | cells


def grid(rows: Sequence[Mapping[str, str]]) -> list[list[str]]:
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    return [headings, *([row.get(heading, "") for heading in headings] for row in rows)]


def csv_file(path: Path, rows: Sequence[Mapping[str, str]], encoding: str = "utf-8") -> Path:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(grid(rows))
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def xlsx_file(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def load(store: Store, kind: str, path: Path, **options: Any) -> ImportReport:
    return import_file(store, kind, path, **{"at": AT, "operator": "李红", **options})


def load_rows(store: Store, kind: str, folder: Path, *rows: Mapping[str, str], **options: Any) -> ImportReport:
    return load(store, kind, csv_file(folder / f"{kind}.csv", rows), **options)


def everything(store: Store) -> dict[str, list[Any]]:
    """Every row that an import could have changed."""
    tables = ("person", "person_word", "coverage", "registration", "aid_link", "snapshot", "item", "item_word", "audit")
    found = {one: store.reader.execute(f"SELECT * FROM {one}").fetchall() for one in tables}  # noqa: S608
    for one in ("person_name", "item_name"):
        found[one] = store.reader.execute(f"SELECT rowid FROM {one}").fetchall()  # noqa: S608
    return found


def wrong(report: ImportReport) -> list[tuple[int, str, str]]:
    """Row, column and sentence of everything that was refused."""
    return [(one.number, each.column, each.message) for one in report.refused for each in one.wrong]
