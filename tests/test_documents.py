"""What the documents name is there: paths, modules and what they define, commands, targets of make."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from gongji.cli.main import command_parser
from tests.test_glossary import defined

ROOT = Path(__file__).parents[1]
PROGRAM = ROOT / "desktop" / "gongji"
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "installers").rglob("*.md")]
_MODULE = re.compile(r"([a-z_0-9]+\.py)\b")
_PATH = re.compile(r"`([a-z][a-z_0-9]*(?:/(?![A-Z]+/)[A-Za-z_0-9-]+)+(?:\.[A-Za-z_.]+)?)`")
_COMMAND = re.compile(r"`(?:\.venv/bin/)?gongji ([a-z][a-z-]*)(?: ([a-z]+))?")
_TARGETS = re.compile(r"`make ([a-z -]+)")
_MADE = {"dist", "licences"}
"""Folders that building makes."""
_WINDOW = "window"
"""The one word that opens the window (gui/opening.py) and is no command."""


def test_every_module_that_a_document_names_is_there() -> None:
    there = {path.name for top in ("desktop", "tests", "installers") for path in (ROOT / top).rglob("*.py")}
    named = {(page.name, name) for page in PAGES for name in _MODULE.findall(page.read_text(encoding="utf-8"))}
    assert {one for one in named if one[1] not in there} == set()


def bases(page: Path) -> Iterator[Path]:
    """Where a path in a document may begin: beside it, at the checkout's top, in any package of the program."""
    yield from (page.parent, ROOT, PROGRAM.parent, PROGRAM)
    yield from (path.parent for path in PROGRAM.rglob("__init__.py"))


def is_there(page: Path, name: str) -> bool:
    """Return whether a path leads to a file, a folder, a module, or something that a module defines."""
    module, _, thing = name.partition(".")
    for base in bases(page):
        if (base / name).exists() or (base / f"{name}.py").exists():
            return True
        path = base / f"{module}.py"
        if path.exists() and thing.partition(".")[0] in defined(path):
            return True
    return False


def test_every_path_that_a_document_names_is_there() -> None:
    named = {(page, name) for page in PAGES for name in _PATH.findall(page.read_text(encoding="utf-8"))}
    named = {(page, name) for page, name in named if name.split("/")[0] not in _MADE}
    assert {(page.name, name) for page, name in named if not is_there(page, name)} == set()


def commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found: dict[str, argparse.ArgumentParser] = {}
    for action in parser._actions:  # noqa: SLF001  # argparse has no other way to ask
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            found |= action.choices
    return found


def test_every_command_that_a_document_names_is_there() -> None:
    known = commands(command_parser())
    wrong = set()
    for page in PAGES:
        for name, further in _COMMAND.findall(page.read_text(encoding="utf-8")):
            inner = commands(known[name]) if name in known else {}
            if name not in {*known, _WINDOW} or (inner and further and further not in inner):
                wrong.add((page.name, name, further))
    assert wrong == set()


def test_every_target_of_make_that_a_document_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        (page.name, name)
        for page in PAGES
        for line in _TARGETS.findall(page.read_text(encoding="utf-8"))
        for name in line.split()
    }
    assert {one for one in named if one[1] not in targets} == set()
