"""The glossary is the list of allowed terms: what it says a term is in the code is there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROGRAM = ROOT / "desktop" / "gongji"
GLOSSARY = ROOT / "docs" / "glossary.md"
_NAME = re.compile(r"`([a-z_]+(?:\.[A-Za-z_]+)+)`")
_FILES = {"book.db", "witness.jsonl"}
"""Files of a data folder, which look like a module's name."""


def names() -> set[str]:
    """What the glossary's last column names: a module by the end of its path, or what one defines."""
    rows = [line.split("|") for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return {name for row in rows[1:] for name in _NAME.findall(row[-2])} - _FILES


def defined(path: Path) -> set[str]:
    found = set()
    for node in ast.parse(path.read_bytes()).body:
        match node:
            case ast.ClassDef() | ast.FunctionDef():
                found.add(node.name)
            case ast.Assign():
                found |= {one.id for one in node.targets if isinstance(one, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
    return found


def is_there(name: str, modules: dict[str, Path]) -> bool:
    """Tell whether a module's path ends in a name, or a name's last part is defined in the module before it."""
    if any(f".{path}".endswith(f".{name}") for path in modules):
        return True
    module, _, thing = name.rpartition(".")
    return any(thing in defined(modules[path]) for path in modules if f".{path}".endswith(f".{module}"))


def test_every_term_is_where_the_glossary_says() -> None:
    modules = {
        ".".join(path.relative_to(PROGRAM).with_suffix("").parts).removesuffix(".__init__"): path
        for path in PROGRAM.rglob("*.py")
    }
    assert {name for name in names() if not is_there(name, modules)} == set()
