"""What the program may say to a person, read from its source: sentences that refuse or ask, and words on buttons.

It does not use the manual. A sentence put together from parts has … for each part that varies.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from msgspec import Struct

PROGRAM = Path(__file__).parents[2] / "desktop" / "gongji"
CHINESE = re.compile("[\u4e00-\u9fff]")
NOT_MET = ("sandbox/", "proofs/", "cli/sandbox.py")
"""The practice platform answers a program; proofs are for those who write packs."""
_SAYS = {
    "invalid": 1, "Problem": 2, "tell": 1, "ask": 1, "note": 0, "_say": 0, "put_off": 0, "refuse_key": 0, "_refuse": 0,
}  # fmt: skip
"""Calls that show a sentence, and which of their arguments it is."""
_WHY = re.compile("fault|wrong|problem|missing|half|unknown|why|refus|unfit|cannot")
"""Functions with such a name return a sentence that says what is wrong."""


class Sentence(Struct, frozen=True):
    """A sentence and where the program says it."""

    text: str
    place: str


@cache
def trees() -> dict[str, ast.Module]:
    """The program's modules by their path."""
    found = {path.relative_to(PROGRAM).as_posix(): path for path in sorted(PROGRAM.rglob("*.py"))}
    return {
        name: ast.parse(path.read_text(encoding="utf-8"))
        for name, path in found.items()
        if not name.startswith(NOT_MET)
    }


@cache
def sentences() -> tuple[Sentence, ...]:
    """Every sentence that refuses, warns or asks."""
    errors = _errors()
    found: dict[str, Sentence] = {}
    for name, tree in trees().items():
        for text, line in _in_module(tree, errors):
            plain = text.strip().rstrip("。")
            if CHINESE.search(plain) and len(plain.replace("…", "")) > 2:
                found.setdefault(plain, Sentence(plain, f"{name}:{line}"))
    return tuple(found.values())


def _errors() -> set[str]:
    """The classes of external errors, whose first argument is the heading of a dialog."""
    names = {"GongjiError"}
    for _ in range(4):
        for tree in trees().values():
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef) and names & {ast.unparse(base) for base in node.bases}:
                    names.add(node.name)
    return names


def _in_module(tree: ast.Module, errors: set[str]) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from ((text, node.lineno) for text in _said_by_call(node, errors))
        elif isinstance(node, ast.ClassDef) and node.name in errors:
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__" and call.args:
                    yield from ((text, call.lineno) for text in texts(call.args[0]))
        elif isinstance(node, ast.FunctionDef) and _WHY.search(node.name):
            for answer in ast.walk(node):
                if isinstance(answer, ast.Return) and answer.value is not None:
                    value = answer.value
                    first = value.elts[0] if isinstance(value, ast.Tuple) and value.elts else value
                    yield from ((text, answer.lineno) for text in texts(first))


def _said_by_call(node: ast.Call, errors: set[str]) -> list[str]:
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name in errors or (name.endswith("Error") and name[0].isupper()):
        return texts(node.args[0]) if node.args else []
    if name == "setText" and isinstance(function, ast.Attribute) and ast.unparse(function.value).endswith("wrong"):
        return texts(node.args[0])
    if name == "say":
        is_wrong = any(one.arg == "wrong" and getattr(one.value, "value", True) for one in node.keywords)
        return texts(node.args[0]) if is_wrong and node.args else []
    place = _SAYS.get(name)
    return texts(node.args[place]) if place is not None and len(node.args) > place else []


def texts(node: ast.expr) -> list[str]:
    """What an expression may say: every branch of a choice, … for what is put in."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=values):
            parts = [one.value if isinstance(one, ast.Constant) else "…" for one in values]
            return [re.sub("…+", "…", "".join(map(str, parts)))]
        case ast.IfExp(body=body, orelse=orelse):
            return [*texts(body), *texts(orelse)]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [re.sub("…+", "…", a + b) for a in texts(left) or ["…"] for b in texts(right) or ["…"]]
        case _:
            return []


@cache
def words() -> frozenset[str]:
    """Every text of the program: among them the words on buttons, fields and sheets; … where something is put in."""
    found: set[str] = set()
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp):
                found.update(text.strip().rstrip("。") for text in texts(node) if CHINESE.search(text))
    return frozenset(found)


def fits(quoted: str, said: str) -> bool:
    """Return whether two texts, either of them with … for what varies, may be the same."""
    return any(
        re.fullmatch(".+".join(map(re.escape, one.split("…"))), other, re.DOTALL)
        for one, other in ((quoted, said), (said, quoted))
        if "…" in one
    )
