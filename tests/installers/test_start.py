"""What the window opens with is found, put in order, and read ahead."""

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest
from installers.pyinstaller import read_ahead
from installers.pyinstaller.slim import Entry
from installers.pyinstaller.start import (
    BESIDE,
    FIRST,
    PARTS_SOON,
    SOON,
    at_once,
    end_of,
    files,
    listed,
    modules,
    recorded,
    table_of,
)
from PyInstaller.lib.modulegraph.modulegraph import DependencyInfo

from tests.installers.packages.record import in_memory, ranges

BEGIN = Path(__file__).parents[2] / "installers" / "linux" / "begin.c"
_NEVER_SECONDS = 300
IMPORTS = {"window": ["kit.style", "Qt.Gui"], "kit": [], "kit.style": ["window", "Qt.Core"], "Qt.Gui": ["Qt.Core"]}
LINKS = {"/Gui.so": ["libGui.so.6", "libc.so.6"], "/libGui.so.6": ["libCore.so.6"], "/Core.so": ["libCore.so.6"]}
BINARIES: list[Entry] = [
    ("Qt/Core.abi3.so", "/Core.so", "EXTENSION"),
    ("Qt/Gui.abi3.so", "/Gui.so", "EXTENSION"),
    ("Qt/lib/libCore.so.6", "/libCore.so.6", "BINARY"),
    ("Qt/lib/libGui.so.6", "/libGui.so.6", "BINARY"),
    ("libGui.so.6", "Qt/lib/libGui.so.6", "SYMLINK"),
    ("libicudata.so.73", "/libicudata.so.73", "BINARY"),
    ("numpy/_core.cpython-311-x86_64-linux-gnu.so", "/numpy.so", "EXTENSION"),
    ("python3.11/lib-dynload/math.cpython-311-x86_64-linux-gnu.so", "/math.so", "EXTENSION"),
    (BESIDE[0].replace("/", "\\"), "/libqxcb.so", "BINARY"),
]


def test_the_modules_that_the_window_opens_with_are_there() -> None:
    assert [name for name in (*FIRST, *SOON) if find_spec(name) is None] == []


def test_which_of_these_packages_load_parts_of_their_own() -> None:
    loading = set()
    for name in (*FIRST, *SOON):
        found = find_spec(name)
        if found is not None and name.startswith("gongji.") and found.submodule_search_locations:
            text = Path(str(found.origin)).read_text("utf-8")
            loading |= {f"{name}."} if f"\nfrom {name}." in text else set()

    assert loading == {PARTS_SOON}


def test_modules_come_before_what_they_import_and_after_their_package() -> None:
    found = modules(["window", "math"], lambda name: IMPORTS.get(name, []))

    assert found == ["window", "kit", "kit.style", "Qt", "Qt.Core", "Qt.Gui", "math"]


class Graph:
    """As PyInstaller's has it: a node by its name, edges by their number, and of each what it leads to and how."""

    EDGES = [
        ("gongji.kit", "gongji.kit.style", DependencyInfo(False, False, False, True)),
        ("gongji.kit", "gongji.core", DependencyInfo(False, False, False, False)),
        ("gongji.kit", "numpy", DependencyInfo(False, True, False, False)),
        ("gongji.kit", "typed", DependencyInfo(True, False, False, False)),
        ("gongji.kit", "fast", DependencyInfo(False, False, True, False)),
        ("gongji.kit", "email.message", DependencyInfo(False, False, False, False)),
        ("gongji.kit", "emails", DependencyInfo(False, False, False, False)),
        ("msgspec", "msgspec._core", DependencyInfo(False, False, False, False)),
        ("encodings", "encodings.big5", DependencyInfo(False, False, False, False)),
    ]

    def __init__(self) -> None:
        self.graph = self

    def find_node(self, name: str, *, create_nspkg: bool) -> SimpleNamespace | None:
        assert not create_nspkg
        return SimpleNamespace(graphident=name) if any(one[0] == name for one in self.EDGES) else None

    def out_edges(self, ident: str) -> list[int]:
        return [number for number, one in enumerate(self.EDGES) if one[0] == ident]

    def tail(self, edge: int) -> str:
        return self.EDGES[edge][1]

    def edge_data(self, edge: int) -> DependencyInfo:
        return self.EDGES[edge][2]


def test_what_is_imported_later_or_for_other_texts_or_only_by_who_wants_a_part_of_a_package_is_not_loaded() -> None:
    imports = at_once(Graph())

    assert list(imports("gongji.kit")) == ["gongji.core", "fast", "emails"]
    assert list(imports("msgspec")) == ["msgspec._core"]
    assert list(imports("encodings")) == []
    assert list(imports("unknown")) == []


def test_libraries_come_with_the_module_that_links_to_them_and_nothing_else_does() -> None:
    found = files(["Qt.Gui", "Qt.Core", "math", "kit"], BINARIES, lambda source: LINKS.get(source, []))

    assert found == [
        "Qt/Gui.abi3.so", "Qt/lib/libGui.so.6", "Qt/lib/libCore.so.6", "Qt/Core.abi3.so",
        "python3.11/lib-dynload/math.cpython-311-x86_64-linux-gnu.so", BESIDE[0],
    ]  # fmt: skip


def test_as_much_of_the_archive_is_read_as_holds_these_modules() -> None:
    archive = {"window": (0, 17, 100), "kit": (1, 117, 40), "numpy": (1, 157, 1000)}

    assert end_of(["window", "kit", "Qt.Gui"], archive) == 157


def test_where_an_archive_tells_what_lies_where_in_it(tmp_path: Path) -> None:
    from PyInstaller.archive.readers import ZlibArchiveReader  # noqa: PLC0415  # what a freeze makes, read as it is read
    from PyInstaller.archive.writers import ZlibArchiveWriter  # noqa: PLC0415

    (tmp_path / "kit.py").write_text("THERE = 1\n", "utf-8")
    code = compile("THERE = 1\n", "kit.py", "exec")
    file = tmp_path / "archive.pyz"
    ZlibArchiveWriter(str(file), [("kit", str(tmp_path / "kit.py"), "PYMODULE")], {"kit": code})

    begin = table_of(file.read_bytes())

    assert begin == end_of(["kit"], ZlibArchiveReader(str(file)).toc)
    assert b"kit" in file.read_bytes()[begin:]


def test_reads_the_parts_the_list_names_and_goes_on_where_a_place_is_missing(tmp_path: Path) -> None:
    (tmp_path / "gongji").write_bytes(b"x" * 5000)
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "a name.so").write_bytes(b"x" * 3_000_000)
    parts = [
        ("gongji", (0, 1200)),
        ("inside/gone.so", (0, 9)),
        ("inside/a name.so", (100, 2_000_000)),
        ("gongji", (4900, 200)),
    ]

    assert read_ahead.read(str(tmp_path), listed(parts)) == 1200 + 2_000_000 + 100


def test_of_a_file_nothing_but_the_parts_the_list_names_is_brought_into_memory(tmp_path: Path) -> None:
    large = tmp_path / "library.so"
    with large.open("wb") as written:
        written.write(b"x" * 8_000_000)
        os.fsync(written.fileno())
        os.posix_fadvise(written.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    if any(in_memory(large)):
        pytest.skip("what is written here stays in memory: no disk under it")

    read_ahead.read(str(tmp_path), listed([("library.so", (0, 8192))]))

    assert [number for number, there in enumerate(in_memory(large)) if there] == [0, 1]


def test_the_list_is_read_beside_the_program_and_where_there_is_none_nothing_is(tmp_path: Path) -> None:
    inside = tmp_path / "_internal"
    inside.mkdir()
    read_ahead.begin(str(inside))  # nothing happens
    os.mkfifo(tmp_path / "asked for")  # what opens it to read waits for who writes
    (inside / "start.txt").write_text(listed([("asked for", (0, 9))]), "utf-8")

    read_ahead.begin(str(inside))

    with (tmp_path / "asked for").open("wb"):  # this waits for who reads
        pass


@pytest.fixture(scope="module")
def beginning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What begins on Linux, compiled."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("cannot compile what begins on Linux, missing: cc")
    program = tmp_path_factory.mktemp("beginning") / "gongji"
    subprocess.run([compiler, "-Wall", "-Wextra", "-Werror", "-o", str(program), str(BEGIN)], check=True)
    return program


@pytest.fixture
def laid(beginning: Path, tmp_path: Path) -> Path:
    """A folder with what begins, the program as a script that says its words and ends with 3, and two files to read.

    What opens one of them to read waits for who writes.
    """
    shutil.copy(beginning, tmp_path / "gongji")
    (tmp_path / "gongji-program").write_text('#!/bin/sh\necho "$GONGJI_READ_AHEAD" "$@"\nexit 3\n', "ascii")
    (tmp_path / "gongji-program").chmod(0o755)
    (tmp_path / "_internal").mkdir()
    for name in ("at once", "beside"):
        os.mkfifo(tmp_path / name)
    parts = [("at once", (0, 9)), ("gone.so", (0, 9)), ("beside", (0, 9))]
    (tmp_path / "_internal" / "start.txt").write_text(listed(parts), "utf-8")
    return tmp_path


def test_what_begins_reads_the_first_file_and_the_others_beside_the_program(laid: Path) -> None:
    running = subprocess.Popen([laid / "gongji", "window", "a b"], stdout=subprocess.PIPE, text=True)

    with (laid / "at once").open("wb"):  # this waits for who reads
        pass
    said, _ = running.communicate(timeout=_NEVER_SECONDS)  # though nobody has written the other

    assert (said, running.returncode) == ("1 window a b\n", 3)
    with (laid / "beside").open("wb"):
        pass


@pytest.mark.parametrize("list_there", [True, False])
def test_a_command_begins_at_once_and_so_does_a_window_without_a_list(laid: Path, *, list_there: bool) -> None:
    word = "verify" if list_there else "window"
    if not list_there:
        (laid / "_internal" / "start.txt").unlink()

    done = subprocess.run(
        [laid / "gongji", word], stdout=subprocess.PIPE, text=True, timeout=_NEVER_SECONDS, check=False
    )

    assert (done.stdout.split(), done.returncode) == ([word], 3)


def test_what_begins_says_where_the_program_is_missing(laid: Path) -> None:
    (laid / "gongji-program").unlink()

    done = subprocess.run([laid / "gongji", "verify"], stderr=subprocess.PIPE, timeout=_NEVER_SECONDS, check=False)

    assert done.returncode == 127
    assert f"{laid}/gongji-program 启动不了" in done.stderr.decode()


def test_of_a_library_that_was_looked_at_a_start_reads_its_parts_and_of_another_one_all(tmp_path: Path) -> None:
    (tmp_path / "ranges.toml").write_text(
        '["Qt/lib/libGui.so.6"]\nsize = 900\nranges = [[0, 100], [500, 50]]\n', "ascii"
    )
    touched = recorded(tmp_path / "ranges.toml")

    assert touched("Qt/lib/libGui.so.6", 900) == [(0, 100), (500, 50)]
    assert touched("Qt/lib/libGui.so.6", 901) == [(0, 901)]
    assert touched("other.so", 7) == [(0, 7)]


def test_pages_are_joined_where_the_gap_is_not_worth_a_seek() -> None:
    page, gap = 4096, 64  # 64 pages are 256 KiB
    pages = [True, *[False] * gap, True, True, *[False] * (gap + 1), True]

    assert ranges(pages, len(pages) * page - 96) == [(0, (gap + 3) * page), ((2 * gap + 4) * page, page - 96)]
