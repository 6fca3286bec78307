"""What the window opens with is found, put in order, and read ahead."""

from pathlib import Path

from installers.pyinstaller import read_ahead
from installers.pyinstaller.slim import Entry
from installers.pyinstaller.start import BESIDE, end_of, files, listed, modules

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


def test_modules_come_before_what_they_import_and_after_their_package() -> None:
    found = modules(["window", "math"], lambda name: IMPORTS.get(name, []))

    assert found == ["window", "kit", "kit.style", "Qt", "Qt.Core", "Qt.Gui", "math"]


def test_libraries_come_with_the_module_that_links_to_them_and_nothing_else_does() -> None:
    found = files(["Qt.Gui", "Qt.Core", "math", "kit"], BINARIES, lambda source: LINKS.get(source, []))

    assert found == [
        "Qt/Gui.abi3.so", "Qt/lib/libGui.so.6", "Qt/lib/libCore.so.6", "Qt/Core.abi3.so",
        "python3.11/lib-dynload/math.cpython-311-x86_64-linux-gnu.so", BESIDE[0],
    ]  # fmt: skip


def test_as_much_of_the_archive_is_read_as_holds_these_modules() -> None:
    archive = {"window": (0, 17, 100), "kit": (1, 117, 40), "numpy": (1, 157, 1000)}

    assert end_of(["window", "kit", "Qt.Gui"], archive) == 157


def test_reads_each_place_as_far_as_the_list_says_and_goes_on_where_one_is_missing(tmp_path: Path) -> None:
    (tmp_path / "gongji").write_bytes(b"x" * 5000)
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "a name.so").write_bytes(b"x" * 3_000_000)

    told = listed("gongji", 1200, ["inside/gone.so", "inside/a name.so"])

    assert read_ahead.read(str(tmp_path), told) == 1200 + 3_000_000
