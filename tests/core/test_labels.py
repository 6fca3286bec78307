"""Each label of a closed list stands once, and each member of a list has one."""

import ast
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import gongji
from gongji.core import labels
from gongji.core.engine.amounts import AMOUNT_KEYS
from gongji.core.ledger.audit import Act
from gongji.core.ledger.stored_settlement import TENDERS
from gongji.core.outbox.states import State

PROGRAM = Path(gongji.__file__).parent
SANDBOX = PROGRAM / "sandbox"
"""The practice platform has words of its own: it plays somebody else."""
_ALIKE = 3


def test_every_member_has_a_label() -> None:
    assert tuple(labels.AMOUNT_WORDS) == AMOUNT_KEYS
    assert tuple(labels.TENDER_WORDS) == TENDERS
    assert tuple(labels.ACT_WORDS) == tuple(act.value for act in Act)
    states = {state.value for state in State}
    for words in (labels.RECORD_WORDS, labels.PLAIN_RECORD_WORDS, labels.RECORD_ADVICE):
        assert set(words) - {""} == states


def words_of(value: ast.expr) -> dict[int, str]:
    """The Chinese words of a cell by their places in it: one, or each of a row, whatever else stands there."""
    cells = value.elts if isinstance(value, ast.Tuple) else [value]
    texts = {place: one.value for place, one in enumerate(cells) if isinstance(one, ast.Constant)}
    return {place: text for place, text in texts.items() if isinstance(text, str) and not text.isascii()}


def tables(path: Path) -> Iterator[tuple[str, set[tuple[str, str]]]]:
    """Every table of Chinese words in a module, or column of one whose rows hold several, with where it stands."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Dict):
            columns: dict[int, set[tuple[str, str]]] = {}
            for key, value in zip(node.keys, node.values, strict=True):
                for place, word in words_of(value).items():
                    columns.setdefault(place, set()).add((ast.unparse(key) if key else "", word))
            for place, words in columns.items():
                if len(words) >= _ALIKE:
                    yield f"{path.relative_to(PROGRAM)}:{node.lineno}:{place}", words


def test_no_table_of_labels_stands_twice() -> None:
    modules = (path for path in PROGRAM.rglob("*.py") if SANDBOX not in path.parents)
    found = [table for path in modules for table in tables(path)]
    twice = {(one, other) for (one, a), (other, b) in combinations(found, 2) if len(a & b) >= _ALIKE}
    assert twice == set()
