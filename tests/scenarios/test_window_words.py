"""A sentence that the window may show says what can be done there; what a command takes is an aside in brackets."""

import ast
import re
from collections.abc import Iterator

from tests.support.program_words import CHINESE, trees

COMMAND = re.compile(r"gongji [a-z]|(?<![\w-])--[a-z]")
ASIDE = re.compile("（命令行[^（）]*）")
OF_COMMANDS = {
    "desk/clinic/backup/relocate.py": "the window asks where a folder is from: gui/shell/login.py",
    "desk/publisher_keys.py": "only a command signs as the publisher",
    "desk/upload/scripts/try_region.py": "only a command tries a region",
    "desk/upload/stick/relay.py": "only a command relays",
    "payer/stick/carrier.py": "only a command relays",
    "desk/papers/slips.py": "on the paper beside the recovery key, for when nobody can open the window",
}
"""Modules whose sentences only a command says, or that are no sentences of the window."""


def texts(tree: ast.Module) -> Iterator[str]:
    """Every text of a module, with … for what is put in."""
    parts = {id(part) for one in ast.walk(tree) if isinstance(one, ast.JoinedStr) for part in one.values}
    for one in ast.walk(tree):
        if isinstance(one, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in one.values)
        elif isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in parts:
            yield one.value


def test_no_sentence_of_the_window_sends_to_a_command_line() -> None:
    found = {
        f"{name}: {text}"
        for name, tree in trees().items()
        if not name.startswith("cli/") and name not in OF_COMMANDS
        for text in texts(tree)
        if CHINESE.search(text) and COMMAND.search(ASIDE.sub("", text))
    }
    assert found == set()


def test_what_only_commands_say_is_still_there() -> None:
    there = {name for name, tree in trees().items() if any(map(COMMAND.search, texts(tree)))}
    assert OF_COMMANDS.keys() <= there
