"""Every sentence that sends somebody somewhere names a place that exists: a screen, a page, a button, a command."""

# ruff: noqa: SLF001  # what argparse knows of a command stands nowhere else

import argparse
import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gongji.cli import main
from gongji.gui.shell.pages import Pages
from gongji.gui.shell.screen_stack import SCREENS
from tests.support.clerk import Clerk

PROGRAM = Path(main.__file__).parents[1]
SETTING = re.compile("“设置 ?→ ?([^”]+)”")
PLACE = re.compile("“([^”→]+)”(?:页|里)|[在到]“([^”→]+)”")
ACT = re.compile("(?:按|用)“([^”]+)”")
COMMAND = re.compile(r"gongji ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)")
OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]*)")
ELSEWHERE = {"选择性粘贴 → 数值"}
"""What is in another program: here a spreadsheet's."""
FIELDS = {"病人", "病人情况", "项目", "实收", "收费"}
"""Fields and cards of the counter by their headings."""
MAKERS = {"button", "ScreenKey", "setText", "ask", "buttons", "QPushButton", "setWindowTitle", "MainAct"}
"""What writes a word on something that can be pressed."""

Sentence = tuple[str, str]


def sentences() -> Iterator[Sentence]:
    """Every Chinese text of the program with where it is; what is put in while it runs is …; docstrings left out."""
    for path in sorted(PROGRAM.rglob("*.py")):
        tree = ast.parse(path.read_bytes())
        inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                text = "".join(str(one.value) if isinstance(one, ast.Constant) else "…" for one in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner | docs:
                text = node.value
            else:
                continue
            if re.search("[一-鿿]", text):
                yield f"{path.relative_to(PROGRAM)}:{node.lineno}", text


SENTENCES = list(sentences())


def words_to_press() -> set[str]:
    """What stands on the program's buttons and keys, without the key behind it."""
    found = set()
    for path in PROGRAM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name in MAKERS:
                    inside = (one for argument in node.args for one in ast.walk(argument))
                    found |= {
                        one.value for one in inside if isinstance(one, ast.Constant) and isinstance(one.value, str)
                    }
    return {re.sub(r"(?:…)?(?: +\S*)?$", "", text) for text in found}


def named(pattern: re.Pattern[str]) -> list[Sentence]:
    return [
        (where, next(part for part in match.groups() if part))
        for where, text in SENTENCES
        for match in pattern.finditer(text)
    ]


def tabs(pages: Pages) -> list[str]:
    """The words on the tabs, without their keys."""
    return [pages.bar.tabText(place).rpartition("  ")[0] for place in range(pages.bar.count())]


@pytest.fixture
def pages(sit_down: Callable[..., Clerk]) -> dict[str, set[str]]:
    """The pages of each screen of the window, by the screen's title."""
    clerk, found = sit_down(), {}
    for number, entry in enumerate(SCREENS, 1):
        clerk.press(str(number), with_ctrl=True)
        clerk.settle_down()
        shown = clerk.window.screen_shown
        assert shown is not None
        inside = [one for one in shown.findChildren(Pages) if one.isVisible()]
        found[entry.title] = {title for one in inside for title in tabs(one)}
    return found


def test_screens_and_pages(pages: dict[str, set[str]]) -> None:
    known = {*pages, *(title for titles in pages.values() for title in titles), *words_to_press(), *FIELDS}
    assert [one for one in named(SETTING) if one[1] not in pages["设置"]] == []
    assert [one for one in named(PLACE) if one[1] not in known and "…" not in one[1]] == []
    assert len(named(SETTING)) >= 5
    assert len(named(PLACE)) >= 10


def test_buttons() -> None:
    known = words_to_press() | ELSEWHERE
    assert [one for one in named(ACT) if one[1] not in known and "…" not in one[1]] == []
    assert len(named(ACT)) >= 8


def commands() -> dict[str, set[str]]:
    """The commands with their options."""
    found: dict[str, set[str]] = {}

    def walk(parser: argparse.ArgumentParser, name: str) -> None:
        found[name] = {option for action in parser._actions for option in action.option_strings}
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for word, inner in action.choices.items():
                    walk(inner, f"{name} {word}".strip())

    walk(main.command_parser(), "")
    return found


def test_commands_and_options() -> None:
    known = commands()
    every = {option for options in known.values() for option in options}
    wrong = []
    for where, text in SENTENCES:
        for match in COMMAND.finditer(text):
            first = match[1].split(" ")[0]
            if first not in known or (first == "policy" and match[1] not in known):
                wrong.append((where, match[0]))
        wrong += [(where, option) for option in OPTION.findall(text) if option not in every]
    assert wrong == []
