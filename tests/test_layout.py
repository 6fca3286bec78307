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

MIRRORED = {"__init__", "__main__"}
"""Names of files that stand in several folders on purpose."""

FILES_YET = {
    "amounts", "asking", "audit", "capitation", "carrying", "checks", "claiming", "closing", "columns", "counter",
    "credit", "db", "differences", "documents", "downloading", "figures", "history_sheet", "holding", "ledger",
    "legs", "lines", "messages", "overview", "packages", "packs", "page", "papers", "parameters", "people",
    "policies", "policy", "quoting", "reading", "reckoning", "reconciling", "records", "search", "selecting",
    "selftest", "sending", "settings", "settling", "sheets", "signing", "slips", "state", "statements",
    "statistics", "table", "tables", "telling", "uploading", "words", "writing",
}  # fmt: skip
"""Names of files that still stand twice: none may be added."""

CLASSES_YET = {
    "AmountRow", "Around", "Attempt", "Bar", "Card", "Case", "Checked", "Chosen", "Clearing", "Column", "Credit",
    "Entry", "Field", "Finding", "Gate", "Gateway", "HistorySheet", "Key", "Known", "Line", "Lines", "Notice",
    "Number", "Page", "Paid", "Paper", "Part", "Record", "Refused", "Row", "Rule", "Sender", "Settled",
    "Settling", "Sheet", "Slip", "Source", "Standing", "Statement", "StoppedError", "Table", "Told", "Totals",
    "Watch",
}  # fmt: skip
"""Names of classes that are still defined twice: none may be added."""

IMPORTED_AS = {
    "pyside6-essentials": "PySide6",
    "sqlite-utils": "sqlite_utils",
}
NO_DOOR = {"msgspec"}
"""The type of records, which every layer has."""


def modules() -> Iterator[Path]:
    return PROGRAM.rglob("*.py")


def test_no_file_name_stands_twice() -> None:
    counted = Counter(path.stem for path in modules())
    assert {name for name, count in counted.items() if count > 1} - MIRRORED <= FILES_YET


def test_no_class_is_defined_twice() -> None:
    counted = Counter(
        node.name
        for path in modules()
        for node in ast.parse(path.read_bytes()).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert {name for name, count in counted.items() if count > 1} <= CLASSES_YET


def settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_outside_library_has_a_door() -> None:
    project = settings()["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["sm2"]]
    names = {re.split(r"[^A-Za-z0-9_-]", line, maxsplit=1)[0].lower() for line in declared}
    contracts = settings()["tool"]["importlinter"]["contracts"]
    behind = {name for one in contracts if one["type"] == "protected" for name in one["protected_modules"]}
    assert {IMPORTED_AS.get(name, name) for name in names} - NO_DOOR <= behind
