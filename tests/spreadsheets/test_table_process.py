"""A foreign file costs nothing: a child with limits of memory and time parses it; all it can do is a sentence."""

import io
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from gongji.core.progress import StoppedError
from gongji.errors import GongjiError
from gongji.spreadsheets import open_table as opening
from gongji.spreadsheets.open_table import open_table
from gongji.spreadsheets.sheet_scan import scan
from gongji.spreadsheets.sheet_xml import SheetRows, Styles
from gongji.spreadsheets.write_table import write_table
from gongji.store.book_file.db import Store
from tests.support.tables import everything, grid, item, load, new_store

MAIN_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = f'<worksheet xmlns="{MAIN_NS}"><sheetData>{{}}</sheetData></worksheet>'
MAIN = "xl/worksheets/sheet1.xml"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path) as one:
        yield one


def workbook(path: Path, sheet: str = "", **parts: str) -> Path:
    """A workbook with this sheet in the place of its own, and other parts."""
    content = io.BytesIO()
    Workbook().save(content)
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if not (sheet and name == MAIN):
                new.writestr(name, old.read(name))
        if sheet:
            new.writestr(MAIN, sheet)
        for name, text in parts.items():
            new.writestr(name, text)
    return path


def cell(where: str, text: str) -> str:
    return f'<c r="{where}" t="inlineStr"><is><t>{text}</t></is></c>'


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ('<row r="2000000000">' + cell("A2000000000", "x") + "</row>", "2000000000"),
        (
            '<row r="1">' + cell("A1", "头") + '</row><row r="2000000000" spans="1:2" ><c r="A2000000000"/></row>',
            "2000000000",
        ),
        ('<row r="0">' + cell("A0", "x") + "</row>", "第 0 行"),
        ('<row r="1">' + cell("XFD1", "x") + "</row>", "列"),
        ('<row r="1">' + cell("A1", "长" * 900_000) + "</row>", "32,767"),
        ('<row r="1"><c r="A1" t="s"><v>7</v></c></row>', "已损坏"),
        ('<row r="1"><c r="A1"><v>1e999</v></c></row>', "已损坏"),
        ('<row r="1"><c r="A1"><v>x</v></c></row>', "已损坏"),
        ('<row r="1">' + cell("A1", "x"), "已损坏"),
    ],
)
def test_a_sheet_that_no_program_writes(store: Store, tmp_path: Path, rows: str, says: str) -> None:
    before = everything(store)
    with pytest.raises(GongjiError, match=says) as caught:
        load(store, "catalogue", workbook(tmp_path / "a.xlsx", SHEET.format(rows)))
    assert caught.value.advice
    assert everything(store) == before


def test_a_shared_text_without_end(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = Workbook()
    assert book.active is not None
    book.active["A1"] = "x"
    book.save(path)
    strings = f'<sst xmlns="{MAIN_NS}"><si><t>{"x" * 5_000_000}</t></si></sst>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    types = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "[Content_Types].xml" and b"sharedStrings" not in text:
                text = text.replace(b"</Types>", types.encode())
            if name != "xl/sharedStrings.xml":
                new.writestr(name, text)
        new.writestr("xl/sharedStrings.xml", strings)
    with pytest.raises(GongjiError, match="32,767"):
        load(store, "catalogue", tmp_path / "b.xlsx")


@pytest.mark.parametrize("entity", ['<!ENTITY a "x">', '<!ENTITY a SYSTEM "file:///etc/passwd">'])
def test_entities_are_no_table(store: Store, tmp_path: Path, entity: str) -> None:
    text = f'<?xml version="1.0"?><!DOCTYPE worksheet [{entity}]>' + SHEET.format(
        '<row r="1">' + cell("A1", "&a;") + "</row>"
    )
    with pytest.raises(GongjiError):
        load(store, "catalogue", workbook(tmp_path / "a.xlsx", text))


def test_memory_without_end_ends_the_child_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is lowered in the child by a program that stands before it, and the file asks for more than that."""
    greedy = tmp_path / "greedy.py"
    greedy.write_text(
        "import sys\n"
        "from gongji.spreadsheets import table_process\n"
        "table_process.MOST_MEMORY = 200 << 20\n"
        "table_process._batches = lambda rows: iter([bytearray(1 << 30)])\n"
        "sys.exit(table_process.serve(sys.argv[-1]))\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(opening, "program", lambda _: [*opening_python(), str(greedy)])
    path = tmp_path / "a.csv"
    write_table(path, grid([item()]))
    with pytest.raises(GongjiError, match="内存或时间"), open_table(path) as table:
        list(table.rows)


def opening_python() -> list[str]:
    return [sys.executable]


def test_a_child_that_says_nothing_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        opening, "program", lambda _: [*opening_python(), "-c", "input(); import time; time.sleep(600)"]
    )
    monkeypatch.setattr(opening, "_PATIENCE_S", 0.3)
    path = tmp_path / "a.csv"
    write_table(path, grid([item()]))
    with pytest.raises(GongjiError, match="内存或时间"), open_table(path):
        pass


def test_stopping_does_not_wait_for_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "program", lambda _: [*opening_python(), "-c", "import time; time.sleep(600)"])
    path = tmp_path / "a.csv"
    write_table(path, grid([item()]))
    wanted = threading.Event()
    threading.Timer(0.2, wanted.set).start()
    with pytest.raises(StoppedError), open_table(path, wanted.is_set):
        pass


def children() -> set[str]:
    """The processes that are children of this one, ended and not waited for among them (Linux)."""
    return {one for path in Path("/proc/self/task").glob("*/children") for one in path.read_text().split()}


def test_nothing_is_left_of_a_child(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_table(path, grid([item(f"A{place}") for place in range(5000)]))
    before = {one.name for one in threading.enumerate()}, children()
    with open_table(path) as table:
        next(table.rows)
        assert children() > before[1]
    assert ({one.name for one in threading.enumerate()}, children()) == before


def test_the_child_cannot_write(tmp_path: Path) -> None:
    """What is in the limits is in force: no file grows, no memory beyond."""
    code = (
        "import resource\nfrom gongji.spreadsheets import table_process as t\nt.limit(t.MOST_MEMORY, t.MOST_SECONDS)\n"
        "assert resource.getrlimit(resource.RLIMIT_AS)[0] == t.MOST_MEMORY\n"
        "assert resource.getrlimit(resource.RLIMIT_CPU)[0] == t.MOST_SECONDS\n"
        "assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == 0\n"
    )
    assert subprocess.run([*opening_python(), "-c", code], check=False, cwd=tmp_path).returncode == 0


# ---- by pattern and by events alike ----------------------------------------------------------------------------------

STYLES = Styles(dates=frozenset({"1"}), spans=frozenset(), shown={"2": lambda text: text.zfill(4)}, epoch_1904=False)
TEXTS = ["甲", "b c", ""]
ATTRIBUTES = st.sampled_from(
    ["", ' s="0"', ' s="1"', ' s="2"', ' t="n"', ' s="2" t="n"', ' t="str"', ' t="b"', ' t="e"', ' t="s"']
)
VALUES = st.sampled_from(["1", "12.5", "45000", "0", "2", "1e-05", "x &amp; y", "", " 7 ", "#N/A"])
INSIDE = st.one_of(
    VALUES.map("<v>{}</v>".format),
    VALUES.map("<f>A1+1</f><v>{}</v>".format),
    VALUES.map("<is><t>{}</t></is>".format),
    VALUES.map('<is><t xml:space="preserve">{}</t></is>'.format),
    st.just("<is><r><t>a</t></r><r><t>b</t></r><rPh><t>c</t></rPh></is>"),
    st.just("<!-- x --><v>1</v>"),
    st.just(""),
)


ANY_CELL = st.tuples(st.sampled_from("ABCDE"), ATTRIBUTES, INSIDE)
SHARED_CELL = st.tuples(
    st.sampled_from(["A", "B", "C", "E", "AB", "ZZZ"]),
    st.sampled_from([' t="s"', ' s="1" t="s"']),
    st.sampled_from(["<v>0</v>", "<v>1</v>", "<v>2</v>", "<v>3</v>", "<v></v>"]),
)
SHARED_ROW = st.one_of(
    st.lists(SHARED_CELL, max_size=5),
    st.lists(SHARED_CELL, max_size=5, unique_by=lambda one: one[0]).map(lambda row: sorted(row[:4])),
)


@settings(max_examples=400)
@given(cells=st.lists(st.one_of(st.lists(ANY_CELL, max_size=5), SHARED_ROW), max_size=4))
def test_by_pattern_as_by_events(cells: list[list[tuple[str, str, str]]]) -> None:
    rows = "".join(
        f'<row r="{number}">'
        + "".join(f'<c r="{letter}{number}"{attributes}>{inside}</c>' for letter, attributes, inside in row)
        + "</row>"
        for number, row in enumerate(cells, 1)
    )
    text = (
        SHEET.format(rows)
        .replace("</worksheet>", '<mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>')
        .encode()
    )
    found = []
    for way in ("pattern", "events"):
        walk = SheetRows(TEXTS, STYLES)
        try:
            given_rows = scan(lambda: io.BytesIO(text), walk) if way == "pattern" else walk.rows(io.BytesIO(text))
            found.append((list(given_rows), walk.merged))
        except (ValueError, IndexError, GongjiError) as error:
            found.append(([], [str(error) if isinstance(error, GongjiError) else type(error).__name__]))
    assert found[0] == found[1]


def test_written_control_characters_and_half_characters_are_seen(tmp_path: Path) -> None:
    given_cells = ["a\x0bb", "c\x1b[31md", "\ud800e", "f\x00g"]
    for name in ("a.xlsx", "a.csv"):
        write_table(tmp_path / name, [["头"], *([one] for one in given_cells)])
        with open_table(tmp_path / name) as table:
            assert [row[0] for _, row in table.rows] == ["头", "a\ufffdb", "c\ufffd[31md", "\ufffde", "f\ufffdg"]


@pytest.mark.parametrize("cell_", ["\t=cmd()", "\n=cmd()", "\r+1", " =cmd()", "\u3000=1", "=1", "@x", "\t-1"])
def test_no_leading_space_hides_a_formula(tmp_path: Path, cell_: str) -> None:
    write_table(tmp_path / "a.csv", [[cell_]])
    text = (tmp_path / "a.csv").read_bytes().decode("utf-8-sig")
    assert text.strip('"').startswith("'")
