"""The layout answers "where?": a name stands for one thing, and every outside library has one door."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PROGRAM = ROOT / "desktop" / "gongji"

MIRRORED = {"__init__", "screen", "columns"}
"""Names of files that stand in several folders of one layer on purpose: a screen and its table's columns."""

IMPORTED_AS = {
    "pyside6-essentials": "PySide6",
    "sqlite-utils": "sqlite_utils",
    "markdown-it-py": "markdown_it",
}
TESTS = ROOT / "tests"
ACROSS = {"another_day", "bench", "hands", "installers", "reference", "scenarios", "shapes", "support", "training"}
"""Folders of tests that are of no one module: whole scenarios, the real window, what builds and packs it, support …"""
LONGEST, SHORT, SHORT_ONES, MOST = 300, 60, 60, 30
NO_DOOR = {"msgspec", "pillow"}
"""The type of records, which every layer has; and what nobody imports, but gets from the library that draws pages."""


def modules() -> Iterator[Path]:
    return PROGRAM.rglob("*.py")


def test_modules_and_folders_are_of_a_size() -> None:
    """No module beyond 300 lines, fewer than 60 below 60; no folder with one module alone or more than 30."""
    lengths = {path: path.read_bytes().count(b"\n") for path in modules() if path.stem != "__init__"}
    assert {str(path.relative_to(PROGRAM)) for path, length in lengths.items() if length > LONGEST} == set()
    assert sum(length < SHORT for length in lengths.values()) < SHORT_ONES
    folders = Counter(path.parent for path in lengths)
    assert {str(one.relative_to(PROGRAM)): count for one, count in folders.items() if not 1 < count <= MOST} == {}


def test_no_file_name_stands_twice_in_a_layer() -> None:
    counted = Counter((path.relative_to(PROGRAM).parts[0], path.stem) for path in modules())
    assert {name for name, count in counted.items() if count > 1 and name[1] not in MIRRORED} == set()


def test_no_class_is_defined_twice() -> None:
    counted = Counter(
        node.name
        for path in modules()
        for node in ast.parse(path.read_bytes()).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert {name for name, count in counted.items() if count > 1} == set()


def settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_outside_library_has_a_door() -> None:
    project = settings()["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["sm2"]]
    names = {re.split(r"[^A-Za-z0-9_-]", line, maxsplit=1)[0].lower() for line in declared}
    contracts = settings()["tool"]["importlinter"]["contracts"]
    behind = {name for one in contracts if one["type"] == "protected" for name in one["protected_modules"]}
    assert {IMPORTED_AS.get(name, name) for name in names} - NO_DOOR <= behind


def places(folder: Path) -> set[str]:
    """The names by which a folder's tests may be found: its modules, its packages, and the folder itself."""
    return {one.stem for one in folder.iterdir() if one.suffix == ".py" or one.is_dir()} | {folder.name}


def test_tests_stand_where_the_program_stands() -> None:
    """`tests/desk/closing/test_shifts.py` tests `desk/closing/shifts.py`; what is about a whole folder has its name."""
    lost = set()
    for path in TESTS.rglob("test_*.py"):
        inside = path.relative_to(TESTS)
        if len(inside.parts) == 1 or inside.parts[0] in ACROSS:
            continue
        folder = PROGRAM / inside.parent
        subject = path.stem.removeprefix("test_")
        named = folder.is_dir() and any(subject == name or subject.startswith(f"{name}_") for name in places(folder))
        if not named:
            lost.add(str(inside))
    assert lost == set()
