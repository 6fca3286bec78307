"""Every public function says in its docstring what it raises: read from its own code, and from the helpers it calls.

What counts is what leaves it: raised in its body, or in a private function of the same module that it calls, and not
caught around there. A base class that is named covers those derived from it. A fault of the program (AssertionError)
is nobody's to expect, so it is not asked for; nor is one that only its own module knows (`_UnreadError`).
"""

import ast
import builtins
from collections.abc import Iterator, Mapping
from pathlib import Path

PROGRAM = Path(__file__).parents[1] / "desktop" / "gongji"
FAULTS = {"AssertionError", "NotImplementedError"}
TOO_WIDE = {"Exception", "BaseException", "object"}

Scope = Mapping[str, ast.FunctionDef]
Known = Mapping[str, set[str]]


def name_of(node: ast.expr | None) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def own_classes() -> dict[str, list[str]]:
    """The program's classes and what each is derived from."""
    return {
        node.name: [name_of(base) for base in node.bases]
        for path in PROGRAM.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.ClassDef)
    }


CLASSES = own_classes()


def with_bases(name: str) -> set[str]:
    """A class and all it is derived from, by name."""
    if name in CLASSES:
        return {name}.union(*(with_bases(base) for base in CLASSES[name]))
    found = getattr(builtins, name, None)
    return {one.__name__ for one in found.__mro__} if isinstance(found, type) else {name}


def is_class(name: str) -> bool:
    return name in CLASSES or isinstance(getattr(builtins, name, None), type)


def caught_by(one: ast.Try) -> set[str]:
    found: set[str] = set()
    for handler in one.handlers:
        kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        found |= {name_of(kind) or "BaseException" for kind in kinds}
    return found


def raised_here(node: ast.AST, scope: Scope, known: Known) -> set[str]:
    """What this very node raises: `raise X`, `raise helper()` by the helper's annotation, a call of a helper."""
    if isinstance(node, ast.Raise):
        name = name_of(node.exc.func if isinstance(node.exc, ast.Call) else node.exc)
        name = name_of(scope[name].returns) if name in scope else name
        return {name} if is_class(name) else set()
    if isinstance(node, ast.Call):
        called = node.func
        is_own = isinstance(called, ast.Name) or (isinstance(called, ast.Attribute) and name_of(called.value) == "self")
        return known.get(name_of(called), set()) if is_own else set()
    return set()


def leaving(nodes: list[ast.stmt], scope: Scope, known: Known) -> set[str]:
    """What leaves these statements."""
    found: set[str] = set()

    def visit(node: ast.AST, caught: set[str]) -> None:
        if isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            return
        found.update(one for one in raised_here(node, scope, known) if not with_bases(one) & caught)
        if isinstance(node, ast.Try):
            for one in node.body:
                visit(one, caught | caught_by(node))
            for other in [*node.handlers, *node.orelse, *node.finalbody]:
                visit(other, caught)
            return
        for child in ast.iter_child_nodes(node):
            visit(child, caught)

    for node in nodes:
        visit(node, set())
    return found - FAULTS


def helpers(scope: Scope) -> dict[str, set[str]]:
    """What leaves each private function of a module or class, through each other as well."""
    known: dict[str, set[str]] = {name: set() for name in scope if name.startswith("_")}
    while True:
        again = {name: leaving(scope[name].body, scope, known) for name in known}
        if again == known:
            return known
        known = again


def functions(nodes: list[ast.stmt]) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}


def unsaid(tree: ast.Module) -> Iterator[str]:
    """Each public function of a module that raises something its docstring does not name."""
    own = functions(tree.body)
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
    for prefix, inside in [("", own), *((f"{one.name}.", functions(one.body)) for one in classes)]:
        scope = own | inside
        known = helpers(scope)
        for name, node in inside.items():
            words = ast.get_docstring(node) or ""
            for one in () if name.startswith("_") else sorted(leaving(node.body, scope, known)):
                if not one.startswith("_") and not any(base in words for base in with_bases(one) - TOO_WIDE):
                    yield f"{prefix}{name}: {one}"


def test_every_public_function_names_what_it_raises() -> None:
    found = {
        f"{path.relative_to(PROGRAM)} {one}"
        for path in sorted(PROGRAM.rglob("*.py"))
        for one in unsaid(ast.parse(path.read_bytes()))
    }
    assert found == set()


def test_a_function_that_does_not_say_is_found() -> None:
    text = '''
def _helper(text: str) -> int:
    if not text:
        raise ValueError(text)
    return 1

def silent(text: str) -> int:
    """Return a number."""
    return _helper(text)

def saying(text: str) -> int:
    """Return a number; `ValueError` for nothing."""
    return _helper(text)

def catching(text: str) -> int:
    """Return a number."""
    try:
        return _helper(text)
    except ValueError:
        return 0

class Reader:
    def read(self) -> str:
        """Return a line."""
        raise FileNotFoundError("x")

    def read_again(self) -> str:
        """Return a line; `OSError` where there is none."""
        raise FileNotFoundError("x")
'''
    assert list(unsaid(ast.parse(text))) == ["silent: ValueError", "Reader.read: FileNotFoundError"]
