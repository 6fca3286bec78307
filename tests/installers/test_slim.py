"""A bundle holds what the program loads and what that links to; what came along stays out, what is missing is told."""

import pytest
from installers.pyinstaller.slim import Entry, MissingLibraryError, linked, on_linux, wanted

LINKS = {
    "/site/QtGui.abi3.so": ["libQt6Gui.so.6", "libc.so.6"],
    "/site/libQt6Gui.so.6": ["libicu.so.73", "libglib-2.0.so.0"],
    "/site/libicu.so.73": ["libc.so.6"],
    "/usr/lib/libgtk-3.so.0": ["libc.so.6"],
    "/site/lib.pyd": ["Qt6Core.dll", "KERNEL32.dll"],
}
SYSTEM = on_linux({"libc6": ["libc.so.6"], "libglib2.0-0": ["libglib-2.0.so.0"], "of windows": ["kernel32.dll"]})
BINARIES: list[Entry] = [
    ("PySide6/QtGui.abi3.so", "/site/QtGui.abi3.so", "EXTENSION"),
    ("PySide6/Qt/lib/libQt6Gui.so.6", "/site/libQt6Gui.so.6", "BINARY"),
    ("PySide6/Qt/lib/libicu.so.73", "/site/libicu.so.73", "BINARY"),
    ("libQt6Gui.so.6", "PySide6/Qt/lib/libQt6Gui.so.6", "SYMLINK"),
    ("libgtk-3.so.0", "/usr/lib/libgtk-3.so.0", "BINARY"),
    ("libglib-2.0.so.0", "/usr/lib/libglib-2.0.so.0", "BINARY"),
    ("PySide6/Qt/lib/libQt6Old.so.6", "/site/libQt6Old.so.6", "BINARY"),
    ("libQt6Old.so.6", "PySide6/Qt/lib/libQt6Old.so.6", "SYMLINK"),
]


def places(found: list[Entry]) -> list[str]:
    return [one[0] for one in found]


def test_only_what_is_linked_to_stays() -> None:
    assert places(linked(BINARIES, SYSTEM, lambda file: LINKS.get(file, []))) == [
        "PySide6/QtGui.abi3.so",
        "PySide6/Qt/lib/libQt6Gui.so.6",
        "PySide6/Qt/lib/libicu.so.73",
        "libQt6Gui.so.6",
    ]


def test_what_is_found_nowhere_is_told_with_who_needs_it() -> None:
    without = [one for one in BINARIES if "libicu" not in one[0]]
    with pytest.raises(MissingLibraryError, match=r"libicu\.so\.73, needed by PySide6/Qt/lib/libQt6Gui"):
        linked(without, SYSTEM, lambda file: LINKS.get(file, []))


def test_names_of_windows_are_the_same_in_any_case() -> None:
    binaries: list[Entry] = [
        ("lib.pyd", "/site/lib.pyd", "EXTENSION"),
        ("PySide6\\qt6core.dll", "/site/qt6core.dll", "BINARY"),
        ("PySide6\\Qt6Quick.dll", "/site/Qt6Quick.dll", "BINARY"),
    ]
    assert places(linked(binaries, SYSTEM, lambda file: LINKS.get(file, []))) == ["lib.pyd", "PySide6\\qt6core.dll"]


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6\\plugins\\platforms\\qwindows.dll", True),
        ("PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so", True),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/plugins/platforms/libqwayland-generic.so", False),
        ("PySide6/Qt/translations/qtbase_zh_CN.qm", True),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("PySide6\\opengl32sw.dll", False),
        ("resources/policies/530300/2023.toml", True),
        ("httpx2-2.16.2.dist-info/METADATA", True),
        ("httpx2-2.16.2.dist-info\\RECORD", False),
    ],
)
def test_of_what_came_along_only_what_this_program_is(place: str, kept: bool) -> None:
    assert wanted(place) is kept
